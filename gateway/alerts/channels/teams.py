"""Microsoft Teams, by a workflow that posts what a webhook receives: an adaptive card for each notification."""

from typing import Any

import orjson

from gateway.alerts.channels.line import Line, Message, Options, Secret
from gateway.alerts.texts import cut

#: Bytes of a message, by Teams; without a charset it counts each character as two.
LARGEST = 28 * 1024


class TeamsOptions(Options):
    """The workflow's address."""

    webhook_url: Secret


async def send(options: TeamsOptions, message: Message, line: Line) -> dict[str, Any]:
    """Post a card; a text that is too long for one is cut. AdapterError, SecretError."""
    longest = len(message.text)
    told = _body(message, longest)
    while len(told) > LARGEST and longest > 1:
        longest //= 2
        told = _body(message, longest)
    await line.post(line.address(options.webhook_url), told, {"content-type": "application/json; charset=utf-8"})
    return {}


def _body(message: Message, longest: int) -> bytes:
    incident: Any = message.document["incident"]
    lines = cut(message.text, longest).split("\n")
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": message.title, "weight": "Bolder", "size": "Medium", "wrap": True},
            *({"type": "TextBlock", "text": one, "wrap": True} for one in lines if one),
        ],
    }
    links = (("Open in Podium", incident["url"]), ("Acknowledge", incident.get("acknowledgeUrl")))
    actions = [{"type": "Action.OpenUrl", "title": title, "url": url} for title, url in links if url]
    if actions:
        card["actions"] = actions
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return orjson.dumps({"type": "message", "attachments": [attachment]})
