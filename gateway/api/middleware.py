"""What holds for every request: security headers, a limit on bodies, and a measurement."""

import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api import metrics
from gateway.api.headers import SECURITY
from gateway.api.limits import Limits
from gateway.api.problems import Problem, respond

_ROUTES = (
    "/graphql",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/lineage",
    "/api/v1/lineage/batch",
    "/api/v1/schemas/notification.json",
)
_TEMPLATES = {"/api/v1/webhooks/": "/api/v1/webhooks/{orchestrator}"}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class TooLargeError(Exception):
    """The body is longer than allowed."""


class Border:
    """The outermost ASGI application."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        began = time.perf_counter()
        try:
            await self._limited(scope, receive, answer)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            seconds = time.perf_counter() - began
            metrics.REQUESTS.labels(_route(scope["path"]), method, answer.status).observe(seconds)

    async def _limited(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        declared = Headers(scope=scope).get("content-length", "0")
        longest = self._limits.longest_body(scope["path"])
        try:
            if declared.isdigit() and int(declared) > longest:
                raise TooLargeError
            await self._app(scope, _Counted(receive, longest), answer)
        except TooLargeError:
            metrics.REFUSED.labels("too_large").inc()
            if not answer.has_begun:
                detail = f"The body is longer than {longest} bytes."
                response = respond(
                    Problem(413, detail, "Send less at once.", headers={"connection": "close"}), scope["path"]
                )
                await response(scope, receive, answer)


class _Counted:
    """Receives a body up to a limit. TooLargeError."""

    def __init__(self, receive: Receive, longest: int) -> None:
        self._receive = receive
        self._left = longest

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLargeError
        return message


class _Answer:
    """Sends an answer with security headers, and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = "500"  # where nothing is sent before an error ends it
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.has_begun = str(message["status"]), True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY.items():
                headers.setdefault(name, value)
        await self._send(message)


def _route(path: str) -> str:
    """A path as a metric names it: few values, whatever is asked for."""
    if path in _ROUTES:
        return path
    return next((template for start, template in _TEMPLATES.items() if path.startswith(start)), "ui")
