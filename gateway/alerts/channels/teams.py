"""Microsoft Teams, by a workflow that posts what a webhook receives: an adaptive card for each notification."""

from typing import Any

import orjson

from gateway.alerts.channels.line import Line, Message, Options, Secret


class TeamsOptions(Options):
    """The workflow's address."""

    webhook_url: Secret


async def send(options: TeamsOptions, message: Message, line: Line) -> dict[str, Any]:
    """Post a card. AdapterError, SecretError."""
    incident: Any = message.document["incident"]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": message.title, "weight": "Bolder", "size": "Medium", "wrap": True},
            *({"type": "TextBlock", "text": one, "wrap": True} for one in message.text.split("\n") if one),
        ],
    }
    if incident["url"]:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open in Podium", "url": incident["url"]}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    await line.post(line.address(options.webhook_url), orjson.dumps({"type": "message", "attachments": [attachment]}))
    return {}
