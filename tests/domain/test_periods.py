"""Keys of time: every instant lies in exactly one period, also on the days on which clocks change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.periods import LENGTHS, Calendar, KeyGranularity, is_made_of

#: The last changes by a whole hour, at midnight, and by half an hour.
ZONES = st.sampled_from(
    ["UTC", "Europe/Zurich", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
CALENDARS = st.builds(Calendar, st.sampled_from(LENGTHS), ZONES.map(ZoneInfo))
DAY, HOUR, WEEK, MONTH = KeyGranularity.DAY, KeyGranularity.HOUR, KeyGranularity.WEEK, KeyGranularity.MONTH


@given(CALENDARS, INSTANTS)
def test_an_instant_lies_in_one_period_which_its_key_names(calendar, instant):
    period = calendar.at(instant)
    assert period.start <= instant < period.end
    assert calendar.at(period.start) == calendar.at(period.end - timedelta(microseconds=1)) == period
    assert calendar.of(period.key) == period
    assert calendar.at(period.end).start == period.end
    assert calendar.moved(calendar.moved(period, 2), -2) == period


@given(ZONES.map(ZoneInfo), INSTANTS, st.sampled_from(LENGTHS), st.sampled_from(LENGTHS))
def test_a_long_period_is_made_of_whole_short_ones(zone, instant, long, short):
    if not is_made_of(long, short) or short is KeyGranularity.MINUTE:
        return
    whole = Calendar(long, zone).at(instant)
    parts = list(Calendar(short, zone).within(whole.start, whole.end))
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in pairwise(parts))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Zurich", "2026-03-29", 23),
        ("Europe/Zurich", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Kathmandu", "2026-03-29", 24),
    ],
)
def test_days_on_which_clocks_change(zone, day, hours):
    period = Calendar(DAY, ZoneInfo(zone)).of(day)
    assert period.end - period.start == timedelta(hours=hours)


def test_an_hour_that_a_clock_shows_twice_has_two_keys():
    hours = Calendar(HOUR, ZoneInfo("Europe/Zurich"))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert [hours.at(first + timedelta(hours=hour)).key for hour in range(3)] == [
        "2026-10-25T02+02:00",
        "2026-10-25T02+01:00",
        "2026-10-25T03+01:00",
    ]


@pytest.mark.parametrize(
    ("granularity", "key", "example"),
    [
        (DAY, "2026-02-30", "2026-05-01"),
        (DAY, "yesterday", "2026-05-01"),
        (WEEK, "2026-W54", "2026-W18"),
        (MONTH, "2026-5", "2026-05"),
        (HOUR, "2026-03-29T02+01:00", "2026-05-01T14+02:00"),
    ],
)
def test_what_names_no_period_is_refused_with_an_example(granularity, key, example):
    with pytest.raises(ValueError, match=f"write it like {example[:10]}"):
        Calendar(granularity, ZoneInfo("Europe/Zurich")).of(key)
