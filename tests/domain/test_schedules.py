"""Windows that open at the times of a cron expression."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.windows import Window
from gateway.schedules import changes_at, cron_fault, open_since

ZURICH = ZoneInfo("Europe/Zurich")
MORNING = Window("0 6 * * 1-5", timedelta(hours=2))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "since", "changes"),
    [
        ("2026-05-01T03:59:59", None, "2026-05-01T04:00"),
        ("2026-05-01T04:00:00", "2026-05-01T04:00", "2026-05-01T06:00"),
        ("2026-05-01T05:59:59", "2026-05-01T04:00", "2026-05-01T06:00"),
        ("2026-05-01T06:00:00", None, "2026-05-04T04:00"),  # over the weekend
        ("2026-10-23T06:00:00", None, "2026-10-26T05:00"),  # the clocks are put back on Sunday
    ],
)
def test_a_morning_in_zurich(now, since, changes):
    assert open_since(MORNING, utc(now), ZURICH) == (utc(since) if since else None)
    assert changes_at(MORNING, utc(now), ZURICH) == utc(changes)


ZONES = st.sampled_from([ZURICH, ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
CRONS = st.sampled_from(["0 6 * * 1-5", "*/7 * * * *", "30 2 * * *", "0 0 1 * *", "15 14 29 2 *"])
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(CRONS, ZONES, TIMES, st.integers(1, 600))
def test_nothing_changes_before_it_is_said_to(cron, zone, now, minutes):
    window = Window(cron, timedelta(minutes=minutes))
    changes = changes_at(window, now, zone)
    assert changes is not None
    assert changes > now
    is_open = open_since(window, now, zone) is not None
    last = max(now, changes - timedelta(microseconds=1))
    assert (open_since(window, last, zone) is not None) == is_open
    if not is_open:
        assert open_since(window, changes, zone) is not None


@pytest.mark.parametrize(
    ("cron", "fault"),
    [
        ("0 6 * * 1-5", None),
        ("61 * * * *", "'61 * * * *' is no cron expression (bad minute); write it like 0 6 * * 1-5."),
        ("hourly", "'hourly' is no cron expression (wrong number of fields); write it like 0 6 * * 1-5."),
        ("0 0 30 2 *", "'0 0 30 2 *' is no cron expression (bad day-of-month); write it like 0 6 * * 1-5."),
    ],
)
def test_what_is_no_cron_expression_says_why(cron, fault):
    assert cron_fault(cron) == fault
