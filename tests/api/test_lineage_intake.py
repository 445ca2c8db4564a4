"""OpenLineage's HTTP transport against the real application: what is taken, what is refused, and what is said."""

import asyncio
import gzip
import json

import pytest
from sqlalchemy import text

from gateway.api.limits import Limits
from tests.lineage.made import dataset, dataset_event, job_event, run_event

PATH = "/api/v1/lineage"


@pytest.fixture(autouse=True)
def running(running_lineage):
    return running_lineage


async def stored(database) -> int:
    async with database.read() as session:
        return await session.scalar(text("SELECT COUNT(*) FROM lineage_events"))


async def test_each_kind_of_event_is_taken_once(http, database):
    given = [run_event("START"), job_event(1), dataset_event(dataset("orders"))]
    for event in [*given, *given]:
        answer = await http.post(PATH, json=event)
        assert (answer.status_code, answer.json()) == (201, {"warnings": []})
    assert await stored(database) == 3


async def test_members_in_another_order_are_the_same_event(http, database):
    event = run_event("START")
    for one in (event, dict(reversed(event.items()))):
        assert (await http.post(PATH, json=one)).status_code == 201
    assert await stored(database) == 1


async def test_a_packed_body(http, database):
    body = gzip.compress(json.dumps(run_event("START")).encode())
    assert (await http.post(PATH, content=body, headers={"content-encoding": "gzip"})).status_code == 201
    assert await stored(database) == 1


async def test_a_bad_facet_is_named_and_the_event_counts(http, database):
    event = run_event("COMPLETE", outputs=[dataset("orders", ownership={"owners": [{"nickname": "ann"}]})])
    answer = await http.post(PATH, json=event)
    assert answer.status_code == 201
    assert answer.json()["warnings"] == [
        {
            "path": "$.outputs[0].facets.ownership.owners[0]",
            "message": '"name" is a required property; this facet is not used',
        }
    ]
    assert await stored(database) == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"run": {}}, "$.run"),
        ({"run": {"runId": 5}}, "$.run.runId"),
        ({"run": {"runId": " "}}, "$.run.runId"),
        ({"job": {"namespace": "jobs"}}, "$.job"),
        ({"job": {"namespace": "jobs", "name": "a\0b"}}, "$.job.name"),
        ({"job": None}, "$.job"),
        ({"eventTime": "yesterday"}, "$.eventTime"),
        ({"eventType": "DONE"}, "$.eventType"),
        ({"inputs": {}}, "$.inputs"),
        ({"outputs": [{"name": "orders"}]}, "$.outputs[0]"),
        ({"outputs": [{"namespace": "", "name": "orders"}]}, "$.outputs[0].namespace"),
        ({"outputs": [{"namespace": "n", "name": "x" * 2001}]}, "$.outputs[0].name"),
    ],
)
async def test_what_identifies_must_be_right(http, database, change, path):
    answer = await http.post(PATH, json=run_event("START") | change)
    problem = answer.json()
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["path"], problem["code"]) == (path, "BAD_USER_INPUT")
    assert problem["detail"].startswith(f"{path}: ")
    assert await stored(database) == 0


@pytest.mark.parametrize(
    ("body", "headers", "status", "told"),
    [
        (b"{", {}, 400, "The body is not JSON"),
        (b"[]", {}, 400, "an event is a JSON object"),
        (b"{}", {}, 400, "an event has a run and a job, a job, or a dataset"),
        (b"{}", {"content-encoding": "gzip"}, 400, "The body is not gzip"),
        (gzip.compress(b"{}", mtime=0)[:-9], {"content-encoding": "gzip"}, 400, "it ends too early"),
        (b"{}", {"content-encoding": "br"}, 415, "content-encoding 'br' is not known"),
        (b'{"run": "\\ud800"}', {}, 400, "The body is not JSON"),
    ],
)
async def test_a_body_that_is_no_event(http, body, headers, status, told):
    answer = await http.post(PATH, content=body, headers=headers)
    assert answer.status_code == status
    assert told in answer.json()["detail"]


class TestLimits:
    @pytest.fixture
    def database(self, on_sqlite):
        return on_sqlite

    @pytest.fixture
    def limits(self):
        return Limits(lineage_body=10_000)

    async def test_a_long_body_is_refused_packed_or_not(self, http, database):
        event = run_event("START", run="r" * 1000, inputs=[dataset(f"t{number}" * 20) for number in range(200)])
        body = json.dumps(event).encode()
        packed = gzip.compress(body)
        assert len(packed) < 10_000 < len(body)
        for content, headers in ((body, {}), (packed, {"content-encoding": "gzip"})):
            answer = await http.post(PATH, content=content, headers=headers)
            assert (answer.status_code, answer.json()["status"]) == (413, 413)
        assert await stored(database) == 0

    async def test_too_many_at_once_are_told_to_come_again(self, http, database, monkeypatch):
        monkeypatch.setattr("lineage.intake.MOST_WAITING", 1_000)
        events = [run_event("START", run=f"r{number}") for number in range(40)]
        answers = await asyncio.gather(*(http.post(PATH, json=event) for event in events))
        taken = [answer for answer in answers if answer.status_code == 201]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert refused
        assert {(one.status_code, one.headers["retry-after"]) for one in refused} == {(503, "1")}
        assert await stored(database) == len(taken)


async def test_a_batch_takes_what_is_valid(http, database):
    batch = [run_event("START"), {"run": {}}, run_event("COMPLETE", 5), "nothing"]
    answer = await http.post(f"{PATH}/batch", json=batch)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "partial_success",
        "summary": {"received": 4, "successful": 2, "failed": 2, "retriable": 0, "non_retriable": 2},
        "failed_events": [
            {"index": 1, "reason": '$: "eventTime" is a required property', "retriable": False},
            {"index": 3, "reason": "$: an event is a JSON object", "retriable": False},
        ],
        "warnings": [],
    }
    assert await stored(database) == 2
    again = (await http.post(f"{PATH}/batch", json=[batch[0]])).json()
    assert (again["status"], again["summary"]["successful"]) == ("success", 1)
    assert await stored(database) == 2
    assert (await http.post(f"{PATH}/batch", json={})).status_code == 400
