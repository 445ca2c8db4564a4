"""Acting on an orchestrator: one run for one key, whatever is repeated, refused, lost or killed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.sdk.errors import Rejected, Unavailable
from gateway.coordination.executor import CLAIM, Executor
from gateway.domain.commands import CommandState, TriggerOrder
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.domain.observation import RunRef
from gateway.domain.states import RunState
from gateway.store.repository import commands, orchestrators, pipelines
from gateway.sync.connections import Connections
from gateway.sync.streams import Reader
from tests.sync.conftest import DEFINITION, all_runs, define
from tests.sync.vendor import Vendor, VendorAdapter


@pytest.fixture
async def pipeline_id(database, vendor, clock) -> int:
    orchestrator = await define(database, DEFINITION, clock)
    reader = Reader(database, orchestrator, VendorAdapter(vendor), clock)
    await reader.probe()
    await reader.read_pipelines()
    async with database.read() as session:
        return (await pipelines.by_keys(session, orchestrator.id, ["ingest"]))["ingest"].id


@pytest.fixture
def executor(database, connections, clock) -> Executor:
    return Executor(database, connections, clock)


async def trigger(executor: Executor, pipeline_id: int, key: str | None = "key-1", **parameters):
    return await executor.trigger(
        pipeline_id, idempotency_key=key, parameters=parameters, logical_at=None, partition=None, requested_by="ada"
    )


async def test_two_triggers_with_one_key_make_one_run(executor, pipeline_id, vendor):
    first = await trigger(executor, pipeline_id, day="2026-05-01")
    again = await trigger(executor, pipeline_id, day="2026-05-01")
    assert first == again
    assert vendor.calls.count("trigger") == 1
    assert first.parameters == {"day": "2026-05-01"}


async def test_at_the_same_moment_too(executor, pipeline_id, vendor):
    made = await asyncio.gather(*(trigger(executor, pipeline_id) for _ in range(8)))
    assert len({run.id for run in made}) == 1
    assert vendor.calls.count("trigger") == 1


async def test_without_a_key_each_call_is_its_own(executor, pipeline_id):
    first, second = await trigger(executor, pipeline_id, None), await trigger(executor, pipeline_id, None)
    assert first.id != second.id


async def test_a_key_cannot_mean_two_things(executor, pipeline_id):
    await trigger(executor, pipeline_id, day="2026-05-01")
    with pytest.raises(ConflictError, match="'key-1' was used before with other parameters"):
        await trigger(executor, pipeline_id, day="2026-05-02")


@pytest.mark.parametrize("key", ["", " ", "a b", "käse", "-x", "x" * 201, "a/b"])
async def test_a_key_that_no_vendor_takes_is_refused_with_the_rule(executor, pipeline_id, key):
    if key == "":
        assert await trigger(executor, pipeline_id, key)  # no key at all
        return
    with pytest.raises(InvalidInputError, match="idempotencyKey.*Use 1 to 200 of the characters"):
        await trigger(executor, pipeline_id, key)


async def test_an_orchestrator_that_is_down_can_be_asked_again_with_the_same_key(executor, pipeline_id, vendor):
    vendor.trouble = Unavailable("no answer")
    with pytest.raises(Unavailable):
        await trigger(executor, pipeline_id)
    vendor.trouble = None
    assert (await trigger(executor, pipeline_id)).state is RunState.QUEUED
    assert len(vendor.keys) == 1


async def test_a_refusal_is_told_and_may_be_tried_again(executor, pipeline_id, vendor):
    vendor.trouble = Rejected("parameter day is missing")
    with pytest.raises(Rejected, match="day is missing"):
        await trigger(executor, pipeline_id)
    vendor.trouble = None
    assert await trigger(executor, pipeline_id)


async def abandoned(database, clock, pipeline_id, key):
    """An order whose process was killed after it had claimed it."""
    async with database.write() as session:
        orchestrator = (await orchestrators.active(session))[0]
        order = TriggerOrder(orchestrator.id, pipeline_id, key, {}, None, None, "ada")
        command, _ = await commands.enqueue(session, order, clock())
        await commands.claim(session, command.id, clock(), CLAIM)
    return command


async def outcome(database, command):
    async with database.read() as session:
        return await commands.get(session, command.id)


async def test_a_process_killed_after_sending_is_settled_by_looking_up(executor, pipeline_id, vendor, database, clock):
    command = await abandoned(database, clock, pipeline_id, "key-1")
    vendor.put("run-0", RunState.QUEUED)
    vendor.keys["key-1"] = "run-0"
    assert await executor.recover_once() == 0, "its claim still holds"
    clock.forward(CLAIM + timedelta(seconds=1))
    assert await executor.recover_once() == 1
    settled = await outcome(database, command)
    assert settled.state is CommandState.DONE
    assert settled.run_id == (await all_runs(database))["run-0"].id
    assert vendor.calls.count("trigger") == 0


async def test_a_process_killed_before_sending_leaves_a_clear_failure(executor, pipeline_id, vendor, database, clock):
    command = await abandoned(database, clock, pipeline_id, "key-1")
    clock.forward(CLAIM + timedelta(seconds=1))
    await executor.recover_once()
    settled = await outcome(database, command)
    assert (settled.state, settled.error_kind) == (CommandState.FAILED, "abandoned")
    assert await trigger(executor, pipeline_id), "the same key may be used again"
    assert vendor.calls.count("trigger") == 1


async def test_cancel_retry_and_pause_show_at_once(executor, pipeline_id, vendor, database):
    run = await trigger(executor, pipeline_id)
    assert (await executor.cancel(run.id)).state is RunState.CANCELLED
    retried = await executor.retry(run.id)
    assert (retried.id, retried.state, retried.attempt) == (run.id, RunState.QUEUED, 2)
    assert (await executor.set_paused(pipeline_id, paused=True)).is_paused


async def test_what_does_not_exist_is_said_so(executor, pipeline_id):
    with pytest.raises(NotFoundError, match="no such pipeline"):
        await trigger(executor, 404)
    with pytest.raises(NotFoundError, match="no such run"):
        await executor.cancel(404)


async def test_what_the_orchestrator_cannot_do_is_not_tried(database, clock, pipeline_id, vendor):
    class Unable(VendorAdapter):
        async def probe(self):
            return replace(await super().probe(), capabilities=frozenset({"TASKS"}))

    async with database.read() as session:
        orchestrator = (await orchestrators.active(session))[0]
    await Reader(database, orchestrator, Unable(vendor), clock).probe()
    executor = Executor(database, Connections(opener=lambda _spec, **_options: Unable(Vendor())), clock)
    with pytest.raises(ConflictError, match="memory-1 .memory. cannot trigger"):
        await trigger(executor, pipeline_id)
    assert "trigger" not in vendor.calls


async def test_a_log_of_an_unknown_attempt_is_none(executor, pipeline_id):
    run = await trigger(executor, pipeline_id)
    assert await executor.log(run.id, "extract", None, 7, 10) is None
    assert RunRef("ingest", run.external_id) == RunRef("ingest", "run-0")
