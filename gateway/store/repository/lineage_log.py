"""The log of received OpenLineage events, in the order of their commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from gateway.store.database import ReadSession, WriteSession
from gateway.store.lineage_tables import lineage_events, lineage_progress


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event as it was received."""

    digest: bytes
    body: bytes
    #: Its place in the log; 0 until it is there.
    number: int = 0


async def append(session: WriteSession, events: Sequence[LoggedEvent], now: datetime) -> int:
    """Add events to the end; returns how many were new.

    Appenders wait for each other, so that a higher number is never seen before a lower one.
    """
    await session.serialize("lineage-log", 0)
    rows = [{"digest": event.digest, "received_at": now, "body": event.body} for event in events]
    before = await session.scalar(select(func.max(lineage_events.c.id)))
    await session.execute(session.upsert(lineage_events).on_conflict_do_nothing(), rows)
    added = select(func.count()).where(lineage_events.c.id > (before or 0))
    return int(await session.scalar(added))


async def after(session: ReadSession, position: int, limit: int) -> Sequence[LoggedEvent]:
    """The next events."""
    statement = (
        select(lineage_events.c.id, lineage_events.c.digest, lineage_events.c.body)
        .where(lineage_events.c.id > position)
        .order_by(lineage_events.c.id)
        .limit(limit)
    )
    return [LoggedEvent(row.digest, row.body, row.id) for row in await session.all(statement)]


async def position(session: ReadSession, name: str) -> int:
    """How far a reader of the log has come; 0 at first."""
    return await session.scalar(select(lineage_progress.c.position).where(lineage_progress.c.name == name)) or 0


async def positions(session: ReadSession, prefix: str) -> dict[str, int]:
    """How far all readers have come whose name begins so."""
    begins = lineage_progress.c.name.startswith(prefix, autoescape=True)
    rows = await session.all(select(lineage_progress.c.name, lineage_progress.c.position).where(begins))
    return {row.name: row.position for row in rows}


def forwarding(target: str) -> str:
    """The reader that sends events on to a target."""
    return f"forward {target}"


async def begin(session: WriteSession, name: str) -> None:
    """Let a reader that is new begin with what comes from now on."""
    end = await session.scalar(select(func.max(lineage_events.c.id)))
    insert = session.upsert(lineage_progress).values(name=name, position=end or 0)
    await session.execute(insert.on_conflict_do_nothing())


async def forget(session: WriteSession, name: str) -> None:
    """Forget a reader."""
    await session.execute(delete(lineage_progress).where(lineage_progress.c.name == name))


async def advance_from(session: WriteSession, name: str, known: int, reached: int) -> None:
    """Remember how far a reader has come, unless it has come further or was forgotten meanwhile."""
    mine = (lineage_progress.c.name == name) & (lineage_progress.c.position == known)
    await session.execute(update(lineage_progress).where(mine).values(position=reached))


async def advance(session: WriteSession, name: str, reached: int) -> None:
    """Remember how far a reader has come."""
    insert = session.upsert(lineage_progress).values(name=name, position=reached)
    await session.execute(
        insert.on_conflict_do_update(index_elements=["name"], set_={"position": insert.excluded.position})
    )
