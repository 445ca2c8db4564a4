"""Dependencies across systems: what fires, for which key, once; and what does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from adapters.sdk.errors import Rejected, Unavailable
from gateway.domain.dependencies import (
    Condition,
    DatasetRef,
    FiringState,
    Group,
    Mode,
    Rerun,
)
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.periods import KeyGranularity
from gateway.domain.states import RunState, RunTrigger, TaskRunState
from gateway.store import coordination_tables as tables
from gateway.store.repository import firings, runs, task_runs
from tests.coordination.parts import BOTH, CRM, DAILY, DAY, INGEST, MARTS, WAREHOUSE
from tests.store.conftest import database
from tests.sync.vendor import T0

__all__ = ["database"]  # on both

STEPS = "podium_firing_steps_total"


def measured(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_key_fires_once_all_have_done_it(parts):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    assert await parts.told() == [("2026-05-02", "WAITING")]
    await parts.ran(CRM, "c0", DAY - timedelta(days=1))
    assert parts.triggered() == []
    await parts.ran(CRM, "c1", DAY + timedelta(hours=10))
    assert parts.triggered() == [{"day": "2026-05-02"}]
    assert await parts.told() == [("2026-05-02", "TRIGGERED"), ("2026-05-01", "WAITING")]


async def test_whatever_is_repeated_it_fires_once(parts):
    await parts.define(DAILY)
    for number in range(3):
        await parts.ran(INGEST, f"i{number}", DAY)
        await parts.ran(CRM, f"c{number}", DAY)
    await parts.ran(CRM, "c0", DAY, RunState.FAILED)
    await parts.ran(CRM, "c0", DAY)
    assert parts.triggered() == [{"day": "2026-05-02"}]


async def test_a_rerun_fires_again_where_that_is_wanted(parts):
    await parts.define(replace(DAILY, on_rerun=Rerun.FIRE))
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    await parts.ran(CRM, "c2", DAY)
    assert parts.triggered() == [{"day": "2026-05-02"}] * 2
    assert [firing.generation for firing in await parts.firings()] == [1, 2]


async def test_the_day_is_that_of_the_time_zone(parts):
    """23:30 UTC is the next day in Zurich."""
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", datetime(2026, 5, 1, 23, 30, tzinfo=UTC))
    assert await parts.told() == [("2026-05-02", "WAITING")]


async def test_what_ended_before_it_was_defined_counts_but_makes_nothing_fire(parts):
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    await parts.ran(INGEST, "i2", DAY + timedelta(days=1))
    await parts.define(DAILY)
    await parts.settle()
    assert await parts.told() == []
    await parts.ran(CRM, "c2", DAY + timedelta(days=1))
    assert await parts.told() == [("2026-05-03", "TRIGGERED")]


async def test_history_that_is_read_at_first_contact_fires_nothing(parts):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY, ended_at=T0 - timedelta(days=1))
    assert await parts.told() == []


async def test_any_of_them_is_enough(parts):
    await parts.define(replace(DAILY, upstream=Group(Mode.ANY, BOTH.items)))
    await parts.ran(CRM, "c1", DAY)
    await parts.ran(INGEST, "i1", DAY)
    assert await parts.told() == [("2026-05-02", "TRIGGERED")]


async def test_groups_in_groups(parts):
    """ingest, and one of crm failed or crm succeeded the day before."""
    failed = Condition(CRM, states=(RunState.FAILED,))
    either = Group(Mode.ANY, (failed, Condition(CRM, offset=1)))
    await parts.define(replace(DAILY, upstream=Group(Mode.ALL, (Condition(INGEST), either))))
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(INGEST, "i2", DAY + timedelta(days=1))
    await parts.ran(CRM, "c1", DAY, RunState.FAILED)
    assert await parts.told() == [("2026-05-02", "TRIGGERED"), ("2026-05-03", "WAITING")]
    await parts.ran(CRM, "c2", DAY)
    assert ("2026-05-03", "TRIGGERED") in await parts.told()


async def test_a_month_fires_when_all_its_days_are_there(parts):
    monthly = Group(Mode.ALL, (Condition(INGEST, every=KeyGranularity.DAY),))
    await parts.define(replace(DAILY, upstream=monthly, keyed_by=KeyGranularity.MONTH))
    for day in (*range(2, 32), 1):
        assert parts.triggered() == []
        await parts.ran(INGEST, f"i{day}", datetime(2026, 5, day, 12, tzinfo=UTC))
    assert parts.triggered() == [{"day": "2026-05"}]


async def test_each_run_fires_by_itself(parts):
    each = Group(Mode.ALL, (Condition(INGEST),))
    await parts.define(
        replace(DAILY, upstream=each, keyed_by=KeyGranularity.RUN, parameters={"after": "{{ upstream[0].run.id }}"})
    )
    for run in ("one", "two words"):
        await parts.ran(INGEST, run, DAY)
    assert parts.triggered() == [{"after": "one"}, {"after": "two words"}]


async def test_each_partition_fires_by_itself(parts):
    await parts.define(replace(DAILY, keyed_by=KeyGranularity.PARTITION))
    await parts.ran(INGEST, "i1", DAY, partition="eu")
    await parts.ran(CRM, "c1", DAY, partition="us")
    await parts.ran(CRM, "c2", DAY, partition="eu")
    assert parts.triggered() == [{"day": "eu"}]


async def test_a_dataset_that_is_written_within_the_key(parts):
    """Under any of its names, and by a run that is complete."""
    orders = Condition(dataset=DatasetRef(WAREHOUSE, "shop.orders"))
    await parts.define(replace(DAILY, upstream=Group(Mode.ALL, (Condition(INGEST), orders))))
    await parts.ran(INGEST, "i1", DAY)
    await parts.wrote("shop.orders", DAY + timedelta(hours=1), kind="RUNNING")
    await parts.wrote("shop.other", DAY + timedelta(hours=2))
    assert await parts.told() == [("2026-05-02", "WAITING")]
    await parts.wrote("shop.orders", DAY + timedelta(hours=3), namespace="postgresql://WAREHOUSE")
    assert await parts.told() == [("2026-05-02", "TRIGGERED")]


async def test_a_dataset_alone_begins_a_firing(parts):
    orders = Condition(dataset=DatasetRef(WAREHOUSE, "shop.orders"))
    await parts.define(replace(DAILY, upstream=Group(Mode.ALL, (orders,))))
    for hour in (1, 2):
        await parts.wrote("shop.orders", DAY + timedelta(hours=hour))
    assert await parts.told() == [("2026-05-02", "TRIGGERED")]


async def test_a_dataset_must_be_fresh_when_the_others_are_done(parts, clock):
    fresh = Condition(dataset=DatasetRef(WAREHOUSE, "shop.orders"), fresh_within=timedelta(hours=2))
    await parts.define(replace(DAILY, upstream=Group(Mode.ALL, (Condition(INGEST), fresh))))
    await parts.wrote("shop.orders", DAY)
    clock.now = DAY + timedelta(hours=3)
    await parts.ran(INGEST, "i1", DAY)
    (firing,) = await parts.firings()
    assert (firing.state, list(firing.satisfied)) == (FiringState.WAITING, [0])
    await parts.wrote("shop.orders", DAY + timedelta(hours=4))
    assert await parts.told() == [("2026-05-02", "TRIGGERED")]


async def test_a_target_that_is_down_makes_it_wait(parts, vendor, clock):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    retries, made = measured("podium_firing_retries_total", kind="unavailable"), measured(STEPS, state="TRIGGERED")
    vendor.trouble = Unavailable("no answer")
    await parts.ran(CRM, "c1", DAY)
    (firing,) = await parts.firings()
    assert (firing.state, firing.last_error, firing.attempts) == (FiringState.READY, "no answer", 1)
    assert measured("podium_firing_retries_total", kind="unavailable") == retries + 1
    vendor.trouble = None
    await parts.settle()
    assert parts.triggered() == []  # not yet
    clock.forward(timedelta(minutes=1))
    await parts.settle()
    assert parts.triggered() == [{"day": "2026-05-02"}]
    assert measured(STEPS, state="TRIGGERED") == made + 1


async def test_a_target_that_refuses_makes_it_fail_with_the_reason(parts, vendor):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    vendor.trouble = Rejected("there is no parameter day")
    await parts.ran(CRM, "c1", DAY)
    (firing,) = await parts.firings()
    assert (firing.state, firing.last_error) == (FiringState.FAILED, "there is no parameter day")


@pytest.mark.parametrize(
    ("ended", "wanted"), [(RunState.SUCCESS, FiringState.SUCCEEDED), (RunState.FAILED, FiringState.FAILED)]
)
async def test_it_ends_as_its_run_does(parts, ended, wanted):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    (firing,) = await parts.firings()
    (run,) = [run.external_id for run in parts.vendor.runs.values() if run.pipeline_key == MARTS.key]
    await parts.ran(MARTS, run, DAY, ended)
    (firing,) = await parts.firings()
    assert firing.state is wanted
    async with parts.database.read() as session:
        steps = (await firings.steps(session, [firing.id]))[firing.id]
    assert [state.value for _, state, _ in steps] == ["WAITING", "READY", "TRIGGERING", "TRIGGERED", wanted.value]


async def test_a_run_that_ends_just_while_it_is_linked_ends_its_firing(parts):
    """Its end was looked at before anybody knew whose run it is."""
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    (firing,) = await parts.firings()

    async def link(run_id: int | None) -> None:
        async with parts.database.write() as session:
            await session.execute(tables.firings.update().values(run_id=run_id))

    await link(None)
    (run,) = [run.external_id for run in parts.vendor.runs.values() if run.pipeline_key == MARTS.key]
    await parts.ran(MARTS, run, DAY)
    await link(firing.run_id)
    await parts.settle()
    assert await parts.told() == [("2026-05-02", "SUCCEEDED")]


async def test_a_key_that_is_not_complete_in_time_expires(parts, clock):
    await parts.define(replace(DAILY, timeout=timedelta(hours=3)))
    await parts.ran(INGEST, "i1", DAY)
    clock.forward(timedelta(hours=3))
    await parts.settle()
    await parts.ran(CRM, "c1", DAY)
    assert await parts.told() == [("2026-05-02", "EXPIRED")]
    assert parts.triggered() == []


async def test_what_is_switched_off_waits_and_begins_nothing(parts, clock):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    await parts.define(replace(DAILY, is_enabled=False))
    await parts.ran(CRM, "c1", DAY)
    await parts.ran(INGEST, "i2", DAY + timedelta(days=1))
    assert await parts.told() == [("2026-05-02", "WAITING")]
    await parts.define(DAILY)
    await parts.settle()
    assert await parts.told() == [("2026-05-02", "TRIGGERED")]


async def test_what_waits_is_looked_at_anew_when_its_conditions_change(parts):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    await parts.define(replace(DAILY, upstream=Group(Mode.ALL, (Condition(CRM),))))
    await parts.settle()
    assert await parts.told() == [("2026-05-02", "WAITING")]
    await parts.define(replace(DAILY, upstream=Group(Mode.ALL, (Condition(INGEST),))))
    await parts.settle()
    assert await parts.told() == [("2026-05-02", "TRIGGERED")]


async def test_only_so_many_runs_are_under_way(parts, clock):
    await parts.define(replace(DAILY, upstream=Group(Mode.ALL, (Condition(INGEST),)), max_active=2))
    for day in range(4):
        await parts.ran(INGEST, f"i{day}", DAY + timedelta(days=day))
    assert [state for _, state in await parts.told()] == ["TRIGGERED", "TRIGGERED", "READY", "READY"]
    run = next(run.external_id for run in parts.vendor.runs.values() if run.pipeline_key == MARTS.key)
    await parts.ran(MARTS, run, DAY)
    clock.forward(timedelta(seconds=2))
    await parts.settle()
    assert sorted(state for _, state in await parts.told()) == ["READY", "SUCCEEDED", "TRIGGERED", "TRIGGERED"]


async def test_a_run_shows_that_a_dependency_has_started_it_whatever_its_orchestrator_says(parts):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    (made,) = [run for run in parts.vendor.runs.values() if run.pipeline_key == MARTS.key]

    async def trigger() -> RunTrigger:
        async with parts.database.read() as session:
            (firing,) = await firings.page(session, None, None, None, 1)
            assert firing.run_id is not None
            return (await runs.by_ids(session, [firing.run_id]))[firing.run_id].trigger

    assert await trigger() is RunTrigger.DEPENDENCY
    await parts.ran(MARTS, made.external_id, DAY, trigger=RunTrigger.API)
    assert await trigger() is RunTrigger.DEPENDENCY
    assert await parts.told() == [("2026-05-02", "SUCCEEDED")]


async def test_what_fires_again_is_given_the_new_run_and_does_so_once_whatever_the_vendors_clock_says(parts):
    """A vendor's clock may be ahead; and a run is looked at once more when its tasks are known."""
    sent = {"day": "{{ key }}", "by": "{{ upstream[0].run.id }}"}
    alone = Group(Mode.ALL, (Condition(INGEST),))
    await parts.define(replace(DAILY, upstream=alone, on_rerun=Rerun.FIRE, parameters=sent))
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(INGEST, "i2", DAY, ended_at=parts.clock.now + timedelta(minutes=5))
    async with parts.database.write() as session:
        found = await runs.by_external_ids(session, [(parts.pipelines[INGEST].orchestrator_id, "i2")])
        (again,) = found.values()
        await task_runs.save(session, again.id, [ObservedTaskRun("load", TaskRunState.SUCCESS, "success")], T0)
    await parts.settle()
    assert [run["by"] for run in parts.triggered()] == ["i1", "i2"]
