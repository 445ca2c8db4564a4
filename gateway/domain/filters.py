"""What lists can be narrowed by, and where a page goes on. Empty means: no restriction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.domain.states import RunState, RunTrigger


@dataclass(frozen=True, slots=True)
class PipelineFilter:
    """Narrows a list of pipelines; members are joined by AND, their elements by OR."""

    orchestrators: Sequence[str] = ()
    #: Case-insensitive substring of key or name.
    search: str | None = None
    owners: Sequence[str] = ()
    tags: Sequence[str] = ()
    is_paused: bool | None = None
    is_active: bool | None = None
    latest_state: Sequence[RunState] = ()


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Narrows a list of runs; members are joined by AND, their elements by OR."""

    orchestrators: Sequence[str] = ()
    pipelines: Sequence[int] = ()
    states: Sequence[RunState] = ()
    triggers: Sequence[RunTrigger] = ()
    #: Inclusive and exclusive.
    started_after: datetime | None = None
    started_before: datetime | None = None
    logical_at: datetime | None = None
    #: Case-insensitive substring of the external id, or of the pipeline's key or name.
    search: str | None = None


class RunOrder(StrEnum):
    """What a list of runs is ordered by."""

    #: When they were queued or, where that is not known, started.
    TIME = "TIME"
    #: From start to end; those without one come last, the newest first.
    DURATION = "DURATION"


@dataclass(frozen=True, slots=True)
class RunSort:
    """An order, and which way round."""

    order: RunOrder = RunOrder.TIME
    is_descending: bool = True


NEWEST_FIRST = RunSort()


@dataclass(frozen=True, slots=True)
class RunPosition:
    """A run's place in an order of runs; that in the order of time never changes."""

    sort_at: datetime
    id: int
    #: None: it has not ended, or nobody knows when it began.
    duration: timedelta | None = None


class PipelineOrder(StrEnum):
    """What a list of pipelines is ordered by; what is equal stays by name, what has no value comes last."""

    NAME = "NAME"
    ORCHESTRATOR = "ORCHESTRATOR"
    #: The first one.
    OWNER = "OWNER"
    SCHEDULE = "SCHEDULE"
    #: Those that are paused have none.
    NEXT_RUN = "NEXT_RUN"
    #: Going on, gone well, gone wrong.
    LATEST_STATE = "LATEST_STATE"
    LATEST_RUN = "LATEST_RUN"


@dataclass(frozen=True, slots=True)
class PipelineSort:
    """An order, and which way round."""

    order: PipelineOrder = PipelineOrder.NAME
    is_descending: bool = False


BY_NAME = PipelineSort()


@dataclass(frozen=True, slots=True)
class PipelinePosition:
    """A pipeline's place in an order of pipelines."""

    search: str
    id: int
    #: What the order goes by, unless that is the name; None: there is no value.
    value: str | int | datetime | None = None
