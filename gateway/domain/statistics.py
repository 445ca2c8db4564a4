"""How a pipeline's runs have gone, in figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gateway.domain.states import RunState

#: Ended with a result: a run that was skipped has done nothing that could succeed or fail.
JUDGED = (RunState.SUCCESS, RunState.FAILED, RunState.CANCELLED)


@dataclass(frozen=True, slots=True)
class RunStatistics:
    """Runs of one pipeline in one window."""

    #: How many, by state.
    counts: Mapping[RunState, int]
    #: Of successful runs, the newest ones of the window, ascending.
    durations: Sequence[timedelta]
    #: Of failures that were told of, how long after each it was noted here, ascending.
    detections: Sequence[timedelta] = ()

    @property
    def total(self) -> int:
        """All runs."""
        return sum(self.counts.values())

    @property
    def success_rate(self) -> float | None:
        """Successful among finished runs, 0..1; None where nothing finished."""
        finished = sum(self.counts.get(state, 0) for state in JUDGED)
        return self.counts.get(RunState.SUCCESS, 0) / finished if finished else None

    def duration_at(self, share: float) -> timedelta | None:
        """The duration that ``share`` (0..1) of the successful runs do not exceed, by linear interpolation."""
        return _quantile(self.durations, share)

    @property
    def mean_time_to_detect(self) -> timedelta | None:
        """The median time from a failure until it was noted here."""
        return _quantile(self.detections, 0.5)


def _quantile(ascending: Sequence[timedelta], share: float) -> timedelta | None:
    if not ascending:
        return None
    place = share * (len(ascending) - 1)
    below = int(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (ascending[above] - ascending[below]) * (place - below)
