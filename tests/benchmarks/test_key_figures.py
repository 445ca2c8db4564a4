"""Key figures over a million runs, against a statement that merely goes over the same runs and adds their lengths."""

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, text

from gateway.domain.kpis import KpiGrouping
from gateway.domain.observation import ObservedPipeline
from gateway.domain.states import RunState
from gateway.kpis import measure
from gateway.store.database import Database
from gateway.store.dialect import seconds_between
from gateway.store.repository import pipelines
from gateway.store.tables import runs
from tests.api.world import World
from tests.benchmarks.test_firing_latency import database

__all__ = ["database"]

RUNS, SYSTEMS, EACH, DAYS = 1_000_000, 10, 500, 90
NOW = datetime(2026, 5, 1, tzinfo=UTC)
#: Times a plain sum over the same runs.
MOST = 12


async def fill(database: Database) -> None:
    world, dice = World(database, NOW), random.Random(1)
    for number in range(SYSTEMS):
        system = await world.orchestrator(f"system-{number}")
        listed = [ObservedPipeline(f"p{place}", f"p{place}", owners=(f"team-{place % 7}",)) for place in range(EACH)]
        async with database.write() as session:
            await pipelines.save_listed(session, system.id, listed, NOW)
    every = timedelta(days=DAYS) / RUNS
    for begin in range(0, RUNS, 50_000):
        rows = [row(number, NOW - every * (RUNS - number), dice) for number in range(begin, begin + 50_000)]
        async with database.write() as session:
            await session.execute(insert(runs), rows)
    if not database.is_sqlite:
        async with database.write() as session:
            await session.execute(text("ANALYZE"))


def row(number: int, at: datetime, dice: random.Random) -> dict[str, object]:
    pipeline = number % (SYSTEMS * EACH)
    return {
        "orchestrator_id": pipeline // EACH + 1,
        "pipeline_id": pipeline + 1,
        "external_id": str(number),
        "state": RunState.SUCCESS if dice.random() < 0.95 else RunState.FAILED,
        "native_state": "x",
        "trigger": "SCHEDULE",
        "queued_at": at,
        "started_at": at + timedelta(seconds=5),
        "ended_at": at + timedelta(seconds=600),
        "parameters": {},
        "attempt": 1,
        "sort_at": at,
        "observed_at": at,
        "read_at": at,
        "revision": 1,
    }


async def fastest(work: Callable[[], Awaitable[object]]) -> float:
    took: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return min(took)


@pytest.mark.timeout(1800)
async def test_over_a_million_runs(database):
    await fill(database)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    for days in (1, 30, DAYS):
        since = NOW - timedelta(days=days)

        async def figures(since: datetime = since) -> None:
            async with database.read() as session:
                (await measure.read(session, since, NOW)).by(KpiGrouping.OWNER)

        async def plain(since: datetime = since) -> None:
            length = seconds_between(database.url.get_backend_name(), runs.c.ended_at, runs.c.started_at)
            statement = select(runs.c.pipeline_id, func.sum(length)).where(runs.c.ended_at >= since)
            async with database.read() as session:
                await session.all(statement.group_by(runs.c.pipeline_id))

        took, least = await fastest(figures), await fastest(plain)
        print(f"\n{kind}: {days} days in {took:.2f} s, {took / least:.1f} times a plain sum")
        assert took < MOST * least
