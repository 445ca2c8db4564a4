"""What Airflow is asked to run again, and what it is told about the run."""

from typing import Any

import pytest

from adapters.airflow.notes import CANCELLED_NOTE
from adapters.sdk.errors import Rejected
from gateway.domain.observation import RunRef
from tests.adapters.airflow.scripted import Reply, ScriptedAirflow
from tests.adapters.airflow.test_faults import run

REF = RunRef("orders_etl", "run-0")
#: One task that has succeeded, and mapped ones in each state in which a run can be left.
LEFT = {"extract": ["success"], "load": ["success", "failed", "skipped"], "report": ["upstream_failed"]}


class Broken:
    """A run that has failed, and everything it was asked to do about it."""

    def __init__(self, airflow: ScriptedAirflow, version: str, left: dict[str, list[str]], note: str | None) -> None:
        self.left, self.note = left, note
        self.cleared: list[dict[str, Any]] = []
        self.notes: list[str] = []
        airflow.version = version
        base = f"/api/{'v1' if version.startswith('2.') else 'v2'}/dags/orders_etl"
        airflow.routes["GET", f"{base}/dagRuns/run-0"] = lambda _query, _body: Reply(200, run(0, note=self.note))
        airflow.routes["GET", f"{base}/dagRuns/run-0/taskInstances"] = self._instances
        airflow.routes["POST", f"{base}/clearTaskInstances"] = self._clear
        airflow.routes["PATCH", f"{base}/dagRuns/run-0"] = self._note
        airflow.routes["PATCH", f"{base}/dagRuns/run-0/setNote"] = self._note

    def _instances(self, _query: dict[str, str], _body: Any) -> Reply:
        rows = [
            {"task_id": task, "map_index": index if len(states) > 1 else -1, "state": state}
            for task, states in self.left.items()
            for index, state in enumerate(states)
        ]
        return Reply(200, {"task_instances": rows, "total_entries": len(rows)})

    def _clear(self, _query: dict[str, str], body: Any) -> Reply:
        self.cleared.append(body)
        failed = [state for states in self.left.values() for state in states if state in {"failed", "upstream_failed"}]
        return Reply(200, {"task_instances": failed, "total_entries": len(failed)})

    def _note(self, _query: dict[str, str], body: Any) -> Reply:
        self.notes.append(body["note"])
        return Reply(200, run(0))

    def named(self) -> list[Any]:
        (body,) = [body for body in self.cleared if not body["only_failed"]]
        assert body["dag_run_id"] == "run-0"
        return sorted(body["task_ids"], key=str)


BOTH = pytest.mark.parametrize("version", ["3.3.2", "2.11.2"])


@BOTH
async def test_of_a_failed_run_only_what_failed_runs_again(airflow, adapter, version):
    broken = Broken(airflow, version, LEFT, note="looked at by ada")
    await adapter.retry(REF)
    (body,) = broken.cleared
    assert (body["dag_run_id"], body["only_failed"], body["dry_run"], body["reset_dag_runs"]) == (
        "run-0",
        True,
        False,
        True,
    )
    assert not body.get("task_ids")
    assert broken.notes == []


async def test_of_a_cancelled_run_all_that_has_not_succeeded_runs_again(airflow, adapter):
    """Airflow has skipped what had not begun: with the failed ones alone the run would succeed without it."""
    broken = Broken(airflow, "3.3.2", LEFT, note=f"looked at by ada\n{CANCELLED_NOTE}")
    await adapter.retry(REF)
    assert broken.named() == [["load", 1], ["load", 2], "report"]
    assert broken.notes == ["looked at by ada"]


async def test_airflow_2_runs_a_mapped_task_again_as_a_whole(airflow, adapter):
    broken = Broken(airflow, "2.11.2", LEFT, note=CANCELLED_NOTE)
    await adapter.retry(REF)
    assert broken.named() == ["load", "report"]
    assert broken.notes == [""]


@BOTH
@pytest.mark.parametrize(
    ("left", "again"),
    [
        ({"extract": ["success"], "load": ["skipped"]}, ["load"]),
        ({"extract": ["success"], "load": ["success"]}, ["extract", "load"]),
    ],
)
async def test_where_no_task_has_failed_what_has_not_succeeded_runs_again_or_else_everything(
    airflow, adapter, version, left, again
):
    """As after a run took too long, or somebody has marked it as failed."""
    broken = Broken(airflow, version, left, note=None)
    await adapter.retry(REF)
    assert broken.named() == again


async def test_a_run_that_has_not_failed_is_left_alone(airflow, adapter):
    broken = Broken(airflow, "3.3.2", LEFT, note=None)
    airflow.routes["GET", "/api/v2/dags/orders_etl/dagRuns/run-0"] = lambda _query, _body: Reply(
        200, run(0, state="running")
    )
    with pytest.raises(Rejected, match="has not failed"):
        await adapter.retry(REF)
    assert broken.cleared == []
