"""The outbox: one row for a key, one claim at a time, and an outdated claim records nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.commands import CommandState, TriggerOrder
from gateway.domain.records import OrchestratorDefinition
from gateway.store.repository import commands, orchestrators, pipelines

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
TTL = timedelta(seconds=60)


@pytest.fixture
async def order(database) -> TriggerOrder:
    definition = OrchestratorDefinition("dagster", "dagster", "http://127.0.0.1:1", {}, {})
    async with database.write() as session:
        orchestrator_id = await orchestrators.define(session, definition, "CONFIG", NOW)
        ids = await pipelines.ensure(session, orchestrator_id, ["marts"], NOW)
    return TriggerOrder(orchestrator_id, ids["marts"], "key-1", {"day": "2026-05-01"}, None, None, "tests")


async def enqueue(database, order):
    async with database.write() as session:
        return await commands.enqueue(session, order, NOW)


async def claim(database, command, at=NOW):
    async with database.write() as session:
        return await commands.claim(session, command.id, at, TTL)


async def settle(database, command, state, **more):
    async with database.write() as session:
        return await commands.settle(session, command, state=state, now=NOW, **more)


async def test_a_key_has_one_row(database, order):
    first, is_new = await enqueue(database, order)
    again, is_new_again = await enqueue(database, order)
    assert (is_new, is_new_again) == (True, False)
    assert first == again


async def test_a_claimed_order_is_nobody_elses_until_the_claim_runs_out(database, order):
    command, _ = await enqueue(database, order)
    assert (await claim(database, command)).state is CommandState.SENDING
    assert await claim(database, command) is None
    assert (await claim(database, command, NOW + TTL)).claims == 2


async def test_a_holder_that_slept_past_its_claim_records_nothing(database, order):
    command, _ = await enqueue(database, order)
    sleeper = await claim(database, command)
    other = await claim(database, command, NOW + TTL)
    assert not await settle(database, sleeper, CommandState.FAILED, error="too late")
    assert await settle(database, other, CommandState.DONE)


async def test_a_settled_order_cannot_be_claimed_and_a_failed_one_can_be_reopened(database, order):
    command, _ = await enqueue(database, order)
    await settle(database, await claim(database, command), CommandState.FAILED, error="no", error_kind="rejected")
    assert await claim(database, command) is None
    async with database.write() as session:
        assert await commands.reopen(session, command.id, NOW)
    assert (await claim(database, command)).attempts == 2


async def test_abandoned_orders_are_those_that_nobody_holds(database, order):
    command, _ = await enqueue(database, order)
    held = await claim(database, command)
    assert held is not None
    async with database.read() as session:
        assert await commands.abandoned(session, NOW, TTL, 10) == []
        assert [found.id for found in await commands.abandoned(session, NOW + TTL, TTL, 10)] == [held.id]
    async with database.write() as session:
        assert await commands.renew(session, held, NOW + TTL / 2, TTL)
    async with database.read() as session:
        assert await commands.abandoned(session, NOW + TTL, TTL, 10) == []
