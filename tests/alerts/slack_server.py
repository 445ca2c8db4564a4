"""Behaves like Slack in the four methods that Podium uses, and refuses what Slack's schemas do not have."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import orjson

from tests.alerts.published import faults, slack

CHANNEL = "C0123456789"


@dataclass
class Slack:
    url: str = ""
    #: Seconds since 1970, for what is posted next.
    now: float = 1_777_964_400.0
    token: str = "sesame-open-now"
    scopes: set[str] = field(default_factory=lambda: {"chat:write", "channels:history"})
    #: Methods whose next request is taken, and never answered.
    lost: list[str] = field(default_factory=list[str])
    #: (method, error): what the next such request is refused with.
    refusals: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    messages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    #: (method, arguments)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.requests]

    @property
    def roots(self) -> list[dict[str, Any]]:
        return [one for one in self.messages if "thread_ts" not in one]

    @property
    def replies(self) -> list[dict[str, Any]]:
        return [one for one in self.messages if "thread_ts" in one]

    def chatter(self, count: int) -> None:
        """What people write meanwhile."""
        for number in range(count):
            self._take({"text": f"hello {number}"})

    def answer(self, method: str, asked: dict[str, Any], bearer: str) -> dict[str, Any]:
        self.requests.append((method, asked))
        if bearer != f"Bearer {self.token}":
            return {"ok": False, "error": "invalid_auth"}
        needed = "chat:write" if method.startswith("chat.") else "channels:history"
        if needed not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": needed, "provided": ",".join(self.scopes)}
        wrong = faults(slack(method), asked)
        if wrong:
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": wrong}}
        refusal = next((one for one in self.refusals if one[0] == method), None)
        if refusal is not None:
            self.refusals.remove(refusal)
            return {"ok": False, "error": refusal[1]}
        match method:
            case "chat.postMessage":
                return self._post(asked)
            case "chat.update":
                return self._update(asked)
            case _:
                return self._listed(method, asked)

    def _take(self, message: dict[str, Any]) -> dict[str, Any]:
        self.now += 0.001
        self.messages.append({**message, "ts": f"{self.now:.6f}"})
        return self.messages[-1]

    def _post(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["channel"] not in (CHANNEL, "#data"):
            return {"ok": False, "error": "channel_not_found"}
        taken = self._take({name: value for name, value in asked.items() if name != "channel"})
        return {"ok": True, "channel": CHANNEL, "ts": taken["ts"], "message": taken}

    def _update(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = next((one for one in self.messages if one["ts"] == asked["ts"]), None)
        if found is None:
            return {"ok": False, "error": "message_not_found"}
        found |= {name: value for name, value in asked.items() if name not in ("channel", "ts")}
        return {"ok": True, "channel": CHANNEL, "ts": asked["ts"], "text": asked["text"], "message": found}

    def _listed(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["channel"] != CHANNEL:  # here a name will not do
            return {"ok": False, "error": "channel_not_found"}
        oldest = asked.get("oldest", "0000000000.000000")
        if method == "conversations.history":
            found = [one for one in reversed(self.roots) if one["ts"] > oldest]
        else:
            root = [one for one in self.roots if one["ts"] == asked["ts"]]
            if not root:
                return {"ok": False, "error": "thread_not_found"}
            found = root + [one for one in self.replies if one["thread_ts"] == asked["ts"] and one["ts"] > oldest]
        begin, limit = int(asked.get("cursor", "0")), int(asked.get("limit", "100"))
        hidden = () if asked.get("include_all_metadata") == "true" else ("metadata",)
        shown = [{name: one[name] for name in one if name not in hidden} for one in found[begin : begin + limit]]
        more = begin + limit < len(found)
        cursor = {"response_metadata": {"next_cursor": str(begin + limit)}} if more else {}
        return {"ok": True, "messages": shown, "has_more": more, **cursor}


@contextmanager
def slack_serving() -> Generator[Slack]:
    server_of = Slack()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            method = self.path.rsplit("/", 1)[1]
            is_form = self.headers["content-type"] == "application/x-www-form-urlencoded"
            asked = dict(parse_qsl(body.decode())) if is_form else orjson.loads(body)
            told = orjson.dumps(server_of.answer(method, asked, self.headers["authorization"]))
            if method in server_of.lost:
                server_of.lost.remove(method)
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        server_of.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield server_of
        finally:
            server.shutdown()
            thread.join()
