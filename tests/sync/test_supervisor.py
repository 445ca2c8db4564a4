"""Many orchestrators at once: each is followed by one replica, and none delays another."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import structlog
from prometheus_client import REGISTRY

from adapters.sdk.errors import Rejected, Unauthorized, Unavailable
from adapters.sdk.protocol import utc_now
from gateway.domain.states import OrchestratorStatus, RunState
from gateway.store.database import Database
from gateway.store.repository import orchestrators
from gateway.sync.connections import Connections
from gateway.sync.supervisor import Supervisor
from gateway.sync.webhooks import UnknownOrchestratorError, Webhooks
from tests.sync.conftest import DEFINITION, all_runs, define, stored
from tests.sync.vendor import Vendor, VendorAdapter
from tests.waiting import eventually


@pytest.fixture
async def supervisor(database, connections) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(database, connections, replica="a")
    supervisor.start()
    yield supervisor
    await supervisor.stop()
    await connections.aclose()


async def status(database, name="memory-1"):
    return (await stored(database, name)).status


async def becomes(database, wanted, name="memory-1"):
    async def look():
        return await status(database, name) is wanted

    await eventually(look)


async def run_is(database, external_id, state):
    async def look():
        run = (await all_runs(database)).get(external_id)
        return run is not None and run.state is state

    await eventually(look)


async def test_a_defined_orchestrator_is_followed_at_once(database, supervisor, vendor, clock):
    await define(database, DEFINITION, clock)
    await becomes(database, OrchestratorStatus.HEALTHY)
    vendor.put("run-0", RunState.RUNNING)
    await run_is(database, "run-0", RunState.RUNNING)
    vendor.put("run-0", RunState.SUCCESS)
    await run_is(database, "run-0", RunState.SUCCESS)
    known = await stored(database, "memory-1")
    assert known.version == "1.0"
    assert known.last_synced_at is not None


async def test_whoever_follows_an_orchestrator_measures_it_and_nobody_else(database, connections, clock):
    def measured() -> float | None:
        return REGISTRY.get_sample_value("podium_orchestrator_up", {"orchestrator": "memory-1"})

    async def is_up():
        return measured() == 1

    await define(database, DEFINITION, clock)
    for replica in ("a", "b"):  # the second one finds it healthy, as the first one left it
        supervisor = Supervisor(database, connections, replica=replica)
        supervisor.start()
        await eventually(is_up)
        await supervisor.stop()
        assert measured() is None
        assert "podium_sync_last_success" not in str(
            [
                sample
                for family in REGISTRY.collect()
                for sample in family.samples
                if sample.labels.get("stream") == "runs"
            ]
        )
    await connections.aclose()


async def test_going_down_and_coming_back_are_each_logged_once(database, supervisor, vendor, clock):
    with structlog.testing.capture_logs() as logs:
        await define(database, DEFINITION, clock)
        await becomes(database, OrchestratorStatus.HEALTHY)
        vendor.trouble = Unavailable("memory-1: no answer within 30 s.")
        await becomes(database, OrchestratorStatus.UNREACHABLE)
        down = await stored(database, "memory-1")
        failed = len(vendor.calls)

        async def has_tried_more():
            return len(vendor.calls) > failed + 5

        def said() -> list[str]:
            return [entry["event"] for entry in logs if entry["log_level"] in {"info", "warning"}]

        async def has_said_it():
            return len(said()) >= 3

        await eventually(has_tried_more)
        vendor.put("run-0", RunState.SUCCESS)
        vendor.trouble = None
        await becomes(database, OrchestratorStatus.HEALTHY)
        await run_is(database, "run-0", RunState.SUCCESS)
        await eventually(has_said_it)  # it is stored first
    assert said() == ["orchestrator is healthy", "orchestrator is unreachable", "orchestrator is healthy"]
    assert down.status_message == "memory-1: no answer within 30 s."
    assert (await stored(database, "memory-1")).status_since > down.status_since


async def test_refused_credentials_stop_everything_but_a_rare_probe(database, supervisor, vendor, clock):
    vendor.trouble = Unauthorized("401.", remedy="Check the credentials (password from env:PW).")
    await define(database, DEFINITION, clock)
    await becomes(database, OrchestratorStatus.UNAUTHORIZED)
    assert "env:PW" in ((await stored(database, "memory-1")).status_message or "")
    assert set(vendor.calls) == {"probe"}


async def test_one_stream_in_trouble_degrades_and_does_not_stop_the_others(database, supervisor, vendor, clock):
    vendor.trouble_at_page = {number: Rejected("this page is broken") for number in range(1, 50)}
    await define(database, DEFINITION, clock)
    await becomes(database, OrchestratorStatus.DEGRADED)
    assert (await stored(database, "memory-1")).status_message == "Runs cannot be read: this page is broken"
    assert "pipelines" in vendor.calls


async def test_a_hanging_orchestrator_delays_no_other(database, clock):
    healthy, hanging = Vendor(), Vendor()

    class Hanging(VendorAdapter):
        async def probe(self):
            await asyncio.Event().wait()
            return await super().probe()

    def opener(spec, **_options):
        return Hanging(hanging) if spec.name == "hanging" else VendorAdapter(healthy)

    supervisor = Supervisor(database, Connections(opener=opener), replica="a")
    supervisor.start()
    await define(database, replace(DEFINITION, name="hanging"), clock)
    await define(database, replace(DEFINITION, name="healthy"), clock)
    await becomes(database, OrchestratorStatus.HEALTHY, "healthy")
    healthy.put("run-0", RunState.SUCCESS)
    await run_is(database, "run-0", RunState.SUCCESS)
    assert await status(database, "hanging") is OrchestratorStatus.PENDING
    await supervisor.stop()


async def test_a_changed_definition_opens_a_new_connection_and_a_removed_one_closes(database, clock):
    opened: list[VendorAdapter] = []

    def opener(spec, **_options):
        opened.append(VendorAdapter(Vendor()))
        return opened[-1]

    supervisor = Supervisor(database, Connections(opener=opener), replica="a")
    supervisor.start()
    await define(database, DEFINITION, clock)
    await becomes(database, OrchestratorStatus.HEALTHY)
    await define(database, replace(DEFINITION, url="http://127.0.0.1:2"), clock)

    async def reopened():
        return len(opened) == 2 and opened[0].is_closed

    await eventually(reopened)
    async with database.write() as session:
        await orchestrators.remove(session, "memory-1", utc_now())

    async def closed():
        return opened[1].is_closed

    await eventually(closed)
    assert len(opened) == 2
    await supervisor.stop()


async def test_a_push_is_seen_at_once(database, supervisor, vendor, clock):
    slow = replace(DEFINITION, poll_seconds=3600)
    await define(database, slow, clock)
    await becomes(database, OrchestratorStatus.HEALTHY)

    async def first_pass_is_over():
        return (await stored(database, "memory-1")).last_synced_at

    await eventually(first_pass_is_over)
    vendor.put("run-0", RunState.RUNNING)
    webhooks = Webhooks(database, supervisor)
    assert await webhooks.receive("memory-1", {}, {"pipeline": "ingest", "run": "run-0"}) == 1
    assert (await all_runs(database))["run-0"].state is RunState.RUNNING
    with pytest.raises(UnknownOrchestratorError, match="memory-2"):
        await webhooks.receive("memory-2", {}, {})


async def test_a_push_that_runs_ahead_of_what_it_tells_of_is_not_lost(database, supervisor, vendor, clock):
    """Airflow calls its listeners before it commits: who asks at once sees the run as it was before, or no run."""
    await define(database, replace(DEFINITION, poll_seconds=3600), clock)
    await becomes(database, OrchestratorStatus.HEALTHY)
    webhooks = Webhooks(database, supervisor)
    message = {"pipeline": "ingest", "run": "run-0"}
    for state in (RunState.RUNNING, RunState.SUCCESS):
        assert await webhooks.receive("memory-1", {}, message) == 1
        assert await webhooks.receive("memory-1", {}, message) == 1
        vendor.put("run-0", state)
        await run_is(database, "run-0", state)
    await webhooks.aclose()


@pytest.mark.postgres
async def test_a_dead_replicas_orchestrator_is_taken_over_and_nobody_reads_it_twice(postgres_url, clock):
    first_db, second_db = Database(postgres_url), Database(postgres_url)
    vendors = {"a": Vendor(), "b": Vendor()}

    def opener(name: str, _spec: Any, **_options: Any) -> VendorAdapter:
        return VendorAdapter(vendors[name])

    replicas = {
        name: Supervisor(
            database,
            Connections(opener=partial(opener, name)),
            replica=name,
        )
        for name, database in (("a", first_db), ("b", second_db))
    }
    await define(first_db, DEFINITION, clock)
    replicas["a"].start()
    await becomes(first_db, OrchestratorStatus.HEALTHY)
    replicas["b"].start()

    async def b_had_its_chance():
        return replicas["b"].is_running and len(vendors["a"].calls) > 20

    await eventually(b_had_its_chance)
    assert vendors["b"].calls == []
    await replicas["a"].stop()
    vendors["b"].put("run-0", RunState.SUCCESS)
    await run_is(second_db, "run-0", RunState.SUCCESS)
    await replicas["b"].stop()
    await first_db.aclose()
    await second_db.aclose()
