"""Incidents and their timelines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, tuple_, update

from gateway.domain.incidents import Incident, IncidentState, NoticeKind, Severity, Step, StepKind
from gateway.store.alert_tables import incident_steps, incidents, notifications, signals
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import orchestrators


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Narrows a list of incidents; anything where empty."""

    states: tuple[IncidentState, ...] = ()
    severities: tuple[Severity, ...] = ()
    #: Names of orchestrators that something in it is, or was, wrong with.
    orchestrators: tuple[str, ...] = ()


async def unresolved(session: ReadSession, since: datetime) -> list[Incident]:
    """Those that are not over, and those that were not at an instant, the first opened first."""
    wanted = or_(incidents.c.resolved_at.is_(None), incidents.c.resolved_at >= since)
    statement = select(incidents).where(wanted, incidents.c.merged_into.is_(None)).order_by(incidents.c.id)
    return [_record(row) for row in await session.all(statement)]


async def merged(session: ReadSession, since: datetime) -> list[Incident]:
    """Those that have become a part of another one since an instant."""
    wanted = (incidents.c.merged_into.is_not(None), incidents.c.resolved_at >= since)
    return [_record(row) for row in await session.all(select(incidents).where(*wanted).order_by(incidents.c.id))]


async def untold(session: ReadSession, before: datetime) -> list[Incident]:
    """Those that were over before an instant, though the last that somebody was told of them says otherwise."""
    later = notifications.alias("later")
    is_followed = (
        select(later.c.id)
        .where(
            later.c.incident_id == notifications.c.incident_id,
            later.c.receiver == notifications.c.receiver,
            later.c.sequence > notifications.c.sequence,
        )
        .exists()
    )
    going_on = select(notifications.c.incident_id).where(notifications.c.kind != NoticeKind.RESOLVED, ~is_followed)
    statement = select(incidents).where(incidents.c.resolved_at < before, incidents.c.id.in_(going_on))
    return [_record(row) for row in await session.all(statement.order_by(incidents.c.id))]


async def by_ids(session: ReadSession, ids: Collection[int]) -> dict[int, Incident]:
    """Incidents by id."""
    rows = await session.all(select(incidents).where(incidents.c.id.in_(list(ids))))
    return {row.id: _record(row) for row in rows}


async def page(
    session: ReadSession, wanted: IncidentFilter, before: tuple[datetime, int] | None, limit: int
) -> Sequence[Incident]:
    """The next incidents, the last opened first. What was merged into another is not listed."""
    statement = select(incidents).where(*_filter(wanted)).order_by(incidents.c.opened_at.desc(), incidents.c.id.desc())
    if before is not None:
        statement = statement.where(tuple_(incidents.c.opened_at, incidents.c.id) < before)
    return [_record(row) for row in await session.all(statement.limit(limit))]


async def count(session: ReadSession, wanted: IncidentFilter) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(incidents).where(*_filter(wanted)))


async def open_new(session: WriteSession, incident: Incident) -> int:
    """Write a new one down; its id."""
    statement = session.upsert(incidents).values(_values(incident)).returning(incidents.c.id)
    identity: int = (await session.execute(statement)).scalar_one()
    session.changed(Subject.INCIDENT, identity)
    return identity


async def save(session: WriteSession, incident: Incident) -> None:
    """As it is now."""
    await session.execute(update(incidents).where(incidents.c.id == incident.id).values(_values(incident)))
    session.changed(Subject.INCIDENT, incident.id)


async def for_update(session: WriteSession, incident_id: int) -> Incident | None:
    """One that nobody else changes before this unit of work ends."""
    row = await session.first(select(incidents).where(incidents.c.id == incident_id).with_for_update())
    return _record(row) if row else None


async def note(session: WriteSession, incident_id: int, steps: Sequence[Step]) -> None:
    """Add lines to its timeline."""
    if steps:
        rows = [
            {"incident_id": incident_id, "at": one.at, "kind": one.kind, "text": one.text, "by": one.by}
            for one in steps
        ]
        await session.execute(session.upsert(incident_steps), rows)


async def timelines(session: ReadSession, ids: Collection[int], most: int) -> Mapping[int, list[Step]]:
    """The last lines of each timeline, oldest first."""
    place = func.row_number().over(partition_by=incident_steps.c.incident_id, order_by=incident_steps.c.id.desc())
    ranked = select(incident_steps, place.label("place")).where(incident_steps.c.incident_id.in_(list(ids))).subquery()
    found: dict[int, list[Step]] = {}
    for row in await session.all(select(ranked).where(ranked.c.place <= most).order_by(ranked.c.id)):
        found.setdefault(row.incident_id, []).append(Step(row.at, StepKind(row.kind), row.text, row.by))
    return found


def _filter(wanted: IncidentFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [incidents.c.merged_into.is_(None)]
    if wanted.states:
        found.append(incidents.c.state.in_(wanted.states))
    if wanted.severities:
        found.append(incidents.c.severity.in_(wanted.severities))
    if wanted.orchestrators:
        there = (signals.c.incident_id == incidents.c.id, orchestrators.c.name.in_(wanted.orchestrators))
        joined = signals.join(orchestrators, orchestrators.c.id == signals.c.orchestrator_id)
        found.append(exists(select(signals.c.id).select_from(joined).where(*there).correlate(incidents)))
    return found


def _values(incident: Incident) -> dict[str, Any]:
    return {
        "title": incident.title,
        "severity": incident.severity,
        "state": incident.state,
        "root_id": incident.root_id,
        "opened_at": incident.opened_at,
        "acknowledged_at": incident.acknowledged_at,
        "acknowledged_by": incident.acknowledged_by,
        "quiet_since": incident.quiet_since,
        "resolved_at": incident.resolved_at,
        "reopened": incident.reopened,
        "merged_into": incident.merged_into,
    }


def _record(row: Row[Any]) -> Incident:
    return Incident(
        id=row.id,
        title=row.title,
        severity=Severity(row.severity),
        state=IncidentState(row.state),
        root_id=row.root_id,
        opened_at=row.opened_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        quiet_since=row.quiet_since,
        resolved_at=row.resolved_at,
        reopened=row.reopened,
        merged_into=row.merged_into,
    )
