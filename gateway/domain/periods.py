"""Stretches of time that keys name: minutes, hours, days, weeks and months of a time zone, right when clocks change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)


class KeyGranularity(StrEnum):
    """What a firing is for: one run, one stretch of time, or one partition."""

    RUN = "RUN"
    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    PARTITION = "PARTITION"

    @property
    def is_time(self) -> bool:
        """Whether a key of it names a stretch of time."""
        return self in LENGTHS


#: From short to long; each is made of whole ones of those before it, but a month is not made of weeks.
LENGTHS = (KeyGranularity.MINUTE, KeyGranularity.HOUR, KeyGranularity.DAY, KeyGranularity.WEEK, KeyGranularity.MONTH)


def is_made_of(long: KeyGranularity, short: KeyGranularity) -> bool:
    """Whether the longer is made of whole shorter ones."""
    if not (long.is_time and short.is_time):
        return False
    is_uneven = (long, short) == (KeyGranularity.MONTH, KeyGranularity.WEEK)
    return LENGTHS.index(short) < LENGTHS.index(long) and not is_uneven


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: from ``start`` up to ``end``, both UTC; ``key`` names it."""

    key: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods of one kind in one time zone. They touch each other and leave nothing out."""

    granularity: KeyGranularity
    zone: ZoneInfo

    def at(self, instant: datetime) -> Period:
        """The period that holds an instant."""
        local = instant.astimezone(self.zone)
        match self.granularity:
            case KeyGranularity.MINUTE:
                start = _whole(local, timedelta(seconds=local.second, microseconds=local.microsecond))
                return Period(_spelled(local, "%Y-%m-%dT%H:%M"), start, start + timedelta(minutes=1))
            case KeyGranularity.HOUR:
                return self._hour(local)
            case KeyGranularity.DAY:
                return self._days(local.date(), 1, local.date().isoformat())
            case KeyGranularity.WEEK:
                monday = local.date() - timedelta(days=local.weekday())
                year, week, _ = monday.isocalendar()
                return self._days(monday, 7, f"{year:04}-W{week:02}")
            case KeyGranularity.MONTH:
                first = local.date().replace(day=1)
                return self._days(first, (_next_month(first) - first).days, first.isoformat()[:7])
            case _:
                raise ValueError(f"{self.granularity} is no stretch of time")

    def of(self, key: str) -> Period:
        """The period that a key names. ValueError, with how to write one."""
        try:
            period = self.at(self._begin(key))
        except (ValueError, OverflowError):
            period = None
        if period is None or period.key != key:
            example = self.at(datetime(2026, 5, 1, 12, tzinfo=UTC)).key
            raise ValueError(
                f"{key!r} names no {self.granularity.lower()} in {self.zone.key}; write it like {example}."
            )
        return period

    def moved(self, period: Period, by: int) -> Period:
        """The period so many after this one; before it where ``by`` is negative."""
        for _ in range(abs(by)):
            period = self.at(period.end if by > 0 else period.start - timedelta(microseconds=1))
        return period

    def within(self, start: datetime, end: datetime) -> Iterator[Period]:
        """All that begin in a stretch of time."""
        period = self.at(start)
        if period.start < start:
            period = self.moved(period, 1)
        while period.start < end:
            yield period
            period = self.moved(period, 1)

    def _begin(self, key: str) -> datetime:
        match self.granularity:
            case KeyGranularity.DAY:
                return self._midnight(date.fromisoformat(key))
            case KeyGranularity.WEEK:
                year, _, week = key.partition("-W")
                return self._midnight(date.fromisocalendar(int(year), int(week), 1))
            case KeyGranularity.MONTH:
                return self._midnight(date.fromisoformat(f"{key}-01"))
            case _:
                return datetime.fromisoformat(key)

    def _hour(self, local: datetime) -> Period:
        offset = local.utcoffset()
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        start = _whole(local, past)
        end = start + _HOUR
        # Where the clock changes within the hour, the rest of it is an hour of its own.
        while start.astimezone(self.zone).utcoffset() != offset:
            start += _SECOND
        while (end - _SECOND).astimezone(self.zone).utcoffset() != offset:
            end -= _SECOND
        return Period(_spelled(local, "%Y-%m-%dT%H"), start, end)

    def _days(self, first: date, days: int, key: str) -> Period:
        return Period(key, self._midnight(first), self._midnight(first + timedelta(days=days)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def _whole(local: datetime, past: timedelta) -> datetime:
    return local.astimezone(UTC) - past


def _spelled(local: datetime, form: str) -> str:
    """With the offset, which tells the two hours apart that a clock shows twice."""
    return local.strftime(form) + local.isoformat()[-6:]


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
