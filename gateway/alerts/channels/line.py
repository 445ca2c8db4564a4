"""What every channel needs: a message, a line to the outside, and secrets that are resolved at use and never told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Self

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict

from adapters.sdk import secrets
from adapters.sdk.errors import Unauthorized
from adapters.sdk.http import HttpClient
from adapters.sdk.protocol import Clock, Connection
from adapters.sdk.redaction import Redactor
from gateway.domain.incidents import NoticeKind

#: Seconds that a receiver may take to answer.
TIMEOUT = 10.0
#: Parts of a hidden address that are so long are hidden by themselves, too.
SECRETIVE = 8


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is told."""

    kind: NoticeKind
    #: The same for each attempt.
    key: str
    #: The same for all messages about one incident.
    incident_key: str
    title: str
    #: A few lines for people, without markup; it may be empty.
    text: str
    #: As `docs/alerts.md` describes it.
    document: Mapping[str, Any]
    at: datetime
    #: What an earlier message left behind.
    thread: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: It has been tried before: it may have been taken though nobody could write that down.
    may_be_there: bool = False


def _reference(value: str) -> str:
    if not secrets.is_reference(value):  # it is not quoted: it may be the secret itself
        raise ValueError("must be a reference, env:NAME or file:PATH, and not the secret itself.")
    return value


Secret = Annotated[str, AfterValidator(_reference)]


class Options(BaseModel):
    """What a receiver of a channel has to say."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class _Nothing(BaseModel):
    """No credentials, no options: the line is only named."""


class Line:
    """To one receiver. Use it in a ``async with`` block."""

    def __init__(self, receiver: str, clock: Clock, timeout: float = TIMEOUT) -> None:
        self.redactor = Redactor()
        self.clock = clock
        self._name = receiver
        connection = Connection(
            receiver, f"the address of {receiver}", _Nothing(), _Nothing(), self.redactor, clock, timeout
        )
        self._client = HttpClient(connection, product="a receiver of alerts", base_url="http://unused.invalid")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    def secret(self, reference: str) -> str:
        """What is behind a reference; from now on it is hidden in errors. SecretError."""
        found = secrets.resolve(reference)
        self.redactor.add(found)
        return found

    def address(self, given: str) -> str:
        """A URL, or what is behind a reference to one. SecretError."""
        if not secrets.is_reference(given):
            return given
        url = self.secret(given)
        for part in (one for one in httpx.URL(url).path.split("/") if len(one) >= SECRETIVE):
            self.redactor.add(part)
        return url

    async def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Send JSON once. AdapterError."""
        told = {"content-type": "application/json", **(headers or {})}
        try:
            return await self._client.send(httpx.Request("POST", url, content=body, headers=told))
        except Unauthorized as error:
            raise Unauthorized(error.message, remedy=f"Check what alerts: says of the receiver {self._name}.") from None

    def decode(self, response: httpx.Response) -> Any:
        """The answer's JSON. Drift."""
        return self._client.decode(response)
