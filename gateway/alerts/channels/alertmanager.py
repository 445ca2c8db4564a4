"""Prometheus Alertmanager as a sink, by its API v2: an incident is one alert there.

As in https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson
from pydantic import Field

from gateway.alerts.channels.line import Line, Message, Options
from gateway.domain.incidents import NoticeKind

#: How long it stands there without being told again; what is over is told at once.
STANDS = timedelta(days=1)


class AlertmanagerOptions(Options):
    """Its address, and labels that every alert gets besides."""

    url: str
    labels: dict[str, str] = Field(default_factory=dict[str, str])


async def send(options: AlertmanagerOptions, message: Message, line: Line) -> dict[str, Any]:
    """Post the alert as it is now; the same again changes nothing. AdapterError, SecretError."""
    incident: Any = message.document["incident"]
    over = incident["resolvedAt"] if message.kind is NoticeKind.RESOLVED else None
    alert = {
        # What never changes while it is open: Alertmanager knows an alert by its labels.
        "labels": {
            "alertname": "PodiumIncident",
            "incident": message.incident_key,
            "source": "podium",
            **options.labels,
        },
        "annotations": {"summary": message.title, "description": message.text},
        "startsAt": incident["openedAt"],
        "endsAt": over or _text(line.clock() + STANDS),
    }
    if incident["url"]:
        alert["generatorURL"] = incident["url"]
    url = line.address(options.url).rstrip("/")
    await line.post(f"{url}/api/v2/alerts", orjson.dumps([alert]))
    return {}


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
