"""How much a target is given at once and a minute; back-fills; and what may have run twice says so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.sdk.errors import Unavailable
from gateway.coordination.steering import Steering
from gateway.domain.dependencies import Condition, Group, Mode
from gateway.domain.errors import InvalidInputError
from gateway.domain.periods import KeyGranularity
from gateway.domain.states import RunState, TriggerGuarantee
from gateway.store.repository import dependencies
from tests.coordination.parts import CRM, DAILY, DAY, INGEST, MARTS, Parts
from tests.store.conftest import database
from tests.sync.vendor import VendorAdapter

__all__ = ["database"]  # on both

ALONE = replace(DAILY, upstream=Group(Mode.ALL, (Condition(INGEST),)))


async def finished(parts: Parts) -> None:
    """The oldest run of the target that is under way ends well."""
    run = next(run for run in parts.vendor.runs.values() if run.pipeline_key == MARTS.key and not run.state.is_terminal)
    parts.vendor.put(run.external_id, RunState.SUCCESS)
    await parts.ran(MARTS, run.external_id, DAY)


async def test_a_target_is_shared_by_all_that_start_it(parts):
    await parts.define(replace(ALONE, max_active=1))
    await parts.define(replace(ALONE, name="other", max_active=1))
    await parts.ran(INGEST, "i1", DAY)
    assert len(parts.triggered()) == 1
    await finished(parts)
    parts.clock.forward(timedelta(seconds=2))
    await parts.settle()
    assert len(parts.triggered()) == 2


async def test_a_target_is_started_only_so_often_a_minute(parts):
    await parts.define(replace(ALONE, max_per_minute=2))
    for day in range(5):
        await parts.ran(INGEST, f"i{day}", DAY + timedelta(days=day))
    assert len(parts.triggered()) == 2
    waiting = (await parts.firings())[2]
    assert waiting.last_error == "2 runs of dagster/marts were started within the last minute"
    for started in (4, 5):
        parts.clock.forward(timedelta(seconds=61))
        await parts.settle()
        assert len(parts.triggered()) == started


async def backfilled(parts: Parts, first: str, last: str, at_once: int = 2) -> list[str]:
    async with parts.database.read() as session:
        (dependency,) = await dependencies.active(session)
    steering = Steering(parts.database, parts.clock)
    made = [firing.key for firing in await steering.backfill(dependency.id, first, last, at_once, "ann")]
    await parts.settle()
    return made


async def test_a_backfill_fires_what_has_not_fired_so_many_at_once(parts):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)  # waits for crm
    assert await backfilled(parts, "2026-05-01", "2026-05-04") == [f"2026-05-0{day}" for day in range(1, 5)]
    assert {run["day"] for run in parts.triggered()} == {"2026-05-01", "2026-05-02"}
    for runs in (3, 4, 4):
        await finished(parts)
        parts.clock.forward(timedelta(seconds=2))
        await parts.settle()
        assert len(parts.triggered()) == runs
    assert await backfilled(parts, "2026-05-01", "2026-05-05") == ["2026-05-05"]


async def test_what_is_paused_fires_nothing_until_it_goes_on(parts):
    await parts.define(DAILY)
    await parts.ran(INGEST, "i1", DAY)
    async with parts.database.read() as session:
        (dependency,) = await dependencies.active(session)
    steering = Steering(parts.database, parts.clock)
    assert (await steering.set_paused(dependency.id, paused=True)).is_on is False
    await parts.ran(CRM, "c1", DAY)
    await parts.ran(INGEST, "i2", DAY + timedelta(days=1))
    assert (await parts.told(), parts.triggered()) == ([("2026-05-02", "WAITING")], [])
    await steering.set_paused(dependency.id, paused=False)
    await parts.settle()
    assert parts.triggered() == [{"day": "2026-05-02"}]
    await parts.ran(CRM, "c2", DAY + timedelta(days=1))
    assert len(parts.triggered()) == 2


@pytest.mark.parametrize(
    ("spec", "first", "last", "said"),
    [
        (DAILY, "2026-05-04", "2026-05-01", "to: 2026-05-01 lies before 2026-05-04."),
        (DAILY, "2026-05", "2026-05-01", "from: '2026-05' names no day in Europe/Zurich; write it like 2026-05-01."),
        (DAILY, "2020-01-01", "2026-05-01", "to: that is more than 1000 keys."),
        (
            replace(ALONE, keyed_by=KeyGranularity.RUN),
            "a",
            "b",
            "marts-after-ingest is keyed by run: such keys have no order.",
        ),
    ],
)
async def test_a_backfill_that_cannot_be_says_why_and_begins_nothing(parts, spec, first, last, said):
    await parts.define(spec)
    with pytest.raises(InvalidInputError) as refused:
        await backfilled(parts, first, last)
    assert str(refused.value).startswith(said)
    assert await parts.told() == []


@pytest.mark.parametrize(
    ("guarantee", "is_marked"), [(TriggerGuarantee.AT_LEAST_ONCE, True), (TriggerGuarantee.EXACTLY_ONCE, False)]
)
async def test_what_is_sent_again_where_no_keys_are_known_is_marked(parts, monkeypatch, guarantee, is_marked):
    monkeypatch.setattr(VendorAdapter, "manifest", replace(VendorAdapter.manifest, trigger=guarantee))
    await parts.define(ALONE)
    parts.vendor.trouble = Unavailable("no answer")
    await parts.ran(INGEST, "i1", DAY)
    parts.vendor.trouble = None
    assert [firing.is_possible_double for firing in await parts.firings()] == [False]
    parts.clock.forward(timedelta(minutes=2))
    await parts.settle()
    assert [firing.is_possible_double for firing in await parts.firings()] == [is_marked]
    assert len(parts.triggered()) == 1
