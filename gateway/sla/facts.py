"""Reads what SLAs are judged by: many of them at once, in few statements."""

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from gateway.domain.periods import Calendar, KeyGranularity
from gateway.domain.slas import LAST_RUNS, Evaluation, Sla, SlaKind
from gateway.domain.states import RunState
from gateway.sla.evaluate import Seen
from gateway.sla.judging import Facts, Result, first_wanted, open_days
from gateway.store.database import ReadSession
from gateway.store.repository import run_facts, sla_evaluations
from gateway.store.repository.run_facts import RunFact
from lineage.openlineage.state import name_id

#: What has stayed open longer is read apart, so that it does not make all others be read as far back.
RECENT = timedelta(days=2)
#: Runs that must have succeeded before their spread says what is long.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Known:
    """An SLA, the pipeline it is about where that is known, and how it stands."""

    sla: Sla
    pipeline_id: int | None
    evaluations: Sequence[Evaluation] = ()

    @property
    def kind(self) -> SlaKind:
        """What is promised."""
        return self.sla.spec.kind

    @property
    def name_id(self) -> int:
        """The id of the dataset's name; only where it is about one."""
        dataset = self.sla.spec.dataset
        return 0 if dataset is None else name_id(dataset.namespace, dataset.name)


async def facts_of(session: ReadSession, known: Sequence[Known], now: datetime) -> Mapping[int, Facts]:
    """By SLA."""
    gathered: dict[int, Facts] = {}
    for since, some in _by_age([one for one in known if one.kind in (SlaKind.DEADLINE, SlaKind.FRESHNESS)], now):
        await _results(session, some, since, gathered)
    await _durations(session, [one for one in known if one.kind is SlaKind.DURATION], gathered)
    await _rates(session, [one for one in known if one.kind is SlaKind.SUCCESS_RATE], now, gathered)
    return gathered


def _by_age(known: Iterable[Known], now: datetime) -> list[tuple[datetime, list[Known]]]:
    since = {one.sla.id: first_wanted(one.sla, one.evaluations, now) for one in known}
    groups: dict[bool, list[Known]] = {}
    for one in known:
        groups.setdefault(since[one.sla.id] >= now - RECENT, []).append(one)
    return [(min(since[one.sla.id] for one in some), some) for some in groups.values()]


async def _results(session: ReadSession, known: Sequence[Known], since: datetime, gathered: dict[int, Facts]) -> None:
    pipelines = {one.pipeline_id for one in known if one.pipeline_id is not None}
    names = {one.name_id for one in known if one.sla.spec.dataset is not None}
    fresh = [one for one in known if one.kind is SlaKind.FRESHNESS]
    good = await run_facts.successes(session, pipelines, since)
    written = await run_facts.writes(session, names, since)
    before = await run_facts.last_successes(session, {one.pipeline_id for one in fresh if one.pipeline_id}, since)
    earlier = await run_facts.last_writes(session, {one.name_id for one in fresh if one.sla.spec.dataset}, since)
    for one in known:
        if one.sla.spec.dataset is not None:
            results = [Result(at) for at in written.get(one.name_id, ())]
            last = earlier.get(one.name_id)
        else:
            runs = good.get(one.pipeline_id or 0, ())
            results = [result for run in runs if (result := _result(one.sla, run)) is not None]
            last = before.get(one.pipeline_id or 0)
        gathered[one.sla.id] = Facts(results=results, before=last)


def _result(sla: Sla, run: RunFact) -> Result | None:
    """A run's success. What it is for is its logical time, its partition where that is a day, or when it was queued."""
    if run.ended_at is None:
        return None
    logical_at = run.logical_at or run.queued_at
    if run.partition is not None and sla.spec.data_day is not None:
        with contextlib.suppress(ValueError):  # a partition of another kind says nothing of days
            logical_at = Calendar(KeyGranularity.DAY, sla.spec.zone).of(run.partition).start
    return Result(run.ended_at, run.id, logical_at)


async def _durations(session: ReadSession, known: Sequence[Known], gathered: dict[int, Facts]) -> None:
    last = await run_facts.latest(session, _pipelines(known), LAST_RUNS)
    earliest = min((run.started_at for runs in last.values() for run in runs if run.started_at), default=None)
    settled: set[tuple[int, str]] = set()
    if earliest is not None:
        settled = await sla_evaluations.final_keys(session, [one.sla.id for one in known], earliest)
    for one in known:
        runs = last.get(one.pipeline_id or 0, ())
        limit = one.sla.spec.limit
        if one.sla.spec.deviations is not None:
            limit = _usual_limit(runs, one.sla.spec.deviations)
        keys = [(_key(run), run) for run in runs if (one.sla.id, _key(run)) not in settled]
        seen = [(key, Seen(run.id, run.state, run.started_at, run.ended_at)) for key, run in keys]
        gathered[one.sla.id] = Facts(runs=seen, limit=limit)


def _usual_limit(runs: Iterable[RunFact], deviations: float) -> timedelta | None:
    seconds = [
        (run.ended_at - run.started_at).total_seconds()
        for run in runs
        if run.state is RunState.SUCCESS and run.started_at is not None and run.ended_at is not None
    ]
    if len(seconds) < ENOUGH:
        return None
    return timedelta(seconds=float(np.mean(seconds) + deviations * np.std(seconds, ddof=1)))


async def _rates(session: ReadSession, known: Sequence[Known], now: datetime, gathered: dict[int, Facts]) -> None:
    groups: dict[tuple[timedelta, datetime], list[tuple[Known, str]]] = {}
    for one in known:
        window = one.sla.spec.window or timedelta(days=30)
        for day, _ in open_days(one.sla, one.evaluations, now):
            groups.setdefault((window, min(day.due_at or now, now)), []).append((one, day.key))
    counts: dict[int, dict[str, Mapping[RunState, int]]] = {one.sla.id: {} for one in known}
    for (window, until), some in groups.items():
        found = await run_facts.counts(session, _pipelines(one for one, _ in some), until - window, until)
        for one, key in some:
            counts[one.sla.id][key] = found.get(one.pipeline_id or 0, {})
    gathered.update({identity: Facts(counts=by_day) for identity, by_day in counts.items()})


def _pipelines(known: Iterable[Known]) -> Collection[int]:
    return {one.pipeline_id for one in known if one.pipeline_id is not None}


def _key(run: RunFact) -> str:
    return run.external_id if run.attempt == 1 else f"{run.external_id} #{run.attempt}"
