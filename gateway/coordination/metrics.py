"""What can be measured of dependencies."""

from prometheus_client import Counter, Histogram

STEPS = Counter("podium_firing_steps_total", "Steps of firings, by the state they led to.", ["state"])
TRIGGER_SECONDS = Histogram(
    "podium_firing_trigger_seconds",
    "Seconds from the moment a firing was ready until its run was known.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600, 3600),
)
RETRIES = Counter("podium_firing_retries_total", "Failed triggers of firings, tried again later, by error.", ["kind"])
