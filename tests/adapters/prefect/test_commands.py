"""Triggers whose outcome is unclear, and answers to changes of state, against scripted answers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.prefect.adapter import PrefectAdapter
from adapters.sdk.errors import Drift, Rejected, Unavailable
from adapters.sdk.registry import ConnectionSpec, open_adapter
from gateway.domain.observation import RunRef, TriggerRequest
from tests.adapters.prefect.recorded import body
from tests.adapters.prefect.stand_in import Served

RUN = body("trigger")
DEPLOYMENT = body("deployments")[0]
REQUEST = TriggerRequest("orders_etl/daily", "key-1c", {"sleep": 1})
Answer = tuple[int, Any]


class Script:
    """Answers by path, each path's answers in turn and the last one for ever; keeps what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, Any]] = []

    def answer(self, method: str, path: str, body: Any) -> Answer:
        name = path.removeprefix("/api/")
        self.asked.append((name, body))
        for ending, answers in self.answers.items():
            if name.endswith(ending):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return 404, {"detail": "Not Found"}

    def count(self, ending: str) -> int:
        return sum(name.endswith(ending) for name, _ in self.asked)


@pytest.fixture
async def script() -> Script:
    script = Script()
    script.answers = {
        "deployments/name/orders_etl/daily": [(200, DEPLOYMENT)],
        "flows/filter": [(200, body("flows"))],
        "deployments/filter": [(200, [DEPLOYMENT])],
        "flow_runs/filter": [(200, [])],
    }
    return script


@pytest.fixture
async def adapter(script: Script) -> AsyncIterator[PrefectAdapter]:
    served = Served(script)
    adapter = open_adapter(ConnectionSpec("prefect", "prefect", await served.start()), timeout=5)
    assert isinstance(adapter, PrefectAdapter)
    yield adapter
    await adapter.aclose()
    await served.stop()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_fault_that_left_no_run_is_repeated_once_with_the_same_key(
    adapter: PrefectAdapter, script: Script, status: int
) -> None:
    script.answers["create_flow_run"] = [(status, {"exception_message": "Service Unavailable"}), (201, RUN)]
    triggered = await adapter.trigger(REQUEST)
    assert triggered.run.external_id == RUN["id"]
    asked = [sent["idempotency_key"] for name, sent in script.asked if name.endswith("create_flow_run")]
    assert asked == ["key-1c", "key-1c"]


async def test_a_fault_that_left_a_run_is_not_repeated(adapter: PrefectAdapter, script: Script) -> None:
    script.answers["create_flow_run"] = [(503, {})]
    script.answers["flow_runs/filter"] = [(200, [RUN])]
    triggered = await adapter.trigger(REQUEST)
    assert (triggered.run.external_id, triggered.is_new) == (RUN["id"], False)
    assert script.count("create_flow_run") == 1


async def test_two_faults_and_no_run_are_unavailable(adapter: PrefectAdapter, script: Script) -> None:
    script.answers["create_flow_run"] = [(503, {})]
    with pytest.raises(Unavailable, match="create_flow_run answered 503"):
        await adapter.trigger(REQUEST)
    assert script.count("create_flow_run") == 2
    assert script.count("flow_runs/filter") == 2


async def test_a_look_up_without_an_answer_is_unavailable(adapter: PrefectAdapter, script: Script) -> None:
    script.answers["create_flow_run"] = [(503, {})]
    script.answers["flow_runs/filter"] = [(500, {})]
    with pytest.raises(Unavailable):
        await adapter.trigger(REQUEST)
    assert script.count("create_flow_run") == 1


async def test_a_wrong_type_is_refused_and_looked_up_for_no_run(adapter: PrefectAdapter, script: Script) -> None:
    script.answers["create_flow_run"] = [(409, body("trigger_bad_params"))]
    with pytest.raises(Rejected, match="'notint' is not of type 'integer'"):
        await adapter.trigger(REQUEST)
    assert script.count("create_flow_run") == 1


async def test_an_unknown_parameter_is_refused_before_anything_is_sent(adapter: PrefectAdapter, script: Script) -> None:
    with pytest.raises(Rejected, match="parameter 'nope'; its parameters are fail, sleep"):
        await adapter.trigger(TriggerRequest("orders_etl/daily", "k", {"nope": 1}))
    assert script.count("create_flow_run") == 0


ENDED, RUNNING = body("run_failed"), body("run_cancelled") | {"state_type": "RUNNING", "state_name": "Running"}


async def test_cancel_is_accepted(adapter: PrefectAdapter, script: Script) -> None:
    script.answers[RUNNING["id"]] = [(200, RUNNING), (200, body("run_cancelled"))]
    script.answers["set_state"] = [(201, body("cancel"))]
    run = await adapter.cancel(RunRef("", RUNNING["id"]))
    assert (run.native_state, run.pipeline_key) == ("Cancelled", "orders_etl/daily")


async def test_what_ended_meanwhile_cannot_be_cancelled(adapter: PrefectAdapter, script: Script) -> None:
    script.answers[RUNNING["id"]] = [(200, RUNNING)]
    script.answers["set_state"] = [(200, body("cancel_terminal"))]
    with pytest.raises(Rejected, match="ABORT.*already in terminal state CANCELLED"):
        await adapter.cancel(RunRef("", RUNNING["id"]))


async def test_a_waiting_run_is_cancelled_by_another_state_than_asked_for(
    adapter: PrefectAdapter, script: Script
) -> None:
    answer = {"status": "REJECT", "state": {"type": "CANCELLED"}, "details": {"reason": "no infrastructure"}}
    script.answers[RUNNING["id"]] = [(200, RUNNING), (200, body("run_cancelled"))]
    script.answers["set_state"] = [(200, answer)]
    assert (await adapter.cancel(RunRef("", RUNNING["id"]))).native_state == "Cancelled"


async def test_retry_is_accepted(adapter: PrefectAdapter, script: Script) -> None:
    waiting = ENDED | {"state_type": "SCHEDULED", "state_name": "AwaitingRetry", "end_time": None}
    script.answers[ENDED["id"]] = [(200, ENDED), (200, waiting)]
    script.answers["set_state"] = [(201, body("retry"))]
    run = await adapter.retry(RunRef("", ENDED["id"]))
    assert (run.native_state, run.attempt) == ("AwaitingRetry", 2)


async def test_a_retry_that_prefect_refuses(adapter: PrefectAdapter, script: Script) -> None:
    reason = "Cannot reschedule a run without an associated deployment."
    script.answers[ENDED["id"]] = [(200, ENDED)]
    script.answers["set_state"] = [(200, {"status": "ABORT", "state": None, "details": {"reason": reason}})]
    with pytest.raises(Rejected, match="without an associated deployment"):
        await adapter.retry(RunRef("", ENDED["id"]))


async def test_a_server_with_smaller_pages_says_so_when_probed(adapter: PrefectAdapter, script: Script) -> None:
    script.answers["admin/version"] = [(200, "3.8.8")]
    script.answers["logs/filter"] = [(422, {"detail": "Invalid limit: must be less than or equal to 100."})]
    with pytest.raises(Rejected, match=r"equal to 100.*options\.page_size"):
        await adapter.probe()


async def test_a_server_without_events_is_probed_with_a_warning(adapter: PrefectAdapter, script: Script) -> None:
    script.answers["admin/version"] = [(200, "3.1.0")]
    script.answers["logs/filter"] = [(200, [])]
    found = await adapter.probe()
    assert "ASSETS" not in found.capabilities
    assert len(found.warnings) == 2


@pytest.mark.parametrize("answer", [{"version": "2.10.3"}, "hello", 7, None])
async def test_another_product_is_drift(adapter: PrefectAdapter, script: Script, answer: Any) -> None:
    script.answers["admin/version"] = [(200, answer)]
    with pytest.raises(Drift, match="really Prefect"):
        await adapter.probe()
