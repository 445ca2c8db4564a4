"""What Airflow 2 is asked while tasks of a cancelled run are beginning, and may undo it."""

from collections.abc import Callable
from typing import Any

import pytest

import adapters.airflow.v1 as v1
from gateway.domain.observation import RunRef
from gateway.domain.states import RunState
from tests.adapters.airflow.scripted import Reply, ScriptedAirflow
from tests.adapters.airflow.test_faults import run

REF = RunRef("orders_etl", "run-0")
PATH = "/api/v1/dags/orders_etl/dagRuns/run-0"


class Running:
    """A run with two tasks, the first handed to a worker; ``meanwhile`` happens before each look at them."""

    def __init__(self, airflow: ScriptedAirflow, pid: int | None) -> None:
        self.state, self.note, self.pid = "running", "", pid
        self.began: str | None = "2026-11-20T22:56:28Z"
        self.meanwhile: Callable[[], None] = lambda: None
        self.failed = 0
        airflow.version = "2.11.2"
        airflow.routes["GET", PATH] = self._run
        airflow.routes["GET", f"{PATH}/taskInstances"] = self._instances
        airflow.routes["PATCH", PATH] = self._fail
        airflow.routes["PATCH", f"{PATH}/setNote"] = self._set_note

    def _run(self, _query: dict[str, str], _body: Any) -> Reply:
        return Reply(200, run(0, state=self.state, note=self.note, start_date=self.began))

    def _fail(self, _query: dict[str, str], body: Any) -> Reply:
        self.state = body["state"]
        self.failed += 1
        return Reply(200, run(0))

    def _set_note(self, _query: dict[str, str], body: Any) -> Reply:
        self.note = body["note"]
        return Reply(200, run(0))

    def _instances(self, _query: dict[str, str], _body: Any) -> Reply:
        self.meanwhile()
        extract = {"task_id": "extract", "state": "failed", "queued_when": "2026-11-20T22:56:29Z", "pid": self.pid}
        report = {"task_id": "report", "state": "skipped", "queued_when": None, "pid": None}
        rows = [{"map_index": -1, **task} for task in (extract, report)]
        return Reply(200, {"task_instances": rows, "total_entries": 2})


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(v1, "BETWEEN_LOOKS", 0)


@pytest.mark.parametrize("undone", ["running", "success"])
async def test_a_run_that_a_beginning_task_brings_back_is_cancelled_again(airflow, adapter, undone):
    running = Running(airflow, pid=None)

    def task_begins() -> None:
        if running.pid is None:
            running.state, running.pid = undone, 4711

    running.meanwhile = task_begins
    assert (await adapter.cancel(REF)).state is RunState.CANCELLED
    assert (running.state, running.failed) == ("failed", 2)


async def test_of_a_run_whose_tasks_have_long_begun_nothing_is_waited_for(airflow, adapter):
    running = Running(airflow, pid=4711)
    assert (await adapter.cancel(REF)).state is RunState.CANCELLED
    assert (running.failed, airflow.count("GET", f"{PATH}/taskInstances")) == (1, 1)


async def test_a_task_that_never_begins_is_waited_for_until_some_looks_later(airflow, adapter):
    running = Running(airflow, pid=None)
    assert (await adapter.cancel(REF)).state is RunState.CANCELLED
    assert (running.failed, airflow.count("GET", f"{PATH}/taskInstances")) == (1, v1.MOST_LOOKS)


async def test_one_that_begins_while_it_is_cancelled_is_known_by_that_beginning(airflow, adapter):
    """Also where Airflow comes to call it a success."""
    running = Running(airflow, pid=4711)
    running.state, running.began = "queued", None

    def run_begins() -> None:
        running.began = "2026-11-20T22:56:40Z"

    running.meanwhile = run_begins
    assert (await adapter.cancel(REF)).state is RunState.CANCELLED
    running.state = "success"
    assert (await adapter.run(REF)).state is RunState.CANCELLED
