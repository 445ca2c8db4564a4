"""What the adapter makes of an Airflow that misbehaves; the one scripted here answers as the recorded ones do."""

import json
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.sdk.errors import AdapterError, Drift, RateLimited, Rejected, Unauthorized, Unavailable
from adapters.sdk.protocol import Adapter
from gateway.domain.observation import RunRef, TriggerRequest
from tests.adapters.airflow.scripted import CUT, SILENT, Reply, ScriptedAirflow, connect

pytestmark = pytest.mark.slow

RUNS = "/api/v2/dags/~/dagRuns"
RUN = "/api/v2/dags/orders_etl/dagRuns/podium__key"
TRIGGER = "/api/v2/dags/orders_etl/dagRuns"
REQUEST = TriggerRequest("orders_etl", "key", {"day": "2026-05-01"})
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
SAMPLE = json.loads((Path(__file__).parent / "captures/v2/run_failed.json").read_text())["body"]


def run(number: int, **changes: Any) -> dict[str, Any]:
    return SAMPLE | {"dag_run_id": f"run-{number}"} | changes


def page_of_three(query: dict[str, str], _body: Any) -> Reply:
    number = int(query.get("cursor") or 0)
    following = str(number + 1) if number < 2 else None
    return Reply(200, {"dag_runs": [run(2 * number), run(2 * number + 1)], "next_cursor": following})


@pytest.fixture
def airflow(airflow: ScriptedAirflow) -> ScriptedAirflow:
    airflow.routes["GET", RUNS] = page_of_three
    airflow.routes["GET", "/api/v2/dags"] = lambda _query, _body: Reply(200, {"dags": [], "total_entries": 0})
    airflow.routes["GET", "/api/v2/monitor/health"] = lambda _query, _body: Reply(200, {})
    return airflow


async def read(adapter: Adapter, cursor: str | None = None) -> list[tuple[list[str], str]]:
    return [([one.external_id for one in page.runs], page.cursor) async for page in adapter.runs(cursor, SINCE)]


async def test_a_stale_token_is_renewed_once_and_nobody_notices(airflow, adapter):
    await read(adapter)
    airflow.tokens.append("token-2")
    assert len(await read(adapter)) == 3
    assert airflow.count("POST", "/auth/token") == 2


async def test_a_wrong_password_names_where_it_came_from(airflow, monkeypatch, caplog):
    adapter = connect(airflow, monkeypatch, "planted-secret")
    with pytest.raises(Unauthorized, match="password from env:SCRIPTED_PASSWORD") as caught:
        await adapter.probe()
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(adapter) + caplog.text
    assert "planted-secret" not in told
    await adapter.aclose()


async def test_it_waits_as_long_as_it_is_told(airflow, adapter):
    airflow.instead["GET", RUNS] = [Reply(429, {"detail": "slow down"}, {"retry-after": "0"})]
    assert len(await read(adapter)) == 3
    airflow.instead["GET", RUNS] = [Reply(429, {}, {"retry-after": "3600"})]
    with pytest.raises(RateLimited) as caught:
        await read(adapter)
    assert caught.value.retry_after == 3600


@pytest.mark.parametrize("fault", [Reply(503, {}), Reply(500, b"oops"), Reply(200, {"a": 1}, fault=CUT)])
async def test_a_passing_fault_is_read_again(airflow, adapter, fault):
    airflow.instead["GET", RUNS] = [fault]
    assert [runs for runs, _ in await read(adapter)] == [["run-0", "run-1"], ["run-2", "run-3"], ["run-4", "run-5"]]


async def test_a_lasting_fault_in_the_middle_goes_on_from_the_cursor(airflow, adapter):
    pages: list[tuple[list[str], str]] = []

    def broken_at_the_second(query: dict[str, str], body: Any) -> Reply:
        return page_of_three(query, body) if not query.get("cursor") else Reply(200, {"dag_runs": []}, fault=CUT)

    airflow.routes["GET", RUNS] = broken_at_the_second
    with pytest.raises(Unavailable, match="broke off"):
        async for page in adapter.runs(None, SINCE):
            pages.append(([one.external_id for one in page.runs], page.cursor))  # noqa: PERF401  # kept on error
    airflow.routes["GET", RUNS] = page_of_three
    pages += await read(adapter, pages[-1][1])
    assert {name for names, _ in pages for name in names} == {f"run-{number}" for number in range(6)}


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(200, b'{"dag_runs": ['), "instead of JSON"),
        (Reply(200, b"<html><title>Grafana</title></html>", {"content-type": "text/html"}), "Grafana.*really Airflow"),
        (Reply(302, b"", {"location": "https://sso.example.com/"}), "redirects to https://sso.example.com/"),
        (Reply(200, {"unheard": "of"}), "unknown form"),
    ],
)
async def test_an_answer_that_is_none_of_airflows_says_what_it_is(airflow, adapter, reply, says):
    airflow.instead["GET", RUNS] = [reply]
    with pytest.raises(Drift, match=says):
        await read(adapter)


async def test_another_product_is_recognized(airflow, adapter):
    for version in ("v1", "v2"):
        airflow.instead["GET", f"/api/{version}/version"] = [Reply(404, {"detail": "no such page"})]
    with pytest.raises(Drift, match="really Airflow"):
        await adapter.probe()


UNCLEAR = [Reply(500, {}), Reply(503, {}), Reply(200, {"x": 1}, fault=CUT), Reply(fault=SILENT)]


@pytest.mark.parametrize("answer", UNCLEAR)
async def test_an_unclear_trigger_is_looked_up_and_not_sent_again(airflow, adapter, answer):
    airflow.instead["POST", TRIGGER] = [answer]
    airflow.routes["GET", RUN] = lambda _query, _body: Reply(200, run(0, dag_run_id="podium__key"))
    triggered = await adapter.trigger(REQUEST)
    assert triggered.run.external_id == "podium__key"
    assert airflow.count("POST", TRIGGER) == 1


@pytest.mark.parametrize("answer", UNCLEAR)
async def test_a_trigger_that_left_no_trace_is_unavailable_and_not_sent_again(airflow, adapter, answer):
    airflow.instead["POST", TRIGGER] = [answer]
    with pytest.raises(Unavailable):
        await adapter.trigger(REQUEST)
    assert airflow.count("POST", TRIGGER) == 1


async def test_a_run_that_is_there_already_is_read_back(airflow, adapter):
    airflow.routes["POST", TRIGGER] = lambda _query, _body: Reply(409, {"detail": "Unique constraint violation"})
    airflow.routes["GET", RUN] = lambda _query, _body: Reply(200, run(0, dag_run_id="podium__key"))
    assert not (await adapter.trigger(REQUEST)).is_new


async def test_a_used_logical_date_is_told_as_such(airflow, adapter):
    airflow.routes["POST", TRIGGER] = lambda _query, _body: Reply(409, {"detail": "Unique constraint violation"})
    with pytest.raises(Rejected, match="already has a run for 2026-11-01"):
        await adapter.trigger(TriggerRequest("orders_etl", "key", {}, logical_at=SINCE))


@pytest.mark.parametrize(
    "body", [None, "text", {}, {"dag_id": "orders_etl"}, [{"run_id": "r"}], {"dag_id": 1, "run_id": 2}]
)
def test_a_message_that_names_no_run_is_refused(adapter, body):
    with pytest.raises(Rejected, match="needs dag_id and run_id"):
        adapter.webhook({}, body)


def test_a_message_names_its_run(adapter):
    assert adapter.webhook({}, {"dag_id": "orders_etl", "run_id": "r"}) == [RunRef("orders_etl", "r")]
    assert issubclass(Rejected, AdapterError)
