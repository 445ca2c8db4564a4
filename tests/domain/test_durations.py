"""Durations: what people may write, what they get told, and that writing and reading are inverse."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.durations import DurationError, format_duration, parse_duration, short_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15s", timedelta(seconds=15)),
        ("1h30m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("1y2w3d", timedelta(days=365 + 14 + 3)),
        ("500ms", timedelta(milliseconds=500)),
        ("0", timedelta(0)),
        ("0s", timedelta(0)),
        ("PT2H", timedelta(hours=2)),
        ("PT2H30M", timedelta(minutes=150)),
        ("P1DT6H", timedelta(hours=30)),
        ("P2W", timedelta(days=14)),
        ("PT0.5H", timedelta(minutes=30)),
        ("PT1,5S", timedelta(milliseconds=1500)),
        ("P999999DT0.000001S", timedelta(days=999999, microseconds=1)),
    ],
)
def test_reads_both_spellings(text: str, length: timedelta):
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be empty"),
        ("15", "'15' is not a duration; write it like 30s, 15m, 2h30m, 7d, or in ISO 8601 like PT2H30M."),
        ("1m1h", "not a duration"),
        ("1h 30m", "not a duration"),
        ("1.5h", "not a duration"),
        ("2H", "not a duration"),
        ("P", "not a duration"),
        ("PT", "not a duration"),
        ("P1DT", "not a duration"),
        ("PT1.5H30M", "not a duration"),
        ("P1M", "has years or months, whose length varies; write days"),
        ("P1Y", "has years or months"),
        ("-5m", "is negative"),
        ("-PT5M", "is negative"),
        ("99999999999999999999y", "is too long"),
        ("٣s", "not a duration"),
    ],
)
def test_refuses_the_rest_and_says_how_to_write_it(text: str, told: str):
    with pytest.raises(DurationError) as caught:
        parse_duration(text)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("length", "iso", "short"),
    [
        (timedelta(0), "PT0S", "0s"),
        (timedelta(hours=2, minutes=30), "PT2H30M", "2h30m"),
        (timedelta(hours=30), "P1DT6H", "1d6h"),
        (timedelta(days=30), "P30D", "30d"),
        (timedelta(seconds=1.25), "PT1.25S", "1s250ms"),
        (timedelta(microseconds=1), "PT0.000001S", "0s"),
        (timedelta(seconds=-5), "-PT5S", "-5s"),
    ],
)
def test_writes(length: timedelta, iso: str, short: str):
    assert (format_duration(length), short_duration(length)) == (iso, short)


@given(st.timedeltas(min_value=timedelta(0)))
def test_reading_what_was_written_as_iso_gives_the_same(length: timedelta):
    assert parse_duration(format_duration(length)) == length


@given(st.integers(min_value=0, max_value=10**12))
def test_reading_what_was_written_short_gives_the_same_to_the_millisecond(milliseconds: int):
    length = timedelta(milliseconds=milliseconds)
    assert parse_duration(short_duration(length)) == length


@given(st.text(alphabet="PTWDHMSymwdhs0123456789.,- ", max_size=12))
def test_any_text_is_a_duration_or_a_duration_error(text: str):
    try:
        length = parse_duration(text)
    except DurationError:
        return
    assert length >= timedelta(0)
