"""SLAs: what a team promises of a pipeline or dataset, and how each promise was judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from gateway.domain.dependencies import DatasetRef, PipelineRef
from gateway.domain.incidents import Severity

#: The last runs of a pipeline whose durations are judged: so many verdicts of an SLA are never let go.
LAST_RUNS = 100


class SlaKind(StrEnum):
    """What is promised."""

    #: Done by a time of the day.
    DEADLINE = "DEADLINE"
    #: Never older than a limit.
    FRESHNESS = "FRESHNESS"
    #: No run takes longer than a limit.
    DURATION = "DURATION"
    #: Of the runs within a window, so many succeed.
    SUCCESS_RATE = "SUCCESS_RATE"


class SlaState(StrEnum):
    """How a promise stands."""

    #: Its time has not begun.
    PENDING = "PENDING"
    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    MISSED = "MISSED"
    MET = "MET"


class Reason(StrEnum):
    """Why a promise stands as it does."""

    NOT_BEGUN = "not_begun"
    #: Time is left, and nothing speaks against it.
    TIME_LEFT = "time_left"
    #: Time is left, and the forecast says that it will do.
    FORECAST_IN_TIME = "forecast_in_time"
    #: Time is left, and the forecast says that it will not do.
    FORECAST_LATE = "forecast_late"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    #: The time is over and nothing has come.
    OVERDUE = "overdue"
    #: The next one's time has come, and nothing has come for this one.
    NEVER_DONE = "never_done"
    #: The run has ended, but not well: how long it took is judged all the same.
    ENDED_UNSUCCESSFUL = "ended_unsuccessful"
    ENOUGH_SUCCEED = "enough_succeed"
    #: One more failure is one too many.
    NO_FAILURE_LEFT = "no_failure_left"
    TOO_MANY_FAIL = "too_many_fail"
    #: Too few runs have been seen to say what is normal.
    LITTLE_HISTORY = "little_history"


@dataclass(frozen=True, slots=True)
class SlaAction:
    """What is done, once for each key, when a promise comes to stand so: one of these things."""

    #: AT_RISK or MISSED.
    on: SlaState
    #: A pipeline that is triggered, with these parameters.
    trigger: PipelineRef | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: The last run of the SLA's own pipeline is retried, if it has failed.
    retry: bool = False
    #: A receiver that is told, wherever the routes lead.
    notify: str | None = None
    #: How bad it is from then on.
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class SlaSpec:
    """What a person says of an SLA."""

    name: str
    kind: SlaKind
    pipeline: PipelineRef | None = None
    dataset: DatasetRef | None = None
    description: str | None = None
    owner: str | None = None
    #: How bad it is where it is missed; None: critical.
    severity: Severity | None = None
    #: DEADLINE: time of the day from its midnight, as a clock shows it; from 24 h on it is the next day's.
    deadline: timedelta | None = None
    #: DEADLINE of a pipeline: only a run counts whose logical day is so many days after (before, where negative) the
    #: day of the deadline. None: whatever succeeds in time counts.
    data_day: int | None = None
    timezone: str = "UTC"
    #: Days it applies to: days of the week as in a crontab, or ``business-days:CH``. None: every day.
    calendar: str | None = None
    #: Days it does not apply to besides: ``2026-12-24``, or ``12-24`` for every year.
    days_off: tuple[str, ...] = ()
    #: FRESHNESS and DURATION.
    limit: timedelta | None = None
    #: DURATION: the limit in standard deviations above the mean of the pipeline's own history.
    deviations: float | None = None
    #: SUCCESS_RATE: 0..1, over ``window``.
    target_rate: float | None = None
    #: SUCCESS_RATE: how far back runs count. DEADLINE: how old a result may be at the deadline; None: of that day.
    window: timedelta | None = None
    #: Share of promises that are to be kept, 0..1.
    objective: float | None = None
    is_enabled: bool = True
    actions: tuple[SlaAction, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Of its deadline and its days."""
        return ZoneInfo(self.timezone)

    @property
    def target(self) -> str:
        """What it is about, in words."""
        return str(self.pipeline or self.dataset)


@dataclass(frozen=True, slots=True)
class Sla:
    """An SLA as it is kept."""

    id: int
    spec: SlaSpec
    #: CONFIG or API.
    origin: str
    #: It was first defined, or switched on again, then: what was due before is not judged.
    active_since: datetime
    #: Its definition was changed last then: what was due before under the new one is not judged by it.
    changed_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class SlaFilter:
    """Narrows a list of SLAs."""

    #: How they stand now; any where empty.
    states: tuple[SlaState, ...] = ()


@dataclass(frozen=True, slots=True)
class PathStep:
    """A pipeline on the way to a result, and when it is expected to begin and end."""

    pipeline_id: int
    run_id: int | None = None
    expected_start: datetime | None = None
    expected_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """When something will be done."""

    #: The median of what may come. None: no end is in sight.
    at: datetime | None
    #: The ends of the interval in which it will be with a probability of 90 %; ``high`` None: open.
    low: datetime | None
    high: datetime | None
    #: That it is done after it is due, 0..1.
    breach_probability: float
    path: Sequence[PathStep] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one key of an SLA stands, with the reason."""

    state: SlaState
    reason: Reason
    due_at: datetime | None
    completed_at: datetime | None = None
    run_id: int | None = None
    #: Nothing that comes can change it.
    is_final: bool = False
    #: When time alone may change it; None: never.
    look_again_at: datetime | None = None
    #: SUCCESS_RATE: the rate. DURATION: the limit in seconds, where it follows from history.
    measured: float | None = None
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One key of an SLA as it is kept."""

    id: int
    sla_id: int
    key: str
    state: SlaState
    reason: Reason
    opens_at: datetime
    due_at: datetime | None
    completed_at: datetime | None
    run_id: int | None
    is_final: bool
    measured: float | None
    forecast: Forecast | None
    evaluated_at: datetime

    @property
    def late_by(self) -> timedelta | None:
        """How long after it was due it was done; None where it was in time, or is not done."""
        if self.completed_at is None or self.due_at is None or self.completed_at <= self.due_at:
            return None
        return self.completed_at - self.due_at
