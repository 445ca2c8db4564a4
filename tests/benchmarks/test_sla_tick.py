"""10,000 SLAs judged in one tick with forecasts, and what it costs when one run of one pipeline ends."""

import asyncio
import resource
import time
from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.dependencies import PipelineRef
from gateway.domain.observation import ObservedPipeline, ObservedRun
from gateway.domain.slas import SlaKind, SlaSpec, SlaState
from gateway.domain.states import RunState
from gateway.sla.monitor import Monitor
from gateway.store.changes import Change, Subject
from gateway.store.database import Database
from gateway.store.repository import orchestrators, pipelines, slas
from gateway.sync.apply import apply_runs
from lineage.service import Lineage
from tests.api.world import World
from tests.benchmarks.test_firing_latency import database

__all__ = ["database"]

SLAS, RUNS, SYSTEMS = 10_000, 20, 5
NOW = datetime(2026, 5, 20, 6, tzinfo=UTC)
#: Seconds for all of them.
GOAL = 2.0


async def fill(database: Database) -> None:
    """Each pipeline has run every morning for twenty days, and runs now."""
    world = World(database, NOW)
    per_system = SLAS // SYSTEMS
    for number in range(SYSTEMS):
        system = await world.orchestrator(f"system-{number}")
        keys = [f"job-{place}" for place in range(per_system)]
        async with database.write() as session:
            await pipelines.save_listed(session, system.id, [ObservedPipeline(key, key) for key in keys], NOW)
            await orchestrators.save_listed(session, system.id, NOW)
        for begin in range(0, per_system, 200):
            observed = [
                ObservedRun(
                    key,
                    f"{key}-{day}",
                    RunState.SUCCESS if day else RunState.RUNNING,
                    "x",
                    queued_at=NOW - timedelta(days=day, minutes=30),
                    started_at=NOW - timedelta(days=day, minutes=30),
                    ended_at=NOW - timedelta(days=day, minutes=-20 - day) if day else None,
                )
                for key in keys[begin : begin + 200]
                for day in range(RUNS)
            ]
            async with database.write() as session:
                await apply_runs(session, system, observed, NOW, NOW)
        async with database.write() as session:
            for key in keys:
                ref = PipelineRef(system.name, key)
                spec = SlaSpec(f"{system.name}-{key}", SlaKind.DEADLINE, ref, deadline=timedelta(hours=9))
                await slas.define(session, spec, "API", NOW - timedelta(days=1))


@pytest.mark.timeout(1800)
async def test_all_of_them_and_one_of_them(database):
    await fill(database)
    now = NOW
    lineage = Lineage(database, lambda: now)
    follower = asyncio.create_task(lineage._follower.run())
    await lineage.graph()
    monitor = Monitor(database, lineage, "bench", lambda: now)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    await monitor.look_at_all()
    first = time.perf_counter() - began
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    took: list[float] = []
    for _ in range(5):
        now += timedelta(minutes=7)
        began = time.perf_counter()
        await monitor.look(monitor._working_set.slas)
        took.append(time.perf_counter() - began)
    one: list[float] = []
    async with database.read() as session:
        (system, *_) = await orchestrators.active(session)
        ids = await pipelines.by_keys(session, system.id, [f"job-{number}" for number in range(50)])
    for number in range(50):
        key = f"job-{number}"
        ended = ObservedRun(key, f"{key}-0", RunState.SUCCESS, "x", started_at=NOW, ended_at=now)
        async with database.write() as session:
            await apply_runs(session, system, [ended], now, now)
        began = time.perf_counter()
        await monitor.take([Change(Subject.PIPELINE, ids[key].id)])
        one.append(time.perf_counter() - began)
    follower.cancel()
    await asyncio.gather(follower, return_exceptions=True)
    async with database.read() as session:
        standing = await slas.standings(session)
    took.sort()
    one.sort()
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    print(
        f"\n{kind}: {SLAS:,} SLAs judged with forecasts: at first {first:.1f} s, then in one tick {took[2]:.2f} s "
        f"(at most {took[-1]:.2f} s, goal {GOAL:.0f} s); after one run's end {one[25] * 1000:.0f} ms "
        f"(at most {one[-1] * 1000:.0f} ms); {memory:.0f} MB more for their histories"
    )
    assert standing[SlaState.MET] == 50
    assert sum(standing.values()) == SLAS
    assert took[2] < GOAL
    assert one[25] < took[2] / 20, "what one run concerns costs as much as all of them"
