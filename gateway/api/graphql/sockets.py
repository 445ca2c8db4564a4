"""graphql-transport-ws, made strict: whatever a client sends, it gets a close code that says what was wrong."""

from typing import Any, cast

from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler

from gateway.api.auth import Refused
from gateway.api.graphql.context import Context

#: The protocol's close codes.
BAD_REQUEST = 4400
UNAUTHORIZED = 4401
#: Bytes that a close frame's reason may have.
LONGEST_REASON = 120


class SocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.context.hang_up = self.websocket.close

    async def handle_message(self, message: Any) -> None:
        """Only what the protocol knows goes on."""
        fault = _fault(message)
        if fault is not None:
            await self.websocket.close(BAD_REQUEST, fault)
            return
        await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        """A caller that is refused is told why."""
        try:
            await super().handle_connection_init(message)
        except Refused as refused:
            reason = refused.message.encode()[:LONGEST_REASON].decode(errors="ignore")
            await self.websocket.close(UNAUTHORIZED, reason)


def _fault(message: object) -> str | None:
    if not isinstance(message, dict):
        return "A message must be a JSON object"
    given = cast("dict[str, Any]", message)
    if not isinstance(given.get("type"), str):
        return "A message must have a type"
    if given["type"] in {"subscribe", "complete"} and not isinstance(given.get("id"), str):
        return "id must be a string"
    return _fault_of_operation(given.get("payload")) if given["type"] == "subscribe" else None


def _fault_of_operation(payload: object) -> str | None:
    if not isinstance(payload, dict):
        return "payload must be an object"
    given = cast("dict[str, Any]", payload)
    if not isinstance(given.get("query"), str):
        return "payload.query must be a string"
    for name, kind in (("variables", dict), ("operationName", str)):
        if given.get(name) is not None and not isinstance(given[name], kind):
            return f"payload.{name} is of the wrong type"
    return None
