"""Real HTTP servers that keep what they are sent."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import orjson

from tests.alerts.published import faults, notification


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def arguments(self) -> Any:
        """What is asked, as JSON or as a form."""
        is_form = self.headers["content-type"] == "application/x-www-form-urlencoded"
        return dict(parse_qsl(self.body.decode())) if is_form else self.json


@dataclass
class Inbox:
    """What came, and what is answered: the next of ``answers``, or 200 where there is none left."""

    url: str = ""
    requests: list[Request] = field(default_factory=list[Request])
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list[tuple[int, dict[str, str], Any]])
    #: The body where nothing else is to be answered.
    usual: Any = None

    @property
    def bodies(self) -> list[Any]:
        return [one.json for one in self.requests]

    def told(self) -> list[tuple[str, str]]:
        """(event, title) of Podium's own documents, each as its schema has it."""
        assert [fault for one in self.bodies for fault in faults(notification(), one)] == []
        return [(one["event"], one["incident"]["title"]) for one in self.bodies]


@contextmanager
def receiving() -> Generator[Inbox]:
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            inbox.requests.append(Request(self.path, headers, body))
            status, more, answer = inbox.answers.pop(0) if inbox.answers else (200, {}, inbox.usual)
            told = orjson.dumps(answer) if answer is not None else b""
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        inbox.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield inbox
        finally:
            server.shutdown()
            thread.join()
