"""What recorded task runs mean."""

from datetime import UTC, datetime
from typing import Any

from inline_snapshot import snapshot

from adapters.prefect.tasks import observe_task_runs, structure, task_key
from tests.adapters.prefect.recorded import AT, body


def told(name: str, states: Any = None) -> list[tuple[Any, ...]]:
    rows = observe_task_runs(body(name), states or {}, AT)
    return [(row.task, row.attempt, row.map_index, str(row.state), row.native_state) for row in rows]


def test_three_tasks_in_a_row() -> None:
    assert told("task_runs") == snapshot(
        [
            ("extract", 1, None, "SUCCESS", "Completed"),
            ("transform", 1, None, "SUCCESS", "Completed"),
            ("load", 1, None, "SUCCESS", "Completed"),
        ]
    )
    first = observe_task_runs(body("task_runs"), {}, AT)[0]
    assert (first.started_at, first.ended_at, first.url, first.external_id) == snapshot(
        (
            datetime(2026, 11, 20, hour=23, minute=25, second=20, microsecond=71436, tzinfo=UTC),
            datetime(2026, 11, 20, hour=23, minute=25, second=20, microsecond=74534, tzinfo=UTC),
            "http://prefect.test/runs/task-run/01a1fb47-5b43-7c62-a42f-a902b55c37fc",
            "01a1fb47-5b43-7c62-a42f-a902b55c37fc",
        )
    )


def test_failed_and_cancelled() -> None:
    assert told("task_runs_failed") == snapshot(
        [("extract", 1, None, "SUCCESS", "Completed"), ("transform", 1, None, "FAILED", "Failed")]
    )
    assert told("task_runs_cancelled") == snapshot([("extract", 1, None, "FAILED", "Crashed")])


def test_mapped_tasks_are_numbered() -> None:
    assert told("task_runs_mapped") == snapshot(
        [
            ("part", 1, 0, "SUCCESS", "Completed"),
            ("part", 1, 1, "SUCCESS", "Completed"),
            ("part", 1, 2, "SUCCESS", "Completed"),
            ("total", 1, None, "SUCCESS", "Completed"),
            ("detail", 1, None, "SUCCESS", "Completed"),
        ]
    )


def test_a_retried_flow_run_makes_new_attempts() -> None:
    assert told("task_runs_flow_retried") == snapshot(
        [
            ("extract", 1, None, "SUCCESS", "Completed"),
            ("transform", 1, None, "FAILED", "Failed"),
            ("extract", 2, None, "SUCCESS", "Completed"),
            ("transform", 2, None, "FAILED", "Failed"),
        ]
    )


def test_a_retried_task_shows_each_attempt() -> None:
    rows = body("task_runs_task_retried")
    tried_twice = next(row["id"] for row in rows if row["run_count"] == 2)
    assert told("task_runs_task_retried", {tried_twice: body("task_run_states")}) == snapshot(
        [
            ("flaky", 1, None, "UP_FOR_RETRY", "AwaitingRetry"),
            ("after", 1, None, "SUCCESS", "Completed"),
            ("flaky", 2, None, "SUCCESS", "Completed"),
        ]
    )
    first, second = (
        run
        for run in observe_task_runs(rows, {tried_twice: body("task_run_states")}, AT)
        if run.external_id == tried_twice
    )
    assert first.started_at
    assert first.ended_at
    assert second.started_at
    assert first.started_at < first.ended_at < second.started_at


def test_without_its_history_only_the_last_attempt_is_known_by_its_number() -> None:
    assert told("task_runs_task_retried") == snapshot(
        [("after", 1, None, "SUCCESS", "Completed"), ("flaky", 2, None, "SUCCESS", "Completed")]
    )


def test_a_task_that_waits_for_its_second_attempt() -> None:
    states = body("task_run_states")[:3]
    row = next(row for row in body("task_runs_task_retried") if row["run_count"] == 2)
    waiting = row | {
        "run_count": 1,
        "state_type": "SCHEDULED",
        "state_name": "AwaitingRetry",
        "end_time": None,
        "state": states[-1],
    }
    (run,) = observe_task_runs([waiting], {}, AT)
    assert (run.attempt, str(run.state)) == (1, "UP_FOR_RETRY")
    assert run.ended_at is not None


def test_a_chain() -> None:
    graph = structure(body("task_runs"))
    assert [task.key for task in graph.tasks] == snapshot(["extract", "transform", "load"])
    assert sorted(graph.edges) == snapshot([("extract", "transform"), ("transform", "load")])


def test_a_map_its_sum_and_a_flow() -> None:
    graph = structure(body("task_runs_mapped"))
    assert [(task.key, task.type) for task in graph.tasks] == snapshot(
        [("part", "task"), ("total", "task"), ("detail", "flow")]
    )
    assert sorted(graph.edges) == snapshot([("part", "total")])


def test_nested_tasks_stand_in_the_group_of_their_caller() -> None:
    rows = body("task_runs")
    caller = next(row for row in rows if row["name"].startswith("extract"))
    nested = [
        row | {"task_inputs": {"__parents__": [{"input_type": "task_run", "id": caller["id"]}]}}
        if row["name"].startswith("load")
        else row
        for row in rows
    ]
    graph = structure(nested)
    assert {task.key: task.group for task in graph.tasks} == {"extract": None, "transform": None, "load": "extract"}
    assert sorted(graph.edges) == [("extract", "transform")]


def test_a_loop_makes_no_cycle() -> None:
    def run(number: int, name: str, source: int | None) -> Any:
        inputs = {"x": [{"input_type": "task_run", "id": f"id{source}"}]} if source is not None else {}
        return {
            "id": f"id{number}",
            "name": f"{name}-{number}ab",
            "dynamic_key": f"{number}abcdef",
            "task_key": f"{name}-01234567",
            "task_inputs": inputs,
            "expected_start_time": f"2026-11-21T00:00:0{number}Z",
        }

    rows = [run(0, "draw", None), run(1, "check", 0), run(2, "draw", 1), run(3, "check", 2)]
    assert structure(rows).edges == {("draw", "check")}


def test_no_task_runs_no_graph() -> None:
    assert structure([]).tasks == ()


def test_keys_lead_back_to_the_task() -> None:
    def key(name: str, task: str, dynamic: str) -> str:
        row: Any = {"name": name, "task_key": task, "dynamic_key": dynamic}
        return task_key(row)

    assert key("extract-f0a", "extract-a8affcf7", "f0ad34b7-944e") == "extract"
    assert key("Load orders-f0a", "load-a8affcf7", "f0ad34b7-944e") == "Load orders"
    assert key("detail-0", "detail-89c03ca0", "0") == "detail"
    assert key("load CH on Monday", "load_country-a8affcf7", "f0ad34b7-944e") == "load_country"
    assert key("x", "my_project.tasks.Loader", "f0ad34b7-944e") == "Loader"
