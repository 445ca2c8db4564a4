"""Deadlines, judged day by day as a calendar has them; each verdict stands in the test."""

from datetime import timedelta

import pytest

from gateway.domain.dependencies import PipelineRef
from gateway.domain.slas import SlaState
from gateway.domain.states import RunState
from tests.sla.conftest import MARTS, zurich

IN_TIME, LATE = "MET done_in_time", "MISSED done_late"


async def test_a_week_of_it(story):
    """From Monday noon on: tomorrow's is pending, then kept, late, never done, and on its way."""
    await story.pipeline()
    await story.sla()
    await story.look()
    assert await story.states() == {"2026-05-05": "PENDING not_begun"}
    await story.look("2026-05-05T00:10")
    assert await story.states() == {"2026-05-05": "ON_TRACK time_left"}
    await story.ran("2026-05-05T08:00", "2026-05-05T08:50")
    await story.look("2026-05-05T08:51")
    assert await story.states() == {"2026-05-05": IN_TIME}
    await story.look("2026-05-06T09:00")
    assert (await story.states())["2026-05-06"].startswith("ON_TRACK"), "news of its end may be on its way"
    await story.look("2026-05-06T09:01")
    assert (await story.states())["2026-05-06"] == "MISSED overdue"
    await story.ran("2026-05-06T09:10", "2026-05-06T10:40")
    await story.look("2026-05-06T10:41")
    late = (await story.judged())["2026-05-06"]
    assert (late.state, late.late_by) == (SlaState.MISSED, timedelta(hours=1, minutes=40))
    await story.look("2026-05-07T23:00")
    await story.look("2026-05-08T00:10")
    assert list((await story.states()).items())[1:] == [
        ("2026-05-06", LATE),
        ("2026-05-07", "MISSED never_done"),
        ("2026-05-08", "AT_RISK forecast_late"),  # the last one came late, and since then none has
    ]


async def test_what_was_due_while_podium_was_away_is_judged_when_it_is_back(story):
    await story.pipeline()
    await story.sla()
    await story.look()
    await story.ran("2026-05-05T08:00", "2026-05-05T08:30")
    await story.ran("2026-05-06T08:00", "2026-05-06T09:30")
    await story.look("2026-05-07T12:00")
    assert await story.states() == {
        "2026-05-05": IN_TIME,
        "2026-05-06": LATE,
        "2026-05-07": "MISSED overdue",
    }


async def test_a_run_that_does_not_succeed_is_none(story):
    await story.pipeline()
    await story.sla()
    await story.look()
    await story.ran("2026-05-05T08:00", "2026-05-05T08:30", RunState.FAILED)
    await story.look("2026-05-05T09:05")
    assert await story.states() == {"2026-05-05": "MISSED overdue"}


async def test_business_days_and_days_off(story):
    """Friday is the 8th; the 14th is Ascension, and the team is away on the 15th."""
    await story.pipeline()
    await story.sla(calendar="business-days:CH-ZH", days_off=("2026-05-15", "12-24"))
    await story.look()
    await story.look("2026-05-19T12:00")
    days = ["05", "06", "07", "08", "11", "12", "13", "18", "19"]
    assert list(await story.states()) == [f"2026-05-{day}" for day in days]


@pytest.mark.parametrize(
    ("end", "verdict"),
    [
        ("2026-03-29T00:59:59+00:00", IN_TIME),  # 01:59:59, just before the clock goes to 03:00
        ("2026-03-29T01:30:00+00:00", IN_TIME),  # 02:30 is left out: as long after midnight as if it were not
        ("2026-03-29T01:31:00+00:00", LATE),
    ],
)
async def test_a_deadline_in_the_hour_that_the_clock_leaves_out(story, end, verdict):
    story.now = zurich("2026-03-28T12:00")
    await story.pipeline()
    await story.sla(deadline=timedelta(hours=2, minutes=30))
    await story.look()
    await story.ran(zurich("2026-03-29T00:30"), zurich("2026-03-29T00:30").fromisoformat(end))
    await story.look("2026-03-29T12:00")
    assert (await story.states())["2026-03-29"] == verdict


@pytest.mark.parametrize(
    ("end", "verdict"),
    [
        ("2026-10-25T00:30:00+00:00", IN_TIME),  # the first time that the clock shows 02:30
        ("2026-10-25T01:29:00+00:00", LATE),  # before the second time
    ],
)
async def test_a_deadline_in_the_hour_that_comes_twice(story, end, verdict):
    story.now = zurich("2026-10-24T12:00")
    await story.pipeline()
    await story.sla(deadline=timedelta(hours=2, minutes=30))
    await story.look()
    await story.ran(zurich("2026-10-25T00:30"), zurich("2026-10-25T00:30").fromisoformat(end))
    await story.look("2026-10-25T12:00")
    assert (await story.states())["2026-10-25"] == verdict


async def test_a_deadline_past_midnight_is_of_the_day_before(story):
    """01:30 of the 6th is the 5th's; what succeeds before midnight of the 5th is the 4th's."""
    await story.pipeline()
    await story.sla(deadline=timedelta(hours=25, minutes=30))
    await story.look()
    await story.ran("2026-05-06T01:00", "2026-05-06T01:20")
    await story.look("2026-05-06T01:31")
    assert (await story.states())["2026-05-05"] == IN_TIME
    assert (await story.judged())["2026-05-05"].due_at == zurich("2026-05-06T01:30")


async def test_a_leap_day_has_a_deadline_of_its_own(story):
    story.now = zurich("2028-02-28T12:00")
    await story.pipeline()
    await story.sla()
    await story.look()
    await story.look("2028-03-01T12:00")
    assert list(await story.states()) == ["2028-02-29", "2028-03-01"]


async def test_a_window_lets_last_nights_run_count(story):
    await story.pipeline()
    await story.sla(window=timedelta(hours=12))
    await story.look()
    await story.ran("2026-05-04T22:00", "2026-05-04T23:00")
    await story.look("2026-05-05T10:00")
    assert (await story.states())["2026-05-05"] == IN_TIME


async def test_only_the_run_for_the_day_before_counts(story):
    """Its logical day is yesterday; today's earlier run was for the day before that, and comes again late."""
    await story.pipeline()
    await story.sla(data_day=-1)
    await story.look()
    await story.ran("2026-05-05T06:00", "2026-05-05T06:30", logical_at=zurich("2026-05-03T00:00"))
    await story.look("2026-05-05T09:05")
    assert (await story.states())["2026-05-05"] == "MISSED overdue"
    await story.ran("2026-05-06T06:00", "2026-05-06T06:30", logical_at=zurich("2026-05-04T00:00"))
    await story.ran("2026-05-06T07:00", "2026-05-06T07:30", partition="2026-05-05")
    await story.look("2026-05-06T09:05")
    assert await story.states() == {"2026-05-05": LATE, "2026-05-06": IN_TIME}


async def test_edited_in_the_middle_of_a_day(story):
    """What was broken stays broken; what is not due yet is due by the new time; the past is not judged anew."""
    await story.pipeline()
    await story.sla()
    await story.look()
    await story.look("2026-05-05T10:00")
    assert (await story.states())["2026-05-05"] == "MISSED overdue"
    await story.sla(deadline=timedelta(hours=11))
    await story.look("2026-05-05T10:05")
    assert (await story.states())["2026-05-05"] == "MISSED overdue"
    await story.look("2026-05-06T10:30")
    await story.sla(deadline=timedelta(hours=9, minutes=30))
    await story.look("2026-05-06T10:35")
    assert list(await story.states()) == ["2026-05-05", "2026-05-07"], "half past nine was over when it was said"
    assert (await story.current()).key == "2026-05-07"
    await story.sla(timezone="America/New_York")
    await story.look("2026-05-07T08:00")
    assert (await story.judged())["2026-05-07"].due_at == zurich("2026-05-07T15:00")


async def test_switched_off_nothing_is_judged(story):
    await story.pipeline()
    await story.sla()
    await story.look()
    await story.sla(is_enabled=False)
    await story.look("2026-05-06T12:00")
    await story.sla(is_enabled=True)
    await story.look("2026-05-07T12:00")
    assert list(await story.states()) == ["2026-05-05", "2026-05-07"]
    assert (await story.states())["2026-05-07"] == "MISSED overdue"


async def test_a_pipeline_that_is_not_there_is_overdue_all_the_same(story):
    await story.pipeline(PipelineRef("dagster", "other"))
    await story.sla(pipeline=MARTS)
    await story.look()
    await story.look("2026-05-05T09:05")
    assert await story.states() == {"2026-05-05": "MISSED overdue"}
