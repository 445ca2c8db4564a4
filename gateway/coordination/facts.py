"""Which conditions of a dependency hold for a key, by what is stored."""

from collections.abc import Container, Sequence
from datetime import datetime

from gateway.coordination.match import ended_as, instant_of, wanted
from gateway.domain.dependencies import Condition, DatasetRef, DependencySpec, PipelineRef, Satisfied
from gateway.domain.periods import Calendar, KeyGranularity, Period
from gateway.domain.records import Run
from gateway.schedules import open_since
from gateway.store.database import ReadSession
from gateway.store.repository import dataset_writes, pipelines, task_runs, upstream_runs


async def satisfied_now(
    session: ReadSession,
    spec: DependencySpec,
    key: str,
    now: datetime,
    known: Container[int] = (),
    *,
    newest: bool = False,
) -> dict[int, Satisfied]:
    """Conditions that hold, by their place, but those that are known already.

    By the run that was the first to satisfy it, or with ``newest`` the last: that is what a key fires again for.
    """
    found: dict[int, Satisfied] = {}
    for place, condition in enumerate(spec.upstream.conditions()):
        if place in known:
            continue
        holds = await _held(session, spec, condition, key, now, newest=newest)
        if holds is not None:
            found[place] = holds
    return found


async def _held(
    session: ReadSession, spec: DependencySpec, condition: Condition, key: str, now: datetime, *, newest: bool
) -> Satisfied | None:
    if condition.pipeline is not None:
        return await _run_for(session, spec, condition, condition.pipeline, key, newest=newest)
    if condition.window is not None:
        opened = open_since(condition.window, now, spec.zone)
        return None if opened is None else Satisfied(opened)
    if condition.dataset is None:
        return None
    if condition.fresh_within is not None:
        latest = await dataset_writes.latest(session, condition.dataset.namespace, condition.dataset.name)
        is_fresh = latest is not None and now - latest <= condition.fresh_within
        return Satisfied(latest) if latest is not None and is_fresh else None
    at = await _written_at(session, spec, condition, condition.dataset, key)
    return None if at is None else Satisfied(at)


async def _run_for(
    session: ReadSession, spec: DependencySpec, condition: Condition, ref: PipelineRef, key: str, *, newest: bool
) -> Satisfied | None:
    """The run that satisfies a condition; where it takes several, the last of them. None where one is missing."""
    pipeline = await pipelines.by_name(session, ref.orchestrator, ref.key)
    if pipeline is None:
        return None
    want = wanted(spec, condition, key)
    states = condition.states if condition.task is None else None
    if not want.periods:
        found = await upstream_runs.of(session, pipeline.id, states, run=want.run, partition=want.partition)
        return _chosen([held for _, held in await _holding(session, condition, found)], newest=newest)
    start, end = want.periods[0].start, want.periods[-1].end
    dates = [day.key for day in Calendar(KeyGranularity.DAY, spec.zone).within(start, end)]
    found = await upstream_runs.between(session, pipeline.id, states, start, end, dates)
    inside = [run for run in found if start <= instant_of(spec, run) < end]
    ended = [(instant_of(spec, run), run, held) for run, held in await _holding(session, condition, inside)]
    places = [(period, partition) for period in want.periods for partition in condition.partitions or (None,)]
    each = [_chosen(_inside(ended, period, partition), newest=newest) for period, partition in places]
    present = [held for held in each if held is not None]
    return max(present, key=_order) if len(present) == len(each) else None


async def _holding(session: ReadSession, condition: Condition, found: Sequence[Run]) -> list[tuple[Run, Satisfied]]:
    """Those runs that satisfy a condition, since when."""
    tasks = await task_runs.of_runs(session, [run.id for run in found]) if condition.task is not None else {}
    ended = [(run, ended_as(condition, run, tasks.get(run.id, ()))) for run in found]
    return [(run, Satisfied(at, run.id, run.attempt)) for run, at in ended if at is not None]


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


def _inside(ended: Sequence[tuple[datetime, Run, Satisfied]], period: Period, partition: str | None) -> list[Satisfied]:
    return [held for at, run, held in ended if period.start <= at < period.end and partition in {None, run.partition}]


def _chosen(held: Sequence[Satisfied], *, newest: bool) -> Satisfied | None:
    return (max if newest else min)(held, key=_order, default=None)


def _order(held: Satisfied) -> tuple[datetime, int]:
    return held.at, held.run_id or 0
