"""/graphql: queries and mutations by POST, everything by WebSocket, GraphiQL for a browser."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import orjson
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import process_result
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET, UnsetType

from gateway.api.auth import Authenticator, Refused
from gateway.api.callers import bearer, caller_of, why_not_local
from gateway.api.graphql.context import Context
from gateway.api.graphql.explorer import explorer
from gateway.api.graphql.loaders import Loaders
from gateway.api.graphql.schema import PodiumSchema
from gateway.api.graphql.sockets import SocketHandler
from gateway.api.limits import Limits
from gateway.api.problems import GRAPHQL_PATH, Problem, problem_of, respond
from gateway.api.services import Services
from gateway.domain.access import Principal
from gateway.store.changes import Subject

_BY_POST = frozenset({OperationType.QUERY, OperationType.MUTATION})
_HOW = 'Send a JSON object: {"query": "...", "variables": {...}, "operationName": "..."}.'


class GraphQLView(GraphQL[Context, None]):
    """An ASGI application for one path."""

    graphql_transport_ws_handler_class = SocketHandler

    def __init__(self, schema: PodiumSchema, services: Services, authenticator: Authenticator, limits: Limits) -> None:
        super().__init__(
            schema=schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=15),
            max_subscriptions_per_connection=limits.subscriptions,
            # Checked below: with tokens there is nothing a foreign page could abuse, without them nothing is let in.
            allowed_origins=["*"],
        )
        self._core = schema.core
        self._services = services
        self._authenticator = authenticator
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)
            return
        websocket = WebSocket(scope, receive, send)
        if not await self._authenticator.is_on() and why_not_local(caller_of(websocket)) is not None:
            await self.reject_websocket(websocket)
            return
        # Listens before the acknowledgement: who then reads and then subscribes misses nothing in between.
        feed = self._services.database.feed
        websocket.state.listeners = [feed.open(Subject.RUN)]
        try:
            await self.run(websocket)
        finally:
            for listener in websocket.state.listeners:
                feed.close(listener)

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002
    ) -> Context:
        """For WebSockets; who is calling is known once its first message has come."""
        return await self._context(request, None)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Let the caller in, by the handshake's header or the first message. Refused."""
        connection = context.connection
        token = _token_in(context.connection_params)

        async def authenticate() -> Principal:
            return await self._authenticator.authenticate(caller_of(connection, token))

        async def is_still_allowed() -> bool:
            try:
                return await authenticate() == context.principal
            except Refused:
                return False

        context.principal = await authenticate()
        context.is_still_allowed = is_still_allowed
        return UNSET

    def decode_json(self, data: str | bytes) -> object:
        """Faster than the standard library's, and as strict."""
        if len(data) > self._limits.body:
            raise orjson.JSONDecodeError("message too long", "", 0)
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        """Text, because WebSocket clients expect text messages."""
        return orjson.dumps(data).decode()

    async def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            return self._explorer(request)
        if request.method != "POST":
            return self._refuse(Problem(405, "GraphQL is asked by POST.", _HOW, headers={"allow": "GET, POST"}))
        try:
            principal = await self._authenticator.authenticate(caller_of(request))
        except Refused as refused:
            return self._refuse(problem_of(refused) or Problem(401, refused.message))
        try:
            asked = _asked(request.headers.get("content-type", ""), await request.body())
        except _Unreadable as error:
            return self._refuse(Problem(error.status, str(error), _HOW))
        except ClientDisconnect:
            return Response(status_code=499)
        return await self._execute(asked, await self._context(request, principal))

    async def _execute(self, asked: "_Asked", context: Context) -> Response:
        try:
            result = await self.schema.execute(
                asked.query,
                variable_values=asked.variables,
                operation_name=asked.operation_name,
                context_value=context,
                allowed_operation_types=_BY_POST,
            )
        except (MissingQueryError, CannotGetOperationTypeError):
            return self._refuse(Problem(400, "There is no such operation in the query.", _HOW))
        except InvalidOperationTypeError:
            return self._refuse(Problem(400, "A subscription needs a WebSocket (graphql-transport-ws)."))
        body = orjson.dumps(process_result(result))
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def _context(self, connection: HTTPConnection, principal: Principal | None) -> Context:
        return Context(
            schema=self._core,
            services=self._services,
            limits=self._limits,
            connection=connection,
            principal=principal,
            loaders=Loaders(self._services.database, self._services.clock, self._services.lineage),
            is_authentication_on=await self._authenticator.is_on(),
        )

    def _explorer(self, request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", "") or "query" in request.query_params:
            return self._refuse(Problem(405, "GraphQL is asked by POST.", _HOW, headers={"allow": "POST"}))
        return explorer(self._services.web_root)

    def _refuse(self, problem: Problem) -> Response:
        return respond(problem, GRAPHQL_PATH)


class _Unreadable(ValueError):
    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class _Asked:
    """A GraphQL request by HTTP, read from its JSON. _Unreadable."""

    __slots__ = ("operation_name", "query", "variables")

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.query: str | None = _member(body, "query", str)
        self.variables: dict[str, Any] | None = _member(body, "variables", dict)
        self.operation_name: str | None = _member(body, "operationName", str)
        if not self.query:
            raise _Unreadable("There is no query.")


def _asked(content_type: str, body: bytes) -> _Asked:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise _Unreadable(f"{content_type[:80] or 'A body without a type'} is not application/json.", 415)
    try:
        read: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _Unreadable(f"The body is not JSON: {error}.") from None
    if not isinstance(read, dict):
        raise _Unreadable("The body is not a JSON object.")
    return _Asked(cast("dict[str, Any]", read))


def _member(body: Mapping[str, Any], name: str, kind: type) -> Any:
    value = body.get(name)
    if value is not None and not isinstance(value, kind):
        raise _Unreadable(f"{name} is not {'an object' if kind is dict else 'a string'}.")
    return value


def _token_in(parameters: object) -> str | None:
    """The token in a WebSocket's first message: as a header would have it, or plain."""
    if not isinstance(parameters, dict):
        return None
    given = {str(name).lower(): value for name, value in cast("dict[object, object]", parameters).items()}
    header, token = given.get("authorization"), given.get("token")
    if isinstance(header, str):
        return bearer(header)
    return token if isinstance(token, str) and token else None
