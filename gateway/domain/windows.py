"""Windows that open at the times of a cron expression and stay open for a while."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from gateway.domain.durations import short_duration

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Window:
    """It opens at the times of ``cron`` and stays open for ``lasts``."""

    #: Minute, hour, day of the month, month, day of the week, as in a crontab.
    cron: str
    lasts: timedelta

    def __str__(self) -> str:
        return f"{self.cron} for {short_duration(self.lasts)}"

    def open_since(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When it opened, where it is open; UTC."""
        whole = now.astimezone(zone).replace(second=0, microsecond=0) + _MINUTE
        opened = next(CronSim(self.cron, whole, reverse=True), None)
        return opened.astimezone(UTC) if opened is not None and opened + self.lasts > now else None

    def changes_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When it next opens or closes; None: never."""
        since = self.open_since(now, zone)
        if since is not None:
            return since + self.lasts
        opens = next(CronSim(self.cron, now.astimezone(zone)), None)
        return opens.astimezone(UTC) if opens is not None else None


def cron_fault(cron: str) -> str | None:
    """What is wrong with a cron expression; None where nothing is."""
    try:
        never = next(CronSim(cron, datetime(2024, 1, 1, tzinfo=UTC)), None) is None
    except CronSimError as error:
        return f"{cron!r} is no cron expression ({str(error).rstrip('.').lower()}); write it like 0 6 * * 1-5."
    return f"{cron!r} never comes." if never else None
