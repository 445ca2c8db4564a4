"""SLAs, as people have defined them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, func, select, update

from gateway.domain.slas import Sla, SlaFilter, SlaSpec
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.sla_tables import slas

_spec: TypeAdapter[SlaSpec] = TypeAdapter(SlaSpec)


async def active(session: ReadSession) -> Sequence[Sla]:
    """All that are defined now, by name."""
    statement = select(slas).where(slas.c.removed_at.is_(None)).order_by(slas.c.name)
    return [_record(row) for row in await session.all(statement)]


async def switched_on(session: ReadSession) -> Sequence[Sla]:
    """Those of them that are judged, by name."""
    return [one for one in await active(session) if one.spec.is_enabled]


async def by_ids(session: ReadSession, ids: Collection[int]) -> dict[int, Sla]:
    """SLAs by id, removed ones too."""
    return {row.id: _record(row) for row in await session.all(select(slas).where(slas.c.id.in_(list(ids))))}


async def by_id(session: ReadSession, sla_id: int) -> Sla | None:
    """The one of that id, if it is defined now."""
    row = await session.first(select(slas).where(slas.c.id == sla_id, slas.c.removed_at.is_(None)))
    return _record(row) if row else None


async def by_name(session: ReadSession, name: str) -> Sla | None:
    """The one of that name that is defined now."""
    row = await session.first(select(slas).where(slas.c.name == name, slas.c.removed_at.is_(None)))
    return _record(row) if row else None


async def page(session: ReadSession, wanted: SlaFilter, after: str | None, limit: int) -> Sequence[Sla]:
    """The next of those that are defined now, by name."""
    statement = _filtered(select(slas), wanted).order_by(slas.c.name)
    if after is not None:
        statement = statement.where(slas.c.name > after)
    return [_record(row) for row in await session.all(statement.limit(limit))]


async def count(session: ReadSession, wanted: SlaFilter) -> int:
    """How many of them there are."""
    return await session.scalar(_filtered(select(func.count()).select_from(slas), wanted))


async def standings(session: ReadSession) -> dict[str | None, int]:
    """How many of those that are switched on stand how now; None: not judged yet."""
    statement = (
        select(slas.c.current_state, func.count().label("amount"))
        .where(slas.c.removed_at.is_(None), slas.c.is_enabled.is_(True))
        .group_by(slas.c.current_state)
    )
    return {row.current_state: row.amount for row in await session.all(statement)}


async def revision(session: ReadSession) -> int:
    """Grows with every change of any of them; 0 where there has never been one."""
    return await session.scalar(select(func.max(slas.c.revision))) or 0


async def define(session: WriteSession, spec: SlaSpec, origin: str, now: datetime) -> int:
    """Create or change one, or bring a removed one back with its history; returns its id.

    What is new, was switched off or was removed is judged for what is due from now on.
    """
    await session.serialize("slas", 0)
    known = await session.first(select(slas).where(slas.c.name == spec.name))
    goes_on = known is not None and known.removed_at is None and known.is_enabled
    values: dict[str, Any] = {
        "name": spec.name,
        "spec": _spec.dump_python(spec, mode="json"),
        "is_enabled": spec.is_enabled,
        "origin": origin,
        "revision": await revision(session) + 1,
        "active_since": known.active_since if known is not None and goes_on else now,
        "changed_at": now,
        "removed_at": None,
    }
    insert = session.upsert(slas).values(values)
    statement = insert.on_conflict_do_update(index_elements=["name"], set_=values).returning(slas.c.id)
    identity: int = (await session.execute(statement)).scalar_one()
    session.changed(Subject.SLA, identity)
    return identity


async def remove(session: WriteSession, name: str, now: datetime) -> bool:
    """Let one no longer hold; how it was judged stays. False where there is none."""
    await session.serialize("slas", 0)
    statement = (
        update(slas)
        .where(slas.c.name == name, slas.c.removed_at.is_(None))
        .values(removed_at=now, revision=await revision(session) + 1)
        .returning(slas.c.id)
    )
    identity = (await session.execute(statement)).scalar()
    if identity is not None:
        session.changed(Subject.SLA, identity)
    return identity is not None


def _filtered(statement: Select[Any], wanted: SlaFilter) -> Select[Any]:
    statement = statement.where(slas.c.removed_at.is_(None))
    if wanted.states:
        statement = statement.where(slas.c.current_state.in_(wanted.states))
    return statement


def _record(row: Row[Any]) -> Sla:
    spec = _spec.validate_python(row.spec)
    return Sla(row.id, spec, row.origin, row.active_since, row.changed_at, row.revision)
