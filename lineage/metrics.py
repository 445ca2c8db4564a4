"""What can be measured of lineage."""

from prometheus_client import Counter, Histogram

RECEIVED = Counter("podium_lineage_events_total", "OpenLineage events made durable.")
REPEATED = Counter("podium_lineage_events_repeated_total", "OpenLineage events that were there already.")
REFUSED = Counter("podium_lineage_events_refused_total", "OpenLineage events refused, by reason.", ["reason"])
REMARKS = Counter("podium_lineage_remarks_total", "Parts of events read otherwise than sent, such as facets not used.")
PROJECTED = Counter("podium_lineage_events_projected_total", "OpenLineage events taken up into the graph.")
FAULTY = Counter("podium_lineage_events_faulty_total", "OpenLineage events that could not be taken up.")
BATCH_SECONDS = Histogram(
    "podium_lineage_batch_seconds",
    "Seconds to take up one batch of events.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
REMOVED = Counter("podium_lineage_removed_total", "Rows of lineage removed because they were old, by kind.", ["kind"])
FORWARDED = Counter("podium_lineage_forwarded_total", "OpenLineage events sent on, by target.", ["target"])
FORWARD_FAILED = Counter("podium_lineage_forward_failures_total", "Attempts to send events on that failed.", ["target"])
FORWARD_REFUSED = Counter(
    "podium_lineage_forward_refused_total", "OpenLineage events that a target refused for good.", ["target"]
)
