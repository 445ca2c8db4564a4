"""Freshness, durations and success rates; each verdict stands in the test."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.domain.slas import SlaKind, SlaState
from gateway.domain.states import RunState
from gateway.store.repository import sla_evaluations
from tests.sla.conftest import zurich

FRESH: dict[str, Any] = {"kind": SlaKind.FRESHNESS, "limit": timedelta(hours=6)}


async def test_a_day_on_which_it_was_always_fresh_enough(story):
    await story.pipeline()
    await story.sla(**FRESH)
    for hour in ("2026-05-04T20:00", "2026-05-05T01:00", "2026-05-05T06:30", "2026-05-05T12:00", "2026-05-05T18:00"):
        await story.ran(hour, hour)
    await story.ran("2026-05-05T23:30", "2026-05-05T23:40")
    await story.look("2026-05-05T23:45")
    assert await story.states() == {"2026-05-05": "ON_TRACK time_left"}
    await story.look("2026-05-06T00:05")
    assert (await story.states())["2026-05-05"] == "MET done_in_time"
    assert (await story.judged())["2026-05-06"].due_at == zurich("2026-05-06T05:40")


async def test_a_day_on_which_it_was_once_too_old(story):
    await story.pipeline()
    await story.sla(**FRESH)
    await story.ran("2026-05-04T20:00", "2026-05-04T20:00")
    await story.ran("2026-05-05T01:00", "2026-05-05T01:00")
    await story.look("2026-05-05T07:05")
    stale = (await story.judged())["2026-05-05"]
    assert (f"{stale.state} {stale.reason}", stale.due_at) == ("MISSED overdue", zurich("2026-05-05T07:00"))
    await story.ran("2026-05-05T08:00", "2026-05-05T08:30")
    await story.look("2026-05-05T08:31")
    stale = (await story.judged())["2026-05-05"]
    assert (f"{stale.state} {stale.reason}", stale.late_by) == ("MISSED done_late", timedelta(minutes=90))


async def test_what_is_never_written_is_missed_every_day(story):
    await story.pipeline()
    await story.sla(**FRESH)
    await story.look()
    await story.look("2026-05-04T18:05")
    assert await story.states() == {"2026-05-04": "MISSED overdue"}
    await story.look("2026-05-06T00:05")
    assert set((await story.states()).items()) == {(f"2026-05-0{day}", "MISSED overdue") for day in (4, 5, 6)}


async def test_what_is_too_old_already_when_it_is_promised_is_missed_at_once(story):
    await story.pipeline()
    await story.ran("2026-05-04T02:00", "2026-05-04T02:00")
    await story.sla(**FRESH)
    await story.look()
    stale = (await story.judged())["2026-05-04"]
    assert (f"{stale.state} {stale.reason}", stale.due_at) == ("MISSED overdue", zurich("2026-05-04T08:00"))
    await story.ran("2026-05-04T12:30", "2026-05-04T12:30")
    await story.look("2026-05-04T12:31")
    assert await story.states() == {"2026-05-04": "MISSED done_late"}


async def test_how_old_it_was_before_the_promise_does_not_count(story):
    await story.pipeline()
    for hour in ("2026-05-03T20:00", "2026-05-04T04:00", "2026-05-04T11:30"):
        await story.ran(hour, hour)
    await story.sla(**FRESH)
    await story.look("2026-05-04T12:05")
    judged = (await story.judged())["2026-05-04"]
    assert (judged.state, judged.due_at) == (SlaState.ON_TRACK, zurich("2026-05-04T17:30"))


async def test_at_weekends_nothing_grows_old(story):
    """Written on Friday at 22:00, it is stale two hours into Saturday, which does not count: on Monday at 04:00."""
    await story.pipeline()
    await story.sla(**FRESH, calendar="MON-FRI")
    await story.look()
    await story.ran("2026-05-08T22:00", "2026-05-08T22:00")
    await story.look("2026-05-11T03:00")
    days = await story.judged()
    assert "2026-05-09" not in days
    assert days["2026-05-11"].due_at == zurich("2026-05-11T04:00")
    await story.look("2026-05-11T04:05")
    assert (await story.states())["2026-05-11"] == "MISSED overdue"


async def test_runs_that_take_too_long(story):
    await story.pipeline()
    await story.sla(kind=SlaKind.DURATION, limit=timedelta(hours=1))
    await story.ran("2026-05-04T11:00", "2026-05-04T13:00", name="before it was promised")
    await story.ran("2026-05-05T08:00", "2026-05-05T08:59", name="quick")
    await story.ran("2026-05-05T10:00", "2026-05-05T11:01", name="slow")
    await story.ran("2026-05-05T12:00", "2026-05-05T12:10", RunState.FAILED, name="failed")
    await story.ran("2026-05-05T13:00", name="going on")
    await story.look("2026-05-05T13:30")
    assert (
        await story.states()
        == {
            "quick": "MET done_in_time",
            "slow": "MISSED done_late",
            "failed": "MET ended_unsuccessful",
            "going on": "ON_TRACK forecast_in_time",
        }
        or (await story.states())["going on"] == "AT_RISK forecast_late"
    )
    await story.look("2026-05-05T14:01")
    assert (await story.states())["going on"] == "MISSED overdue"
    ids = {one.id: key for key, one in (await story.judged()).items()}
    async with story.database.read() as session:
        steps = await sla_evaluations.steps_of(session, ids)
    assert {ids[one]: len(some) for one, some in steps.items()} == {"quick": 1, "slow": 1, "failed": 1, "going on": 2}


async def test_a_limit_by_the_spread_of_its_own_history(story):
    """Twenty runs of 58 to 62 minutes: three standard deviations above the mean are about 64."""
    await story.pipeline()
    await story.sla(kind=SlaKind.DURATION, deviations=3.0)
    for number in range(4):
        start = zurich("2026-05-01T08:00") + timedelta(hours=2 * number)
        await story.ran(start, start + timedelta(minutes=60))
    await story.ran("2026-05-04T12:30", name="too early to say")
    await story.look("2026-05-04T13:00")
    assert await story.states() == {"too early to say": "PENDING little_history"}
    for number in range(16):
        start = zurich("2026-05-02T08:00") + timedelta(hours=2 * number)
        await story.ran(start, start + timedelta(minutes=58 + number % 5))
    await story.ran("2026-05-05T08:00", "2026-05-05T09:02", name="usual")
    await story.ran("2026-05-05T10:00", "2026-05-05T11:30", name="unusual")
    await story.look("2026-05-05T12:00")
    states = await story.states()
    assert (states["usual"], states["unusual"]) == ("MET done_in_time", "MISSED done_late")


@pytest.mark.parametrize(
    ("failures", "verdict"),
    [(0, "ON_TRACK enough_succeed"), (1, "AT_RISK no_failure_left"), (2, "MISSED too_many_fail")],
)
async def test_a_share_of_runs_that_succeed(story, failures, verdict):
    """Nine of ten are promised: of twelve one may fail, a second one is too many."""
    await story.pipeline()
    await story.sla(kind=SlaKind.SUCCESS_RATE, target_rate=0.9, window=timedelta(days=7))
    for number in range(12):
        start = zurich("2026-05-04T13:00") + timedelta(minutes=10 * number)
        state = RunState.FAILED if number < failures else RunState.SUCCESS
        await story.ran(start, start + timedelta(minutes=5), state)
    await story.look("2026-05-04T21:00")
    assert await story.states() == {"2026-05-04": verdict}


async def test_a_rate_is_final_when_its_day_ends(story):
    await story.pipeline()
    await story.sla(kind=SlaKind.SUCCESS_RATE, target_rate=0.5, window=timedelta(days=1))
    await story.ran("2026-05-04T13:00", "2026-05-04T13:05")
    await story.look("2026-05-04T21:00")
    await story.ran("2026-05-05T06:00", "2026-05-05T06:05", RunState.FAILED)
    await story.look("2026-05-05T07:00")
    assert (await story.states())["2026-05-04"] == "MET enough_succeed", "what came after its end does not count"
    assert (await story.states())["2026-05-05"] == "AT_RISK no_failure_left"
