"""What lists can be narrowed by, and where a page goes on. Empty means: no restriction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class RunPosition:
    """A run's place in the order of runs; it never changes."""

    sort_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class PipelinePosition:
    """A pipeline's place in the order of pipelines."""

    search: str
    id: int
