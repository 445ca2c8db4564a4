"""What a dependency may wait for beside whole runs and writes: tasks, windows, sets of partitions, a person's word."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.coordination.evaluation import asks
from gateway.coordination.steering import Steering
from gateway.domain.dependencies import Condition, Group, Mode, Rerun
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.states import RunState, TaskRunState
from gateway.domain.windows import Window
from gateway.store.repository import dependencies
from tests.coordination.parts import CRM, DAILY, DAY, INGEST, Parts
from tests.store.conftest import database

__all__ = ["database"]  # on both

LOADED = Condition(INGEST, "load")
DONE, FAILED, RUNNING = TaskRunState.SUCCESS, TaskRunState.FAILED, TaskRunState.RUNNING


def waiting_for(*conditions: Condition, **more):
    return replace(DAILY, upstream=Group(Mode.ALL, conditions), **more)


def task(name: str, state: TaskRunState, attempt: int = 1, map_index: int | None = None) -> ObservedTaskRun:
    return ObservedTaskRun(name, state, state.lower(), attempt, map_index)


async def moved(parts: Parts, *tasks: ObservedTaskRun, run: RunState = RunState.RUNNING) -> int:
    """A run of ingest with these tasks; returns how many runs of the target there are then."""
    parts.clock.forward(timedelta(seconds=1))
    parts.world.now = parts.clock.now
    made = await parts.world.run(parts.pipelines[INGEST], "i1", run, logical_at=DAY)
    await parts.world.task_runs(made, *tasks)
    await parts.settle()
    return len(parts.triggered())


async def test_a_task_counts_as_soon_as_it_is_done_while_its_run_goes_on(parts):
    await parts.define(waiting_for(LOADED))
    assert await moved(parts, task("extract", DONE), task("load", RUNNING)) == 0
    assert await parts.told() == []
    assert await moved(parts, task("extract", DONE), task("load", DONE), task("report", RUNNING)) == 1
    assert await moved(parts, task("load", DONE), task("report", FAILED), run=RunState.FAILED) == 1


async def test_a_task_that_failed_at_first_counts_when_another_attempt_succeeds(parts):
    await parts.define(waiting_for(LOADED))
    assert await moved(parts, task("load", FAILED)) == 0
    assert await moved(parts, task("load", FAILED), task("load", RUNNING, 2)) == 0
    assert await moved(parts, task("load", FAILED), task("load", DONE, 2)) == 1


async def test_a_mapped_task_counts_when_all_its_instances_have_ended(parts):
    await parts.define(waiting_for(LOADED))
    assert await moved(parts, task("load", DONE, 1, 0), task("load", RUNNING, 1, 1)) == 0
    assert await moved(parts, task("load", DONE, 1, 0), task("load", DONE, 1, 1)) == 1


async def test_a_window_holds_back_what_is_complete_until_it_opens(parts):
    night = Condition(window=Window("0 22 * * *", timedelta(hours=3)))
    await parts.define(waiting_for(Condition(INGEST), night))
    await parts.ran(INGEST, "i1", DAY)
    assert parts.triggered() == []
    opens = parts.clock.now.replace(hour=20, minute=0, second=0)  # in Zurich, in summer
    for now, runs in ((opens - timedelta(seconds=1), 0), (opens, 1)):
        parts.clock.now = now
        await parts.settle()
        assert len(parts.triggered()) == runs


async def test_a_window_that_has_closed_holds_no_more(parts):
    night = Condition(window=Window("0 22 * * *", timedelta(hours=3)))
    await parts.define(waiting_for(Condition(INGEST), Condition(CRM), night))
    parts.clock.now = datetime(2026, 5, 2, 20, 30, tzinfo=UTC)
    await parts.ran(INGEST, "i1", DAY)
    parts.clock.now = datetime(2026, 5, 2, 23, 30, tzinfo=UTC)
    await parts.ran(CRM, "c1", DAY)
    assert parts.triggered() == []
    (firing,) = await parts.firings()
    assert sorted(firing.satisfied) == [0, 1]


async def test_a_day_fires_when_all_its_partitions_are_there(parts):
    await parts.define(waiting_for(Condition(INGEST, partitions=("eu", "us"))))
    await parts.ran(INGEST, "i1", DAY, partition="eu")
    await parts.ran(INGEST, "i2", DAY, partition="apac")
    await parts.ran(INGEST, "i3", DAY + timedelta(days=1), partition="us")
    assert parts.triggered() == []
    await parts.ran(INGEST, "i4", DAY, partition="us")
    assert parts.triggered() == [{"day": "2026-05-02"}]


async def test_a_rerun_asks_where_that_is_wanted(parts):
    await parts.define(waiting_for(Condition(INGEST), on_rerun=Rerun.ASK))
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(INGEST, "i2", DAY)
    await parts.ran(INGEST, "i3", DAY)
    assert await parts.told() == [("2026-05-02", "TRIGGERED"), ("2026-05-02", "WAITING")]
    async with parts.database.read() as session:
        (dependency,) = await dependencies.active(session)
    assert [asks(dependency, firing) for firing in await parts.firings()] == [False, True]
    await Steering(parts.database, parts.clock).fire(dependency.id, "2026-05-02", "ann")
    await parts.settle()
    assert len(parts.triggered()) == 2


async def test_a_rerun_that_is_turned_down_stays_so(parts):
    await parts.define(waiting_for(Condition(INGEST), on_rerun=Rerun.ASK))
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(INGEST, "i2", DAY)
    await Steering(parts.database, parts.clock).cancel((await parts.firings())[-1].id, "ann")
    await parts.settle()
    assert len(parts.triggered()) == 1


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_what_is_being_changed_is_evaluated_as_it_will_be(parts):
    """On SQLite writers take turns anyway."""
    await parts.define(waiting_for(Condition(INGEST), Condition(CRM)))
    await parts.matcher.step()
    async with parts.database.write() as session:
        await dependencies.define(session, waiting_for(Condition(INGEST)), "CONFIG", parts.clock.now)
        await parts.world.run(parts.pipelines[INGEST], "i1", logical_at=DAY, ended_at=parts.clock.now)
        step = asyncio.create_task(parts.matcher.step())
        assert await asyncio.wait({step}, timeout=0.3) == (set(), {step})
    await step
    await parts.settle()
    assert parts.triggered() == [{"day": "2026-05-02"}]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
async def test_a_partition_that_is_a_date_is_that_day_in_any_time_zone(parts, zone):
    """Dagster's partition starts at midnight, and nobody tells in which zone."""
    await parts.define(waiting_for(Condition(INGEST), Condition(CRM), timezone=zone))
    midnight = datetime(2026, 5, 2, tzinfo=UTC)
    await parts.ran(INGEST, "i1", midnight, partition="2026-05-02")
    await parts.ran(CRM, "c1", midnight, partition="2026-05-02")
    assert parts.triggered() == [{"day": "2026-05-02"}]


async def test_a_partition_that_only_looks_like_a_date_counts_by_its_time(parts):
    await parts.define(waiting_for(Condition(INGEST)))
    await parts.ran(INGEST, "i1", DAY, partition="2026-02-30")
    assert parts.triggered() == [{"day": "2026-05-02"}]
