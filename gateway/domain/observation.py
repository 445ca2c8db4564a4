"""What an adapter reports: facts as the vendor tells them, already in Podium's words.

Observations carry no database identity. They are compared with what is stored (``gateway.domain.transition``), so
reporting the same thing twice changes nothing. Every instant is timezone-aware UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.domain.incidents import Severity
from gateway.domain.states import Capability, RunState, RunTrigger, TaskRunState


@dataclass(frozen=True, slots=True)
class Probe:
    """What a first contact found out about a deployment."""

    version: str
    capabilities: frozenset[Capability]
    #: What works less well than it could and how to mend it, one sentence each; empty when all is well.
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ObservedPipeline:
    """A DAG, deployment or job as its orchestrator lists it."""

    key: str
    name: str
    description: str | None = None
    owners: Sequence[str] = ()
    tags: Sequence[str] = ()
    #: As the orchestrator shows it: a cron expression, an interval, "asset-triggered"; None when only by hand.
    schedule: str | None = None
    timezone: str | None = None
    next_run_at: datetime | None = None
    is_paused: bool = False
    url: str | None = None
    #: Changes whenever the task graph may have changed; the graph is read again only then. None: unknown, read often.
    revision: str | None = None
    #: Keys of pipelines of the same orchestrator that start this one, or that it waits for, by that orchestrator's own
    #: means, as far as it tells.
    upstream: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ObservedTask:
    """One step of a pipeline's graph."""

    key: str
    name: str
    type: str | None = None
    group: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PipelineStructure:
    """The task graph of one pipeline: ``edges`` are (upstream key, downstream key)."""

    tasks: Sequence[ObservedTask]
    edges: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RunRef:
    """Enough to find one run at its vendor."""

    pipeline_key: str
    external_id: str


@dataclass(frozen=True, slots=True)
class ObservedRun:
    """One run as its orchestrator reports it now."""

    pipeline_key: str
    external_id: str
    state: RunState
    #: The state in the vendor's own word, e.g. "up_for_retry" or "CANCELLING".
    native_state: str
    trigger: RunTrigger = RunTrigger.UNKNOWN
    #: The instant whose data this run makes (Airflow's logical date, Dagster's partition start).
    logical_at: datetime | None = None
    partition: str | None = None
    queued_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: From 1. None where the vendor does not count: Podium then counts the times it saw the run reopened.
    attempt: int | None = None
    url: str | None = None
    #: ``external_id`` of the run that this one re-executes or belongs to, at the same orchestrator.
    parent_external_id: str | None = None

    @property
    def ref(self) -> RunRef:
        """The reference by which the vendor finds this run again."""
        return RunRef(self.pipeline_key, self.external_id)


@dataclass(frozen=True, slots=True)
class RunPage:
    """One page of an incremental read: apply ``runs`` and store ``cursor`` in one transaction, then read on.

    Starting again from any stored cursor repeats some runs and misses none.
    """

    runs: Sequence[ObservedRun]
    cursor: str


@dataclass(frozen=True, slots=True)
class ObservedTaskRun:
    """One attempt of one task (of one mapped instance, where ``map_index`` is given) within a run."""

    task: str
    state: TaskRunState
    native_state: str
    attempt: int = 1
    map_index: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    url: str | None = None
    #: The vendor's own id of this attempt, where logs are asked for by it.
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class ObservedAsset:
    """A dataset or asset as an orchestrator knows it, and who touches it there."""

    #: The orchestrator's own key, e.g. an Airflow URI or a Dagster path joined with "/".
    key: str
    name: str
    uri: str | None = None
    group: str | None = None
    description: str | None = None
    kinds: Sequence[str] = ()
    #: Keys of assets this one is made from.
    upstream: frozenset[str] = frozenset()
    #: (pipeline key, task key or None) that write it, and that read it or are scheduled by it.
    producers: frozenset[tuple[str, str | None]] = frozenset()
    consumers: frozenset[tuple[str, str | None]] = frozenset()
    #: Names of the checks it has now: what others said of it before counts no more. None: not told.
    checks: Sequence[str] | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ObservedAssetEvent:
    """One write of an asset."""

    asset_key: str
    at: datetime
    #: The vendor's id of the event; with the asset's key it makes a repeated report a no-op.
    external_id: str
    run_external_id: str | None = None
    task: str | None = None
    partition: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class ObservedCheck:
    """What one check of an asset found when it was evaluated: an asset check, a test, an expectation.

    A check that was skipped, or broke down before it had looked, has found nothing and is not reported.
    """

    asset_key: str
    name: str
    passed: bool
    #: When it was evaluated.
    at: datetime
    #: The vendor's id of the evaluation, among those of this check; what is said of it later replaces what was said.
    external_id: str
    #: How bad it is where it has not passed.
    severity: Severity = Severity.ERROR
    description: str | None = None
    run_external_id: str | None = None
    task: str | None = None
    partition: str | None = None


@dataclass(frozen=True, slots=True)
class AssetEventPage:
    """One page of asset writes and of what checks of assets found; ``cursor`` as in RunPage."""

    events: Sequence[ObservedAssetEvent]
    cursor: str
    checks: Sequence[ObservedCheck] = ()


@dataclass(frozen=True, slots=True)
class TriggerRequest:
    """A run to be started, once for its key."""

    pipeline_key: str
    #: Two requests with one key make one run. Already checked against ``IDEMPOTENCY_KEY`` below.
    idempotency_key: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    logical_at: datetime | None = None
    partition: str | None = None


@dataclass(frozen=True, slots=True)
class Triggered:
    """The run that a trigger request led to; ``is_new`` is False where the key had already made it."""

    run: ObservedRun
    is_new: bool
