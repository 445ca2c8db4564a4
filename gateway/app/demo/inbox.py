"""Whoever is on call in the demo: a small server that shows what it is told, in the terminal and as a page."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rich.console import Console
from rich.text import Text

#: Messages that the page shows.
MOST = 100
_LOOKS = {"resolved": "green", "acknowledged": "yellow"}


class Inbox:
    """On a port of this machine, until it is stopped."""

    def __init__(self, port: int, console: Console) -> None:
        self._console = console
        self._told: list[Mapping[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self.take, self.page))
        self._thread = threading.Thread(target=self._server.serve_forever, name="demo-inbox", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End it, whether it has begun or not."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def take(self, body: bytes) -> None:
        """Show a message. ValueError for what is none."""
        told = json.loads(body)
        self._told = [*self._told, told][-MOST:]
        event, incident = told["event"], told["incident"]
        line = Text.assemble((f"{event:<13}", f"bold {_LOOKS.get(event, 'red')}"), incident["title"])
        hurt = [*incident["impact"]["pipelines"][1:], *incident["impact"]["slas"]]
        if hurt:
            line.append(f"\n{'':<13}hurts {', '.join(hurt)}", style="dim")
        self._console.print(line, soft_wrap=True)

    def page(self) -> bytes:
        """All messages, the last first."""
        items = "".join(_item(one) for one in reversed(self._told)) or "<p>Nobody has been told of anything.</p>"
        style = "body{font:16px system-ui;max-width:50em;margin:2em auto;padding:0 1em}li{margin:1em 0}"
        return f"<!doctype html><title>On call</title><style>{style}</style><h1>On call</h1><ol>{items}</ol>".encode()


def _item(told: Mapping[str, Any]) -> str:
    incident = told["incident"]
    hurt = escape(", ".join([*incident["impact"]["pipelines"], *incident["impact"]["slas"]]))
    at = datetime.fromisoformat(incident["openedAt"]).astimezone()
    return (
        f"<li><b>{escape(told['event'])}</b> {escape(incident['title'])}<br>"
        f"{incident['signalCount']} signals, opened {at:%H:%M:%S}<br>hurts {hurt}</li>"
    )


def _handler(take: Callable[[bytes], None], page: Callable[[], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                take(self.rfile.read(int(self.headers.get("content-length", 0))))
            except (ValueError, KeyError, TypeError):
                self._answer(400, b"This is no notification of Podium.")
            else:
                self._answer(200, b"")

        def do_GET(self) -> None:
            self._answer(200, page())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    return Handler
