"""Runs of a window of time as lanes, one for each pipeline: which of them matter most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from gateway.domain.states import RunState

#: A run that began longer before a window and has ended is not looked for; one that is under way is found however old.
LOOK_BACK = timedelta(days=1)
#: Of several runs in one bar the first of these that any of them is in stands for all.
WORST_FIRST = (
    RunState.FAILED,
    RunState.RUNNING,
    RunState.QUEUED,
    RunState.UNKNOWN,
    RunState.CANCELLED,
    RunState.SKIPPED,
    RunState.SUCCESS,
)


class Urgency(IntEnum):
    """Why a lane stands where it stands; the lowest comes first."""

    #: Its last run that came to an end has failed.
    FAILING = 0
    #: Something of it is under way.
    ACTIVE = 1
    #: A run has failed, and a later one has not.
    RECOVERED = 2
    QUIET = 3


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """Narrows lanes; members are joined by AND, their elements by OR. Empty means: no restriction."""

    orchestrators: tuple[str, ...] = ()
    pipelines: tuple[int, ...] = ()
    #: At least one of its runs in the window is in one of these.
    states: tuple[RunState, ...] = ()
    #: Case-insensitive substring of the pipeline's key or name.
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A pipeline that has runs in a window, and what they come to."""

    pipeline_id: int
    orchestrator: str
    runs: int
    failed: int
    #: Queued or running.
    active: int
    #: When the newest was queued or, where that is not known, started.
    latest_at: datetime
    last_failure_at: datetime | None
    last_success_at: datetime | None

    @property
    def urgency(self) -> Urgency:
        """Why it stands where it stands."""
        if self.last_failure_at is not None and (
            self.last_success_at is None or self.last_success_at < self.last_failure_at
        ):
            return Urgency.FAILING
        if self.active:
            return Urgency.ACTIVE
        return Urgency.RECOVERED if self.failed else Urgency.QUIET


@dataclass(frozen=True, slots=True)
class LaneGroup:
    """The lanes of one orchestrator."""

    orchestrator: str
    lanes: int
    failing: int
    active: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One run, or several that begin in one stretch of a lane that has too many."""

    run_id: int
    state: RunState
    runs: int
    #: Began, or was queued where it has not begun.
    begins_at: datetime
    #: None: it goes on, or nobody knows.
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """A run at one end of a link."""

    run_id: int
    pipeline_id: int
    #: orchestrator/key
    name: str
    begins_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """That a firing has started a run because another one had ended."""

    dependency: str
    upstream: LinkEnd
    downstream: LinkEnd


def in_order(lanes: Iterable[Lane], *, by_orchestrator: bool) -> list[Lane]:
    """What matters most first: failing, under way, recovered, then the newest.

    By orchestrator, those with the most urgent lane come first, and otherwise go by name: so they keep their places.
    """
    found = sorted(lanes, key=lambda lane: (lane.urgency, -lane.latest_at.timestamp(), lane.pipeline_id))
    if by_orchestrator:
        first: dict[str, Urgency] = {}
        for lane in found:
            first.setdefault(lane.orchestrator, lane.urgency)
        found.sort(key=lambda lane: (first[lane.orchestrator], lane.orchestrator))
    return found


def groups(lanes: Iterable[Lane]) -> list[LaneGroup]:
    """The orchestrators of ordered lanes, in the order in which they first come."""
    by_name: dict[str, list[Lane]] = {}
    for lane in lanes:
        by_name.setdefault(lane.orchestrator, []).append(lane)
    return [
        LaneGroup(
            name,
            len(own),
            sum(lane.urgency is Urgency.FAILING for lane in own),
            sum(lane.active > 0 for lane in own),
        )
        for name, own in by_name.items()
    ]
