"""PagerDuty, by its Events API v2: trigger, acknowledge and resolve with one key for an incident.

Requests as in https://developer.pagerduty.com/docs/events-api-v2-overview.
"""

from typing import Any

import orjson

from gateway.alerts.channels.line import Line, Message, Options, Secret
from gateway.domain.incidents import NoticeKind

_ACTIONS = {NoticeKind.ACKNOWLEDGED: "acknowledge", NoticeKind.RESOLVED: "resolve"}
#: Characters of a summary, by PagerDuty.
LONGEST = 1_024


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
        incident: Any = message.document["incident"]
        root: Any = incident["rootCause"] or {}
        body |= {
            "client": "Podium",
            "payload": {
                "summary": message.title[:LONGEST],
                "source": root.get("orchestrator") or "podium",
                "severity": incident["severity"].lower(),
                "timestamp": incident["openedAt"],
                "component": root.get("pipeline"),
                "group": root.get("orchestrator"),
                "class": root.get("kind"),
                "custom_details": {"text": message.text, "impact": incident["impact"]},
            },
            "links": [{"href": incident["url"], "text": "Podium"}] if incident["url"] else [],
        }
        if incident["url"]:
            body["client_url"] = incident["url"]
    await line.post(options.url, orjson.dumps(body))
    return {}
