"""Podium killed without warning, as a process: what was begun is finished, once."""

import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.store.database import Database
from gateway.store.tables import commands, leases
from tests.app.conftest import install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import Server, serving
from tests.waiting import eventually

PATIENCE = 120.0
CONFIG = """orchestrators:
  - {{name: beat, kind: metronome, url: '{url}', poll: 1s, auth: {{password: 'env:METRONOME_PASSWORD'}}}}
"""
PIPELINE = '{ pipeline(orchestrator: "beat", key: "waltz") { id } }'
TRIGGER = "mutation($input: TriggerPipelineInput!) { triggerPipeline(input: $input) { externalId } }"


@pytest.fixture
def metronome() -> Iterator[Metronome]:
    with playing(Metronome(seconds=0.1)) as metronome:
        yield metronome


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request, tmp_path) -> str:
    is_sqlite = request.param == "sqlite"
    return f"sqlite:///{tmp_path}/podium.sqlite" if is_sqlite else request.getfixturevalue("postgres_url")


@pytest.fixture
def site(tmp_path) -> Path:
    return install_metronome(tmp_path / "site")


@contextmanager
def podium(tmp_path: Path, name: str, database_url: str, metronome: Metronome, site: Path) -> Generator[Server]:
    """A gateway that follows the metronome; several may share a database."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "site").symlink_to(site)
    (folder / "podium.yaml").write_text(CONFIG.format(url=metronome.url))
    variables = {"METRONOME_PASSWORD": PASSWORD, "PODIUM_DATABASE_URL": database_url}
    with serving(folder, "--config", "podium.yaml", **variables) as server:
        yield server


def ask(server: Server, query: str, **variables: Any) -> Any:
    answer = httpx.post(f"{server.url}/graphql", json={"query": query, "variables": variables}, timeout=PATIENCE)
    said = answer.json()
    assert "errors" not in said, said
    return said["data"]


def waltz(server: Server) -> str:
    deadline = time.monotonic() + PATIENCE
    while not (found := ask(server, PIPELINE)["pipeline"]):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found["id"]


def trigger(server: Server, pipeline: str, key: str) -> str:
    given = {"pipeline": pipeline, "idempotencyKey": key}
    return ask(server, TRIGGER, input=given)["triggerPipeline"]["externalId"]


@dataclass
class Holding:
    """Holds up each of the metronome's threads at its moment until it is released."""

    #: (when, path) of the moments.
    moments: set[tuple[str, str]]
    arrived: set[tuple[str, str]] = field(default_factory=set)
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, when: str, path: str) -> None:
        if (when, path) in self.moments and not self.released.is_set():
            self.arrived.add((when, path))
            self.released.wait(PATIENCE)


@pytest.mark.slow
async def test_killed_around_a_trigger(tmp_path, database_url, metronome, site):
    """Before it was sent, when it had arrived, and when the run was made but nobody had heard of it."""
    moments = {
        "look-up": ("asked", "/runs/look-up"),
        "sent": ("asked", "/play"),
    }
    holding = Holding(set(moments.values()))
    made = Holding({("answered", "/play")})

    def hook(when: str, path: str) -> None:
        holding(when, path)
        made(when, path)

    with podium(tmp_path, "first", database_url, metronome, site) as server, ThreadPoolExecutor() as threads:
        pipeline = waltz(server)
        metronome.hook = made
        threads.submit(_until_killed, server, pipeline, "made")
        await eventually(_has(made.arrived), within=PATIENCE)
        metronome.hook = hook
        threads.submit(_until_killed, server, pipeline, "look-up")
        threads.submit(_until_killed, server, pipeline, "sent")
        await eventually(_has(holding.arrived, 2), within=PATIENCE)
        server.process.kill()
        server.process.wait()
        holding.released.set()
        made.released.set()
    with podium(tmp_path, "second", database_url, metronome, site) as server:
        database = Database(database_url)
        states = await eventually(lambda: _settled(database), within=PATIENCE, every=0.2)
        await database.aclose()
        assert states == {"made": "DONE", "sent": "DONE", "look-up": "FAILED"}
        again = {key: trigger(server, waltz(server), key) for key in states}
    assert again == {key: key for key in states}
    assert sorted(metronome.runs) == sorted(states), "each key has made one run"


def _until_killed(server: Server, pipeline: str, key: str) -> None:
    with suppress(httpx.TransportError):
        trigger(server, pipeline, key)


def _has(arrived: set[tuple[str, str]], count: int = 1) -> Callable[[], Any]:
    async def look() -> bool:
        return len(arrived) >= count

    return look


async def _settled(database: Database) -> dict[str, str]:
    async with database.read() as session:
        rows = await session.all(commands.select())
    states = {row.idempotency_key: row.state for row in rows}
    return states if {"PENDING", "SENDING"}.isdisjoint(states.values()) else {}


@pytest.mark.postgres
async def test_a_killed_replicas_orchestrator_is_followed_by_another(tmp_path, postgres_url, metronome, site):
    database = Database(postgres_url)

    async def holder() -> int | None:
        async with database.read() as session:
            rows = await session.all(leases.select())
        return int(rows[0].holder.split(":")[1]) if rows else None

    with ExitStack() as stack:
        servers = {
            server.process.pid: server
            for name in ("a", "b")
            for server in [stack.enter_context(podium(tmp_path, name, postgres_url, metronome, site))]
        }
        first = await eventually(holder, within=PATIENCE, every=0.1)
        assert first is not None
        killed = servers.pop(first)
        (other,) = servers.values()
        waltz(other)
        killed.process.send_signal(signal.SIGKILL)
        began = time.monotonic()

        async def has_taken_over() -> bool:
            return await holder() == other.process.pid

        await eventually(has_taken_over, within=PATIENCE, every=0.1)
        print(f"taken over {time.monotonic() - began:.1f} s after the kill")
        assert trigger(other, waltz(other), "after") == "after"
    await database.aclose()
