"""What an SLA is judged for: one slot for each day, each stretch of freshness, each run. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from gateway.domain.periods import Calendar, KeyGranularity, Period
from gateway.domain.slas import SlaSpec
from gateway.sla.calendar import Days, instant, midnight

_DAY = timedelta(days=1)
#: How long something late is still waited for where it says which day it is for.
LATE_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that is judged."""

    key: str
    #: What was done before does not count.
    opens_at: datetime
    due_at: datetime | None
    #: What is done from then on belongs to the next slot.
    closes_at: datetime | None = None
    #: A run counts only where its logical time lies in it.
    data: Period | None = None


def days_of(spec: SlaSpec) -> Days:
    """The days it applies to. CalendarError."""
    return _days(spec.calendar, spec.days_off)


@lru_cache(maxsize=1_000)
def _days(calendar: str | None, days_off: tuple[str, ...]) -> Days:
    return Days.of(calendar, days_off)


def deadlines(spec: SlaSpec, since: datetime) -> Iterator[Slot]:
    """Those that are due after an instant, in order."""
    deadline = spec.deadline or timedelta(0)
    first = since.astimezone(spec.zone).date() - (deadline // _DAY + 1) * _DAY
    days = days_of(spec).from_day(first)
    day = next(days, None)
    while day is not None:
        following = next(days, None)
        slot = _deadline(spec, day, following)
        if slot.due_at is not None and slot.due_at > since:
            yield slot
        day = following


def deadline_of(spec: SlaSpec, key: str) -> Slot | None:
    """What is due on a day; None where it is none of the SLA's days."""
    days = days_of(spec)
    day = date.fromisoformat(key)
    return _deadline(spec, day, next(days.from_day(day + _DAY), None)) if days.applies(day) else None


def _deadline(spec: SlaSpec, day: date, following: date | None) -> Slot:
    due_at = instant(day, spec.deadline or timedelta(0), spec.zone)
    if spec.data_day is not None and spec.pipeline is not None:
        calendar = Calendar(KeyGranularity.DAY, spec.zone)
        data = calendar.of((day + spec.data_day * _DAY).isoformat())
        return Slot(day.isoformat(), _opens(spec, day, due_at), due_at, due_at + LATE_FOR, data)
    closes_at = None
    if following is not None:
        next_due = instant(following, spec.deadline or timedelta(0), spec.zone)
        closes_at = max(_opens(spec, following, next_due), due_at)
    return Slot(day.isoformat(), _opens(spec, day, due_at), due_at, closes_at)


def _opens(spec: SlaSpec, day: date, due_at: datetime) -> datetime:
    return midnight(day, spec.zone) if spec.window is None else due_at - spec.window


def day_at(spec: SlaSpec, now: datetime) -> Slot:
    """The day of its time zone, for what is judged day by day."""
    period = Calendar(KeyGranularity.DAY, spec.zone).at(now)
    return Slot(period.key, period.start, period.end, period.end)
