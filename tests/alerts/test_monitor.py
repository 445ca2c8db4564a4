"""The monitor as it runs: it hears of what goes wrong and of what is well again, and another replica goes on."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from gateway.alerts import monitor as module
from gateway.alerts.monitor import Monitor
from gateway.domain.dependencies import PipelineRef
from gateway.domain.states import OrchestratorStatus, RunState
from gateway.sla.monitor import Monitor as Promises
from gateway.store.repository import orchestrators
from tests.sla.conftest import MARTS
from tests.store.conftest import database
from tests.stories.conftest import Night, night
from tests.waiting import eventually

__all__ = ["database", "night"]

INGEST = PipelineRef("airflow", "ingest")


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.05)
    monkeypatch.setattr(module, "GATHER", 0.0)
    monkeypatch.setattr(module, "TIME_EVERY", 0.0)
    monkeypatch.setattr(module, "NETWORK_EVERY", 0.0)


@asynccontextmanager
async def running(night: Night, replica: str = "one") -> AsyncGenerator[Monitor]:
    async with night.lineage() as lineage:
        monitor = Monitor(night.database, lineage, replica, night.clock)
        task = asyncio.create_task(monitor.run())
        try:
            yield monitor
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def held(night: Night) -> set[str]:
    """Keys of all that is wrong."""
    return {
        one.key.partition(":")[0]
        for incident in await night.incidents()
        for one in await night.signals(incident)
        if one.holds and not incident.is_resolved
    }


@pytest.fixture
async def begun(night):
    night.now = datetime.now(UTC)
    await night.pipeline(INGEST)
    await night.pipeline(MARTS)
    await night.database.start_listening()
    return night


async def run(night: Night, state: RunState, minutes: int) -> None:
    at = night.now + timedelta(minutes=minutes)
    await night.ran(at - timedelta(minutes=1), at, state, INGEST)


async def test_what_fails_and_what_is_well_again_is_heard_of(begun):
    async with running(begun):
        await run(begun, RunState.FAILED, 0)
        assert await eventually(lambda: held(begun)) == {"run_failed"}
        await run(begun, RunState.SUCCESS, 1)
        assert await eventually(lambda: held(begun), lambda found: not found) == set()
        begun.now += timedelta(hours=1)
        (incident,) = await eventually(begun.incidents, lambda found: found[0].is_resolved)
        assert incident.reopened == 0


async def test_time_alone_makes_things_wrong(begun):
    async with running(begun):
        await begun.pipeline(MARTS, next_run_at=begun.now + timedelta(minutes=1))
        begun.now += timedelta(minutes=12)
        assert await eventually(lambda: held(begun)) == {"run_late"}
        await begun.orchestrator_is("dagster", OrchestratorStatus.UNREACHABLE, "refused")
        begun.now += timedelta(minutes=3)
        both = {"run_late", "orchestrator_unreachable"}
        assert await eventually(lambda: held(begun), lambda found: found == both) == both
        assert len(await begun.incidents()) == 1


async def test_what_is_followed_no_more_is_wrong_no_more(begun):
    async with running(begun):
        await run(begun, RunState.FAILED, 0)
        assert await eventually(lambda: held(begun)) == {"run_failed"}
        async with begun.database.write() as session:
            await orchestrators.remove(session, "airflow", begun.now)
        assert await eventually(lambda: held(begun), lambda found: not found) == set()


async def test_a_promise_is_heard_of_and_one_that_holds_no_more(begun):
    begun.now = begun.now.replace(hour=12, minute=0)
    async with running(begun):
        await begun.sla(deadline=timedelta(hours=13), timezone="UTC")
        begun.now = begun.now.replace(hour=13, minute=2)
        async with begun.lineage() as lineage:
            await Promises(begun.database, lineage, "sla", begun.clock).look_at_all()
        assert await eventually(lambda: held(begun)) == {"sla_missed"}
        await begun.sla(deadline=timedelta(hours=13), timezone="UTC", is_enabled=False)
        assert await eventually(lambda: held(begun), lambda found: not found) == set()


async def test_another_replica_goes_on(begun):
    async with running(begun, "one") as one:
        await run(begun, RunState.FAILED, 0)
        assert await eventually(lambda: held(begun)) == {"run_failed"}
        await one.aclose()
    async with running(begun, "two"):
        await run(begun, RunState.SUCCESS, 1)
        assert await eventually(lambda: held(begun), lambda found: not found) == set()
    assert len(await begun.incidents()) == 1


async def test_who_has_lost_the_lead_writes_nothing(begun):
    """A replica that was stopped in the middle wakes up after another has taken over."""
    async with begun.lineage() as lineage:
        late = Monitor(begun.database, lineage, "late", begun.clock)
        await late.look_at_all()
        async with running(begun, "two"):
            await run(begun, RunState.FAILED, 0)
            assert await eventually(lambda: held(begun)) == {"run_failed"}
        await run(begun, RunState.SUCCESS, 1)
        with pytest.raises(module.LeaseLostError):
            await late.look_at_all()
    assert await held(begun) == {"run_failed"}
