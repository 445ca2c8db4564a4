"""The web application, put together."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from gateway.api import problems
from gateway.api.access import Access
from gateway.api.auth import Authenticator
from gateway.api.graphql.schema import build_schema
from gateway.api.graphql.view import GraphQLView
from gateway.api.limits import Limits
from gateway.api.middleware import Border
from gateway.api.rest import lineage, operations, schemas, webhooks
from gateway.api.services import Services
from gateway.api.ui import ui

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(services: Services, *, lifespan: Lifespan | None = None, limits: Limits | None = None) -> FastAPI:
    """Everything Podium serves, on one origin."""
    limits = limits or Limits()
    authenticator = Authenticator(services.database, services.clock, is_open=services.is_open)

    @contextlib.asynccontextmanager
    async def living(app: FastAPI) -> AsyncGenerator[None]:
        async with contextlib.AsyncExitStack() as stack:
            if lifespan is not None:
                await stack.enter_async_context(lifespan(app))
            stack.push_async_callback(authenticator.aclose)
            yield

    app = FastAPI(
        title="Podium",
        # Its pages load scripts from elsewhere, and most of the API is GraphQL.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=living,
    )
    problems.install(app)
    app.add_middleware(Border, limits=limits)
    access = Access(authenticator)
    app.include_router(operations.router(services, access))
    app.include_router(webhooks.router(services, access))
    app.include_router(lineage.router(services, access, limits))
    app.include_router(schemas.router())
    view: ASGIApp = GraphQLView(build_schema(), services, authenticator, limits)
    app.router.routes += [
        Route(problems.GRAPHQL_PATH, view),
        WebSocketRoute(problems.GRAPHQL_PATH, view),
        Mount("/", ui(services.web_root)),
    ]
    return app
