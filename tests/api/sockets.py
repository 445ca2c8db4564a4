"""A real server on a port of its own, and a client that speaks graphql-transport-ws."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncGenerator[int]:
    """Serves ``app`` in this event loop; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", timeout_graceful_shutdown=2))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with asyncio.timeout(10):
            while not server.started:
                await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task


class Socket:
    """One connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self, within: float = 10) -> dict[str, Any]:
        async with asyncio.timeout(within):
            return json.loads(await self.connection.recv())

    async def begin(self, payload: dict[str, Any] | None = None) -> None:
        await self.send(type="connection_init", payload=payload or {})
        assert (await self.receive())["type"] == "connection_ack"

    async def subscribe(self, query: str, identity: str = "1", **variables: Any) -> None:
        await self.send(type="subscribe", id=identity, payload={"query": query, "variables": variables})

    async def closed(self, within: float = 10) -> tuple[int | None, str | None]:
        """Code and reason with which the server ended it."""
        async with asyncio.timeout(within):
            await self.connection.wait_closed()
        return self.connection.close_code, self.connection.close_reason


@asynccontextmanager
async def opened(port: int, **headers: str) -> AsyncGenerator[Socket]:
    url = f"ws://127.0.0.1:{port}/graphql"
    origin = Origin(headers.pop("origin")) if "origin" in headers else None
    async with connect(
        url,
        subprotocols=[PROTOCOL],
        additional_headers=headers,
        origin=origin,
        proxy=None,
    ) as connection:
        yield Socket(connection)
