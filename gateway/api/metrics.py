"""What can be measured of the API."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "podium_http_request_seconds",
    "Seconds per HTTP request, by route, method and status.",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
GRAPHQL_ERRORS = Counter("podium_graphql_errors_total", "Errors in GraphQL answers, by code.", ["code"])
SUBSCRIPTIONS = Gauge("podium_graphql_subscriptions", "GraphQL subscriptions that are open now.")
REFUSED = Counter("podium_http_refused_total", "Requests refused before they reached a route, by reason.", ["reason"])
