"""When windows open and close: the times of cron expressions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from gateway.domain.windows import Window

_MINUTE = timedelta(minutes=1)


def open_since(window: Window, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When it opened, where it is open; UTC."""
    whole = now.astimezone(zone).replace(second=0, microsecond=0) + _MINUTE
    opened = next(CronSim(window.cron, whole, reverse=True), None)
    return opened.astimezone(UTC) if opened is not None and opened + window.lasts > now else None


def changes_at(window: Window, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When it next opens or closes, UTC; None: never."""
    since = open_since(window, now, zone)
    if since is not None:
        return since + window.lasts
    opens = next(CronSim(window.cron, now.astimezone(zone)), None)
    return opens.astimezone(UTC) if opens is not None else None


def cron_fault(cron: str) -> str | None:
    """What is wrong with a cron expression; None where nothing is."""
    try:
        never = next(CronSim(cron, datetime(2024, 1, 1, tzinfo=UTC)), None) is None
    except CronSimError as error:
        return f"{cron!r} is no cron expression ({str(error).rstrip('.').lower()}); write it like 0 6 * * 1-5."
    return f"{cron!r} never comes." if never else None
