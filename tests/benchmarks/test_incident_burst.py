"""10,000 signals from one cause: one incident, told once and soon, in little memory."""

import asyncio
import resource
import time
from datetime import UTC, datetime, timedelta

import pytest

from gateway.alerts.configuration import alert_definitions
from gateway.alerts.delivery import Delivery
from gateway.alerts.monitor import Monitor
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.observation import ObservedPipeline, ObservedRun
from gateway.domain.states import RunState
from gateway.store.changes import Change, Subject
from gateway.store.repository import definitions, dependencies, incidents, orchestrators, pipelines, signals
from gateway.sync.apply import apply_runs
from lineage.service import Lineage
from tests.alerts.receiving import receiving
from tests.api.world import World
from tests.store.conftest import database

__all__ = ["database"]

SIGNALS, PORTION = 10_000, 500
START = datetime(2026, 5, 5, 7, tzinfo=UTC)
#: Seconds after group_wait, and megabytes.
GOAL, MOST_MEMORY = 5.0, 300


async def fill(world: World) -> dict[str, int]:
    """One pipeline, and 10,000 in another system that wait for it."""
    source, target = await world.orchestrator("airflow"), await world.orchestrator("dagster")
    await world.pipeline(source, "ingest")
    keys = [f"job-{number}" for number in range(SIGNALS - 1)]
    async with world.database.write() as session:
        await pipelines.save_listed(session, target.id, [ObservedPipeline(key, key) for key in keys], START)
        for key in keys:
            group = Group(Mode.ALL, (Condition(pipeline=PipelineRef("airflow", "ingest")),))
            spec = DependencySpec(f"{key}-after-ingest", group, PipelineRef("dagster", key))
            await dependencies.define(session, spec, "API", START)
    async with world.database.read() as session:
        found = await pipelines.by_keys(session, target.id, keys)
    return {key: one.id for key, one in found.items()}


@pytest.mark.timeout(1800)
async def test_ten_thousand_signals_of_one_cause(database):
    now = START
    world = World(database, START)
    ids = await fill(world)
    lineage = Lineage(database, lambda: now)
    follower = asyncio.create_task(lineage._follower.run())
    await lineage.graph()
    with receiving() as inbox:
        section = {
            "receivers": [{"name": "hook", "webhook": {"url": inbox.url}}],
            "route": {"receiver": "hook", "group_wait": "10s"},
        }
        async with database.write() as session:
            for one in alert_definitions(section)[0]:
                await definitions.save(session, one)
            (airflow, dagster) = await orchestrators.active(session)
        monitor = Monitor(database, lineage, "bench", lambda: now)
        await monitor.look_at_all()
        delivery = Delivery(database, lambda: now)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took: list[float] = []

        async def failed(system, keys: list[str]) -> None:
            runs = [
                ObservedRun(key, f"{key}-1", RunState.FAILED, "x", queued_at=START, started_at=START, ended_at=now)
                for key in keys
            ]
            async with database.write() as session:
                await apply_runs(session, system, runs, now, now)
            changed = [Change(Subject.PIPELINE, ids[key]) for key in keys if key in ids]
            began = time.perf_counter()
            await monitor.take(changed or [Change(Subject.PIPELINE, 1)])
            took.append(time.perf_counter() - began)

        await failed(airflow, ["ingest"])
        keys = sorted(ids)
        for start in range(0, len(keys), PORTION):
            now = START + timedelta(seconds=10 * start / len(keys))
            await failed(dagster, keys[start : start + PORTION])
        now = START + timedelta(seconds=10)
        began = time.perf_counter()
        await monitor.take([])
        await delivery.look()
        await delivery.settled()
        first = time.perf_counter() - began
    follower.cancel()
    await asyncio.gather(follower, return_exceptions=True)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    async with database.read() as session:
        found = await incidents.page(session, incidents.IncidentFilter(), None, 100)
        told = await signals.of_incidents(session, [one.id for one in found])
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    print(
        f"\n{kind}: {SIGNALS:,} signals are {len(found)} incident, read in {sum(took):.1f} s "
        f"(at most {max(took):.2f} s for {PORTION} at once); told {first:.2f} s after group_wait "
        f"(goal {GOAL:g} s); {memory:.0f} MB more (goal {MOST_MEMORY})"
    )
    assert [len(some) for some in told.values()] == [SIGNALS]
    assert [event for event, _ in inbox.told()] == ["opened"]
    assert first < GOAL
    assert memory < MOST_MEMORY
