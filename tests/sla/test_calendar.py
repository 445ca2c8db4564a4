"""Days and clocks of SLAs: examples, and what must hold for all of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.slas import SlaKind, SlaSpec
from gateway.sla.calendar import CalendarError, Days, instant, midnight
from gateway.sla.slots import deadline_of, deadlines

ZONES = ["UTC", "Europe/Zurich", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("calendar", "day", "applies"),
    [
        (None, "2026-05-16", True),
        ("MON-FRI", "2026-05-15", True),
        ("MON-FRI", "2026-05-16", False),
        ("6,0", "2026-05-17", True),
        ("7", "2026-05-17", True),
        ("business-days:CH", "2026-05-14", False),  # Ascension
        ("business-days:CH-ZH", "2026-05-01", False),  # Labour Day, in Zurich
        ("business-days:CH-BE", "2026-05-01", True),
        ("business-days:AE", "2026-05-15", True),  # a Friday: the weekend there is Saturday and Sunday since 2022
        ("business-days:SA", "2026-05-15", False),  # and here it is Friday and Saturday
        ("business-days:NYSE", "2026-07-03", False),  # the 4th is a Saturday
    ],
)
def test_which_days_apply(calendar, day, applies):
    assert Days.of(calendar).applies(date.fromisoformat(day)) is applies


def test_a_calendar_without_days_ends():
    never = Days.of("SUN", [(date(2026, 1, 4) + 7 * number * DAY).isoformat() for number in range(120)])
    assert list(never.from_day(date(2026, 1, 1))) == []
    assert never.later(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1), ZoneInfo("UTC")) is None


@pytest.mark.parametrize("text", ["", "MON-FRY", "8", "business-days:", "business-days:XX", "business-days:CH-XX"])
def test_what_is_no_calendar_says_how_to_write_one(text):
    with pytest.raises(CalendarError, match="; write |write "):
        Days.of(text)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 47 * 60 + 59),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    st.sampled_from([None, "MON-FRI", "1,3,5", "business-days:CH-ZH"]),
)
def test_each_day_has_one_deadline_in_order_and_the_day_says_which(zone, minutes, since, calendar):
    """Whatever clocks do: due after the day begins, later day by day, closed when the next one opens."""
    spec = SlaSpec("x", SlaKind.DEADLINE, deadline=timedelta(minutes=minutes), timezone=zone, calendar=calendar)
    found: list[Any] = list(islice(deadlines(spec, since), 6))
    assert found[0].due_at > since
    for one, other in pairwise(found):
        assert one.key < other.key
        assert one.due_at < other.due_at
        assert one.closes_at == max(other.opens_at, one.due_at)
    for slot in found:
        assert Days.of(calendar).applies(date.fromisoformat(slot.key))
        assert slot.opens_at == midnight(date.fromisoformat(slot.key), ZoneInfo(zone)) <= slot.due_at
        assert deadline_of(spec, slot.key) == slot


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 24 * 60 - 1))
def test_a_deadline_is_shown_by_the_clock_unless_the_clock_leaves_it_out(zone, day, minutes):
    clock = timedelta(minutes=minutes)
    shown = instant(day, clock, ZoneInfo(zone)).astimezone(ZoneInfo(zone))
    written = datetime.combine(day, datetime.min.time()) + clock
    left_out = shown.replace(tzinfo=None) - written
    assert timedelta(0) <= left_out <= timedelta(hours=1)
    assert shown.fold == 0 or left_out, "the first of two"


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 100),
)
def test_on_every_day_time_is_time_and_at_weekends_it_stands_still(zone, start, hours):
    length = timedelta(hours=hours)
    assert Days.of(None).later(start, length, ZoneInfo(zone)) == start + length
    stale = Days.of("MON-FRI").later(start, length, ZoneInfo(zone))
    assert stale is not None
    assert stale >= start + length
    assert stale.astimezone(ZoneInfo(zone)).isoweekday() <= 5
