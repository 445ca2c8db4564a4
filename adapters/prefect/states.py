"""What Prefect's states mean: a type that its rules know, and a name that may be any text. Pure."""

from typing import Any

from gateway.domain.states import RunState, TaskRunState

#: Types of runs that have started or are about to, and have not ended.
ACTIVE_TYPES = ("PENDING", "RUNNING", "PAUSED", "CANCELLING")
TERMINAL_TYPES = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

#: By type; a name counts only where its author's meaning is beyond doubt.
_RUN_STATES = {
    "SCHEDULED": RunState.QUEUED,  # also Late, AwaitingRetry, AwaitingConcurrencySlot, Resuming
    "PENDING": RunState.QUEUED,  # also Submitting, InfrastructurePending
    "RUNNING": RunState.RUNNING,  # also Retrying
    "PAUSED": RunState.RUNNING,  # also Suspended: begun and not ended, waiting for a person
    "CANCELLING": RunState.RUNNING,  # until its process has gone
    "COMPLETED": RunState.SUCCESS,  # also Cached, RolledBack
    "FAILED": RunState.FAILED,  # also TimedOut
    "CRASHED": RunState.FAILED,
    "CANCELLED": RunState.CANCELLED,
}
_TASK_STATES = {
    "SCHEDULED": TaskRunState.QUEUED,
    "PENDING": TaskRunState.PENDING,
    "RUNNING": TaskRunState.RUNNING,
    "PAUSED": TaskRunState.DEFERRED,
    "CANCELLING": TaskRunState.RUNNING,
    "COMPLETED": TaskRunState.SUCCESS,
    "FAILED": TaskRunState.FAILED,
    "CRASHED": TaskRunState.FAILED,
    "CANCELLED": TaskRunState.CANCELLED,
}
#: (type, name) of task runs where the name says what the type does not.
_NAMED_TASK_STATES = {
    ("SCHEDULED", "AwaitingRetry"): TaskRunState.UP_FOR_RETRY,
    ("PENDING", "NotReady"): TaskRunState.UPSTREAM_FAILED,
    ("COMPLETED", "Skipped"): TaskRunState.SKIPPED,
}


def run_state(state_type: str | None, name: str | None) -> RunState:
    """A flow run's state; UNKNOWN for a type that Prefect did not have when this was written."""
    if name == "Skipped" and state_type == "COMPLETED":
        return RunState.SKIPPED
    return _RUN_STATES.get(state_type or "", RunState.UNKNOWN)


def task_run_state(state_type: str | None, name: str | None) -> TaskRunState:
    """A task run's state; UNKNOWN for a type that Prefect did not have when this was written."""
    named = _NAMED_TASK_STATES.get((state_type or "", name or ""))
    return named or _TASK_STATES.get(state_type or "", TaskRunState.UNKNOWN)


def of_types(*types: str) -> dict[str, Any]:
    """The part of a FlowRunFilter that asks for types of states."""
    return {"state": {"type": {"any_": types}}}


def native(state_type: str | None, name: str | None) -> str:
    """The state as Prefect's own pages show it: its name, e.g. "Late"; with its type where that is not known here."""
    if state_type and name and state_type not in _RUN_STATES and name.upper() != state_type:
        return f"{name} ({state_type})"
    return name or state_type or "no state"
