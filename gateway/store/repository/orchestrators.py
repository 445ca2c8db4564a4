"""Connected deployments: what people defined, and how they fare."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, select, update

from gateway.domain.health import Health
from gateway.domain.observation import Probe
from gateway.domain.records import Orchestrator, OrchestratorDefinition
from gateway.domain.states import Capability, OrchestratorStatus
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import orchestrators, pipelines


async def active(session: ReadSession) -> Sequence[Orchestrator]:
    """Every configured orchestrator, by name."""
    statement = select(orchestrators).where(orchestrators.c.removed_at.is_(None)).order_by(orchestrators.c.name)
    return [_record(row) for row in await session.all(statement)]


async def everything(session: ReadSession) -> Sequence[Orchestrator]:
    """Every orchestrator there has ever been, removed ones too, by name."""
    rows = await session.all(select(orchestrators).order_by(orchestrators.c.name))
    return [_record(row) for row in rows]


async def by_ids(session: ReadSession, ids: Iterable[int]) -> dict[int, Orchestrator]:
    """Orchestrators by id, removed ones too."""
    rows = await session.all(select(orchestrators).where(orchestrators.c.id.in_(list(ids))))
    return {row.id: _record(row) for row in rows}


async def by_name(session: ReadSession, name: str) -> Orchestrator | None:
    """The configured orchestrator of that name."""
    row = await session.first(
        select(orchestrators).where(orchestrators.c.name == name, orchestrators.c.removed_at.is_(None))
    )
    return _record(row) if row else None


async def known_as(session: ReadSession, name: str) -> Orchestrator | None:
    """The orchestrator of that name, a removed one too."""
    row = await session.first(select(orchestrators).where(orchestrators.c.name == name))
    return _record(row) if row else None


async def claim_names(session: WriteSession) -> None:
    """Let nobody else define or remove an orchestrator until this unit of work ends."""
    await session.serialize("orchestrators", 0)


async def define(session: WriteSession, definition: OrchestratorDefinition, origin: str, now: datetime) -> int:
    """Create or change an orchestrator, or bring a removed one back with its history; returns its id."""
    await claim_names(session)
    values = _definition_values(definition) | {"origin": origin, "removed_at": None}
    fresh: dict[str, Any] = {
        "capabilities": [],
        "status": OrchestratorStatus.PENDING,
        "status_since": now,
        "status_message": "Waiting for the first answer.",
        "created_at": now,
    }
    insert = session.upsert(orchestrators).values(values | fresh)
    is_the_same = (orchestrators.c.url == definition.url) & orchestrators.c.removed_at.is_(None)
    kept = {"pipelines_listed_at": case((is_the_same, orchestrators.c.pipelines_listed_at))}
    statement = insert.on_conflict_do_update(index_elements=["name"], set_=values | kept).returning(orchestrators.c.id)
    identity: int = (await session.execute(statement)).scalar_one()
    session.changed(Subject.ORCHESTRATOR, identity)
    return identity


async def remove(session: WriteSession, name: str, now: datetime) -> bool:
    """Stop following an orchestrator and keep its history; False where there is none of that name.

    What people typed in for it is forgotten. Its pipelines become inactive: nobody lists them any more. The next
    listing of one that comes back shows them again.
    """
    statement = (
        update(orchestrators)
        .where(orchestrators.c.name == name, orchestrators.c.removed_at.is_(None))
        .values(removed_at=now)
        .returning(orchestrators.c.id, orchestrators.c.origin)
    )
    removed = (await session.execute(statement)).first()
    if removed is not None:
        if removed.origin != "CONFIG":
            here = orchestrators.c.id == removed.id
            await session.execute(update(orchestrators).where(here).values(auth={}))
        of_it = pipelines.c.orchestrator_id == removed.id
        await session.execute(update(pipelines).where(of_it).values(is_active=False))
        session.changed(Subject.ORCHESTRATOR, removed.id)
    return removed is not None


async def save_probe(session: WriteSession, orchestrator_id: int, probe: Probe) -> None:
    """What the deployment said of itself."""
    await session.execute(
        update(orchestrators)
        .where(orchestrators.c.id == orchestrator_id)
        .values(version=probe.version, capabilities=sorted(probe.capabilities))
    )
    session.changed(Subject.ORCHESTRATOR, orchestrator_id)


async def save_health(session: WriteSession, orchestrator_id: int, health: Health, now: datetime) -> bool:
    """Record a status; ``status_since`` moves only when the status itself changes, which the answer tells."""
    here = orchestrators.c.id == orchestrator_id
    moved = await session.execute(
        update(orchestrators)
        .where(here, orchestrators.c.status != health.status)
        .values(status=health.status, status_since=now, status_message=health.message)
    )
    if moved.rowcount == 0:
        await session.execute(update(orchestrators).where(here).values(status_message=health.message))
    session.changed(Subject.ORCHESTRATOR, orchestrator_id)
    return moved.rowcount > 0


async def save_synced(session: WriteSession, orchestrator_id: int, now: datetime) -> None:
    """Everything up to ``now`` has been read."""
    await session.execute(update(orchestrators).where(orchestrators.c.id == orchestrator_id).values(last_synced_at=now))


async def save_listed(session: WriteSession, orchestrator_id: int, at: datetime) -> None:
    """All its pipelines were listed then."""
    here = orchestrators.c.id == orchestrator_id
    await session.execute(update(orchestrators).where(here).values(pipelines_listed_at=at))


def is_one_of(orchestrator_id: ColumnElement[int], names: Sequence[str]) -> ColumnElement[bool]:
    """Restricts another table to the orchestrators of these names.

    One name becomes an equality, so that an index that begins with the orchestrator can also give the order.
    """
    named = select(orchestrators.c.id)
    if len(names) == 1:
        return orchestrator_id == named.where(orchestrators.c.name == names[0]).scalar_subquery()
    return orchestrator_id.in_(named.where(orchestrators.c.name.in_(names)))


def _definition_values(definition: OrchestratorDefinition) -> dict[str, Any]:
    return asdict(definition) | {"lineage_namespaces": list(definition.lineage_namespaces)}


def _record(row: Row[Any]) -> Orchestrator:
    definition = OrchestratorDefinition(
        name=row.name,
        kind=row.kind,
        url=row.url,
        auth=row.auth,
        options=row.options,
        poll_seconds=row.poll_seconds,
        backfill_seconds=row.backfill_seconds,
        lineage_namespaces=tuple(row.lineage_namespaces),
    )
    return Orchestrator(
        id=row.id,
        definition=definition,
        origin=row.origin,
        version=row.version,
        capabilities=frozenset(Capability(name) for name in row.capabilities),
        status=OrchestratorStatus(row.status),
        status_since=row.status_since,
        status_message=row.status_message,
        last_synced_at=row.last_synced_at,
        removed_at=row.removed_at,
    )
