"""Where each stream of each orchestrator goes on reading."""

from datetime import datetime

from sqlalchemy import select

from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import sync_cursors


async def load(session: ReadSession, orchestrator_id: int, stream: str) -> str | None:
    """The stored cursor, None before first contact."""
    return await session.scalar(
        select(sync_cursors.c.cursor).where(
            sync_cursors.c.orchestrator_id == orchestrator_id, sync_cursors.c.stream == stream
        )
    )


async def save(session: WriteSession, orchestrator_id: int, stream: str, cursor: str, now: datetime) -> None:
    """Remember a cursor, in the transaction that stores what was read up to it."""
    insert = session.upsert(sync_cursors).values(
        orchestrator_id=orchestrator_id, stream=stream, cursor=cursor, updated_at=now
    )
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=["orchestrator_id", "stream"], set_={"cursor": cursor, "updated_at": now}
        )
    )
