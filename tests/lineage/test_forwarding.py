"""Received events reach every target, whoever is down or killed on the way."""

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import orjson
import pytest

from gateway.app.config.apply import apply_file
from gateway.app.config.load import load_text
from gateway.app.demo.postgres import free_port
from gateway.store.database import Database
from gateway.store.repository import lineage_log
from lineage.forwarding import Target
from lineage.intake import logged_event
from lineage.openlineage.check import check
from tests.app.server import Server, serving
from tests.lineage.made import START, run_event
from tests.waiting import eventually

FILE = """\
orchestrators: []
lineage:
  forward:
    - {{name: backend, url: "{url}", token: "{token}"}}
"""


def event(number: int, run: str = "r") -> dict[str, object]:
    return run_event("RUNNING", number, job=f"j{number % 5}", run=f"{run}{number}")


def send(server: Server, numbers: range) -> None:
    for number in numbers:
        httpx.post(f"{server.url}/api/v1/lineage", json=event(number)).raise_for_status()


async def logged(database: Database) -> list[bytes]:
    async with database.read() as session:
        return [one.body for one in await lineage_log.after(session, 0, 10**6)]


@contextmanager
def podium(folder: Path, port: int, *arguments: str) -> Generator[Server]:
    folder.mkdir(exist_ok=True)
    with serving(folder, "--port", str(port), *arguments) as server:
        yield server


@pytest.mark.slow
async def test_podium_in_front_of_another_one_whoever_is_killed(tmp_path):
    """Events from before the target was named stay here; all others reach it."""
    front, back = free_port(), free_port()
    file, secret = tmp_path / "podium.yaml", tmp_path / "token"
    secret.write_text("pod_any")
    file.write_text(FILE.format(url=f"http://127.0.0.1:{back}/api/v1/lineage", token=f"file:{secret}"))
    with podium(tmp_path / "front", front) as server:
        send(server, range(10))
    with podium(tmp_path / "front", front, "--config", str(file)) as server:
        with podium(tmp_path / "back", back) as target:
            send(server, range(10, 40))
            target.stop(signal.SIGKILL)
        send(server, range(40, 70))
        server.stop(signal.SIGKILL)
    received = Database(f"sqlite:///{tmp_path}/back/data/podium.sqlite")
    with podium(tmp_path / "back", back), podium(tmp_path / "front", front, "--config", str(file)) as server:
        send(server, range(70, 80))

        async def numbers() -> list[str]:
            return sorted(orjson.loads(body)["run"]["runId"] for body in await logged(received))

        wanted = sorted(f"r{number}" for number in range(10, 80))
        assert await eventually(numbers, lambda found: found == wanted, within=60) == wanted
    await received.aclose()


class Consumer(BaseHTTPRequestHandler):
    """Refuses what is called bad, and is overloaded at first."""

    answers: Counter[int]
    taken: list[str]
    tokens: list[str | None]

    def do_POST(self) -> None:
        run = orjson.loads(self.rfile.read(int(self.headers["content-length"])))["run"]["runId"]
        self.tokens.append(self.headers["authorization"])
        status = 503 if not self.answers else 422 if run.startswith("bad") else 201
        self.answers[status] += 1
        if status == 201:
            self.taken.append(run)
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@contextmanager
def consuming() -> Generator[tuple[str, type[Consumer]]]:
    handler = type("Handler", (Consumer,), {"answers": Counter(), "taken": [], "tokens": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/v1/lineage", handler
        finally:
            server.shutdown()
            thread.join()


async def test_an_event_that_is_refused_for_good_does_not_stop_the_others(database, monkeypatch):
    monkeypatch.setattr("lineage.forwarding.EVERY", 0.05)
    monkeypatch.setenv("BACKEND_TOKEN", "pod_secret")
    with consuming() as (url, consumer):
        file = load_text(FILE.format(url=url, token="env:BACKEND_TOKEN"))
        await apply_file(database, file, START)
        told = [event(number, "bad" if number == 3 else "r") for number in range(6)]
        async with database.write() as session:
            await lineage_log.append(session, [logged_event(check(one)) for one in told], START)
        (definition,) = file.others
        target = Target(database, definition, "here", lambda: START)
        task = asyncio.create_task(target.run())

        async def taken() -> set[str]:
            return set(consumer.taken)

        wanted = {"r0", "r1", "r2", "r4", "r5"}
        try:
            assert await eventually(taken, lambda found: found == wanted and 422 in consumer.answers) == wanted
        finally:
            task.cancel()
            await asyncio.wait([task])
        assert set(consumer.answers) == {503, 422, 201}
        assert set(consumer.tokens) == {"Bearer pod_secret"}
