"""From observation to stored fact: read what is known, judge, write, tell — in one transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.observation import ObservedRun, RunRef
from gateway.domain.records import Orchestrator
from gateway.domain.states import RunState
from gateway.domain.transition import Reason, Verdict, judge
from gateway.store.changes import Subject
from gateway.store.database import WriteSession
from gateway.store.repository import arrivals, pipelines, run_writes
from gateway.store.repository.run_writes import RunWrite
from gateway.sync import metrics


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a page: ids of runs that are new or different, and runs that must be read again to be sure."""

    changed: Sequence[int]
    outdated: Sequence[RunRef]


async def serialize(session: WriteSession, orchestrator: Orchestrator) -> None:
    """Write what was read of an orchestrator one after the other.

    A poll and a push may see the same new run at the same time; and two that change the same pipelines, each in its own
    order, would wait for each other for ever.
    """
    await session.serialize("sync", orchestrator.id)


async def apply_runs(
    session: WriteSession, orchestrator: Orchestrator, observed: Sequence[ObservedRun], read_at: datetime, now: datetime
) -> Applied:
    """Store what a page of runs says; repeating it changes nothing. ``read_at``: when the reading of the page began."""
    latest = _last_of_each(observed)
    if not latest:
        return Applied((), ())
    await serialize(session, orchestrator)
    pipeline_ids = await pipelines.ensure(session, orchestrator.id, (run.pipeline_key for run in latest), now)
    stored = await run_writes.stored_for(session, orchestrator.id, (run.external_id for run in latest))
    writes: list[RunWrite] = []
    for run in latest:
        pipeline_id = pipeline_ids[run.pipeline_key]
        known = stored.get((pipeline_id, run.external_id))
        writes.append(RunWrite(pipeline_id, run, known, judge(known, run, read_at)))
    changed = await _store(session, orchestrator.id, writes, read_at, now)
    _measure(orchestrator.name, writes, now)
    outdated = [write.observed.ref for write in writes if write.verdict.reason is Reason.OUTDATED]
    return Applied(changed, outdated)


async def _store(
    session: WriteSession, orchestrator_id: int, writes: Sequence[RunWrite], read_at: datetime, now: datetime
) -> list[int]:
    new = [write for write in writes if write.verdict.reason is Reason.FIRST_SEEN]
    old = [write for write in writes if write.stored is not None and write.verdict.reason.writes]
    ids = await run_writes.insert(session, orchestrator_id, new, read_at, now)
    await run_writes.replace(session, old, read_at, now)
    written = [*zip(ids, new, strict=True), *((write.stored.id, write) for write in old if write.stored is not None)]
    await run_writes.append_history(session, written, now)
    await run_writes.advance_latest(session, written, now)
    ended = [
        run_id for run_id, write in written if write.verdict.reason.enters_history and write.observed.state.is_terminal
    ]
    await arrivals.append_ended(session, ended)
    changed = [run_id for run_id, _ in written]
    session.changed(Subject.RUN, *changed)
    return changed


def _last_of_each(observed: Iterable[ObservedRun]) -> list[ObservedRun]:
    return list({(run.pipeline_key, run.external_id): run for run in observed}.values())


def _measure(orchestrator: str, writes: Sequence[RunWrite], now: datetime) -> None:
    for reason, count in Counter(write.verdict.reason for write in writes).items():
        metrics.RUNS.labels(orchestrator, reason).inc(count)
    for write in writes:
        if write.verdict.reason.writes:
            _measure_change(orchestrator, write.observed, write.verdict, now)


def _measure_change(orchestrator: str, run: ObservedRun, verdict: Verdict, now: datetime) -> None:
    if run.state is RunState.UNKNOWN:
        metrics.UNKNOWN_STATES.labels(orchestrator, run.native_state).inc()
    if verdict.reason is Reason.STATE_CHANGED and run.ended_at is not None:
        metrics.LAG.labels(orchestrator).observe(max(0.0, (now - run.ended_at).total_seconds()))
