"""What key figures are made of, by pipeline: read in one go over all runs that ended in a window."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, literal, or_, select

from gateway.domain.commands import BY_SLA
from gateway.domain.kpis import Kpis, Successes
from gateway.domain.states import TERMINAL_RUN_STATES, RunState, RunTrigger
from gateway.domain.statistics import JUDGED
from gateway.store.alert_tables import incidents, notifications, signals
from gateway.store.database import ReadSession
from gateway.store.dialect import is_among, seconds_between, stretch
from gateway.store.tables import commands, orchestrators, pipelines, run_states, runs


@dataclass(frozen=True, slots=True)
class Measured:
    """A pipeline that is listed now, and its runs in a window."""

    id: int
    orchestrator: str
    key: str
    owners: Sequence[str]
    #: Whether its data is expected to be new: it has a schedule and is not paused, or good runs in the window.
    is_expected: bool
    kpis: Kpis
    successes: Successes

    def __str__(self) -> str:
        return f"{self.orchestrator}/{self.key}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident, and where its cause lies."""

    pipeline_id: int | None
    orchestrator_id: int | None
    began_at: datetime
    #: None: its first beginning is not known any more.
    noted_at: datetime | None
    opened_at: datetime
    told_at: datetime | None
    #: Since when all is well; None: it goes on.
    over_at: datetime | None


async def of_pipelines(
    session: ReadSession, pipeline_ids: Collection[int] | None, since: datetime, until: datetime
) -> list[Measured]:
    """Runs that ended in [since, until), of some pipelines or of all; names, owners and schedules are today's."""
    ended = _ended(session, pipeline_ids, since, until)
    rows = {row.pipeline_id: row for row in await session.all(_summed(session.dialect, ended))}
    listed = await session.all(_listed(session.dialect, pipeline_ids, since))
    return [_measured(pipeline, rows.get(pipeline.id), pipeline.before) for pipeline in listed]


async def of_pipelines_by_step(
    session: ReadSession, pipeline_ids: Collection[int] | None, since: datetime, until: datetime, step: timedelta
) -> list[list[Measured]]:
    """The same of each stretch of time that a window is cut into, in one go; the last may be shorter."""
    number = stretch(session.dialect, runs.c.ended_at, since, step)
    ended = _ended(session, pipeline_ids, since, until, number)
    found = await session.all(_summed(session.dialect, ended))
    rows = {(row.step, row.pipeline_id): row for row in found}
    listed = await session.all(_listed(session.dialect, pipeline_ids, since))
    before: dict[int, datetime | None] = {pipeline.id: pipeline.before for pipeline in listed}
    measured: list[list[Measured]] = []
    for place in range(math.ceil((until - since) / step)):
        of_step = [_measured(pipeline, rows.get((place, pipeline.id)), before[pipeline.id]) for pipeline in listed]
        before |= {one.id: one.successes.last or before[one.id] for one in of_step}
        measured.append(of_step)
    return measured


async def troubles(session: ReadSession, since: datetime, until: datetime) -> list[Trouble]:
    """Incidents that were opened, or over, in [since, until)."""
    told = (
        select(func.min(notifications.c.sent_at)).where(notifications.c.incident_id == incidents.c.id).scalar_subquery()
    )
    over = func.coalesce(incidents.c.quiet_since, incidents.c.resolved_at)
    statement = (
        select(incidents, signals, told.label("told_at"), over.label("over_at"))
        .join(signals, signals.c.id == incidents.c.root_id)
        .where(
            incidents.c.merged_into.is_(None),
            or_(
                and_(incidents.c.opened_at >= since, incidents.c.opened_at < until),
                and_(incidents.c.resolved_at >= since, incidents.c.resolved_at < until),
            ),
        )
    )
    return [_trouble(row) for row in await session.all(statement)]


async def orchestrator_names(session: ReadSession) -> Mapping[int, str]:
    """Of all that are connected."""
    rows = await session.all(
        select(orchestrators.c.id, orchestrators.c.name).where(orchestrators.c.removed_at.is_(None))
    )
    return {row.id: row.name for row in rows}


def _ended(
    session: ReadSession,
    pipeline_ids: Collection[int] | None,
    since: datetime,
    until: datetime,
    step: ColumnElement[int] | None = None,
) -> Subquery:
    """Each run, with the end of the last good one of its pipeline before it in the window, or in its step of it."""
    earlier = runs.alias("earlier")
    tries_again = and_(
        runs.c.parent_external_id.is_not(None),
        exists(
            select(earlier.c.id).where(
                earlier.c.pipeline_id == runs.c.pipeline_id, earlier.c.external_id == runs.c.parent_external_id
            )
        ),
    )
    asked_for = select(commands.c.run_id).where(
        commands.c.run_id.is_not(None),
        commands.c.firing_id.is_(None),
        commands.c.requested_by.not_like(f"{BY_SLA}%"),
    )
    by_itself = and_(runs.c.trigger != RunTrigger.MANUAL, runs.c.id.not_in(asked_for), ~tries_again)
    ended_before = exists(
        select(run_states.c.id).where(
            run_states.c.run_id == runs.c.id,
            run_states.c.attempt < runs.c.attempt,
            run_states.c.state.in_(TERMINAL_RUN_STATES),
        )
    )
    is_retried = and_(runs.c.attempt > 1, ended_before)  # an orchestrator's own retry never ends the run
    good_end = case((runs.c.state == RunState.SUCCESS, runs.c.ended_at))
    before = func.max(good_end).over(
        partition_by=[runs.c.pipeline_id] if step is None else [runs.c.pipeline_id, step],
        order_by=[runs.c.ended_at, runs.c.id],
        rows=(None, -1),
    )
    among = [] if pipeline_ids is None else [is_among(session.dialect, runs.c.pipeline_id, pipeline_ids)]
    return (
        select(
            runs.c.pipeline_id,
            (literal(0) if step is None else step).label("step"),
            runs.c.state,
            case((is_retried, 1), else_=0).label("is_retried"),
            runs.c.queued_at,
            runs.c.started_at,
            runs.c.ended_at,
            good_end.label("good_end"),
            before.label("good_before"),
            case((by_itself, 1), else_=0).label("by_itself"),
        )
        .where(*among, runs.c.ended_at >= since, runs.c.ended_at < until)
        .subquery()
    )


def _summed(dialect: str, ended: Subquery) -> Select[Any]:
    one = ended.c
    counts = and_(one.by_itself == 1, one.state.in_(JUDGED))
    is_unaided = and_(counts, one.state == RunState.SUCCESS, one.is_retried == 0)
    is_timed = and_(one.queued_at <= one.started_at, one.started_at <= one.ended_at, one.state.in_(JUDGED))
    gap = seconds_between(dialect, one.good_end, one.good_before)
    return select(
        one.pipeline_id,
        one.step,
        func.sum(case((counts, 1), else_=0)).label("runs"),
        func.sum(case((is_unaided, 1), else_=0)).label("unaided"),
        _total(is_timed, seconds_between(dialect, one.ended_at, one.started_at)).label("run_seconds"),
        _total(is_timed, seconds_between(dialect, one.started_at, one.queued_at)).label("queue_seconds"),
        func.min(one.good_end).label("first"),
        func.max(one.good_end).label("last"),
        func.coalesce(func.sum(gap * gap / 2.0), 0.0).label("between"),
    ).group_by(one.pipeline_id, one.step)


def _total(condition: ColumnElement[bool], value: ColumnElement[float]) -> ColumnElement[float]:
    return func.sum(case((condition, value), else_=0.0))


def _listed(dialect: str, pipeline_ids: Collection[int] | None, since: datetime) -> Select[Any]:
    # Joined to a text, the state is no use as an index: SQLite would go through all good runs of all pipelines.
    is_good = runs.c.state.concat("") == RunState.SUCCESS
    before = (
        select(runs.c.ended_at)
        .where(runs.c.pipeline_id == pipelines.c.id, runs.c.ended_at < since, is_good)
        .order_by(runs.c.ended_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    among = [] if pipeline_ids is None else [is_among(dialect, pipelines.c.id, pipeline_ids)]
    return (
        select(
            pipelines.c.id,
            pipelines.c.key,
            pipelines.c.owners,
            and_(pipelines.c.schedule.is_not(None), pipelines.c.is_paused.is_(False)).label("is_scheduled"),
            orchestrators.c.name.label("orchestrator"),
            before.label("before"),
        )
        .join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id)
        .where(*among, pipelines.c.is_active.is_(True), orchestrators.c.removed_at.is_(None))
        .order_by(orchestrators.c.name, pipelines.c.key)
    )


def _measured(pipeline: Any, row: Any | None, before: datetime | None) -> Measured:
    first, last = (row.first, row.last) if row is not None else (None, None)
    return Measured(
        pipeline.id,
        pipeline.orchestrator,
        pipeline.key,
        pipeline.owners,
        bool(pipeline.is_scheduled) or first is not None,
        Kpis(1, row.runs, row.unaided, row.run_seconds, row.queue_seconds) if row is not None else Kpis(1),
        Successes(before, first, last, row.between if row is not None else 0.0),
    )


def _trouble(row: Any) -> Trouble:
    is_first = row.times == 1
    return Trouble(
        row.pipeline_id,
        row.orchestrator_id,
        row.began_at if is_first else row.opened_at,
        row.noted_at if is_first else None,
        row.opened_at,
        row.told_at,
        row.over_at if row.resolved_at is not None else None,
    )


def time_since(earlier: datetime, later: datetime) -> timedelta:
    """Never negative: clocks of systems differ."""
    return max(timedelta(0), later - earlier)
