"""What recorded answers mean."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from adapters.prefect.mapping import (
    is_due,
    observe_deployment,
    observe_flow,
    observe_run,
    revision,
    schedule_text,
    understanding,
    unknown_parameters,
)
from adapters.prefect.states import native, run_state, task_run_state
from adapters.sdk.errors import Drift
from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState, RunTrigger, TaskRunState
from tests.adapters.prefect.recorded import AT, body

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def plain(record: Any) -> dict[str, Any]:
    """What a record says, without what it leaves open."""
    return {name: value for name, value in asdict(record).items() if value not in (None, (), {}, frozenset())}


def observed(row: Any) -> ObservedRun:
    return observe_run(row, "orders_etl/daily", None, AT)


def test_a_run_that_succeeded() -> None:
    assert plain(observed(body("run_success"))) == snapshot(
        {
            "pipeline_key": "orders_etl/daily",
            "external_id": "b021d76c-48e1-4e3a-a625-deacd95bb99b",
            "state": RunState.SUCCESS,
            "native_state": "Completed",
            "trigger": RunTrigger.API,
            "queued_at": datetime(2026, 11, 20, hour=23, minute=25, second=17, microsecond=2891, tzinfo=UTC),
            "started_at": datetime(2026, 11, 20, hour=23, minute=25, second=19, microsecond=877668, tzinfo=UTC),
            "ended_at": datetime(2026, 11, 20, hour=23, minute=25, second=20, microsecond=89419, tzinfo=UTC),
            "attempt": 1,
            "url": "http://prefect.test/runs/flow-run/b021d76c-48e1-4e3a-a625-deacd95bb99b",
        }
    )


def test_a_run_that_failed_twice() -> None:
    assert plain(observed(body("run_flow_retried"))) == snapshot(
        {
            "pipeline_key": "orders_etl/daily",
            "external_id": "42e1672a-4b11-4608-b1d0-b7fc6684f7e4",
            "state": RunState.FAILED,
            "native_state": "Failed",
            "trigger": RunTrigger.API,
            "queued_at": datetime(2026, 11, 21, hour=1, minute=33, second=36, microsecond=732742, tzinfo=UTC),
            "started_at": datetime(2026, 11, 21, hour=1, minute=33, second=49, microsecond=188810, tzinfo=UTC),
            "ended_at": datetime(2026, 11, 21, hour=1, minute=33, second=56, microsecond=799432, tzinfo=UTC),
            "parameters": {"fail": True},
            "attempt": 2,
            "url": "http://prefect.test/runs/flow-run/42e1672a-4b11-4608-b1d0-b7fc6684f7e4",
        }
    )


def test_a_run_that_was_cancelled() -> None:
    run = observed(body("run_cancelled"))
    assert (run.state, run.native_state, run.attempt) == snapshot((RunState.CANCELLED, "Cancelled", 1))


def test_a_run_that_a_flow_called() -> None:
    (row,) = body("run_called_by_flow")
    run = observe_run(row, "detail", "2816e6d5-4c97-4217-a8a6-b35f7ef692cf", AT)
    assert (run.trigger, run.parent_external_id) == snapshot(
        (RunTrigger.DEPENDENCY, "2816e6d5-4c97-4217-a8a6-b35f7ef692cf")
    )


def test_planned_runs_are_due_at_their_time() -> None:
    rows = body("runs_planned")
    assert [is_due(row, NOW) for row in rows] == [False, False, False]
    at = datetime.fromisoformat(rows[0]["next_scheduled_start_time"])
    assert not is_due(rows[0], at - timedelta(microseconds=1))
    assert is_due(rows[0], at)
    run = observed(rows[0])
    assert (run.state, run.trigger, run.logical_at, run.queued_at) == (RunState.QUEUED, RunTrigger.SCHEDULE, at, at)


@pytest.mark.parametrize("name", ["Late", "AwaitingRetry", "AwaitingConcurrencySlot", "Resuming"])
def test_what_waits_under_another_name_is_a_run(name: str) -> None:
    row = body("runs_planned")[0] | {"state_name": name}
    assert is_due(row, NOW)
    assert observed(row).state is RunState.QUEUED
    assert observed(row).native_state == name


@pytest.mark.parametrize(
    ("state_type", "count", "resuming", "attempt"),
    [
        ("SCHEDULED", 0, False, 1),
        ("RUNNING", 1, False, 1),
        ("FAILED", 1, False, 1),
        ("SCHEDULED", 1, False, 2),
        ("PENDING", 1, False, 2),
        ("RUNNING", 2, False, 2),
        ("SCHEDULED", 1, True, 1),
        ("CRASHED", 0, False, 1),
        ("RUNNING", None, False, 1),
    ],
)
def test_attempts(state_type: str, count: int | None, resuming: bool, attempt: int) -> None:
    row = body("run_success") | {
        "state_type": state_type,
        "run_count": count,
        "empirical_policy": {"resuming": resuming},
    }
    assert observed(row).attempt == attempt


@pytest.mark.parametrize(
    ("changes", "trigger"),
    [
        ({"auto_scheduled": True, "idempotency_key": "scheduled a b c"}, RunTrigger.SCHEDULE),
        ({"idempotency_key": "some-key"}, RunTrigger.API),
        ({"idempotency_key": None}, RunTrigger.MANUAL),
        ({"idempotency_key": None, "created_by": {"type": "USER", "display_value": "ann"}}, RunTrigger.MANUAL),
        ({"idempotency_key": None, "created_by": {"type": "AUTOMATION"}}, RunTrigger.DEPENDENCY),
        ({"idempotency_key": None, "created_by": {"type": "SCHEDULE"}}, RunTrigger.SCHEDULE),
        ({"idempotency_key": None, "parent_task_run_id": "x"}, RunTrigger.DEPENDENCY),
    ],
)
def test_triggers(changes: dict[str, Any], trigger: RunTrigger) -> None:
    assert observed(body("run_success") | changes).trigger is trigger


def test_what_podium_asked_for_comes_back_in_labels() -> None:
    labels = {"podium.logical_at": "2026-11-20T00:00:00+01:00", "podium.partition": "CH"}
    run = observed(body("run_success") | {"labels": labels})
    assert run.logical_at == datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    assert run.partition == "CH"


def test_a_run_without_a_state_is_unknown() -> None:
    run = observed({"id": "x", "flow_id": "y"})
    assert (run.state, run.native_state, run.parameters) == (RunState.UNKNOWN, "no state", {})


@pytest.mark.parametrize(
    ("state_type", "name", "state"),
    [
        ("COMPLETED", "Completed", RunState.SUCCESS),
        ("COMPLETED", "Cached", RunState.SUCCESS),
        ("COMPLETED", "RolledBack", RunState.SUCCESS),
        ("COMPLETED", "Skipped", RunState.SKIPPED),
        ("FAILED", "TimedOut", RunState.FAILED),
        ("CRASHED", "Crashed", RunState.FAILED),
        ("CANCELLED", "Cancelled", RunState.CANCELLED),
        ("CANCELLING", "Cancelling", RunState.RUNNING),
        ("PAUSED", "Suspended", RunState.RUNNING),
        ("RUNNING", "Retrying", RunState.RUNNING),
        ("PENDING", "InfrastructurePending", RunState.QUEUED),
        ("SCHEDULED", "Late", RunState.QUEUED),
        ("DREAMING", "Dreaming", RunState.UNKNOWN),
        (None, None, RunState.UNKNOWN),
    ],
)
def test_states_of_runs(state_type: str | None, name: str | None, state: RunState) -> None:
    assert run_state(state_type, name) is state


@pytest.mark.parametrize(
    ("state_type", "name", "state"),
    [
        ("PENDING", "Pending", TaskRunState.PENDING),
        ("PENDING", "NotReady", TaskRunState.UPSTREAM_FAILED),
        ("SCHEDULED", "AwaitingRetry", TaskRunState.UP_FOR_RETRY),
        ("SCHEDULED", "Scheduled", TaskRunState.QUEUED),
        ("PAUSED", "Paused", TaskRunState.DEFERRED),
        ("CRASHED", "Crashed", TaskRunState.FAILED),
        ("DREAMING", "Dreaming", TaskRunState.UNKNOWN),
    ],
)
def test_states_of_task_runs(state_type: str, name: str, state: TaskRunState) -> None:
    assert task_run_state(state_type, name) is state


def test_the_native_state_is_what_prefects_pages_show() -> None:
    assert native("SCHEDULED", "AwaitingRetry") == "AwaitingRetry"
    assert native("FAILED", "") == "FAILED"
    assert native("LEVITATING", "Aloft") == "Aloft (LEVITATING)"


def test_a_deployment_with_a_schedule() -> None:
    row = next(row for row in body("deployments_of_tests") if row["name"] == "daily")
    planned = body("runs_planned")[1]
    assert plain(observe_deployment(row, "shop/daily", planned, "r1", AT)) == snapshot(
        {
            "key": "shop/daily",
            "name": "daily",
            "description": "Orders of the day",
            "tags": ("podium", "sales"),
            "schedule": "15 4 * * *",
            "timezone": "Europe/Zurich",
            "next_run_at": datetime(2026, 11, 21, hour=3, minute=15, tzinfo=UTC),
            "is_paused": False,
            "url": "http://prefect.test/deployments/deployment/9cb2c073-9838-4a7f-ba65-cd15702fc295",
            "revision": "r1",
        }
    )


def test_a_deployment_every_hour() -> None:
    row = next(row for row in body("deployments_of_tests") if row["name"] == "hourly")
    pipeline = observe_deployment(row, "wide/hourly", None, "r1", AT)
    assert (pipeline.schedule, pipeline.timezone, pipeline.next_run_at) == ("every 1h", "UTC", None)


def test_no_description_is_none() -> None:
    (row,) = body("deployments")
    assert row["description"] == "None"
    assert observe_deployment(row, "k", None, "", AT).description is None


def test_schedules_that_are_off_are_not_shown() -> None:
    (row,) = body("deployments")
    on, off = {"schedule": {"cron": "1 * * * *"}, "active": True}, {"schedule": {"cron": "2 * * * *"}, "active": False}
    assert observe_deployment(row | {"schedules": [on, off]}, "k", None, "", AT).schedule == "1 * * * *"
    assert observe_deployment(row | {"schedules": [off]}, "k", None, "", AT).schedule is None
    assert observe_deployment(row | {"schedules": [on, on]}, "k", None, "", AT).schedule == "1 * * * *; 1 * * * *"


def test_schedules_in_words() -> None:
    assert schedule_text({"interval": 5400.0}) == "every 1h30m"
    assert schedule_text({"rrule": "FREQ=DAILY"}) == "FREQ=DAILY"
    assert schedule_text({}) == "a schedule of an unknown kind"


def test_owners_are_labelled_or_the_creator() -> None:
    (row,) = body("deployments")
    created = row | {"created_by": {"type": "USER", "display_value": "ann"}}
    assert observe_deployment(row, "k", None, "", AT).owners == ()
    assert observe_deployment(created, "k", None, "", AT).owners == ("ann",)
    assert observe_deployment(created | {"labels": {"owner": "team"}}, "k", None, "", AT).owners == ("team",)


def test_a_flow_without_a_deployment() -> None:
    assert plain(observe_flow({"id": "f1", "name": "detail", "tags": ["a"]}, "r", AT)) == snapshot(
        {
            "key": "detail",
            "name": "detail",
            "tags": ("a",),
            "is_paused": False,
            "url": "http://prefect.test/flows/flow/f1",
            "revision": "r",
        }
    )


def test_a_revision_changes_with_version_and_hour_but_not_with_each_run() -> None:
    first = body("run_success")
    later = first | {"id": "other", "end_time": "2026-11-20T23:59:59Z"}
    next_hour = first | {"end_time": "2026-11-21T00:00:01Z"}
    assert revision("v1", first) == revision("v1", later)
    revisions = {
        revision("v1", None),
        revision("v1", first),
        revision("v2", first),
        revision("v1", next_hour),
        revision("v1", first | {"deployment_version": "v2"}),
        revision("v1", first | {"state_type": "FAILED"}),
    }
    assert len(revisions) == 6


def test_unknown_parameters_are_named() -> None:
    (row,) = body("deployments")
    assert unknown_parameters(row, {"sleep": 1, "nope": 2}) == (["nope"], ["fail", "sleep"])
    assert unknown_parameters(row, {}) == ([], ["fail", "sleep"])
    assert unknown_parameters(row | {"parameter_openapi_schema": None}, {"nope": 2}) == ([], [])
    anything = {"properties": {}, "additionalProperties": True}
    assert unknown_parameters(row | {"parameter_openapi_schema": anything}, {"nope": 2}) == ([], [])


@pytest.mark.parametrize("row", [{}, {"id": "x", "start_time": "yesterday"}, {"id": "x", "labels": [1]}])
def test_what_cannot_be_read_is_drift(row: Any) -> None:
    with pytest.raises(Drift), understanding("a flow run"):
        observed(row)
