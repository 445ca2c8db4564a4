"""Partition keys and the instants they stand for.

Dagster writes the start of a time partition as a date or date and time in the partition definition's own timezone,
which its API does not show: it is read as UTC.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

#: Year and month; date; Dagster's hourly and minutely "2026-01-31-07:00"; ISO.
_KEY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[-T ](\d{2}):(\d{2})(?::(\d{2}))?)?)?")
#: Between the dimensions of a multi-partition key, e.g. "2026-01-31|emea".
_DIMENSIONS = "|"


@lru_cache(maxsize=10_000)
def partition_start(key: str) -> datetime | None:
    """The instant at which the data of a partition begins; None for a key that is no date."""
    for dimension in key.split(_DIMENSIONS):
        match = _KEY.fullmatch(dimension)
        if match is None:
            continue
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            return datetime(year, month, day or 1, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return None
    return None


def partition_at(keys: Sequence[str], instant: datetime) -> str | None:
    """The time partition that ``instant`` falls into; None where there is none or the keys are no dates."""
    dated = sorted((start, key) for key in keys if (start := partition_start(key)) is not None)
    place = bisect_right(dated, instant, key=lambda item: item[0]) - 1
    if place < 0:
        return None
    start, key = dated[place]
    if place + 1 < len(dated):
        return key
    return key if instant < start + _length(dated) else None


def _length(dated: Sequence[tuple[datetime, str]]) -> timedelta:
    """How long the last partition is, by the one before it; a single one is taken for a day."""
    if len(dated) < 2:
        return timedelta(days=1)
    return dated[-1][0] - dated[-2][0]
