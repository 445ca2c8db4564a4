"""Names of time zones."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from gateway.domain.suggestions import did_you_mean


def zone_fault(name: str) -> str | None:
    """What is wrong with the name of a zone; None where nothing is."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = did_you_mean(name, available_timezones())
        return f"{name!r} is no time zone{near}; write it like Europe/Zurich."
    return None
