"""What can be measured of the loops that follow orchestrators."""

from prometheus_client import Counter, Gauge, Histogram

CALLS = Histogram(
    "podium_adapter_call_seconds",
    "Seconds per HTTP call to an orchestrator, by outcome (ok or the kind of error).",
    ["orchestrator", "outcome"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
FAILURES = Counter(
    "podium_sync_failures_total",
    "Failed attempts of a sync stream, by kind of error.",
    ["orchestrator", "stream", "kind"],
)
LAST_SUCCESS = Gauge(
    "podium_sync_last_success_timestamp_seconds",
    "When a sync stream last read everything there was, in seconds since 1970.",
    ["orchestrator", "stream"],
)
PASS_SECONDS = Histogram(
    "podium_sync_pass_seconds",
    "Seconds a sync stream took to read everything there was.",
    ["orchestrator", "stream"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600),
)
LAG = Histogram(
    "podium_sync_lag_seconds",
    "Seconds between a run's end at its orchestrator and Podium seeing it.",
    ["orchestrator"],
    buckets=(0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 300, 3600),
)
RUNS = Counter(
    "podium_sync_runs_total", "Observed runs by what they meant for the stored one.", ["orchestrator", "reason"]
)
UNKNOWN_STATES = Counter(
    "podium_unknown_states_total",
    "Runs seen in a native state that the adapter does not know.",
    ["orchestrator", "native_state"],
)
UP = Gauge("podium_orchestrator_up", "1 while an orchestrator is healthy or degraded, else 0.", ["orchestrator"])
CIRCUIT_OPEN = Gauge(
    "podium_sync_circuit_open",
    "1 while a stream has failed so often that it is only tried carefully.",
    ["orchestrator", "stream"],
)
LOOPS = Gauge("podium_sync_loops", "Orchestrators that this process follows now.")
WEBHOOKS = Counter("podium_webhooks_total", "Pushed messages received, by orchestrator.", ["orchestrator"])


def forget(orchestrator: str) -> None:
    """What was last known of an orchestrator is no longer this process's to tell: another one follows it, or nobody."""
    for gauge in (LAST_SUCCESS, UP, CIRCUIT_OPEN):
        gauge.remove_by_labels({"orchestrator": orchestrator})
