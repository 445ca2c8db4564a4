"""What recorded answers of real Airflow 3.3 and 2.11 mean."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import adapters.airflow.mapping as mapping
from adapters.airflow.links import Links
from adapters.airflow.notes import CANCELLED_NOTE, LONGEST_NOTE, with_cancelled_note, without_cancelled_note
from adapters.sdk.errors import Drift
from gateway.domain.states import RunState, RunTrigger, TaskRunState

CAPTURES = Path(__file__).parent / "captures"
V2, V1 = Links("http://airflow.test", 3), Links("http://airflow.test", 2)


def body(name: str) -> Any:
    return json.loads((CAPTURES / f"{name}.json").read_text())["body"]


def test_a_dag_of_airflow_3_is_a_pipeline():
    orders, report = (mapping.pipeline(dag, V2, "v7") for dag in body("v2/dags")["dags"])
    assert (orders.key, orders.schedule, orders.owners, orders.tags) == (
        "orders_etl",
        "0 0 * * *",
        ("airflow",),
        ("podium",),
    )
    assert (orders.is_paused, orders.revision) == (True, "v7")
    assert orders.next_run_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert orders.url == "http://airflow.test/dags/orders_etl"
    assert report.schedule == "asset-triggered"


def test_a_dag_of_airflow_2_is_a_pipeline():
    orders, report = (mapping.pipeline(dag, V1, None) for dag in body("v1/dags")["dags"])
    assert (orders.key, orders.schedule, orders.is_paused) == ("orders_etl", "@daily", True)
    assert orders.next_run_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert report.schedule == "asset-triggered"


@pytest.mark.parametrize("name", ["v2/dag_tasks", "v1/dag_tasks"])
def test_tasks_have_edges(name):
    structure = mapping.structure("orders_etl", body(name)["tasks"], V2)
    assert structure.edges == {("extract", "transform"), ("transform", "load")}
    assert {task.type for task in structure.tasks} == {"@task"}


def test_runs_of_airflow_3():
    manual, asset = (mapping.run(raw, V2) for raw in body("v2/runs_incremental")["dag_runs"])
    assert (manual.state, manual.native_state, manual.trigger) == (RunState.SUCCESS, "success", RunTrigger.API)
    assert manual.parameters == {"key": "k1"}
    assert manual.url == "http://airflow.test/dags/orders_etl/runs/podium__key-1"
    assert (asset.trigger, asset.logical_at) == (RunTrigger.ASSET, None)
    assert asset.url is not None
    assert "%2B00%3A00" in asset.url, "an id is one part of a path"


def test_runs_of_airflow_2():
    runs = [mapping.run(raw, V1) for raw in body("v1/runs_incremental_updated_at")["dag_runs"]]
    scheduled = runs[0]
    assert (scheduled.trigger, scheduled.logical_at) == (RunTrigger.SCHEDULE, datetime(2026, 11, 19, tzinfo=UTC))
    assert scheduled.url == (
        "http://airflow.test/dags/orders_etl/grid?dag_run_id=scheduled__2026-11-19T00%3A00%3A00%2B00%3A00"
    )
    assert {run.trigger for run in runs} >= {RunTrigger.SCHEDULE, RunTrigger.ASSET, RunTrigger.API}


def test_a_run_that_podium_has_cancelled_is_known_by_its_note():
    raw = body("v2/run_cancelled")
    assert mapping.run(raw, V2).state is RunState.FAILED
    noted = mapping.run(raw | {"note": with_cancelled_note(raw | {"note": "by ada"})}, V2)
    assert (noted.state, noted.native_state) == (RunState.CANCELLED, "failed")
    assert mapping.run(raw | {"note": CANCELLED_NOTE}, V2).state is RunState.CANCELLED


def test_a_cancelled_run_that_airflow_calls_a_success_is_one_only_if_it_began_anew():
    raw = body("v2/run_cancelled")
    note = with_cancelled_note(raw)
    assert mapping.run(raw | {"note": note, "state": "success"}, V2).state is RunState.CANCELLED
    assert mapping.run(raw | {"note": note, "state": "running"}, V2).state is RunState.RUNNING
    anew = raw | {"note": note, "state": "success", "start_date": "2026-11-21T08:00:00Z"}
    assert mapping.run(anew, V2).state is RunState.SUCCESS
    unbegun = raw | {"start_date": None}
    assert mapping.run(raw | {"note": with_cancelled_note(unbegun), "state": "success"}, V2).state is RunState.SUCCESS


@pytest.mark.parametrize("begun", ["2026-11-20T22:56:28.513401Z", None])
def test_the_line_about_a_cancelled_run_can_be_taken_away_again(begun):
    def noted(note: str | None) -> str:
        return with_cancelled_note(body("v2/run_cancelled") | {"start_date": begun, "note": note})

    assert without_cancelled_note(noted("by ada")) == "by ada"
    assert noted(noted(None)) == noted(None)
    assert without_cancelled_note(noted(None)) == ""
    assert without_cancelled_note(noted("x" * 2000)).strip("x") == ""
    assert len(noted("x" * 2000)) <= LONGEST_NOTE


@pytest.mark.parametrize(
    ("native", "state"),
    [("queued", RunState.QUEUED), ("running", RunState.RUNNING), ("brand_new", RunState.UNKNOWN)],
)
def test_an_unknown_state_is_kept_in_airflows_word(native, state):
    run = mapping.run(body("v2/run_failed") | {"state": native}, V2)
    assert (run.state, run.native_state) == (state, native)


def test_odd_times_are_read_and_nonsense_is_drift():
    raw = body("v2/run_failed")
    run = mapping.run(raw | {"start_date": "2026-11-20T22:43:22.2976951Z", "end_date": None, "queued_at": ""}, V2)
    assert run.started_at == datetime(2026, 11, 20, 22, 43, 22, 297695, tzinfo=UTC)
    assert (run.ended_at, run.queued_at) == (None, None)
    naive = mapping.run(raw | {"start_date": "2026-11-20T22:43:22"}, V2)
    assert naive.started_at == datetime(2026, 11, 20, 22, 43, 22, tzinfo=UTC)
    with pytest.raises(Drift, match="yesterday"):
        mapping.run(raw | {"start_date": "yesterday"}, V2)
    with pytest.raises(Drift, match="a run in an unknown form.*dag_id"), mapping.understanding("a run"):
        mapping.run({key: value for key, value in raw.items() if key != "dag_id"}, V2)  # type: ignore[arg-type]


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_every_recorded_attempt_is_shown(version):
    by_task = {raw["task_id"]: raw for raw in body(f"{version}/task_instances_failed")["task_instances"]}
    failed = by_task["transform"]
    tries = body(f"{version}/task_tries")["task_instances"]
    shown = mapping.task_runs("orders_etl", "r", failed | {"try_number": 2}, tries, V2)
    assert [(task.attempt, task.state) for task in shown] == [(1, TaskRunState.FAILED), (2, TaskRunState.FAILED)]
    upstream = mapping.task_runs("orders_etl", "r", by_task["load"], (), V2)
    assert [(task.attempt, task.state) for task in upstream] == [(1, TaskRunState.UPSTREAM_FAILED)]


def test_a_cleared_task_waits_for_its_next_attempt():
    raw = body("v2/task_instances_failed")["task_instances"]
    failed = next(instance for instance in raw if instance["task_id"] == "transform")
    cleared = failed | {"state": None, "try_number": 1}
    shown = mapping.task_runs("orders_etl", "r", cleared, [failed | {"try_number": 1}], V2)
    assert [(task.attempt, task.state) for task in shown] == [(1, TaskRunState.FAILED), (2, TaskRunState.PENDING)]
    assert (shown[1].started_at, shown[1].ended_at) == (None, None)


def test_a_mapped_task_links_to_its_instance():
    raw = body("v2/task_instances_failed")["task_instances"][0] | {"map_index": 3, "state": "odd", "try_number": 1}
    (task,) = mapping.task_runs("orders_etl", "r/1", raw, (), V2)
    assert (task.map_index, task.state, task.native_state) == (3, TaskRunState.UNKNOWN, "odd")
    assert task.url == "http://airflow.test/dags/orders_etl/runs/r%2F1/tasks/extract/mapped/3?try_number=1"
    (old,) = mapping.task_runs("orders_etl", "r", raw, (), V1)
    assert old.url == "http://airflow.test/dags/orders_etl/grid?dag_run_id=r&task_id=extract&tab=logs&map_index=3"


def test_a_structured_log_is_text_without_folding_marks():
    lines = mapping.log_lines(body("v2/logs_json")["content"])
    assert lines
    assert not [line for line in lines if "::group::" in line]
    failed = mapping.log_lines(
        [{"event": "Task failed", "error_detail": [{"exc_type": "ValueError", "exc_value": "no"}]}]
    )
    assert failed == ["Task failed", "ValueError: no"]


def test_assets_and_their_writes_in_both_versions():
    asset = mapping.asset(body("v2/assets")["assets"][0])
    assert asset.producers == {("orders_etl", "load")}
    assert asset.consumers == {("orders_report", None), ("orders_report", "build_report")}
    dataset = mapping.asset(body("v1/datasets")["datasets"][0])
    assert (dataset.key, dataset.consumers) == ("file:///srv/demo/data/orders.csv", {("orders_report", None)})
    event = mapping.asset_event(body("v2/asset_events")["asset_events"][0])
    old = mapping.asset_event(body("v1/dataset_events")["dataset_events"][0])
    assert event is not None
    assert old is not None
    assert (event.asset_key, event.run_external_id, event.metadata) == (asset.key, "podium__key-1", {"rows": 3})
    assert (old.asset_key, old.task) == (dataset.key, "load")
