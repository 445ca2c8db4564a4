"""What can be measured of incidents and notifications."""

from prometheus_client import Counter, Gauge, Histogram

OPENED = Counter("podium_incidents_opened_total", "Incidents that were opened.", ["severity"])
OPEN = Gauge(
    "podium_incidents_open", "Incidents that are not resolved, as the leading replica sees them; 0 on the others."
)
SIGNALS = Counter("podium_signals_total", "Signals that began, by kind.", ["kind"])
DETECT_SECONDS = Histogram(
    "podium_signal_detection_seconds",
    "Seconds from when something went wrong in its system until it was noted.",
    ["kind"],
    buckets=(1, 5, 15, 30, 60, 120, 300, 900, 3600),
)
LOOK_SECONDS = Histogram("podium_incident_look_seconds", "Seconds that one look at what is wrong took.")
SENT = Counter("podium_notifications_total", "Notifications, by channel and outcome.", ["channel", "outcome"])
