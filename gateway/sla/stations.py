"""What forecasts need to know of a pipeline, from its last runs and how it is listed. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.domain.states import RunState
from gateway.sla.forecast.history import History, Past, learn
from gateway.sla.forecast.tasks import Ends, Progress, progress
from gateway.sla.forecast.walk import Correction, Station, Upstream
from gateway.store.repository.run_facts import PipelineFact, RunFact

#: Runs looked at, the last ones: what was long ago says little.
LAST_RUNS = 80
#: Of these, so many whose tasks are looked at.
TASKED_RUNS = 30
_BAD = (RunState.FAILED, RunState.CANCELLED)
_ACTIVE = (RunState.QUEUED, RunState.RUNNING)
#: Repairs that must have been seen before they say what is usual.
_ENOUGH_REPAIRS = 3


def station(
    listed: PipelineFact,
    runs: Sequence[RunFact],
    upstream: Upstream | None,
    corrections: Sequence[Correction] = (),
    tasks: Mapping[int, Ends] | None = None,
) -> Station:
    """From a pipeline's last runs, oldest first; ``tasks``: when those of some runs ended, by run."""
    zone = _zone(listed.timezone)
    good = [run for run in runs if run.state is RunState.SUCCESS and run.started_at and run.ended_at]
    active = next((run for run in reversed(runs) if run.state in _ACTIVE), None)
    last = max((run for run in runs if run.ended_at), key=_end, default=None)
    started = [run.started_at for run in runs if run.started_at is not None]
    ended = [run for run in runs if run.state is RunState.SUCCESS or run.state in _BAD]
    failed = sum(run.state in _BAD for run in ended)
    has_failed = active is None and last is not None and last.state in _BAD
    return Station(
        pipeline_id=listed.id,
        durations=_learn([(_seconds(run.started_at, run.ended_at), run.started_at) for run in good], listed.id, zone),
        waits=_learn([(_seconds(run.queued_at, run.started_at), run.started_at) for run in good], -listed.id, zone),
        gaps=_gaps(started, listed.id, zone),
        repairs=_repairs(runs, listed.id, zone),
        failures=failed / (len(ended) + 2) if failed else 0.0,
        done_at=max((run.ended_at for run in good if run.ended_at), default=None),
        started_at=max(started, default=None),
        active_run=active.id if active else None,
        queued_since=(active.queued_at or listed.next_run_at) if active and active.started_at is None else None,
        running_since=active.started_at if active else None,
        progress=_progress(active, good, tasks or {}, listed.id),
        failed_at=last.ended_at if has_failed and last else None,
        next_run_at=listed.next_run_at,
        is_paused=listed.is_paused,
        upstream=upstream,
        corrections=corrections,
        zone=zone,
    )


def measured(runs: Sequence[RunFact]) -> list[int]:
    """Runs whose tasks tell how far the one is that goes on; none where none does."""
    active = next((run for run in reversed(runs) if run.state in _ACTIVE), None)
    if active is None or active.started_at is None:
        return []
    return [active.id, *[run.id for run in runs if run.state is RunState.SUCCESS][-TASKED_RUNS:]]


def _progress(active: RunFact | None, good: Sequence[RunFact], tasks: Mapping[int, Ends], seed: int) -> Progress | None:
    if active is None or active.started_at is None:
        return None
    ended = {task: at for task, at in tasks.get(active.id, {}).items() if at >= active.started_at}
    past = [(tasks[run.id], run.ended_at) for run in good if run.id in tasks and run.ended_at is not None]
    return progress(ended, past, seed)


def _gaps(started: Sequence[datetime], seed: int, zone: ZoneInfo) -> History | None:
    return _learn([(_seconds(one, other), one) for one, other in pairwise(sorted(started))], seed, zone)


def _repairs(runs: Sequence[RunFact], seed: int, zone: ZoneInfo) -> History | None:
    """From each failure that follows a success to the next success."""
    found: list[tuple[float | None, datetime | None]] = []
    broken: datetime | None = None
    for run in sorted((run for run in runs if run.ended_at), key=_end):
        if run.state in _BAD:
            broken = broken or run.ended_at
        elif run.state is RunState.SUCCESS and broken is not None:
            found.append((_seconds(broken, run.ended_at), broken))
            broken = None
    return _learn(found, seed, zone) if len(found) >= _ENOUGH_REPAIRS else None


def _learn(past: Sequence[tuple[float | None, datetime | None]], seed: int, zone: ZoneInfo) -> History | None:
    known = [
        Past(seconds, at.astimezone(zone).isoweekday())
        for seconds, at in past
        if seconds is not None and seconds >= 0 and at is not None
    ]
    return learn(known, abs(seed) * 2 + (seed < 0))


def _end(run: RunFact) -> datetime:
    if run.ended_at is None:
        raise ValueError("the run has not ended")
    return run.ended_at


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start is not None and end is not None else None


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")  # as the vendor spells it, it is no zone that anybody knows
