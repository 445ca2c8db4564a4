"""Walks from a pipeline back along what it waits for, to what runs now, and adds up what is left. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from gateway.domain.dependencies import Mode
from gateway.domain.slas import Forecast, PathStep
from gateway.sla.forecast.history import SAMPLES, History, Samples, at_least, log_normal, middle_of
from gateway.sla.forecast.tasks import Progress

#: Seconds between what starts a pipeline and its start, where none have been seen.
USUAL_WAIT = 5.0
#: Seconds in which a failure is usually made good, where that has not been seen; and so many times more or less.
USUAL_REPAIR, REPAIR_SPREAD = 7200.0, 3.0
_LOW, _HIGH = 0.05, 0.95
#: Of the ends of the interval, and of its middle, in samples that are in order.
_PLACES = (round(_LOW * (SAMPLES - 1)), SAMPLES // 2, round(_HIGH * (SAMPLES - 1)))
#: Pipelines in a row: more are a circle, or nobody's business.
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Upstream:
    """What starts a pipeline: all, or any, of some pipelines or groups."""

    mode: Mode
    items: "tuple[int | Upstream, ...]"


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody knows better, for runs that begin in a stretch of time."""

    since: datetime
    until: datetime
    #: Runs take so many times as long.
    factor: float = 1.0
    #: The next run begins not before that.
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """What is known of one pipeline now."""

    pipeline_id: int
    #: How long successful runs took; None: there were none.
    durations: History | None = None
    #: Seconds from being asked for to the start.
    waits: History | None = None
    #: Seconds from one start to the next.
    gaps: History | None = None
    #: Seconds from a failure to the next success.
    repairs: History | None = None
    #: Share of runs that fail, 0..1.
    failures: float = 0.0
    done_at: datetime | None = None
    #: The last start of any run, and the run if it goes on or waits.
    started_at: datetime | None = None
    active_run: int | None = None
    #: It waits, and has not started.
    queued_since: datetime | None = None
    running_since: datetime | None = None
    #: How far the run that goes on is, where its tasks tell.
    progress: Progress | None = None
    #: Its last run has failed and none goes on.
    failed_at: datetime | None = None
    next_run_at: datetime | None = None
    is_paused: bool = False
    upstream: Upstream | None = None
    corrections: Sequence[Correction] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True)
class _Expected:
    """Seconds from now, sample by sample, and the way that leads there."""

    start: Samples
    end: Samples
    path: tuple[PathStep, ...]


class Walk:
    """Forecasts of one moment; what several of them need is reckoned once."""

    def __init__(self, stations: Mapping[int, Station], now: datetime) -> None:
        self._stations = stations
        self._now = now
        self._known: dict[int, _Expected | None] = {}
        self._open: list[int] = []

    def forecast(self, pipeline_ids: Sequence[int], since: datetime, due: datetime) -> Forecast | None:
        """When the last of some pipelines will have succeeded after an instant. None: too little is known."""
        ends = [self._after(pipeline_id, since) for pipeline_id in pipeline_ids]
        known = [one for one in ends if one is not None]
        if not known or len(known) < len(ends):
            return None
        end = known[0].end if len(known) == 1 else np.max([one.end for one in known], axis=0)
        last = max(known, key=lambda one: middle_of(one.end))
        ordered = np.sort(end)
        low, middle, high = (self._instant(float(ordered[place])) for place in _PLACES)
        late = 1 - int(np.searchsorted(ordered, (due - self._now).total_seconds(), side="right")) / SAMPLES
        return Forecast(middle, low, high, late, last.path)

    def _after(self, pipeline_id: int, since: datetime | None) -> _Expected | None:
        """Its end after an instant: what has been done since then is done."""
        station = self._stations.get(pipeline_id)
        if station is None:
            return None
        done = station.done_at
        if done is not None and (since is None or done > since) and station.active_run is None:
            gone = np.full(SAMPLES, min((done - self._now).total_seconds(), 0.0))
            return _Expected(gone, gone, (PathStep(pipeline_id, None, station.started_at, done),))
        return self._next(station)

    def _next(self, station: Station) -> _Expected | None:
        if station.pipeline_id not in self._known:
            if station.pipeline_id in self._open or len(self._open) > _DEEPEST:
                return None
            self._open.append(station.pipeline_id)
            self._known[station.pipeline_id] = self._reckon(station)
            self._open.pop()
        return self._known[station.pipeline_id]

    def _reckon(self, station: Station) -> _Expected | None:
        if station.durations is None:
            return None
        if station.running_since is not None:
            left = self._left(station, station.running_since) + self._trouble(station)
            return self._expected(station, np.full(SAMPLES, -self._since(station.running_since)), left, ())
        begun = self._start(station)
        if begun is None:
            return None
        start, path = begun
        start = np.maximum(start, self._not_before(station))
        middle = self._instant(middle_of(start)) or self._now
        end = start + self._durations(station, middle) + self._trouble(station)
        if station.failed_at is not None:
            repaired = self._repair(station)
            end = np.minimum(end, repaired)
            start = np.minimum(start, repaired)
        return self._expected(station, start, end, path)

    def _start(self, station: Station) -> tuple[Samples, tuple[PathStep, ...]] | None:
        """When it will start, and what it waits for till then."""
        if station.queued_since is not None:
            return at_least(_or(station.waits, USUAL_WAIT), self._since(station.queued_since)), ()
        if station.is_paused:
            return np.full(SAMPLES, np.inf), ()
        ways: list[tuple[Samples, tuple[PathStep, ...]]] = []
        if station.upstream is not None:
            before = self._of(station.upstream, station.started_at)
            if before is None:
                return None
            ways.append((np.maximum(before[0], 0.0) + _or(station.waits, USUAL_WAIT), before[1]))
        if station.next_run_at is not None:
            wait = max((station.next_run_at - self._now).total_seconds(), 0.0)
            ways.append((wait + _or(station.waits, USUAL_WAIT), ()))
        if not ways and station.gaps is not None and station.started_at is not None:
            samples = station.gaps.on(station.started_at.astimezone(station.zone).isoweekday())
            ways.append((at_least(samples, self._since(station.started_at)), ()))
        return min(ways, key=lambda way: middle_of(way[0]), default=None)

    def _of(self, upstream: Upstream, since: datetime | None) -> tuple[Samples, tuple[PathStep, ...]] | None:
        found: list[tuple[Samples, tuple[PathStep, ...]]] = []
        for item in upstream.items:
            if isinstance(item, Upstream):
                one = self._of(item, since)
            else:
                expected = self._after(item, since)
                one = None if expected is None else (expected.end, expected.path)
            if one is not None:
                found.append(one)
            elif upstream.mode is Mode.ALL:
                return None
        if not found:
            return None
        is_all = upstream.mode is Mode.ALL
        ends = (np.max if is_all else np.min)([one[0] for one in found], axis=0)
        chosen = (max if is_all else min)(found, key=lambda one: middle_of(one[0]))
        return ends, chosen[1]

    def _left(self, station: Station, start: datetime) -> Samples:
        """Of a run that goes on: from the end of the task that has come furthest, else from its start."""
        if station.progress is None:
            return at_least(self._durations(station, start), self._since(start))
        samples = self._corrected(station, station.progress.left.overall, start)
        return at_least(samples, self._since(station.progress.since))

    def _durations(self, station: Station, start: datetime) -> Samples:
        if station.durations is None:
            return np.zeros(SAMPLES)
        return self._corrected(station, station.durations.on(start.astimezone(station.zone).isoweekday()), start)

    def _corrected(self, station: Station, samples: Samples, start: datetime) -> Samples:
        for one in station.corrections:
            if one.since <= start < one.until:
                samples = samples * one.factor
        return samples

    def _not_before(self, station: Station) -> float:
        told = [one.not_before for one in station.corrections if one.not_before and one.since <= self._now < one.until]
        return max((-self._since(at) for at in told), default=0.0)

    def _trouble(self, station: Station) -> Samples:
        """What failures add: to so many samples as runs fail, what it takes to make them good."""
        extra = np.zeros(SAMPLES)
        count = round(station.failures * SAMPLES)
        if count:
            chosen = np.random.default_rng(station.pipeline_id + 1).permutation(SAMPLES)[:count]
            extra[chosen] = _or(station.repairs, USUAL_REPAIR, REPAIR_SPREAD)[chosen]
        return extra

    def _repair(self, station: Station) -> Samples:
        elapsed = self._since(station.failed_at) if station.failed_at else 0.0
        return at_least(_or(station.repairs, USUAL_REPAIR, REPAIR_SPREAD), elapsed)

    def _expected(self, station: Station, start: Samples, end: Samples, path: tuple[PathStep, ...]) -> _Expected:
        middle = middle_of(start)
        step = PathStep(
            station.pipeline_id,
            station.active_run,
            station.running_since or self._instant(middle),
            self._instant(middle_of(end)),
        )
        return _Expected(start, end, (*path, step))

    def _since(self, at: datetime) -> float:
        return (self._now - at).total_seconds()

    def _instant(self, seconds: float) -> datetime | None:
        """None: so far away that no clock shows it."""
        if not np.isfinite(seconds) or seconds > timedelta(days=3650).total_seconds():
            return None
        return self._now + timedelta(seconds=seconds)


def _or(history: History | None, usual: float, spread: float = 1.0) -> Samples:
    if history is not None:
        return history.overall
    return log_normal(usual, spread)
