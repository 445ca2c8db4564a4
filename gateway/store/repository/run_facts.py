"""Runs as SLAs and forecasts look at them: narrow rows of many pipelines at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, case, func, select

from gateway.domain.states import RunState, TaskRunState
from gateway.store.columns import EPOCH, MICROSECOND
from gateway.store.database import ReadSession
from gateway.store.lineage_tables import lineage_names, lineage_runs, lineage_versions
from gateway.store.tables import pipelines, runs, task_runs

#: Pipelines asked for in one statement: databases take so many parameters.
PORTION = 500
_FIELDS = (
    runs.c.id,
    runs.c.pipeline_id,
    runs.c.external_id,
    runs.c.state,
    runs.c.attempt,
    runs.c.logical_at,
    runs.c.partition,
    runs.c.queued_at,
    runs.c.started_at,
    runs.c.ended_at,
)


@dataclass(frozen=True, slots=True)
class RunFact:
    """What counts of a run."""

    id: int
    pipeline_id: int
    external_id: str
    state: RunState
    attempt: int
    logical_at: datetime | None
    partition: str | None
    queued_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PipelineFact:
    """What counts of a pipeline."""

    id: int
    next_run_at: datetime | None
    timezone: str | None
    is_paused: bool
    is_active: bool


async def successes(session: ReadSession, pipeline_ids: Collection[int], since: datetime) -> dict[int, list[RunFact]]:
    """Runs that have ended well since an instant, by pipeline, the first that ended first."""
    found: dict[int, list[RunFact]] = {}
    for wanted in _portions(pipeline_ids):
        # The state is looked at here: asked for it, SQLite would go through all runs that ever succeeded.
        statement = select(*_FIELDS).where(runs.c.pipeline_id.in_(wanted), runs.c.ended_at >= since)
        for row in await session.all(statement.order_by(runs.c.ended_at, runs.c.id)):
            if row.state == RunState.SUCCESS:
                found.setdefault(row.pipeline_id, []).append(_fact(row))
    return found


async def last_successes(session: ReadSession, pipeline_ids: Collection[int], before: datetime) -> dict[int, datetime]:
    """When a run of each pipeline ended well for the last time before an instant."""
    found: dict[int, datetime] = {}
    for wanted in _portions(pipeline_ids):
        statement = (
            select(runs.c.pipeline_id, func.max(runs.c.ended_at).label("at"))
            .where(runs.c.pipeline_id.in_(wanted), runs.c.ended_at < before, runs.c.state == RunState.SUCCESS)
            .group_by(runs.c.pipeline_id)
        )
        found |= {row.pipeline_id: row.at for row in await session.all(statement)}
    return found


async def pipelines_of(session: ReadSession, run_ids: Collection[int]) -> set[int]:
    """The pipelines that some runs are of."""
    found: set[int] = set()
    for wanted in _portions(run_ids):
        rows = await session.all(select(runs.c.pipeline_id).where(runs.c.id.in_(wanted)).distinct())
        found |= {row.pipeline_id for row in rows}
    return found


async def latest(session: ReadSession, pipeline_ids: Collection[int], most: int) -> dict[int, list[RunFact]]:
    """The last runs of each pipeline, oldest first."""
    found: dict[int, list[RunFact]] = {}
    for wanted in _portions(pipeline_ids):
        for row in await session.all(_ranked(wanted, most)):
            found.setdefault(row.pipeline_id, []).append(_fact(row))
    return found


async def task_ends(session: ReadSession, run_ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    """When tasks of some runs ended well, all instances of them, by run and task."""
    found: dict[int, dict[str, datetime]] = {}
    is_good = task_runs.c.state.in_((TaskRunState.SUCCESS, TaskRunState.SKIPPED))
    for wanted in _portions(run_ids):
        last = func.max(task_runs.c.attempt).over(
            partition_by=[task_runs.c.run_id, task_runs.c.task, task_runs.c.map_index]
        )
        attempts = (
            select(
                task_runs.c.run_id,
                task_runs.c.task,
                task_runs.c.ended_at,
                case((and_(is_good, task_runs.c.ended_at.is_not(None)), 0), else_=1).label("is_open"),
                (task_runs.c.attempt == last).label("is_last"),
            )
            .where(task_runs.c.run_id.in_(wanted))
            .subquery()
        )
        statement = (
            select(attempts.c.run_id, attempts.c.task, func.max(attempts.c.ended_at).label("at"))
            .where(attempts.c.is_last)
            .group_by(attempts.c.run_id, attempts.c.task)
            .having(func.sum(attempts.c.is_open) == 0)
        )
        for row in await session.all(statement):
            found.setdefault(row.run_id, {})[row.task] = row.at
    return found


async def counts(
    session: ReadSession, pipeline_ids: Collection[int], since: datetime, until: datetime
) -> dict[int, dict[RunState, int]]:
    """How many runs of each pipeline have ended in [since, until), by state."""
    found: dict[int, dict[RunState, int]] = {}
    for wanted in _portions(pipeline_ids):
        statement = (
            select(runs.c.pipeline_id, runs.c.state, func.count().label("amount"))
            .where(runs.c.pipeline_id.in_(wanted), runs.c.ended_at >= since, runs.c.ended_at < until)
            .group_by(runs.c.pipeline_id, runs.c.state)
        )
        for row in await session.all(statement):
            found.setdefault(row.pipeline_id, {})[RunState(row.state)] = row.amount
    return found


async def facts_of(session: ReadSession, pipeline_ids: Collection[int]) -> dict[int, PipelineFact]:
    """What is listed of some pipelines."""
    found: dict[int, PipelineFact] = {}
    listed = (
        pipelines.c.id,
        pipelines.c.next_run_at,
        pipelines.c.timezone,
        pipelines.c.is_paused,
        pipelines.c.is_active,
    )
    for wanted in _portions(pipeline_ids):
        for row in await session.all(select(*listed).where(pipelines.c.id.in_(wanted))):
            found[row.id] = PipelineFact(row.id, row.next_run_at, row.timezone, row.is_paused, row.is_active)
    return found


async def writes(session: ReadSession, name_ids: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When datasets were written since an instant, by the id of any of their names, in order."""
    found: dict[int, list[datetime]] = {}
    asked = lineage_names.alias("asked")
    for wanted in _portions(name_ids):
        statement = (
            select(asked.c.id, lineage_runs.c.completed_at)
            .join(lineage_names, lineage_names.c.dataset_id == asked.c.dataset_id)
            .join(lineage_versions, lineage_versions.c.name_id == lineage_names.c.id)
            .join(lineage_runs, lineage_runs.c.id == lineage_versions.c.run_id)
            .where(asked.c.id.in_(wanted), lineage_runs.c.completed_at >= (since - EPOCH) // MICROSECOND)
            .order_by(lineage_runs.c.completed_at)
        )
        for row in await session.all(statement):
            found.setdefault(row.id, []).append(EPOCH + row.completed_at * MICROSECOND)
    return found


async def last_writes(session: ReadSession, name_ids: Collection[int], before: datetime) -> dict[int, datetime]:
    """When datasets were written for the last time before an instant, by the id of any of their names."""
    found: dict[int, datetime] = {}
    asked = lineage_names.alias("asked")
    for wanted in _portions(name_ids):
        statement = (
            select(asked.c.id, func.max(lineage_runs.c.completed_at).label("at"))
            .join(lineage_names, lineage_names.c.dataset_id == asked.c.dataset_id)
            .join(lineage_versions, lineage_versions.c.name_id == lineage_names.c.id)
            .join(lineage_runs, lineage_runs.c.id == lineage_versions.c.run_id)
            .where(asked.c.id.in_(wanted), lineage_runs.c.completed_at < (before - EPOCH) // MICROSECOND)
            .group_by(asked.c.id)
        )
        for row in await session.all(statement):
            if row.at is not None:
                found[row.id] = EPOCH + row.at * MICROSECOND
    return found


def _ranked(pipeline_ids: Sequence[int], most: int) -> Select[tuple[object, ...]]:
    place = func.row_number().over(partition_by=runs.c.pipeline_id, order_by=[runs.c.sort_at.desc(), runs.c.id.desc()])
    ranked = select(*_FIELDS, runs.c.sort_at, place.label("place")).where(runs.c.pipeline_id.in_(pipeline_ids))
    inner = ranked.subquery()
    return select(inner).where(inner.c.place <= most).order_by(inner.c.sort_at, inner.c.id)


def _portions(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), PORTION):
        yield ordered[start : start + PORTION]


def _fact(row: Row[tuple[object, ...]]) -> RunFact:
    return RunFact(
        row.id,
        row.pipeline_id,
        row.external_id,
        RunState(row.state),
        row.attempt,
        row.logical_at,
        row.partition,
        row.queued_at,
        row.started_at,
        row.ended_at,
    )
