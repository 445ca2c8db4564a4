"""One key makes one run, and one retry at a time, whatever the network does."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.dagster.adapter import DagsterAdapter
from adapters.sdk.errors import Drift, RateLimited, Rejected, Unauthorized, Unavailable
from gateway.domain.observation import RunRef, TriggerRequest
from tests.adapters.dagster.pretend import PretendDagster
from tests.waiting import eventually

pytestmark = pytest.mark.slow

Connect = Callable[..., DagsterAdapter]
LATER = datetime(2026, 1, 3, tzinfo=UTC)
REQUEST = TriggerRequest("shop/etl", "key-1")


def refusal(field: str, kind: str, message: str = "no") -> tuple[int, Any]:
    """An answer that says no, as Dagster says it: with HTTP 200."""
    return 200, {"data": {field: {"__typename": kind, "message": message}}}


async def test_one_key_twice(dagster: PretendDagster, connect: Connect) -> None:
    adapter = connect()
    first, second = await adapter.trigger(REQUEST), await adapter.trigger(REQUEST)
    assert (first.is_new, second.is_new) == (True, False)
    assert [run["runId"] for run in dagster.runs] == [first.run.external_id] == [second.run.external_id]


async def test_one_key_at_the_same_moment(dagster: PretendDagster, connect: Connect) -> None:
    adapter = connect()
    found = await asyncio.gather(*(adapter.trigger(REQUEST) for _ in range(8)))
    assert len(dagster.runs) == 1
    assert sum(triggered.is_new for triggered in found) == 1


async def test_other_keys_and_other_pipelines_make_other_runs(dagster: PretendDagster, connect: Connect) -> None:
    adapter = connect()
    await adapter.trigger(REQUEST)
    await adapter.trigger(TriggerRequest("shop/etl", "key-2"))
    await adapter.trigger(TriggerRequest("billing/etl", "key-1"))
    assert len(dagster.runs) == 3


async def test_timeout_after_the_run_was_made(dagster: PretendDagster, connect: Connect) -> None:
    answered = asyncio.Event()
    dagster.before_launch_is_answered = lambda: wait_for(answered)
    found = await connect(timeout=0.2).trigger(REQUEST)
    assert (found.is_new, found.run.external_id) == (True, dagster.runs[0]["runId"])
    answered.set()
    dagster.before_launch_is_answered = None
    assert not (await connect().trigger(REQUEST)).is_new
    assert len(dagster.runs) == 1


async def wait_for(event: asyncio.Event) -> None:
    """As a handler without a result."""
    await event.wait()


async def test_server_fault_after_the_run_was_made(dagster: PretendDagster, connect: Connect) -> None:
    async def fail() -> None:
        dagster.before_launch_is_answered = None
        raise RuntimeError("the server breaks")

    dagster.before_launch_is_answered = fail
    found = await connect().trigger(REQUEST)
    assert (found.is_new, len(dagster.runs)) == (True, 1)


@pytest.mark.parametrize("answer", [(500, {}), refusal("launchRun", "PythonError", "database is locked")])
async def test_unclear_outcome_without_a_run(
    dagster: PretendDagster, connect: Connect, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr("adapters.dagster.launches.LOOKS", (0.01, 0.01))
    dagster.instead["Launch"] = [answer]
    adapter = connect()
    with pytest.raises(Unavailable, match="Ask again with the same key"):
        await adapter.trigger(REQUEST)
    assert dagster.asked.count("Runs") == 3
    assert (await adapter.trigger(REQUEST)).is_new
    assert len(dagster.runs) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((429, {}), RateLimited),
        ((401, {}), Unauthorized),
        (refusal("launchRun", "UnauthorizedError"), Unauthorized),
        (refusal("launchRun", "RunConflict"), Rejected),
        (refusal("launchRun", "SomethingNewError"), Drift),
        ((400, {"errors": [{"message": "Cannot query field"}]}), Drift),
        (
            (200, {"data": {"launchRun": {"__typename": "RunConfigValidationInvalid", "errors": [{"message": "x"}]}}}),
            Rejected,
        ),
    ],
)
async def test_clear_refusal_is_not_looked_up(
    dagster: PretendDagster, connect: Connect, answer: Any, error: type[Exception]
) -> None:
    dagster.instead["Launch"] = [answer]
    with pytest.raises(error):
        await connect().trigger(REQUEST)
    assert dagster.asked == ["Runs", "PartitionKeys", "Launch"]


async def test_another_launcher_was_faster(dagster: PretendDagster, connect: Connect) -> None:
    """Between our look and our launch somebody else launched the same key: ours ends, theirs stays."""
    other = connect()

    async def race() -> None:
        dagster.before_launch_is_answered = None
        ours = dagster.runs.pop()
        await other.trigger(REQUEST)
        dagster.runs.append(ours)

    dagster.before_launch_is_answered = race
    found = await connect().trigger(REQUEST)
    theirs, ours = dagster.runs
    assert (found.is_new, found.run.external_id) == (False, theirs["runId"])
    assert (theirs["status"], ours["status"]) == ("QUEUED", "CANCELED")


@pytest.mark.parametrize("status", ["QUEUED", "STARTED"])
async def test_cancel(dagster: PretendDagster, connect: Connect, status: str) -> None:
    run = dagster.add(1.0, status=status)
    assert (await connect().cancel(RunRef("", run["runId"]))).native_state == "CANCELED"


async def test_cancel_of_a_run_that_comes_up(dagster: PretendDagster, connect: Connect) -> None:
    run = dagster.add(1.0, status="STARTING")
    cancelling = asyncio.create_task(connect().cancel(RunRef("", run["runId"])))
    await eventually(lambda: asked(dagster, "Terminate"))
    run["status"] = "STARTED"
    assert (await cancelling).native_state == "CANCELED"


async def asked(dagster: PretendDagster, operation: str) -> bool:
    """Whether an operation has been asked for."""
    return operation in dagster.asked


async def test_cancel_of_a_run_that_never_comes_up(
    dagster: PretendDagster, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.dagster.launches.BETWEEN", 0.001)
    run = dagster.add(1.0, status="STARTING")
    assert (await connect().cancel(RunRef("", run["runId"]))).native_state == "CANCELED"
    assert dagster.asked.count("Terminate") > 2


async def test_cancel_that_is_refused_for_another_reason(
    dagster: PretendDagster, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.dagster.launches.BETWEEN", 0.001)
    run = dagster.add(1.0, status="STARTED")
    dagster.instead["Terminate"] = [refusal("terminateRun", "TerminateRunFailure", "no permission")] * 2
    with pytest.raises(Rejected, match="no permission"):
        await connect().cancel(RunRef("", run["runId"]))


async def test_cancel_of_a_run_that_has_ended(dagster: PretendDagster, connect: Connect) -> None:
    run = dagster.add(1.0, status="SUCCESS")
    with pytest.raises(Rejected, match="it is SUCCESS"):
        await connect().cancel(RunRef("", run["runId"]))
    assert run["status"] == "SUCCESS"


async def test_re_execution_inherits_the_key_and_does_not_count(dagster: PretendDagster, connect: Connect) -> None:
    adapter = connect()
    first = await adapter.trigger(REQUEST)
    dagster.add(99.0, tags=dagster.runs[0]["tags"], parentRunId=first.run.external_id)
    found = await adapter.find_triggered("shop/etl", "key-1")
    assert found is not None
    assert found.external_id == first.run.external_id


async def test_parameters_become_configuration_and_tags(dagster: PretendDagster, connect: Connect) -> None:
    parameters = {"ops": {"a": {}}, "day": "2026-01-01", "limit": {"rows": 5}}
    found = await connect().trigger(TriggerRequest("shop/etl", "key-1", parameters))
    tags = {tag["key"]: tag["value"] for tag in dagster.runs[0]["tags"]}
    assert tags == {
        "day": "2026-01-01",
        "limit": '{"rows":5}',
        "podium/parameters": "day,limit",
        "podium/idempotency_key": "key-1",
    }
    assert found.run.parameters == {"day": "2026-01-01", "limit": {"rows": 5}}


async def test_reserved_tags_cannot_be_given(dagster: PretendDagster, connect: Connect) -> None:
    with pytest.raises(Rejected, match="podium/idempotency_key"):
        await connect().trigger(TriggerRequest("shop/etl", "key-1", {"podium/idempotency_key": "x"}))
    assert dagster.runs == []


@pytest.mark.parametrize(
    "asked", [{"partition": "2026-01-03"}, {"parameters": {"dagster/partition": "x"}}, {"logical_at": LATER}, {}]
)
async def test_partition_that_is_not_there(dagster: PretendDagster, connect: Connect, asked: dict[str, Any]) -> None:
    dagster.partitions = ["2026-01-01", "2026-01-02"]
    with pytest.raises(Rejected, match="2026-01-01 to 2026-01-02"):
        await connect().trigger(TriggerRequest("shop/etl", "key-1", **asked))
    assert dagster.runs == []


async def test_partition_of_a_job_without_partitions(dagster: PretendDagster, connect: Connect) -> None:
    with pytest.raises(Rejected, match="not partitioned"):
        await connect().trigger(TriggerRequest("shop/etl", "key-1", partition="2026-01-01"))
    triggered = await connect().trigger(TriggerRequest("shop/etl", "key-1", logical_at=LATER))
    assert triggered.run.logical_at == LATER


async def test_retry_under_way_is_not_started_again(dagster: PretendDagster, connect: Connect) -> None:
    failed = dagster.add(1.0, status="FAILURE")
    adapter = connect()
    ref = RunRef("shop/etl", failed["runId"])
    first, second = await asyncio.gather(adapter.retry(ref), adapter.retry(ref))
    assert first.external_id == second.external_id
    assert first.parent_external_id == failed["runId"]
    dagster.runs[1]["status"] = "FAILURE"
    assert (await adapter.retry(ref)).external_id != first.external_id


async def test_retry_whose_answer_got_lost(dagster: PretendDagster, connect: Connect) -> None:
    failed = dagster.add(1.0, status="CANCELED")
    answered = asyncio.Event()
    dagster.before_launch_is_answered = lambda: wait_for(answered)
    found = await connect(timeout=0.2).retry(RunRef("shop/etl", failed["runId"]))
    answered.set()
    assert [found.external_id] == [run["runId"] for run in dagster.runs[1:]]


@pytest.mark.parametrize("status", ["SUCCESS", "STARTED", "QUEUED"])
async def test_retry_of_a_run_that_has_not_failed(dagster: PretendDagster, connect: Connect, status: str) -> None:
    run = dagster.add(1.0, status=status)
    with pytest.raises(Rejected):
        await connect().retry(RunRef("shop/etl", run["runId"]))
    assert len(dagster.runs) == 1
