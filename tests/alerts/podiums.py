"""Podiums as processes, which are killed while pipelines fail and somebody is told; and who is told."""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import orjson

from gateway.failpoints import VARIABLE
from tests.app.conftest import install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import Server, serving
from tests.waiting import eventually

CONFIG = """\
orchestrators:
  - {{name: beat, kind: metronome, url: '{beat}', poll: 1s, auth: {{password: 'env:BEAT'}}}}
alerts:
  receivers:
    - {{name: hook, webhook: {{url: '{hook}'}}}}
  route: {{receiver: hook, group_wait: 0s, group_interval: 1s}}
"""
#: The times that a test would have to wait for are shorter in its processes; what happens in them is the same.
HURRY = """\
from datetime import timedelta

from gateway.alerts import delivery, lifecycle
from gateway.store import lead
from gateway.sync import supervisor

lifecycle.CALM, delivery.HELD = timedelta(seconds=2), timedelta(seconds=5)
lead.LEASE = supervisor.LEASE = timedelta(seconds=5)
"""
INCIDENTS = """query($after: String) { incidents(first: 100, after: $after) {
  edges { node { id title state reopened notifications { event state attempts } } }
  pageInfo { hasNextPage endCursor } } }"""
ACKNOWLEDGE = "mutation($id: ID!) { acknowledgeIncident(id: $id) { id } }"


@dataclass(frozen=True)
class Told:
    """One request."""

    key: str
    body: bytes

    @property
    def document(self) -> Any:
        return orjson.loads(self.body)

    @property
    def pipeline(self) -> str:
        return self.document["incident"]["rootCause"]["pipeline"]

    @property
    def event(self) -> str:
        return self.document["event"]


@dataclass
class Receiver:
    """A real HTTP server that keeps what it is told."""

    url: str = ""
    #: In the order in which they came.
    told: list[Told] = field(default_factory=list[Told])
    #: Called before each answer, in a thread of its own.
    before_answer: Callable[[Told], None] = lambda _told: None

    def first(self) -> list[Told]:
        """Without what was told again."""
        return list({one.key: one for one in reversed(self.told)}.values())[::-1]

    def story(self, pipeline: str) -> list[tuple[str, int]]:
        """(event, how often it was told by one key) about a pipeline."""
        return [(one.event, self.times(one.key)) for one in self.first() if one.pipeline == pipeline]

    def times(self, key: str) -> int:
        return sum(one.key == key for one in self.told)

    def has_heard(self, pipeline: str, event: str) -> bool:
        return any((one.pipeline, one.event) == (pipeline, event) for one in self.told)

    async def hears(self, event: str, *pipelines: str, within: float = 60) -> None:
        async def missing() -> list[str]:
            return [one for one in pipelines if not self.has_heard(one, event)]

        await eventually(missing, lambda found: not found, within=within)


@contextmanager
def receiving() -> Generator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:  # killed between the head and the body: nothing was told
                return
            told = Told(self.headers["idempotency-key"], body)
            receiver.told.append(told)
            receiver.before_answer(told)
            self.send_response(204)
            self.end_headers()

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever told has been killed
                super().handle()

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.url = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield receiver
        server.shutdown()


class Podiums:
    """On one database, between a metronome and a receiver. One that is killed can be started anew."""

    def __init__(
        self, folder: Path, database_url: str, metronome: Metronome, receiver: Receiver, hurry: str, stack: ExitStack
    ) -> None:
        self.metronome = metronome
        self.receiver = receiver
        self.running: list[Server] = []
        self._folder = folder
        self._config = CONFIG.format(beat=metronome.url, hook=receiver.url)
        self._variables = {"BEAT": PASSWORD, "PODIUM_DATABASE_URL": database_url}
        self._stack = stack
        self._numbers = count(1)
        self._runs = count(1)
        self._site = install_metronome(folder / "site")
        (self._site / "sitecustomize.py").write_text(hurry)

    def start(self, fail_at: str = "") -> Server:
        """One that is ready, and that dies at a place if one is named."""
        folder = self._folder / f"podium{next(self._numbers)}"
        folder.mkdir()
        (folder / "site").symlink_to(self._site)
        (folder / "podium.yaml").write_text(self._config)
        place = {VARIABLE: fail_at} if fail_at else {}
        server = self._stack.enter_context(serving(folder, "--config", "podium.yaml", **self._variables, **place))
        self.running.append(server)
        return server

    def kill(self, server: Server) -> None:
        """As by kill -9."""
        self.running.remove(server)
        server.process.kill()
        server.process.wait()

    async def died(self, server: Server, within: float = 60) -> None:
        """At the place that was named."""

        async def code() -> int | None:
            return server.process.poll()

        assert await eventually(code, lambda found: found is not None, within=within) == -9
        self.running.remove(server)

    def play(self, pipeline: str, **parameters: Any) -> None:
        """A run of it, which nobody asked Podium for."""
        body = {"key": f"{pipeline}.{next(self._runs)}", "pipeline": pipeline, "parameters": parameters}
        self.metronome.answer("POST", "/play", body)

    async def ask(self, server: Server, query: str, **variables: Any) -> Any:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
            said = (await http.post("/graphql", json={"query": query, "variables": variables})).json()
        assert "errors" not in said, said
        return said["data"]

    async def incidents(self, server: Server) -> list[dict[str, Any]]:
        """As Podium itself tells of them."""
        found: list[dict[str, Any]] = []
        place: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
        while place["hasNextPage"]:
            page = (await self.ask(server, INCIDENTS, after=place["endCursor"]))["incidents"]
            found += [edge["node"] for edge in page["edges"]]
            place = page["pageInfo"]
        return found

    async def all_sent(self, server: Server, count: int, within: float = 60) -> list[dict[str, Any]]:
        """All incidents, once so many notifications are noted as sent, and no other is there."""

        def are_sent(found: list[dict[str, Any]]) -> bool:
            states = [one["state"] for incident in found for one in incident["notifications"]]
            return states == ["SENT"] * count

        return await eventually(lambda: self.incidents(server), are_sent, within=within, every=0.3)


@contextmanager
def podiums(folder: Path, database_url: str, pipelines: Iterator[str], hurry: str = HURRY) -> Generator[Podiums]:
    """None runs yet."""
    found = Metronome(seconds=0.05, paused=dict.fromkeys(pipelines, False))
    with playing(found) as metronome, receiving() as receiver, ExitStack() as stack:
        yield Podiums(folder, database_url, metronome, receiver, hurry, stack)
