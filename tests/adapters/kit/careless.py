"""Adapters with one fault each, for which the contract has to fail them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.sdk.errors import AdapterError, Unauthorized, Unavailable
from adapters.sdk.protocol import Connection
from gateway.domain.observation import ObservedRun, Probe, RunPage, RunRef, Triggered, TriggerRequest
from tests.app.podium_metronome import STATES, MetronomeAdapter


class Hurried(MetronomeAdapter):
    """Takes a page that could not be read for the last one."""

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        try:
            async for page in super().runs(cursor, since):
                yield page
        except AdapterError:
            return


class Forgetful(MetronomeAdapter):
    """Sends a trigger again under another key when it hears nothing."""

    async def trigger(self, request: TriggerRequest) -> Triggered:
        wanted = {"pipeline": request.pipeline_key, "key": request.idempotency_key, "parameters": {}}
        try:
            made = await self._http.write("POST", "play", json=wanted)
        except Unavailable:
            made = await self._http.write("POST", "play", json=wanted | {"key": f"{request.idempotency_key}-again"})
        return Triggered(self._observed(made), is_new=True)


class Trusting(MetronomeAdapter):
    """Knows every state there will ever be."""

    def _observed(self, run: Any) -> ObservedRun:
        STATES[run["state"]]
        return super()._observed(run)


class Talkative(MetronomeAdapter):
    """Quotes the password in its errors."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._password: str = connection.auth.password.get_secret_value()  # pyright: ignore[reportAttributeAccessIssue]

    async def probe(self) -> Probe:
        try:
            return await super().probe()
        except Unauthorized as error:
            raise Unauthorized(f"{error} It was {self._password}.") from None


class Vague(MetronomeAdapter):
    """Has one error for everything."""

    async def probe(self) -> Probe:
        try:
            return await super().probe()
        except AdapterError:
            raise Unavailable("Something went wrong.") from None


class Stubborn(MetronomeAdapter):
    """Takes any message for one of its own."""

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:
        return []
