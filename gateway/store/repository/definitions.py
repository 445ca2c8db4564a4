"""What a file says besides its orchestrators, by section and name."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from gateway.domain.records import Definition
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import definitions


async def everything(session: ReadSession) -> Sequence[Definition]:
    """All of them, by section and name."""
    rows = await session.all(select(definitions).order_by(definitions.c.section, definitions.c.name))
    return [Definition(row.section, row.name, row.document) for row in rows]


async def of(session: ReadSession, section: str) -> Sequence[Definition]:
    """Those of one section, by name."""
    wanted = select(definitions).where(definitions.c.section == section).order_by(definitions.c.name)
    return [Definition(row.section, row.name, row.document) for row in await session.all(wanted)]


async def save(session: WriteSession, definition: Definition) -> None:
    """Insert or replace."""
    insert = session.upsert(definitions).values(
        section=definition.section, name=definition.name, document=definition.document
    )
    replaced = {"document": insert.excluded.document}
    await session.execute(insert.on_conflict_do_update(index_elements=["section", "name"], set_=replaced))


async def remove(session: WriteSession, section: str, name: str) -> None:
    """Forget one."""
    await session.execute(delete(definitions).where(definitions.c.section == section, definitions.c.name == name))
