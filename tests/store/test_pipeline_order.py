"""Pipelines in other orders than by name: page by page, with equal and missing values, while others come and go."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from gateway.domain.filters import PipelineFilter, PipelineOrder, PipelinePosition, PipelineSort
from gateway.domain.observation import ObservedPipeline
from gateway.domain.states import RunState
from gateway.store.repository import pipelines
from tests.api.world import World

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
LISTED = {
    "north": [
        ObservedPipeline("d", "d", owners=("Sales", "ada"), schedule="@daily", next_run_at=NOW + timedelta(hours=2)),
        ObservedPipeline("a", "a", owners=("finance",), schedule="@daily", next_run_at=NOW + timedelta(hours=1)),
        ObservedPipeline("e", "e", next_run_at=NOW, is_paused=True),
    ],
    "east": [
        ObservedPipeline("b", "b", owners=("sales",), schedule="@hourly", next_run_at=NOW + timedelta(hours=1)),
        ObservedPipeline("c", "c"),
    ],
}
RUNS = {"a": (RunState.SUCCESS, 3), "b": (RunState.RUNNING, 1), "d": (RunState.SUCCESS, 2)}
ORDERS = {
    PipelineOrder.NAME: ("abcde", "edcba"),
    PipelineOrder.ORCHESTRATOR: ("bcade", "adebc"),
    PipelineOrder.OWNER: ("abdce", "bdace"),
    PipelineOrder.SCHEDULE: ("adbce", "badce"),
    PipelineOrder.NEXT_RUN: ("abdce", "dabce"),
    PipelineOrder.LATEST_STATE: ("badce", "adbce"),
    PipelineOrder.LATEST_RUN: ("bdace", "adbce"),
}


@pytest.fixture
async def world(database) -> World:
    made = World(database, NOW)
    for name, listed in LISTED.items():
        system = await made.orchestrator(name)
        async with database.write() as session:
            await pipelines.save_listed(session, system.id, listed, NOW)
            found = await pipelines.by_keys(session, system.id, [one.key for one in listed])
        for key, pipeline in found.items():
            if key in RUNS:
                state, hour = RUNS[key]
                await made.run(pipeline, f"{key}-1", state, queued_at=NOW - timedelta(hours=9 - hour))
    return made


async def page(
    world: World, sort: PipelineSort, after: PipelinePosition | None, limit: int
) -> Sequence[tuple[str, PipelinePosition]]:
    async with world.database.read() as session:
        found = await pipelines.page(session, PipelineFilter(), after, limit, sort)
    return [(pipeline.key, place) for pipeline, place in found]


@pytest.mark.parametrize("order", PipelineOrder)
async def test_each_order_both_ways_on_one_page_and_on_many(world, order):
    for is_descending, expected in zip((False, True), ORDERS[order], strict=True):
        sort = PipelineSort(order, is_descending=is_descending)
        assert "".join(key for key, _ in await page(world, sort, None, 10)) == expected
        keys, after = "", None
        while found := await page(world, sort, after, 1):
            keys, after = keys + found[0][0], found[0][1]
        assert keys == expected


async def test_what_stays_is_seen_once_while_others_come_go_and_move(world):
    sort = PipelineSort(PipelineOrder.SCHEDULE)
    for moved in permutations(["@daily", "@hourly", None], 2):
        first = await page(world, sort, None, 2)
        assert [key for key, _ in first] == ["a", "d"]
        async with world.database.write() as session:
            (system, *_) = {one.orchestrator_id for one in (await pipelines.by_ids(session, [1])).values()}
            changed = [ObservedPipeline("a", "a", schedule=moved[0]), ObservedPipeline("aa", "aa", schedule=moved[1])]
            await pipelines.save_listed(session, system, changed, NOW)
        rest = [key for key, _ in await page(world, sort, first[-1][1], 10)]
        assert [key for key in rest if key not in {"a", "aa"}] == ["b", "c", "e"]
        async with world.database.write() as session:
            await pipelines.save_listed(session, system, [LISTED["north"][1], ObservedPipeline("aa", "aa")], NOW)
