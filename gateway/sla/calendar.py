"""Which days an SLA applies to, and what the clock of a time zone means on them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays
from cronsim import CronSim, CronSimError

from gateway.domain.suggestions import did_you_mean

BUSINESS_DAYS = "business-days:"
DAY = timedelta(days=1)
#: Days that are looked at for one that applies: longer than any row of holidays.
_FAR = 400
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class CalendarError(ValueError):
    """A text that names no calendar or no day; the message says how to write one."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that an SLA applies to."""

    #: 0 is Sunday, as in a crontab. None: a business calendar says it.
    weekdays: frozenset[int] | None = frozenset(range(7))
    #: Where and, if given, in which part of it: ("CH", "ZH").
    place: tuple[str, str | None] | None = None
    days_off: frozenset[date] = frozenset()
    #: (month, day) of every year.
    yearly_off: frozenset[tuple[int, int]] = field(default_factory=frozenset[tuple[int, int]])

    @classmethod
    def of(cls, calendar: str | None, days_off: Sequence[str] = ()) -> "Days":
        """From the texts of an SLA. CalendarError."""
        dated = frozenset(_day(text) for text in days_off if len(text) != len("12-24"))
        yearly = frozenset(_day_of_year(text) for text in days_off if len(text) == len("12-24"))
        if calendar is None:
            return cls(days_off=dated, yearly_off=yearly)
        if calendar.startswith(BUSINESS_DAYS):
            place = _place(calendar.removeprefix(BUSINESS_DAYS))
            return cls(weekdays=None, place=place, days_off=dated, yearly_off=yearly)
        return cls(weekdays=_weekdays(calendar), days_off=dated, yearly_off=yearly)

    def applies(self, day: date) -> bool:
        """Whether it is one of them."""
        if day in self.days_off or (day.month, day.day) in self.yearly_off:
            return False
        if self.place is not None:
            return bool(_business(*self.place).is_working_day(day))
        return self.weekdays is None or day.isoweekday() % 7 in self.weekdays

    def from_day(self, day: date) -> Iterator[date]:
        """Those from a day on; ends where none has come for more than a year."""
        last = day
        while (day - last).days <= _FAR:
            if self.applies(day):
                yield day
                last = day
            day += DAY

    def later(self, start: datetime, length: timedelta, zone: ZoneInfo) -> datetime | None:
        """The instant at which so much time has passed on these days; None where it never has."""
        day = start.astimezone(zone).date()
        last = day
        while (day - last).days <= _FAR:
            if self.applies(day):
                last = day
                begin, end = max(start, midnight(day, zone)), midnight(day + DAY, zone)
                if begin + length < end:
                    return begin + length
                length -= max(end - begin, timedelta(0))
            day += DAY
        return None


@lru_cache(maxsize=100_000)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@lru_cache(maxsize=100_000)
def instant(day: date, clock: timedelta, zone: ZoneInfo) -> datetime:
    """When a clock there shows a time of a day, UTC; from 24 h on it is the next day's.

    A time that the clock leaves out is as long after midnight as if it did not; one that it shows twice is the first.
    """
    days, rest = divmod(clock, DAY)
    local = datetime.combine(day + days * DAY, time()) + rest
    return local.replace(tzinfo=zone).astimezone(UTC)


def _place(text: str) -> tuple[str, str | None]:
    place, _, part = text.partition("-")
    countries, markets = holidays.list_supported_countries(), holidays.list_supported_financial()
    if place not in countries and place not in markets:
        near = did_you_mean(place, [*countries, *markets])
        raise CalendarError(f"{text!r} is no country or market that is known{near}; write business-days:CH.")
    if part and part not in countries.get(place, ()):
        near = did_you_mean(part, countries.get(place, []))
        raise CalendarError(f"{part!r} is no part of {place} that is known{near}; write business-days:CH-ZH.")
    return place, part or None


@cache
def _business(place: str, part: str | None) -> Any:
    if place in holidays.list_supported_countries():
        return holidays.country_holidays(place, subdiv=part)
    return holidays.financial_holidays(place)


def _weekdays(text: str) -> frozenset[int]:
    try:
        found = cast("set[int]", CronSim(f"0 0 * * {text}", _NOON).weekdays)
    except CronSimError:
        message = f"{text!r} names no days; write MON-FRI, 1,3,5 or business-days:CH."
        raise CalendarError(message) from None
    return frozenset(number % 7 for number in found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"{text!r} is no day; write 2026-12-24, or 12-24 for every year.") from None


def _day_of_year(text: str) -> tuple[int, int]:
    try:
        leap = date.fromisoformat(f"2024-{text}")  # so that 02-29 is one
    except ValueError:
        raise CalendarError(f"{text!r} is no day; write 2026-12-24, or 12-24 for every year.") from None
    return leap.month, leap.day
