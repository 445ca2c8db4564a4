"""What every resolver can reach."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import strawberry
from graphql import GraphQLSchema
from starlette.requests import HTTPConnection

from gateway.api.graphql.errors import ApiError, Code
from gateway.api.graphql.loaders import Loaders
from gateway.api.limits import Limits
from gateway.api.services import Services
from gateway.domain.access import Principal, Role
from gateway.store.changes import Listener, Subject


async def _always() -> bool:
    return True


@dataclass(slots=True)
class Context:
    """Who asks, what may be asked for, and where answers come from; one per operation."""

    schema: GraphQLSchema
    services: Services
    limits: Limits
    #: The request or WebSocket it came by.
    connection: HTTPConnection
    #: None on a WebSocket until its first message has said who it is.
    principal: Principal | None
    loaders: Loaders
    is_authentication_on: bool = False
    #: Whether the caller's token still holds; long-lived subscriptions ask again and again.
    is_still_allowed: Callable[[], Awaitable[bool]] = _always
    #: Closes the WebSocket with a code and a reason; None over HTTP.
    hang_up: Callable[[int, str], Awaitable[None]] | None = None
    #: The first message of a WebSocket; strawberry sets it.
    connection_params: object = None

    def for_operation(self) -> "Context":
        """The same with fresh loaders: on a WebSocket, operations share a connection but not their memory."""
        return replace(self, loaders=self.fresh_loaders())

    def fresh_loaders(self) -> Loaders:
        """Loaders that remember nothing yet."""
        return Loaders(self.services.database, self.services.clock, self.services.lineage)

    def forget(self) -> None:
        """Drop what was loaded, because something has changed."""
        self.loaders = self.fresh_loaders()

    @contextmanager
    def changed_runs(self) -> Generator[Listener]:
        """Hears of changed runs until the block ends: a WebSocket's first listener ever since it was accepted."""
        feed = self.services.database.feed
        early: list[Listener] = getattr(self.connection.state, "listeners", [])
        listener = early.pop() if early else feed.open(Subject.RUN)
        try:
            yield listener
        finally:
            feed.close(listener)

    def require(self, role: Role) -> Principal:
        """Who asks, if their role includes ``role``; UNAUTHENTICATED or FORBIDDEN otherwise."""
        if self.principal is None:
            raise ApiError(Code.UNAUTHENTICATED, "Who is asking?", remedy="Send a token as Authorization: Bearer.")
        if not self.principal.role.includes(role):
            raise ApiError(
                Code.FORBIDDEN,
                f"This needs the role {role}; {self.principal.name} is {self.principal.role}.",
                remedy=f"Use a token with the role {role}: podium token create --role {role}.",
            )
        return self.principal


Info = strawberry.Info[Context, None]
