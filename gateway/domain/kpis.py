"""Key figures of how well work gets done: sums that can be added up, and the shares and means that follow."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum


class KpiGrouping(StrEnum):
    """By what figures are put together."""

    PIPELINE = "PIPELINE"
    #: A pipeline with several owners counts for each of them.
    OWNER = "OWNER"
    ORCHESTRATOR = "ORCHESTRATOR"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class Average:
    """A mean of times that others can be added to: ``seconds`` is their weighted sum."""

    seconds: float = 0.0
    weight: float = 0.0

    @classmethod
    def of(cls, times: Sequence[timedelta]) -> "Average":
        """Of times that weigh the same."""
        return cls(sum(one.total_seconds() for one in times), len(times))

    def __add__(self, other: "Average") -> "Average":
        """Of both."""
        return Average(self.seconds + other.seconds, self.weight + other.weight)

    @property
    def mean(self) -> timedelta | None:
        """None: of nothing."""
        return timedelta(seconds=self.seconds / self.weight) if self.weight > 0 else None


@dataclass(frozen=True, slots=True)
class Kpis:
    """What happened in a window, to one pipeline or to many."""

    pipelines: int = 0
    #: Runs that came to an end, other than those that people started and those that try an earlier one again.
    runs: int = 0
    #: Of these, how many succeeded without being let run again.
    unaided: int = 0
    run_seconds: float = 0.0
    queue_seconds: float = 0.0
    met: int = 0
    missed: int = 0
    #: Incidents that it was the cause of, by when they were opened.
    incidents: int = 0
    #: From the failure in its system to the incident.
    detect: Average = field(default_factory=Average)
    #: From the failure in its system to the first message that a receiver took.
    notify: Average = field(default_factory=Average)
    #: From the failure in its system until all was well again.
    resolve: Average = field(default_factory=Average)
    #: Time since the last good run ended, through the whole window.
    age: Average = field(default_factory=Average)
    #: The same at the end of the window.
    age_now: Average = field(default_factory=Average)

    def __add__(self, other: "Kpis") -> "Kpis":
        """Of both."""
        return Kpis(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Kpis)))

    @property
    def unaided_success_rate(self) -> float | None:
        """Share of runs that succeeded without anybody's help, 0..1; None where none came to an end."""
        return self.unaided / self.runs if self.runs else None

    @property
    def compute_efficiency(self) -> float | None:
        """Share of their time in which runs ran rather than waited for a place, 0..1; None where none is known."""
        total = self.run_seconds + self.queue_seconds
        return self.run_seconds / total if total > 0 else None

    @property
    def sla_adherence(self) -> float | None:
        """Share of promises kept of those that came due, 0..1; None where none did."""
        due = self.met + self.missed
        return self.met / due if due else None


@dataclass(frozen=True, slots=True)
class Successes:
    """When good runs of a pipeline ended: enough of it to say how old its data has been in a window."""

    #: The last one before the window.
    before: datetime | None = None
    #: The first and the last one in it.
    first: datetime | None = None
    last: datetime | None = None
    #: Of those in it, half the sum of the squared seconds between each two that follow each other.
    between: float = 0.0

    def age(self, since: datetime, until: datetime) -> Average:
        """Mean time since the last good run, over [since, until), weighted by its length in seconds."""
        begin = since if self.before is not None else self.first
        if begin is None or begin >= until:
            return Average()
        known = self.before or begin
        total = self.between
        if self.first is None or self.last is None:
            total += _half_square(known, until) - _half_square(known, begin)
        else:
            total += _half_square(known, self.first) - _half_square(known, begin) + _half_square(self.last, until)
        return Average(total, (until - begin).total_seconds())

    def age_at(self, until: datetime) -> Average:
        """Time since the last good run at an instant."""
        last = self.last or self.before
        return Average((until - last).total_seconds(), 1.0) if last is not None else Average()


def _half_square(earlier: datetime, later: datetime) -> float:
    """What grows by one second each second, added up over a stretch of time: square seconds."""
    return (later - earlier).total_seconds() ** 2 / 2
