"""Cross-system dependencies: what they wait for, what they start, and for which key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from gateway.domain.periods import Calendar, KeyGranularity, Period
from gateway.domain.states import RunState
from gateway.domain.windows import Window


class Mode(StrEnum):
    """How many of a group's conditions must hold."""

    ALL = "ALL"
    ANY = "ANY"


class Rerun(StrEnum):
    """What happens when an upstream ends once more for a key that has fired."""

    IGNORE = "IGNORE"
    FIRE = "FIRE"
    #: A firing begins, and waits until a person fires or cancels it.
    ASK = "ASK"


@dataclass(frozen=True, slots=True)
class PipelineRef:
    """A pipeline by its orchestrator's name and its own key: it need not be known yet."""

    orchestrator: str
    key: str

    def __str__(self) -> str:
        return f"{self.orchestrator}/{self.key}"


@dataclass(frozen=True, slots=True)
class DatasetRef:
    """A dataset by any of its names."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace} {self.name}"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be so: a run for the key has ended well, a dataset was written, or a window is open."""

    pipeline: PipelineRef | None = None
    #: Of the pipeline: not the run counts but this task of it, as soon as it has ended.
    task: str | None = None
    dataset: DatasetRef | None = None
    #: It holds while the window is open, whatever the key.
    window: Window | None = None
    #: The dataset was written within this time of the evaluation, whatever the key; else, within the key's period.
    fresh_within: timedelta | None = None
    #: Terminal states that satisfy it.
    states: tuple[RunState, ...] = (RunState.SUCCESS,)
    #: How many periods the upstream's key lies before the firing's.
    offset: int = 0
    #: The upstream's keys are shorter than the firing's, and each one within it must be there.
    every: KeyGranularity | None = None
    #: There must be a run for each of these partitions.
    partitions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.pipeline}.{self.task}" if self.task else str(self.pipeline or self.dataset or self.window)

    @property
    def is_of_the_moment(self) -> bool:
        """Whether it may hold no more later, and begins no firing."""
        return self.fresh_within is not None or self.window is not None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or any, must hold."""

    mode: Mode
    items: "tuple[Condition | Group, ...]"

    def conditions(self) -> Iterator[Condition]:
        """All conditions inside, in the order in which they are written; their places name them."""
        for item in self.items:
            if isinstance(item, Group):
                yield from item.conditions()
            else:
                yield item

    def in_words(self) -> str:
        """As ``all of (a/b, any of (c/d, e/f))``."""
        parts = [item.in_words() if isinstance(item, Group) else str(item) for item in self.items]
        return f"{self.mode.lower()} of ({', '.join(parts)})" if len(parts) > 1 else parts[0]


@dataclass(frozen=True, slots=True)
class DependencySpec:
    """What a person says of a dependency."""

    name: str
    upstream: Group
    target: PipelineRef
    keyed_by: KeyGranularity = KeyGranularity.RUN
    timezone: str = "UTC"
    description: str | None = None
    #: Text in them may be a template.
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: A template for the target's partition.
    partition: str | None = None
    #: A key that has begun and is not complete after this time expires.
    timeout: timedelta | None = None
    is_enabled: bool = True
    on_rerun: Rerun = Rerun.IGNORE
    #: Runs of the target that dependencies may have under way when this one starts another.
    max_active: int | None = None
    #: Runs of the target that dependencies may have started within the last minute when this one starts another.
    max_per_minute: int | None = None
    #: Whether it may close a cycle of pipelines that start, or read from, each other.
    allow_cycle: bool = False

    def pipelines(self) -> Iterator[PipelineRef]:
        """All that it names."""
        yield self.target
        for condition in self.upstream.conditions():
            if condition.pipeline is not None:
                yield condition.pipeline

    @property
    def zone(self) -> ZoneInfo:
        """Of its keys and windows."""
        return ZoneInfo(self.timezone)

    @property
    def calendar(self) -> Calendar:
        """Its keys' periods. Only where those are stretches of time."""
        return Calendar(self.keyed_by, self.zone)

    def upstream_calendar(self, condition: Condition) -> Calendar:
        """The periods of one upstream's keys."""
        return Calendar(condition.every or self.keyed_by, self.zone)


@dataclass(frozen=True, slots=True)
class Dependency:
    """A dependency as it is kept."""

    id: int
    spec: DependencySpec
    #: CONFIG or API.
    origin: str
    #: Only what ends from then on makes it fire.
    active_since: datetime
    revision: int
    #: Somebody has stopped it for now, whatever its definition says.
    is_paused: bool = False

    @property
    def is_on(self) -> bool:
        """Whether anything begins."""
        return self.spec.is_enabled and not self.is_paused


class FiringState(StrEnum):
    """How far a firing has come."""

    WAITING = "WAITING"
    READY = "READY"
    TRIGGERING = "TRIGGERING"
    TRIGGERED = "TRIGGERED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


#: Their runs are under way.
ACTIVE_STATES = (FiringState.TRIGGERING, FiringState.TRIGGERED)
#: What may follow what. What is fired again is a new firing of its key.
FOLLOWS: Mapping[FiringState, frozenset[FiringState]] = {
    FiringState.WAITING: frozenset({FiringState.READY, FiringState.EXPIRED, FiringState.CANCELLED}),
    FiringState.READY: frozenset(  # it stays so, for another reason
        {FiringState.READY, FiringState.TRIGGERING, FiringState.FAILED, FiringState.CANCELLED}
    ),
    FiringState.TRIGGERING: frozenset({FiringState.READY, FiringState.TRIGGERED, FiringState.FAILED}),
    FiringState.TRIGGERED: frozenset({FiringState.SUCCEEDED, FiringState.FAILED}),
    FiringState.SUCCEEDED: frozenset(),
    FiringState.FAILED: frozenset({FiringState.SUCCEEDED}),  # its run was retried
    FiringState.EXPIRED: frozenset(),
    FiringState.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Satisfied:
    """That a condition holds, since when, and by which run."""

    at: datetime
    run_id: int | None = None
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """One evaluation of a dependency for one key."""

    id: int
    dependency_id: int
    key: str
    #: From 1; grows where a key fires again.
    generation: int
    state: FiringState
    idempotency_key: str
    #: By the place of the condition.
    satisfied: Mapping[int, Satisfied]
    command_id: int | None
    run_id: int | None
    attempts: int
    last_error: str | None
    #: It was sent again, though nobody knows what became of the first time, to an orchestrator that knows no keys.
    is_possible_double: bool
    backfill_id: int | None
    created_at: datetime
    ready_at: datetime | None
    triggered_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What satisfies a condition of one key: a run for each of these places."""

    #: Stretches of time in which a run's logical time lies, one for each run that is wanted.
    periods: Sequence[Period] = ()
    run: str | None = None
    partition: str | None = None


def is_complete(group: Group, satisfied: Mapping[int, Satisfied]) -> bool:
    """Whether the conditions that hold are enough."""
    return _holds(group, satisfied, 0)[0]


def _holds(group: Group, satisfied: Mapping[int, Satisfied], place: int) -> tuple[bool, int]:
    verdicts: list[bool] = []
    for item in group.items:
        if isinstance(item, Group):
            verdict, place = _holds(item, satisfied, place)
        else:
            verdict, place = place in satisfied, place + 1
        verdicts.append(verdict)
    return (all(verdicts) if group.mode is Mode.ALL else any(verdicts)), place
