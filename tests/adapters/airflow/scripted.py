"""A small Airflow over real HTTP that misbehaves when told to."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from adapters.sdk.protocol import Adapter
from adapters.sdk.registry import ConnectionSpec, open_adapter

#: Sends half of the body it has announced, then closes.
CUT = "cut"
#: Never answers.
SILENT = "silent"
TOKEN = "token-1"


@dataclass
class Reply:
    """One answer; ``fault`` is CUT or SILENT."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass
class ScriptedAirflow:
    """Answers by path; ``instead`` holds replies that come first, by (method, path)."""

    url: str = ""
    routes: dict[tuple[str, str], Callable[[dict[str, str], Any], Reply]] = field(default_factory=dict)
    instead: dict[tuple[str, str], list[Reply]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=lambda: [TOKEN])
    password: str = "right-password"
    version: str = "3.3.2"

    def count(self, method: str, path: str) -> int:
        return self.requests.count((method, path))

    def reply(self, method: str, target: str, headers: dict[str, str], body: Any) -> Reply:
        parts = urlsplit(target)
        self.requests.append((method, parts.path))
        if waiting := self.instead.get((method, parts.path)):
            return waiting.pop(0)
        if parts.path == "/auth/token":
            if body["password"] != self.password:
                return Reply(401, {"detail": "Invalid credentials"})
            return Reply(201, {"access_token": self.tokens[-1]})
        is_old = self.version.startswith("2.")
        if parts.path.endswith("/version"):
            is_known = parts.path == ("/api/v1/version" if is_old else "/api/v2/version")
            return Reply(200, {"version": self.version}) if is_known else Reply(404, {"detail": "not found"})
        basic = b64encode(f"podium:{self.password}".encode()).decode()
        if headers.get("authorization") != (f"Basic {basic}" if is_old else f"Bearer {self.tokens[-1]}"):
            return Reply(403, {"detail": "Invalid JWT token"})
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        route = self.routes.get((method, parts.path))
        return route(query, body) if route else Reply(404, {"detail": "not found"})


@asynccontextmanager
async def serving(airflow: ScriptedAirflow) -> AsyncGenerator[ScriptedAirflow]:
    """Serve until the block ends."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _answer(airflow, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has left
        finally:
            writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    airflow.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield airflow
    finally:
        server.close()


async def _answer(airflow: ScriptedAirflow, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    raw = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = first.split(" ")
    reply = airflow.reply(method, target, headers, orjson.loads(raw) if raw else None)
    if reply.fault == SILENT:
        await reader.read()  # until the client gives up
        return
    content = reply.body if isinstance(reply.body, bytes) else orjson.dumps(reply.body)
    sent = {"content-type": "application/json", "connection": "close", **reply.headers}
    writer.write(f"HTTP/1.1 {reply.status} Scripted\r\ncontent-length: {len(content)}\r\n".encode())
    writer.write("".join(f"{name}: {value}\r\n" for name, value in sent.items()).encode() + b"\r\n")
    writer.write(content[: len(content) // 2] if reply.fault == CUT else content)
    await writer.drain()


def connect(airflow: ScriptedAirflow, monkeypatch: pytest.MonkeyPatch, password: str = "right-password") -> Adapter:
    """An adapter for it, which reads two things a page."""
    monkeypatch.setenv("SCRIPTED_PASSWORD", password)
    auth = {"username": "podium", "password": "env:SCRIPTED_PASSWORD"}
    return open_adapter(ConnectionSpec("scripted", "airflow", airflow.url, auth, {"page_size": 2}), timeout=0.5)
