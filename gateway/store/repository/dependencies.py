"""Cross-system dependencies, as people have defined them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, func, select, update

from gateway.domain.dependencies import Dependency, DependencySpec
from gateway.store.changes import Subject
from gateway.store.coordination_tables import dependencies
from gateway.store.database import ReadSession, WriteSession
from gateway.store.repository import firings

_spec: TypeAdapter[DependencySpec] = TypeAdapter(DependencySpec)


async def active(session: ReadSession) -> Sequence[Dependency]:
    """All that are defined now, by name."""
    statement = select(dependencies).where(dependencies.c.removed_at.is_(None)).order_by(dependencies.c.name)
    return [_record(row) for row in await session.all(statement)]


async def by_ids(session: ReadSession, ids: Collection[int]) -> dict[int, Dependency]:
    """Dependencies by id, removed ones too."""
    rows = await session.all(select(dependencies).where(dependencies.c.id.in_(list(ids))))
    return {row.id: _record(row) for row in rows}


async def by_id(session: ReadSession, dependency_id: int) -> Dependency | None:
    """The one of that id, if it is defined now."""
    wanted = select(dependencies).where(dependencies.c.id == dependency_id, dependencies.c.removed_at.is_(None))
    row = await session.first(wanted)
    return _record(row) if row else None


async def by_name(session: ReadSession, name: str) -> Dependency | None:
    """The one of that name that is defined now."""
    wanted = select(dependencies).where(dependencies.c.name == name, dependencies.c.removed_at.is_(None))
    row = await session.first(wanted)
    return _record(row) if row else None


async def page(session: ReadSession, after: str | None, limit: int) -> Sequence[Dependency]:
    """The next of those that are defined now, by name."""
    statement = select(dependencies).where(dependencies.c.removed_at.is_(None)).order_by(dependencies.c.name)
    if after is not None:
        statement = statement.where(dependencies.c.name > after)
    return [_record(row) for row in await session.all(statement.limit(limit))]


async def count(session: ReadSession) -> int:
    """How many are defined now."""
    defined = select(func.count()).select_from(dependencies).where(dependencies.c.removed_at.is_(None))
    return await session.scalar(defined)


async def revision(session: ReadSession) -> int:
    """Grows with every change of any of them; 0 where there has never been one."""
    return await session.scalar(select(func.max(dependencies.c.revision))) or 0


async def define(session: WriteSession, spec: DependencySpec, origin: str, now: datetime) -> int:
    """Create or change one, or bring a removed one back with its firings; returns its id.

    What is new, was switched off or was removed looks at what ends from now on.
    """
    await session.serialize("dependencies", 0)
    known = await session.first(select(dependencies).where(dependencies.c.name == spec.name))
    goes_on = known is not None and known.removed_at is None and known.is_enabled
    values: dict[str, Any] = {
        "name": spec.name,
        "spec": _spec.dump_python(spec, mode="json"),
        "target": str(spec.target),
        "is_enabled": spec.is_enabled,
        "origin": origin,
        "revision": await revision(session) + 1,
        "active_since": known.active_since if known is not None and goes_on else now,
        "removed_at": None,
    }
    insert = session.upsert(dependencies).values(values)
    statement = insert.on_conflict_do_update(index_elements=["name"], set_=values).returning(dependencies.c.id)
    identity: int = (await session.execute(statement)).scalar_one()
    if known is not None:
        before = _record(known).spec
        is_changed = (before.upstream, before.keyed_by, before.timezone) != (
            spec.upstream,
            spec.keyed_by,
            spec.timezone,
        )
        await firings.look_again(session, identity, now, anew=is_changed)
    session.changed(Subject.DEPENDENCY, identity)
    return identity


async def set_paused(session: WriteSession, dependency_id: int, *, paused: bool, now: datetime) -> None:
    """Stop one for now, or let it go on: then it looks at what ends from then on, and again at what waits."""
    await session.serialize("dependencies", 0)
    values: dict[str, Any] = {"is_paused": paused, "revision": await revision(session) + 1}
    if not paused:
        values["active_since"] = now
        await firings.look_again(session, dependency_id, now, anew=False)
    is_other = (dependencies.c.id == dependency_id, dependencies.c.is_paused != paused)
    await session.execute(update(dependencies).where(*is_other).values(values))
    session.changed(Subject.DEPENDENCY, dependency_id)


async def remove(session: WriteSession, name: str, now: datetime) -> bool:
    """Let one no longer hold; its firings stay. False where there is none."""
    await session.serialize("dependencies", 0)
    statement = (
        update(dependencies)
        .where(dependencies.c.name == name, dependencies.c.removed_at.is_(None))
        .values(removed_at=now, revision=await revision(session) + 1)
        .returning(dependencies.c.id)
    )
    identity = (await session.execute(statement)).scalar()
    if identity is not None:
        session.changed(Subject.DEPENDENCY, identity)
    return identity is not None


def _record(row: Row[Any]) -> Dependency:
    spec = _spec.validate_python(row.spec)
    return Dependency(row.id, spec, row.origin, row.active_since, row.revision, row.is_paused)
