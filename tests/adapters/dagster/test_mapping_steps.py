"""What Dagster's steps and event logs mean, by recorded answers."""

from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from adapters.dagster.mapping.links import Links
from adapters.dagster.mapping.logs import StepLog
from adapters.dagster.mapping.steps import task_runs
from adapters.sdk.errors import Drift
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.states import TaskRunState
from tests.adapters.dagster.recorded import recorded

LINKS = Links("http://dagster.example")


def steps(name: str, **changes: Any) -> list[tuple[str, int | None, int, str, str]]:
    """The facts that differ between attempts."""
    found = task_runs(recorded(name, "runOrError") | changes, LINKS)
    return [(t.task, t.map_index, t.attempt, t.native_state, t.state.value) for t in found]


def test_mapped_retried_and_skipped_steps() -> None:
    assert steps("steps_shapes") == snapshot(
        [
            ("split", None, 1, "SUCCESS", "SUCCESS"),
            ("part", 0, 1, "SUCCESS", "SUCCESS"),
            ("part", 1, 1, "SUCCESS", "SUCCESS"),
            ("join", None, 1, "SUCCESS", "SUCCESS"),
            ("outer.inner.flaky", None, 1, "UP_FOR_RETRY", "UP_FOR_RETRY"),
            ("outer.inner.flaky", None, 2, "SUCCESS", "SUCCESS"),
            ("maybe", None, 1, "SUCCESS", "SUCCESS"),
            ("after_maybe", None, 1, "SKIPPED", "SKIPPED"),
        ]
    )


def test_running() -> None:
    assert steps("steps_running") == snapshot(
        [
            ("extract", None, 1, "IN_PROGRESS", "RUNNING"),
            ("transform", None, 1, "NOT_STARTED", "PENDING"),
            ("load", None, 1, "NOT_STARTED", "PENDING"),
        ]
    )


def test_cancelled() -> None:
    assert steps("steps_canceled") == snapshot(
        [
            ("extract", None, 1, "FAILURE", "FAILED"),
            ("transform", None, 1, "NOT_STARTED", "CANCELLED"),
            ("load", None, 1, "NOT_STARTED", "CANCELLED"),
        ]
    )


def test_failed_and_what_waits_for_it() -> None:
    assert steps("steps_failed") == snapshot(
        [
            ("extract", None, 1, "SUCCESS", "SUCCESS"),
            ("transform", None, 1, "FAILURE", "FAILED"),
            ("load", None, 1, "NOT_STARTED", "UPSTREAM_FAILED"),
        ]
    )


def test_retry_from_failure_has_only_the_steps_it_runs() -> None:
    assert steps("steps_retried") == snapshot(
        [("transform", None, 1, "FAILURE", "FAILED"), ("load", None, 1, "NOT_STARTED", "UPSTREAM_FAILED")]
    )


def test_one_attempt() -> None:
    assert task_runs(recorded("steps_failed", "runOrError"), LINKS)[0] == snapshot(
        ObservedTaskRun(
            task="extract",
            state=TaskRunState.SUCCESS,
            native_state="SUCCESS",
            started_at=datetime(2026, 11, 21, hour=2, minute=3, second=27, microsecond=469572, tzinfo=UTC),
            ended_at=datetime(2026, 11, 21, hour=2, minute=3, second=27, microsecond=600185, tzinfo=UTC),
            url="http://dagster.example/runs/38e10a08-4e4e-4ba6-b320-01583b4adb12?selection=extract&logs=step%3Aextract",
            external_id="extract",
        )
    )


def test_run_that_ended_before_its_steps_began() -> None:
    assert {t[4] for t in steps("steps_running", stepStats=[], status="FAILURE")} == {"SKIPPED"}
    assert {t[4] for t in steps("steps_running", stepStats=[], status="CANCELED")} == {"CANCELLED"}
    assert {t[4] for t in steps("steps_running", stepStats=[], status="QUEUED")} == {"PENDING"}
    assert steps("steps_running", stepStats=[], executionPlan=None, stepKeysToExecute=None) == []


def test_step_in_progress_when_its_run_ended() -> None:
    assert steps("steps_running", status="FAILURE")[0][3:] == ("IN_PROGRESS", "FAILED")
    assert steps("steps_running", status="CANCELED")[0][3:] == ("IN_PROGRESS", "CANCELLED")


def test_second_attempt_in_progress() -> None:
    raw = recorded("steps_running", "runOrError")
    raw["stepStats"][0]["attempts"] = [{"startTime": 1795225205.0, "endTime": 1795225206.0}]
    first, second, *_ = task_runs(raw, LINKS)
    assert (first.attempt, first.state) == (1, TaskRunState.UP_FOR_RETRY)
    assert (second.attempt, second.state, second.started_at) == (2, TaskRunState.RUNNING, None)


def test_mapping_keys_that_are_words_are_numbered_as_they_began() -> None:
    raw = recorded("steps_shapes", "runOrError")
    for step in raw["stepStats"]:
        step["stepKey"] = step["stepKey"].replace("[0]", "[emea]").replace("[1]", "[apac]")
    mapped = [t for t in task_runs(raw, LINKS) if t.task == "part"]
    assert [(t.map_index, t.external_id) for t in mapped] == [(0, "part[emea]"), (1, "part[apac]")]


def test_unknown_status_keeps_the_vendors_word() -> None:
    raw = recorded("steps_shapes", "runOrError")
    raw["stepStats"][0]["status"] = "PONDERING"
    assert (task_runs(raw, LINKS)[0].state, task_runs(raw, LINKS)[0].native_state) == (
        TaskRunState.UNKNOWN,
        "PONDERING",
    )


def test_malformed_steps_are_drift() -> None:
    with pytest.raises(Drift):
        steps("steps_running", stepStats=[{"stepKey": "extract"}])


def test_log_of_a_failed_step_ends_with_its_cause() -> None:
    log = StepLog("transform", 1)
    lines = list(log.lines(recorded("events_failed", "logsForRun")["events"]))
    assert lines[0] == snapshot('2026-11-21T02:03:27.625+00:00 DEBUG Started execution of step "transform".')
    assert [line for line in lines if " ERROR " in line or line.startswith("ValueError")] == snapshot(
        [
            '2026-11-21T02:03:27.725+00:00 ERROR Execution of step "transform" failed.',
            "ValueError: transform was told to fail",
        ]
    )
    assert not any("extract" in line and "Started" in line for line in lines)
    capture = log.capture
    assert capture is not None
    assert not capture.is_own


def test_log_of_each_attempt() -> None:
    events = recorded("events_shapes", "logsForRun")["events"]
    logs = {attempt: list(StepLog("outer.inner.flaky", attempt).lines(events)) for attempt in (1, 2, 3)}
    assert "flaky attempt 1" in "\n".join(logs[1])
    assert "the first attempt fails" in "\n".join(logs[1])
    assert "flaky attempt 2" in "\n".join(logs[2])
    assert "flaky attempt 1" not in "\n".join(logs[2])
    assert logs[3] == []


def test_output_of_a_process_of_its_own() -> None:
    events = recorded("events_shapes", "logsForRun")["events"]
    for number, file_key in enumerate(("first", "second")):
        events.insert(number, events[0] | {"fileKey": file_key, "stepKeys": ["outer.inner.flaky"]})
    keys: list[str | None] = []
    for attempt in (1, 2, 3):
        log = StepLog("outer.inner.flaky", attempt)
        list(log.lines(events))
        keys.append(log.capture.file_key if log.capture else None)
    assert keys == ["first", "second", None]
