"""What lineage needs to know of pipelines to recognize them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import func, select

from gateway.domain.states import RunState
from gateway.store.database import ReadSession
from gateway.store.tables import orchestrators, pipelines, run_states, runs, tasks


@dataclass(frozen=True, slots=True)
class NamedPipeline:
    """A pipeline with everything its lineage jobs may be called by."""

    id: int
    key: str
    orchestrator: str
    orchestrator_id: int
    kind: str
    namespaces: tuple[str, ...]
    tasks: tuple[str, ...]
    #: Keys of pipelines beside it that start it; see ObservedPipeline.
    upstream: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunEnd:
    """A run that has come to its end."""

    #: In the order in which Podium saw it.
    id: int
    run_id: int
    orchestrator_id: int
    pipeline: str
    external_id: str
    state: RunState
    started_at: datetime | None
    at: datetime


async def ends_after(session: ReadSession, position: int, seen_before: datetime, limit: int) -> Sequence[RunEnd]:
    """Ends of runs in the order they were seen, up to the first that was seen later than that (as ``writes_after``)."""
    at = func.coalesce(runs.c.ended_at, run_states.c.observed_at)
    statement = (
        select(
            run_states.c.id,
            run_states.c.run_id,
            run_states.c.state,
            run_states.c.observed_at,
            runs.c.orchestrator_id,
            runs.c.external_id,
            runs.c.started_at,
            pipelines.c.key,
            at.label("at"),
        )
        .join(runs, runs.c.id == run_states.c.run_id)
        .join(pipelines, pipelines.c.id == runs.c.pipeline_id)
        .where(
            run_states.c.id > position,
            run_states.c.state.in_([state.value for state in RunState if state.is_terminal]),
        )
        .order_by(run_states.c.id)
        .limit(limit)
    )
    return [
        RunEnd(
            id=row.id,
            run_id=row.run_id,
            orchestrator_id=row.orchestrator_id,
            pipeline=row.key,
            external_id=row.external_id,
            state=RunState(row.state),
            started_at=row.started_at,
            at=row.at,
        )
        for row in takewhile(lambda row: row.observed_at <= seen_before, await session.all(statement))
    ]


async def pipelines_by_name(session: ReadSession) -> Sequence[NamedPipeline]:
    """Every pipeline of the configured orchestrators. Without lineage namespaces, an orchestrator's name is one."""
    of_pipeline: dict[int, list[str]] = {}
    for row in await session.all(select(tasks.c.pipeline_id, tasks.c.key)):
        of_pipeline.setdefault(row.pipeline_id, []).append(row.key)
    of_itself = (pipelines.c.is_active, pipelines.c.upstream)
    of_orchestrator = (orchestrators.c.name, orchestrators.c.kind, orchestrators.c.lineage_namespaces)
    statement = (
        select(pipelines.c.id, pipelines.c.key, pipelines.c.orchestrator_id, *of_itself, *of_orchestrator)
        .join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id)
        .where(orchestrators.c.removed_at.is_(None))
    )
    return [
        NamedPipeline(
            id=row.id,
            key=row.key,
            orchestrator=row.name,
            orchestrator_id=row.orchestrator_id,
            kind=row.kind,
            namespaces=tuple(row.lineage_namespaces or [row.name]),
            tasks=tuple(of_pipeline.get(row.id, ())),
            upstream=tuple(row.upstream) if row.is_active else (),
        )
        for row in await session.all(statement)
    ]
