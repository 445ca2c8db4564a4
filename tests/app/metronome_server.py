"""A made-up orchestrator behind real HTTP: three pipelines, runs that end when they are told or after a moment."""

import base64
import json
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

PASSWORD = "right-password"


@dataclass
class Run:
    id: str
    pipeline: str
    state: str
    parameters: dict[str, Any]
    started: float
    ended: float | None = None
    attempt: int = 1
    changed: int = 0


@dataclass
class Metronome:
    """What it knows. A run with the parameter ``fail`` fails, with ``hold`` it plays until it is stopped."""

    can: list[str] = field(default_factory=lambda: ["TRIGGER", "CANCEL", "RETRY", "PAUSE", "TASKS", "LOGS"])
    seconds: float = 0.3
    url: str = ""
    paused: dict[str, bool] = field(default_factory=lambda: {"waltz": False, "march/slow": False, "silence": True})
    runs: dict[str, Run] = field(default_factory=dict[str, Run])
    lock: Lock = field(default_factory=Lock)
    changes: int = 0
    #: Called with "asked" or "answered" and the request's path, before and after each request is carried out.
    hook: Callable[[str, str], None] = lambda _when, _path: None

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        with self.lock:
            self._play_on()
            if path == "/version":
                return 200, {"version": "1.2.3", "beats": 3, "can": self.can}
            if path == "/pipelines":
                return 200, [{"key": key, "paused": paused} for key, paused in self.paused.items()]
            if path.startswith("/changed/"):
                return self._changed(*map(int, path.split("/")[2:]))
            if path.startswith("/score/"):
                known = path.removeprefix("/score/") in self.paused
                return (200, ["tick", "tock"]) if known else (404, {"detail": "no such pipeline"})
            if method == "POST":
                return self._act(path.strip("/"), body)
            run = self.runs.get(path.rpartition("/")[2])
            return (200, asdict(run)) if run else (404, {"detail": "no such run"})

    def _changed(self, since: int, limit: int) -> tuple[int, Any]:
        changed = sorted((run for run in self.runs.values() if run.changed > since), key=lambda run: run.changed)
        page = [asdict(run) for run in changed[:limit]]
        return 200, {"runs": page, "at": page[-1]["changed"] if page else since, "is_last": len(changed) <= limit}

    def _act(self, verb: str, body: dict[str, Any]) -> tuple[int, Any]:
        if verb == "pause":
            self.paused[body["key"]] = body["paused"]
            return 200, {}
        if verb == "play":
            return self._play(body)
        run = self.runs[body["id"]]
        if verb == "stop":
            if run.state != "playing":
                return 409, {"detail": f"run {run.id} has ended"}
            self._change(run, "stopped")
        elif verb == "again":
            if run.state == "playing":
                return 409, {"detail": f"run {run.id} still plays"}
            run.attempt += 1
            run.parameters = {}
            run.started, run.ended = time.time(), None
            self._change(run, "playing")
        return 200, asdict(run)

    def _play(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body["key"] not in self.runs:
            if body["parameters"].get("tempo") == "wrong":
                return 422, {"detail": "tempo must be a number"}
            self.runs[body["key"]] = Run(body["key"], body["pipeline"], "", body["parameters"], time.time())
            self._change(self.runs[body["key"]], "playing")
        return 200, asdict(self.runs[body["key"]])

    def _play_on(self) -> None:
        for run in self.runs.values():
            is_over = time.time() - run.started > self.seconds and not run.parameters.get("hold")
            if run.state == "playing" and is_over:
                self._change(run, "broken" if run.parameters.get("fail") else "done")

    def _change(self, run: Run, state: str) -> None:
        self.changes += 1
        run.changed = self.changes
        run.state = state
        if state != "playing":
            run.ended = time.time()


@contextmanager
def serving(metronome: Metronome) -> Generator[Metronome]:
    """Let it answer on a free port, to podium:right-password only."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            length = int(self.headers["content-length"] or 0)
            text = self.rfile.read(length)
            if len(text) < length:
                raise ConnectionError("whoever asked has been killed while asking")
            right = "Basic " + base64.b64encode(f"podium:{PASSWORD}".encode()).decode()
            status, answer = 401, {"detail": "wrong password"}
            if self.headers["authorization"] == right:
                metronome.hook("asked", self.path)
                status, answer = metronome.answer(self.command, self.path, json.loads(text or b"{}"))
                metronome.hook("answered", self.path)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = handle_one  # noqa: N815

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever asked has been killed
                super().handle()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        metronome.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield metronome
        server.shutdown()
