"""A proxy in front of a real orchestrator that answers as no healthy one would."""

import asyncio
import re
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

#: Headers that are true of one connection only, or that the proxy's own server adds.
NOT_PASSED_ON = frozenset(
    ["connection", "content-encoding", "content-length", "date", "host", "keep-alive", "server", "transfer-encoding"]
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One way of not answering."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    #: The connection ends in the middle of the body.
    is_cut: bool = False
    #: Nothing is ever answered.
    is_silent: bool = False
    #: The request does reach the orchestrator; only its answer is lost.
    is_forwarded: bool = False


class FaultyProxy:
    """Passes everything on to ``upstream``, but for what it is told to spoil."""

    def __init__(self, upstream: str) -> None:
        self.url = ""
        self._client = httpx.AsyncClient(base_url=upstream, timeout=60)
        self._fault: Fault | None = None
        self._passed_on = 0
        self._left = 0
        self._replaced: tuple[re.Pattern[bytes], bytes] | None = None

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator["FaultyProxy"]:
        """Listen on a free port of the loopback until the block ends."""
        config = uvicorn.Config(
            self._answer, port=0, interface="asgi3", log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        try:
            while not server.started:
                await asyncio.sleep(0.01)
            self.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
            yield self
        finally:
            server.should_exit = True
            await task
            await self._client.aclose()

    @contextmanager
    def spoiling(self, fault: Fault, *, after: int = 0, times: int = 1_000_000) -> Generator[None]:
        """Give this instead of the next answers, once ``after`` more have been passed on."""
        self._fault, self._passed_on, self._left = fault, after, times
        try:
            yield
        finally:
            self._fault = None

    @property
    def has_spoiled_all(self) -> bool:
        """Whether there were as many requests as there were answers to be spoiled."""
        return self._left == 0

    @contextmanager
    def sending(self, name: str, value: str) -> Generator[None]:
        """Put ``value``, as JSON, wherever a field of this name stands."""
        sought = re.compile(rb'("%s"\s*:\s*)("[^"]*"|null|-?[0-9.eE+-]+)' % name.encode())
        self._replaced = (sought, rb"\g<1>" + value.encode())
        try:
            yield
        finally:
            self._replaced = None

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        body = await _body(receive)
        fault = self._next_fault()
        if fault is None or fault.is_forwarded:
            status, headers, content = await self._forward(scope, body)
        else:
            status, headers, content = fault.status, dict(fault.headers), fault.body
        if fault is not None and fault.is_silent:
            await receive()  # until the client goes away
            return
        length = len(content) + 1000 if fault is not None and fault.is_cut else len(content)
        headers = {"content-type": "application/json", **headers, "content-length": str(length)}
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": content})

    def _next_fault(self) -> Fault | None:
        if self._fault is None or self._left == 0:
            return None
        if self._passed_on > 0:
            self._passed_on -= 1
            return None
        self._left -= 1
        return self._fault

    async def _forward(self, scope: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        kept = {name: value for name, value in headers.items() if name not in NOT_PASSED_ON}
        query = scope["query_string"].decode()
        target = scope["raw_path"].decode() + (f"?{query}" if query else "")
        answer = await self._client.request(scope["method"], target, content=body, headers=kept)
        content = answer.content
        if self._replaced is not None:
            content = self._replaced[0].sub(self._replaced[1], content)
        return answer.status_code, {k: v for k, v in answer.headers.items() if k not in NOT_PASSED_ON}, content


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
