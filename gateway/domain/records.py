"""What the store holds, as plain values: the same facts as observations, with identity and history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.states import Capability, OrchestratorStatus, RunState, RunTrigger, TaskRunState


@dataclass(frozen=True, slots=True)
class OrchestratorDefinition:
    """What a person says of an orchestrator: a connection and how to follow it. Secrets are references."""

    name: str
    kind: str
    url: str
    auth: Mapping[str, Any]
    options: Mapping[str, Any]
    poll_seconds: float = 15.0
    #: How far back runs are read at first contact.
    backfill_seconds: float = 7 * 86400.0
    #: OpenLineage job namespaces that this deployment emits under.
    lineage_namespaces: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """Anything else that a file says, as the store keeps it: what it is, what it is called, and JSON."""

    section: str
    name: str
    document: Any


#: Sections of definitions, and the name of the one that holds all naming rules, in their order.
LINEAGE_NAMES, LINEAGE_FORWARD = "lineage.names", "lineage.forward"
NAME_RULES = "rules"


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """One connected deployment and what is known of its health."""

    id: int
    definition: OrchestratorDefinition
    #: CONFIG or API.
    origin: str
    version: str | None
    capabilities: frozenset[Capability]
    status: OrchestratorStatus
    status_since: datetime
    status_message: str | None
    last_synced_at: datetime | None
    removed_at: datetime | None

    @property
    def name(self) -> str:
        """The slug people use."""
        return self.definition.name

    @property
    def kind(self) -> str:
        """The adapter's name."""
        return self.definition.kind


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A DAG, deployment or job, as last listed."""

    id: int
    orchestrator_id: int
    key: str
    name: str
    description: str | None
    owners: Sequence[str]
    tags: Sequence[str]
    schedule: str | None
    timezone: str | None
    next_run_at: datetime | None
    is_paused: bool
    is_active: bool
    url: str | None
    latest_run_id: int | None
    latest_state: RunState | None
    revision: str | None
    upstream: frozenset[str]
    structure_revision: str | None
    structure_read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as last seen."""

    id: int
    orchestrator_id: int
    pipeline_id: int
    external_id: str
    state: RunState
    native_state: str
    trigger: RunTrigger
    logical_at: datetime | None
    partition: str | None
    queued_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    parameters: Mapping[str, Any]
    attempt: int
    url: str | None
    parent_external_id: str | None
    sort_at: datetime
    observed_at: datetime
    read_at: datetime
    revision: int

    @property
    def duration(self) -> timedelta | None:
        """From start to end, negative where it is told so; None where either is not known."""
        return None if self.started_at is None or self.ended_at is None else self.ended_at - self.started_at


@dataclass(frozen=True, slots=True)
class RunStateChange:
    """One step in a run's history."""

    attempt: int
    state: RunState
    native_state: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class TaskRun:
    """One attempt of one task within a run."""

    id: int
    run_id: int
    task: str
    map_index: int | None
    attempt: int
    state: TaskRunState
    native_state: str
    started_at: datetime | None
    ended_at: datetime | None
    url: str | None
    external_id: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """One step of a pipeline's graph."""

    pipeline_id: int
    key: str
    name: str
    type: str | None
    group: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class TaskEdge:
    """``downstream`` waits for ``upstream``, both task keys."""

    pipeline_id: int
    upstream: str
    downstream: str
