"""What can be measured of SLAs."""

from prometheus_client import Counter, Histogram

JUDGED = Counter("podium_sla_judged_total", "SLAs looked at.")
TICK_SECONDS = Histogram(
    "podium_sla_tick_seconds",
    "Seconds to judge up to a thousand SLAs together.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
