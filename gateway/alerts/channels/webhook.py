"""Any HTTP server: the document as JSON, signed where there is a secret."""

import hashlib
import hmac
from typing import Any

import orjson
from pydantic import Field

from gateway.alerts.channels.line import Line, Message, Options, Secret


class WebhookOptions(Options):
    """Where to, and with what it is signed."""

    url: str
    secret: Secret | None = None
    headers: dict[str, str] = Field(default_factory=dict[str, str])


async def send(options: WebhookOptions, message: Message, line: Line) -> dict[str, Any]:
    """POST it. Whoever takes it may act once for each ``Idempotency-Key``. AdapterError, SecretError."""
    body = orjson.dumps(message.document)
    headers = {"idempotency-key": message.key}
    for name, value in options.headers.items():
        headers[name] = line.address(value)
    if options.secret is not None:
        headers["podium-signature"] = signature(line.secret(options.secret), int(line.clock().timestamp()), body)
    await line.post(line.address(options.url), body, headers)
    return {}


def signature(secret: str, at: int, body: bytes) -> str:
    """``t=SECONDS,v1=HEX``: HMAC-SHA256 over the seconds since 1970, a dot and the body."""
    told = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={told}"
