"""States of orchestrators, runs and task runs, and what is known about them."""

from enum import StrEnum


class OrchestratorStatus(StrEnum):
    """How well Podium can see an orchestrator now."""

    PENDING = "PENDING"
    HEALTHY = "HEALTHY"
    DEGRADED = "DEGRADED"
    UNREACHABLE = "UNREACHABLE"
    UNAUTHORIZED = "UNAUTHORIZED"


class Capability(StrEnum):
    """What an adapter can do at the connected deployment."""

    TRIGGER = "TRIGGER"
    CANCEL = "CANCEL"
    RETRY = "RETRY"
    PAUSE = "PAUSE"
    TASKS = "TASKS"
    TASK_GRAPH = "TASK_GRAPH"
    LOGS = "LOGS"
    ASSETS = "ASSETS"
    PUSH = "PUSH"


class RunState(StrEnum):
    """State of a run in Podium's words; the vendor's own word is kept beside it."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_terminal(self) -> bool:
        """Whether the run has ended (a retry may still reopen it as a new attempt)."""
        return self in TERMINAL_RUN_STATES


class TaskRunState(StrEnum):
    """State of one attempt of a task within a run."""

    PENDING = "PENDING"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DEFERRED = "DEFERRED"
    UP_FOR_RETRY = "UP_FOR_RETRY"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    UPSTREAM_FAILED = "UPSTREAM_FAILED"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_terminal(self) -> bool:
        """Whether this attempt has ended."""
        return self in TERMINAL_TASK_RUN_STATES


class RunTrigger(StrEnum):
    """Why a run was started."""

    SCHEDULE = "SCHEDULE"
    MANUAL = "MANUAL"
    ASSET = "ASSET"
    BACKFILL = "BACKFILL"
    DEPENDENCY = "DEPENDENCY"
    API = "API"
    UNKNOWN = "UNKNOWN"


class TriggerGuarantee(StrEnum):
    """What the vendor promises when one idempotency key is sent twice."""

    EXACTLY_ONCE = "exactly-once"
    AT_LEAST_ONCE = "at-least-once"


TERMINAL_RUN_STATES = frozenset({RunState.SUCCESS, RunState.FAILED, RunState.CANCELLED, RunState.SKIPPED})
TERMINAL_TASK_RUN_STATES = frozenset(
    {
        TaskRunState.SUCCESS,
        TaskRunState.FAILED,
        TaskRunState.UPSTREAM_FAILED,
        TaskRunState.CANCELLED,
        TaskRunState.SKIPPED,
        TaskRunState.UP_FOR_RETRY,
    }
)
