"""Which conditions of a dependency hold for a key, by what is stored."""

from collections.abc import Container, Sequence
from datetime import datetime

from gateway.coordination.match import wanted
from gateway.domain.dependencies import Condition, DatasetRef, DependencySpec, PipelineRef, Satisfied
from gateway.domain.records import Run
from gateway.store.database import ReadSession
from gateway.store.repository import dataset_writes, pipelines, upstream_runs


async def satisfied_now(
    session: ReadSession, spec: DependencySpec, key: str, now: datetime, known: Container[int] = ()
) -> dict[int, Satisfied]:
    """Conditions that hold, by their place, but those that are known already."""
    found: dict[int, Satisfied] = {}
    for place, condition in enumerate(spec.upstream.conditions()):
        if place in known:
            continue
        holds = await _held(session, spec, condition, key, now)
        if holds is not None:
            found[place] = holds
    return found


async def _held(
    session: ReadSession, spec: DependencySpec, condition: Condition, key: str, now: datetime
) -> Satisfied | None:
    if condition.pipeline is not None:
        run = await _run_for(session, spec, condition, condition.pipeline, key)
        return None if run is None else Satisfied(run.ended_at or run.observed_at, run.id, run.attempt)
    if condition.dataset is None:
        return None
    if condition.fresh_within is not None:
        latest = await dataset_writes.latest(session, condition.dataset.namespace, condition.dataset.name)
        is_fresh = latest is not None and now - latest <= condition.fresh_within
        return Satisfied(latest) if latest is not None and is_fresh else None
    at = await _written_at(session, spec, condition, condition.dataset, key)
    return None if at is None else Satisfied(at)


async def _run_for(
    session: ReadSession, spec: DependencySpec, condition: Condition, ref: PipelineRef, key: str
) -> Run | None:
    """The run that satisfies a condition; where it takes several, the last of them. None where one is missing."""
    pipeline = await pipelines.by_name(session, ref.orchestrator, ref.key)
    if pipeline is None:
        return None
    want = wanted(spec, condition, key)
    if not want.periods:
        ended = await upstream_runs.of(session, pipeline.id, condition.states, run=want.run, partition=want.partition)
        return ended[0] if ended else None
    ended = await upstream_runs.between(
        session, pipeline.id, condition.states, want.periods[0].start, want.periods[-1].end
    )
    firsts = [_first(ended, period.start, period.end) for period in want.periods]
    present = [run for run in firsts if run is not None]
    return max(present, key=_ended) if len(present) == len(firsts) else None


async def _written_at(
    session: ReadSession, spec: DependencySpec, condition: Condition, ref: DatasetRef, key: str
) -> datetime | None:
    """When a dataset was first written in each of the periods that are wanted, the last of those."""
    found: list[datetime] = []
    for period in wanted(spec, condition, key).periods:
        at = await dataset_writes.first_between(session, ref.namespace, ref.name, period.start, period.end)
        if at is None:
            return None
        found.append(at)
    return max(found, default=None)


def _first(runs: Sequence[Run], start: datetime, end: datetime) -> Run | None:
    inside = [run for run in runs if start <= (run.logical_at or run.sort_at) < end]
    return min(inside, key=_ended, default=None)


def _ended(run: Run) -> tuple[datetime, int]:
    return run.ended_at or run.observed_at, run.id
