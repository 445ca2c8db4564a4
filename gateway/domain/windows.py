"""Windows: stretches of time that begin again and again."""

from dataclasses import dataclass
from datetime import timedelta

from gateway.domain.durations import short_duration


@dataclass(frozen=True, slots=True)
class Window:
    """It opens at the times of ``cron`` and stays open for ``lasts``."""

    #: Minute, hour, day of the month, month, day of the week, as in a crontab.
    cron: str
    lasts: timedelta

    def __str__(self) -> str:
        return f"{self.cron} for {short_duration(self.lasts)}"
