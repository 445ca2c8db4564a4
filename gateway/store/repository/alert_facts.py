"""What may be wrong, as the store has it: narrow rows of many things at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, or_, select, tuple_

from gateway.domain.dependencies import FiringState
from gateway.domain.slas import SlaState
from gateway.domain.states import OrchestratorStatus, RunState, RunTrigger
from gateway.store.coordination_tables import dependencies, firings
from gateway.store.database import ReadSession
from gateway.store.sla_tables import sla_evaluations, sla_steps, slas
from gateway.store.tables import orchestrators, pipelines, runs

#: Ids asked for in one statement: databases take so many parameters.
PORTION = 500
#: A run that began so shortly before it was expected is the one that was expected.
EARLY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PipelineName:
    """How a pipeline is spoken of."""

    id: int
    orchestrator_id: int
    orchestrator: str
    orchestrator_kind: str
    key: str
    owners: Sequence[str]
    next_run_at: datetime | None

    def __str__(self) -> str:
        return f"{self.orchestrator}/{self.key}"


@dataclass(frozen=True, slots=True)
class LastFiring:
    """The newest firing of a dependency that has come to an end."""

    dependency_id: int
    dependency: str
    target: str
    key: str
    state: FiringState
    error: str | None
    run_id: int | None
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How an SLA stands: for what is being judged now, or for what was decided last."""

    sla_id: int
    key: str
    state: SlaState
    since: datetime
    due_at: datetime | None
    predicted_at: datetime | None
    completed_at: datetime | None
    run_id: int | None


async def names(session: ReadSession, pipeline_ids: Collection[int]) -> dict[int, PipelineName]:
    """Pipelines that are listed now."""
    found: dict[int, PipelineName] = {}
    for wanted in _portions(pipeline_ids):
        for row in await session.all(_named().where(pipelines.c.id.in_(wanted))):
            found[row.id] = _name(row)
    return found


async def not_well(session: ReadSession) -> set[int]:
    """Pipelines whose newest run did not end well, or has not ended."""
    unknown = or_(pipelines.c.latest_state.is_(None), pipelines.c.latest_state != RunState.SUCCESS)
    rows = await session.all(select(pipelines.c.id).where(pipelines.c.is_active.is_(True), unknown))
    return {row.id for row in rows}


async def overdue(session: ReadSession, before: datetime) -> list[PipelineName]:
    """Pipelines that were to begin before an instant, and of which no run has begun since then."""
    wanted = _named().where(pipelines.c.next_run_at < before, pipelines.c.is_paused.is_(False))
    found = [_name(row) for row in await session.all(wanted)]
    begun: dict[int, datetime] = {}
    for ids in _portions([one.id for one in found]):
        last = select(runs.c.pipeline_id, func.max(runs.c.sort_at).label("at")).where(runs.c.pipeline_id.in_(ids))
        begun |= {row.pipeline_id: row.at for row in await session.all(last.group_by(runs.c.pipeline_id))}
    return [one for one in found if one.id not in begun or not _is_begun(one, begun[one.id])]


async def waiting(session: ReadSession, queued_before: datetime) -> dict[int, tuple[PipelineName, int, str, datetime]]:
    """By pipeline, the first of its runs that have waited since before an instant: (name, run, its name there, since).

    Where another run of it goes on, or somebody fills up the past, it merely waits for its turn.
    """
    going_on = runs.alias("going_on")
    has_its_turn = exists().where(going_on.c.pipeline_id == runs.c.pipeline_id, going_on.c.state == RunState.RUNNING)
    wanted = (
        _named()
        .add_columns(runs.c.id.label("run_id"), runs.c.external_id, runs.c.queued_at)
        .join(runs, runs.c.pipeline_id == pipelines.c.id)
        .where(
            runs.c.state == RunState.QUEUED,
            runs.c.queued_at < queued_before,
            runs.c.started_at.is_(None),
            runs.c.trigger != RunTrigger.BACKFILL,
            pipelines.c.is_paused.is_(False),
            ~has_its_turn,
        )
        .order_by(runs.c.queued_at.desc(), runs.c.id.desc())
    )
    rows = await session.all(wanted)
    return {row.id: (_name(row), row.run_id, row.external_id, row.queued_at) for row in rows}


async def running(session: ReadSession, started_before: datetime) -> list[tuple[int, int, str, datetime]]:
    """(run, pipeline, what its orchestrator calls it, start) of runs that go on since before an instant."""
    columns = (runs.c.id, runs.c.pipeline_id, runs.c.external_id, runs.c.started_at)
    statement = select(*columns).where(runs.c.state == RunState.RUNNING, runs.c.started_at < started_before)
    return [(row.id, row.pipeline_id, row.external_id, row.started_at) for row in await session.all(statement)]


async def durations(session: ReadSession, pipeline_ids: Collection[int], most: int) -> dict[int, list[float]]:
    """Seconds that the last runs took that ended well, by pipeline."""
    found: dict[int, list[float]] = {}
    for pipeline in pipeline_ids:
        statement = (
            select(runs.c.started_at, runs.c.ended_at)
            .where(runs.c.pipeline_id == pipeline, runs.c.ended_at.is_not(None), runs.c.started_at.is_not(None))
            .where(runs.c.state == RunState.SUCCESS)
            .order_by(runs.c.ended_at.desc())
            .limit(most)
        )
        rows = await session.all(statement)
        found[pipeline] = [(row.ended_at - row.started_at).total_seconds() for row in rows]
    return found


async def last_firings(session: ReadSession, since: datetime, dependency_ids: Collection[int]) -> list[LastFiring]:
    """The newest that has ended of each dependency, where that was since an instant and the dependency is there."""
    found: list[LastFiring] = []
    ended = (FiringState.SUCCEEDED, FiringState.FAILED, FiringState.EXPIRED)
    for wanted in _portions(dependency_ids):
        newest = (
            select(func.max(firings.c.id))
            .where(firings.c.dependency_id.in_(wanted), firings.c.state.in_(ended), firings.c.backfill_id.is_(None))
            .group_by(firings.c.dependency_id)
        )
        statement = (
            select(firings, dependencies.c.name, dependencies.c.target)
            .join(dependencies, dependencies.c.id == firings.c.dependency_id)
            .where(firings.c.id.in_(newest), firings.c.updated_at >= since, dependencies.c.removed_at.is_(None))
        )
        found += [
            LastFiring(
                row.dependency_id,
                row.name,
                row.target,
                row.key,
                FiringState(row.state),
                row.last_error,
                row.run_id,
                row.ended_at or row.updated_at,
            )
            for row in await session.all(statement)
        ]
    return found


async def unreachable(session: ReadSession) -> list[tuple[int, str, str, OrchestratorStatus, datetime, str | None]]:
    """(id, name, kind, status, since, why) of connected orchestrators that do not answer, or do not let Podium in."""
    wrong = (OrchestratorStatus.UNREACHABLE, OrchestratorStatus.UNAUTHORIZED)
    statement = select(orchestrators).where(orchestrators.c.removed_at.is_(None), orchestrators.c.status.in_(wrong))
    return [
        (row.id, row.name, row.kind, OrchestratorStatus(row.status), row.status_since, row.status_message)
        for row in await session.all(statement)
    ]


async def standings(session: ReadSession, sla_ids: Collection[int]) -> list[Standing]:
    """Of each SLA, what was opened last, and what was decided last where that is something else."""
    found: list[Standing] = []
    columns = sla_evaluations.c
    for wanted in _portions(sla_ids):
        later = sla_evaluations.alias("later")
        is_last_decided = and_(
            columns.state.in_((SlaState.MET, SlaState.MISSED)),
            ~exists(
                select(later.c.id).where(
                    later.c.sla_id == columns.sla_id,
                    later.c.state.in_((SlaState.MET, SlaState.MISSED)),
                    tuple_(later.c.opens_at, later.c.id) > tuple_(columns.opens_at, columns.id),
                )
            ),
        )
        since = (
            select(func.max(sla_steps.c.at))
            .where(sla_steps.c.evaluation_id == columns.id, sla_steps.c.state == columns.state)
            .scalar_subquery()
        )
        statement = (
            select(sla_evaluations, since.label("since"))
            .join(slas, slas.c.id == columns.sla_id)
            .where(slas.c.id.in_(wanted), or_(slas.c.current_id == columns.id, is_last_decided))
        )
        found += [
            Standing(
                row.sla_id,
                row.key,
                SlaState(row.state),
                row.since or row.evaluated_at,
                row.due_at,
                row.predicted_at,
                row.completed_at,
                row.run_id,
            )
            for row in await session.all(statement)
        ]
    return found


def _named() -> Select[Any]:
    columns = (
        pipelines.c.id,
        pipelines.c.orchestrator_id,
        orchestrators.c.name.label("orchestrator"),
        orchestrators.c.kind,
        pipelines.c.key,
        pipelines.c.owners,
        pipelines.c.next_run_at,
    )
    are_there = (pipelines.c.is_active.is_(True), orchestrators.c.removed_at.is_(None))
    return select(*columns).join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id).where(*are_there)


def _name(row: Row[Any]) -> PipelineName:
    return PipelineName(row.id, row.orchestrator_id, row.orchestrator, row.kind, row.key, row.owners, row.next_run_at)


def _is_begun(pipeline: PipelineName, last: datetime) -> bool:
    return pipeline.next_run_at is None or last >= pipeline.next_run_at - EARLY


def _portions(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), PORTION):
        yield ordered[start : start + PORTION]
