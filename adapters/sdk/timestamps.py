"""Instants as vendors write them: seven-digit fractions, missing offsets, seconds or milliseconds since 1970."""

import re
from datetime import UTC, datetime

from adapters.sdk.errors import Drift

_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")


def parse_instant(value: str | None) -> datetime | None:
    """An ISO-8601 text as aware UTC; None and "" are None, a missing offset is UTC, digits past microseconds are cut.

    Raises Drift for anything else.
    """
    if not value:
        return None
    text = value.strip()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = _parse_odd(text)
    if instant.tzinfo is None:
        return instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC)


def parse_epoch(value: float | str | None, *, unit: float = 1.0) -> datetime | None:
    """Seconds since 1970 (``unit=0.001``: milliseconds) as aware UTC; None, "" and 0 are None. Raises Drift."""
    if not value:
        return None
    try:
        return datetime.fromtimestamp(float(value) * unit, UTC)
    except (ValueError, OverflowError, OSError):
        raise Drift(f"{value!r} is not a time in seconds since 1970.") from None


def _parse_odd(text: str) -> datetime:
    try:
        return datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", text))
    except ValueError:
        raise Drift(f"{text!r} is not an ISO-8601 instant.") from None
