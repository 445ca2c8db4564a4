"""Everything else, by apprise: over a hundred services, each with a URL of its own."""

import asyncio
from typing import Any

import apprise

from adapters.sdk.errors import Rejected, Unavailable
from gateway.alerts.channels.line import Line, Message, Options, Secret
from gateway.domain.incidents import NoticeKind

_LOOKS = {"INFO": "info", "WARNING": "warning", "ERROR": "failure", "CRITICAL": "failure"}


class AppriseOptions(Options):
    """As https://github.com/caronc/apprise/wiki has it."""

    url: Secret


async def send(options: AppriseOptions, message: Message, line: Line) -> dict[str, Any]:
    """Hand it to apprise, which only says whether it went well. AdapterError, SecretError."""
    url = line.secret(options.url)
    service = apprise.Apprise()
    if not service.add(url):
        raise Rejected(f"{options.url} is no URL that apprise knows.")
    look = "success" if message.kind is NoticeKind.RESOLVED else _LOOKS[message.document["incident"]["severity"]]
    if not await asyncio.to_thread(_notify, service, message, look):
        raise Unavailable(f"The service behind {options.url} did not take it.")
    return {}


def _notify(service: Any, message: Message, look: str) -> bool:
    return bool(service.notify(title=message.title, body=message.text, notify_type=look))
