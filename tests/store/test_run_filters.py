"""Runs by a text: whichever way they are reached, they are the same, in the same order, on pages of any size."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from gateway.domain.filters import RunFilter, RunPosition
from gateway.domain.observation import ObservedPipeline, ObservedRun
from gateway.domain.records import Run
from gateway.domain.states import RunState
from gateway.store import tables
from gateway.store.repository import pipelines, run_order, runs
from tests.api.world import World

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
#: One of so many is few; so many runs of one name are many.
PIPELINES, MANY = 60, 520
TEXTS = {
    "no such thing": 0,
    "job-07": 3,
    "JOB-07": 3,
    "manual__33": 1,
    "manual__": PIPELINES,
    "backfill": MANY,
    # In the name of one pipeline, and in the ids of runs of others.
    "special": 4,
    "100%_sure": 1,
    '"big"': 1,
    # In no id, but its first letters are in many.
    "cron__x": 0,
    "33": 16,
}


@pytest.fixture
async def world(database) -> World:
    made = World(database, NOW)
    system = await made.orchestrator()
    keys = [f"job-{number:02}" for number in range(PIPELINES - 1)] + ["special"]
    async with database.write() as session:
        await pipelines.save_listed(session, system.id, [ObservedPipeline(key, key) for key in keys], NOW)
        found = await pipelines.by_keys(session, system.id, keys)
    observed = [run(key, f"{kind}__{number}", number) for number, key in enumerate(keys) for kind in ("manual", "cron")]
    observed += [run("job-00", f"backfill__{number}", number) for number in range(MANY)]
    observed += [run("job-07", "very-special", 1), run("job-08", "special-too", 2), run("job-09", "100%_sure", 3)]
    observed += [run("job-10", 'the "big" one', 4)]
    for key in keys:
        await made.runs(found[key], [one for one in observed if one.pipeline_key == key])
    return made


def run(pipeline: str, key: str, number: int) -> ObservedRun:
    queued = NOW + timedelta(minutes=number * 37 % 101)
    ends = queued + timedelta(seconds=number * 53 % 97)
    return ObservedRun(pipeline, key, RunState.SUCCESS, "success", queued_at=queued, started_at=queued, ended_at=ends)


def length(one: Run) -> timedelta:
    assert one.duration is not None
    return one.duration


async def walked(world: World, text: str, size: int, *, by_duration: bool) -> list[tuple[datetime, timedelta, int]]:
    """When each was queued, how long it took, and its id."""
    seen, after = [], None
    while True:
        async with world.database.read() as session:
            if by_duration:
                found = await run_order.by_duration(session, RunFilter(search=text), after, size, longest_first=True)
            else:
                found = await runs.page(session, RunFilter(search=text), after, size)
        if not found:
            return seen
        seen += [(one.sort_at, length(one), one.id) for one in found]
        after = RunPosition(seen[-1][0], seen[-1][2], seen[-1][1])


@pytest.mark.parametrize("text", TEXTS)
async def test_a_text_finds_the_same_in_every_order(world, text):
    by_time = await walked(world, text, 50, by_duration=False)
    by_duration = await walked(world, text, 150, by_duration=True)
    async with world.database.read() as session:
        assert await runs.count(session, RunFilter(search=text)) == TEXTS[text]
    assert len(by_time) == TEXTS[text]
    assert sorted(by_time) == sorted(by_duration)
    assert by_time == sorted(by_time, key=lambda one: (one[0], one[2]), reverse=True)
    assert by_duration == sorted(by_duration, key=lambda one: (one[1], one[2]), reverse=True)


async def test_a_run_that_is_deleted_is_found_no_more(world):
    assert len(await walked(world, "manual__3", 50, by_duration=False)) == 11
    async with world.database.write() as session:
        await session.execute(delete(tables.runs).where(tables.runs.c.external_id == "manual__33"))
    assert len(await walked(world, "manual__3", 50, by_duration=False)) == 10
    assert await walked(world, "manual__33", 50, by_duration=False) == []
