"""The ways in which somebody can be told."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gateway.alerts.channels.line import Line, Message, Options

Send = Callable[[Any, Message, Line], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Channel:
    """What a receiver of it has to say, and how a message is sent."""

    options: type[Options]
    send: Send


_PLACES = {
    "slack": ("slack", "SlackOptions"),
    "pagerduty": ("pagerduty", "PagerDutyOptions"),
    "email": ("email", "EmailOptions"),
    "webhook": ("webhook", "WebhookOptions"),
    "teams": ("teams", "TeamsOptions"),
    "alertmanager": ("alertmanager", "AlertmanagerOptions"),
    "apprise": ("others", "AppriseOptions"),
}
NAMES = tuple(_PLACES)


def channel(name: str) -> Channel:
    """By its name in podium.yaml; loaded when it is needed. KeyError."""
    module, options = _PLACES[name]
    loaded = import_module(f"gateway.alerts.channels.{module}")
    return Channel(getattr(loaded, options), loaded.send)
