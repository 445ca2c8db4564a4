"""Runs by how long they took: page by page, with equal, missing and impossible durations."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from gateway.domain.filters import RunFilter, RunPosition
from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState
from gateway.store.repository import run_order
from tests.api.world import World

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
#: Minutes; the last run is told to have ended before it began.
TOOK = {"short": 1, "long": 90, "also-long": 90, "middle": 20, "odd": -5}
LONGEST_FIRST = ["also-long", "long", "middle", "short", "odd"]
SHORTEST_FIRST = ["odd", "short", "middle", "long", "also-long"]
#: The newest first, whichever way round.
WITHOUT = ["queued", "running", "never-began"]


def observed(key: str, hour: int, **more) -> ObservedRun:
    return ObservedRun("ingest", key, **more, queued_at=NOW + timedelta(hours=hour))


@pytest.fixture
async def world(database) -> World:
    made = World(database, NOW)
    ingest = await made.pipeline(await made.orchestrator(), "ingest")
    ended = [
        observed(
            key,
            hour,
            state=RunState.SUCCESS,
            native_state="success",
            started_at=NOW,
            ended_at=NOW + timedelta(minutes=minutes),
        )
        for hour, (key, minutes) in enumerate(TOOK.items())
    ]
    others = [
        observed("never-began", 1, state=RunState.SKIPPED, native_state="skipped", ended_at=NOW),
        observed("running", 2, state=RunState.RUNNING, native_state="running", started_at=NOW),
        observed("queued", 3, state=RunState.QUEUED, native_state="queued"),
    ]
    await made.runs(ingest, [*ended, *others])
    return made


async def walked(world: World, size: int, *, longest_first: bool, wanted: RunFilter | None = None) -> list[str]:
    keys, after = [], None
    while True:
        async with world.database.read() as session:
            found = await run_order.by_duration(
                session, wanted or RunFilter(), after, size, longest_first=longest_first
            )
        if not found:
            return keys
        keys += [run.external_id for run in found]
        last = found[-1]
        after = RunPosition(last.sort_at, last.id, last.duration)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 20])
async def test_both_ways_in_pages_of_any_size(world, size):
    assert await walked(world, size, longest_first=True) == LONGEST_FIRST + WITHOUT
    assert await walked(world, size, longest_first=False) == SHORTEST_FIRST + WITHOUT


async def test_of_those_a_filter_lets_through(world):
    good = RunFilter(states=(RunState.SUCCESS,), search="long")
    assert await walked(world, 1, longest_first=True, wanted=good) == ["also-long", "long"]
    active = RunFilter(states=(RunState.QUEUED, RunState.RUNNING))
    assert await walked(world, 1, longest_first=False, wanted=active) == ["queued", "running"]


# PostgreSQL chooses by what it knows of the rows; these are too few for an index.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_sqlite_reads_a_page_from_the_index(world):
    plans: list[str] = []

    def explain(connection, _cursor, statement, parameters, *_rest) -> None:
        if statement.startswith("SELECT runs") and "IS NOT NULL" in statement:
            plan = connection.connection.cursor()
            plan.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in plan.fetchall())

    event.listen(world.database._read_engine.sync_engine, "before_cursor_execute", explain)
    await walked(world, 2, longest_first=True)
    event.remove(world.database._read_engine.sync_engine, "before_cursor_execute", explain)
    assert plans
    assert {plan for plan in plans if "ix_runs_duration" not in plan} == set()
