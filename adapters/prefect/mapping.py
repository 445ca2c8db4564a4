"""What flow runs, deployments and flows mean. Pure, and straight from decoded JSON, because runs come in masses."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from adapters.prefect.addresses import Addresses
from adapters.prefect.payloads import Deployment, DeploymentSchedule, Flow, FlowRun, Schedule
from adapters.prefect.states import native, run_state
from adapters.sdk.errors import Drift
from adapters.sdk.timestamps import parse_instant
from gateway.domain.durations import short_duration
from gateway.domain.observation import ObservedPipeline, ObservedRun
from gateway.domain.states import RunTrigger

#: Labels that Podium puts on the flow runs it starts, because Prefect has no field for them.
LOGICAL_AT_LABEL = "podium.logical_at"
PARTITION_LABEL = "podium.partition"
#: Differs for each attempt to trigger, so that an answer tells whether it was this one that made the run.
REQUEST_LABEL = "podium.request"

_BEFORE_START = ("SCHEDULED", "PENDING")
_BY_CREATOR = {
    "SCHEDULE": RunTrigger.SCHEDULE,
    "AUTOMATION": RunTrigger.DEPENDENCY,
    "USER": RunTrigger.MANUAL,
}


@contextmanager
def understanding(what: str) -> Generator[None]:
    """Turn what goes wrong while reading odd JSON into Drift."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Drift(f"Prefect sent {what} that cannot be read: {type(error).__name__}: {error}.") from error


def is_due(row: FlowRun, now: datetime) -> bool:
    """Whether this is a run already. Prefect makes flow runs days ahead; until their time they are only a schedule."""
    if row.get("state_type") != "SCHEDULED" or row.get("state_name") != "Scheduled":
        return True
    planned = parse_instant(row.get("next_scheduled_start_time") or row.get("expected_start_time"))
    return planned is None or planned <= now


def observe_run(row: FlowRun, pipeline_key: str, parent: str | None, at: Addresses) -> ObservedRun:
    """A flow run as it is. ``parent``: the flow run that called this one."""
    state_type, name = row.get("state_type"), row.get("state_name")
    expected = parse_instant(row.get("expected_start_time"))
    started = parse_instant(row.get("start_time"))
    queued = started if started is not None and (expected is None or started < expected) else expected
    labels = row.get("labels") or {}
    return ObservedRun(
        pipeline_key=pipeline_key,
        external_id=row["id"],
        state=run_state(state_type, name),
        native_state=native(state_type, name),
        trigger=_trigger(row),
        logical_at=expected if row.get("auto_scheduled") else _logical_at(labels),
        partition=labels.get(PARTITION_LABEL),
        queued_at=queued,
        started_at=started,
        ended_at=parse_instant(row.get("end_time")),
        parameters=row.get("parameters") or {},
        attempt=_attempt(row, state_type),
        url=at.run(row["id"]),
        parent_external_id=parent,
    )


def observe_deployment(
    row: Deployment,
    key: str,
    next_run: FlowRun | None,
    revision: str,
    at: Addresses,
    upstream: frozenset[str] = frozenset(),
) -> ObservedPipeline:
    """A deployment as a pipeline. ``next_run``: the flow run that is planned next."""
    schedules = [one["schedule"] for one in _active(row.get("schedules"))]
    description = row.get("description")
    return ObservedPipeline(
        key=key,
        name=row["name"],
        # Prefect's own ``serve`` stores str(None) for a flow without a docstring.
        description=None if description in {None, "", "None"} else description,
        owners=_owners(row),
        tags=tuple(row.get("tags") or ()),
        schedule="; ".join(schedule_text(schedule) for schedule in schedules) or None,
        timezone=next((zone for schedule in schedules if (zone := schedule.get("timezone"))), None),
        next_run_at=parse_instant(next_run.get("next_scheduled_start_time")) if next_run else None,
        is_paused=bool(row.get("paused")),
        url=at.deployment(row["id"]),
        revision=revision,
        upstream=upstream,
    )


def observe_flow(row: Flow, revision: str, at: Addresses) -> ObservedPipeline:
    """A flow that runs without a deployment: called by another flow or from a script."""
    return ObservedPipeline(
        key=row["name"],
        name=row["name"],
        owners=_label_owners(row.get("labels")),
        tags=tuple(row.get("tags") or ()),
        url=at.flow(row["id"]),
        revision=revision,
    )


def schedule_text(schedule: Schedule) -> str:
    """A schedule as a person reads it: the cron expression, "every 1h", or the recurrence rule."""
    if cron := schedule.get("cron"):
        return cron
    if interval := schedule.get("interval"):
        return f"every {short_duration(timedelta(seconds=float(interval)))}"
    return schedule.get("rrule") or "a schedule of an unknown kind"


def revision(version: str | None, latest: FlowRun | None) -> str:
    """Changes when the task graph may have: with the deployment's version, and at most hourly with its runs.

    Prefect learns a graph from runs, and each run may take another way through the flow's code.
    """
    if latest is None:
        return f"{version or ''}//"
    ended = latest.get("end_time") or ""
    is_complete = "" if latest.get("state_type") == "COMPLETED" else "partial"
    return f"{version or ''}/{latest.get('deployment_version') or ''}{is_complete}/{ended[:13]}"


def unknown_parameters(row: Deployment, parameters: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Parameters that the flow does not take, and those that it does. Prefect itself would start a run that crashes."""
    schema = row.get("parameter_openapi_schema") or {}
    known: Mapping[str, Any] | None = schema.get("properties")
    if known is None or schema.get("additionalProperties") is True:
        return [], []
    return [name for name in parameters if name not in known], list(known)


def _attempt(row: FlowRun, state_type: str | None) -> int:
    """``run_count`` counts the starts; one that waits to start again is already the next attempt."""
    count = row.get("run_count") or 0
    resuming = (row.get("empirical_policy") or {}).get("resuming")
    if state_type in _BEFORE_START and not resuming:
        return count + 1
    return max(count, 1)


def _trigger(row: FlowRun) -> RunTrigger:
    if row.get("auto_scheduled"):
        return RunTrigger.SCHEDULE
    if row.get("parent_task_run_id"):
        return RunTrigger.DEPENDENCY
    if row.get("idempotency_key"):
        return RunTrigger.API
    creator = (row.get("created_by") or {}).get("type") or ""
    return _BY_CREATOR.get(creator, RunTrigger.MANUAL)


def _logical_at(labels: Mapping[str, Any]) -> datetime | None:
    return parse_instant(labels.get(LOGICAL_AT_LABEL))


def _active(schedules: Sequence[DeploymentSchedule] | None) -> list[DeploymentSchedule]:
    return [one for one in schedules or () if one.get("active", True)]


def _owners(row: Deployment) -> tuple[str, ...]:
    creator = (row.get("created_by") or {}).get("display_value")
    named = _label_owners(row.get("labels"))
    return named or ((creator,) if creator else ())


def _label_owners(labels: Mapping[str, Any] | None) -> tuple[str, ...]:
    owner = (labels or {}).get("owner")
    return (str(owner),) if owner else ()
