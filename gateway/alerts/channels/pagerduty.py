"""PagerDuty, by its Events API v2: trigger, acknowledge and resolve with one key for an incident.

Requests as in https://developer.pagerduty.com/docs/send-alert-event.
"""

from typing import Any

import orjson

from gateway.alerts.channels.line import Line, Message, Options, Secret
from gateway.domain.incidents import NoticeKind

_ACTIONS = {NoticeKind.ACKNOWLEDGED: "acknowledge", NoticeKind.RESOLVED: "resolve"}
#: Characters of a summary and bytes of an event, by PagerDuty.
LONGEST, LARGEST = 1_024, 512 * 1024


class PagerDutyOptions(Options):
    """An integration of a service."""

    routing_key: Secret
    url: str = "https://events.pagerduty.com/v2/enqueue"


async def send(options: PagerDutyOptions, message: Message, line: Line) -> dict[str, Any]:
    """Send an event. The same event twice changes nothing there. AdapterError, SecretError."""
    body: dict[str, Any] = {
        "routing_key": line.secret(options.routing_key),
        "event_action": _ACTIONS.get(message.kind, "trigger"),
        "dedup_key": message.incident_key,
    }
    if body["event_action"] == "trigger":
        url: str | None = message.document["incident"]["url"]
        body |= {"client": "Podium", "payload": _payload(message)}
        if url:
            body |= {"client_url": url, "links": [{"href": url, "text": "Podium"}]}
    told = orjson.dumps(body)
    if len(told) > LARGEST:
        del body["payload"]["custom_details"]["impact"]
        told = orjson.dumps(body)
    await line.post(options.url, told)
    return {}


def _payload(message: Message) -> dict[str, Any]:
    incident: Any = message.document["incident"]
    root: Any = incident["rootCause"] or {}
    about = {"component": root.get("pipeline"), "group": root.get("orchestrator"), "class": root.get("kind")}
    return {
        "summary": message.title[:LONGEST],
        "source": (root.get("orchestrator") or "podium")[:LONGEST],
        "severity": incident["severity"].lower(),
        "timestamp": incident["openedAt"],
        **{name: value[:LONGEST] for name, value in about.items() if value},
        "custom_details": {"text": message.text, "impact": incident["impact"]},
    }
