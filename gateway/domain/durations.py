"""Lengths of time as people write them: ISO 8601 (``PT2H30M``) or as in Prometheus (``2h30m``)."""

import re
from datetime import timedelta

_NUMBER = r"(?:[0-9]+(?:[.,][0-9]+)?)"
_ISO = re.compile(
    rf"P(?:(?P<w>{_NUMBER})W)?(?:(?P<d>{_NUMBER})D)?"
    rf"(?P<time>T(?:(?P<h>{_NUMBER})H)?(?:(?P<m>{_NUMBER})M)?(?:(?P<s>{_NUMBER})S)?)?"
)
_ISO_CALENDAR = re.compile(r"P[0-9.,]+[YM]")
_PROMETHEUS = re.compile(
    r"(?:(?P<y>[0-9]+)y)?(?:(?P<w>[0-9]+)w)?(?:(?P<d>[0-9]+)d)?(?:(?P<h>[0-9]+)h)?(?:(?P<m>[0-9]+)m)?(?:(?P<s>[0-9]+)s)?(?:(?P<ms>[0-9]+)ms)?"
)
#: Microseconds in one unit, largest first. A year is 365 days, as Prometheus has it.
_UNITS = {
    "y": 365 * 86_400_000_000,
    "w": 7 * 86_400_000_000,
    "d": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
    "ms": 1_000,
}
_MICROSECOND = timedelta(microseconds=1)


class DurationError(ValueError):
    """A text that is no duration; the message says how to write one."""


def parse_duration(text: str) -> timedelta:
    """The length of time that ``text`` names, zero or more. DurationError for anything else.

    Units stand from large to small, each at most once. In the ISO form the last number may have a fraction.
    """
    if text == "0":
        return timedelta(0)
    if match := _PROMETHEUS.fullmatch(text):
        return _sum(text, match.groupdict())
    if match := _ISO.fullmatch(text):
        parts = match.groupdict()
        if parts.pop("time") != "T" and _fraction_only_last(parts):
            return _sum(text, parts)
    if _ISO_CALENDAR.match(text):
        raise DurationError(f"{text!r} has years or months, whose length varies; write days, e.g. P30D or 30d.")
    if text.startswith("-"):
        raise DurationError(f"{text!r} is negative; a duration is zero or more, e.g. 2h30m or PT2H30M.")
    raise DurationError(f"{text!r} is not a duration; write it like 30s, 15m, 2h30m, 7d, or in ISO 8601 like PT2H30M.")


def format_duration(length: timedelta) -> str:
    """ISO 8601, e.g. ``PT2H30M`` or ``P1DT6H``; ``PT0S`` for none, ``-PT5S`` for a negative one."""
    microseconds = length // _MICROSECOND
    sign = "-" if microseconds < 0 else ""
    days, rest = divmod(abs(microseconds), _UNITS["d"])
    hours, rest = divmod(rest, _UNITS["h"])
    minutes, rest = divmod(rest, _UNITS["m"])
    seconds = f"{rest // 1_000_000}.{rest % 1_000_000:06d}".rstrip("0").rstrip(".")
    date = f"{days}D" if days else ""
    time = "".join(f"{amount}{unit}" for amount, unit in ((hours, "H"), (minutes, "M")) if amount)
    time += f"{seconds}S" if rest else ""
    if not date and not time:
        return "PT0S"
    return f"{sign}P{date}{'T' if time else ''}{time}"


def short_duration(length: timedelta) -> str:
    """As in Prometheus, to the millisecond, e.g. ``2h30m``; ``0s`` for none, ``-5s`` for a negative one."""
    microseconds = length // _MICROSECOND
    rest = abs(microseconds)
    text = ""
    for unit in ("d", "h", "m", "s", "ms"):
        amount, rest = divmod(rest, _UNITS[unit])
        text += f"{amount}{unit}" if amount else ""
    return ("-" if microseconds < 0 else "") + text if text else "0s"


def _fraction_only_last(parts: dict[str, str | None]) -> bool:
    given = [part for part in parts.values() if part is not None]
    return bool(given) and all(part.isdigit() for part in given[:-1])


def _sum(text: str, parts: dict[str, str | None]) -> timedelta:
    given = {unit: amount.replace(",", ".") for unit, amount in parts.items() if amount is not None}
    if not given:
        raise DurationError("A duration cannot be empty; write it like 30s, 15m, 2h30m, 7d, or PT2H30M.")
    try:
        return sum((_part(amount, unit) for unit, amount in given.items()), timedelta(0))
    except OverflowError:
        raise DurationError(f"{text!r} is too long; the longest duration is 999999999 days.") from None


def _part(amount: str, unit: str) -> timedelta:
    whole, _, fraction = amount.partition(".")
    # In whole microseconds, because a float of many days has no exact fraction of a second left.
    microseconds = int(whole) * _UNITS[unit] + round(int(fraction or 0) * _UNITS[unit] / 10 ** len(fraction))
    return timedelta(microseconds=microseconds)
