"""Every way of writing an instant that some orchestrator uses."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sdk.errors import Drift
from adapters.sdk.timestamps import parse_epoch, parse_instant

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=offsets)


@given(instants)
def test_an_offset_is_kept_in_mind_and_the_answer_is_utc(instant: datetime):
    parsed = parse_instant(instant.isoformat())
    assert parsed == instant
    assert parsed is not None
    assert parsed.tzinfo is UTC


@given(instants, st.text("0123456789", min_size=1, max_size=6))
def test_digits_past_microseconds_are_cut(instant: datetime, digits: str):
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    assert parse_instant(f"{text}{digits}Z") == instant


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)))
def test_a_missing_offset_is_utc(naive: datetime):
    assert parse_instant(naive.isoformat(" ")) == naive.replace(tzinfo=UTC)


@given(instants.map(lambda instant: instant.replace(microsecond=0)))
def test_seconds_and_milliseconds_since_1970(instant: datetime):
    assert parse_epoch(instant.timestamp()) == instant
    assert parse_epoch(str(int(instant.timestamp() * 1000)), unit=0.001) == instant


def test_nothing_is_nothing():
    assert (parse_instant(None), parse_instant(""), parse_epoch(None), parse_epoch(0)) == (None, None, None, None)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01T00:00:00Z", "2026-02-30", "12:00"])
def test_what_is_no_instant_is_told_as_it_stands(text):
    with pytest.raises(Drift, match=f"'{text}' is not an ISO-8601 instant"):
        parse_instant(text)


@pytest.mark.parametrize("value", ["soon", 1e30, "nan"])
def test_what_is_no_count_of_seconds_is_told(value):
    with pytest.raises(Drift, match="not a time in seconds"):
        parse_epoch(value)
