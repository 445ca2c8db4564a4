"""How soon a change at a real orchestrator shows in GraphQL: by polling alone, and by what it pushes."""

import asyncio
import statistics
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.local import LocalOrchestrator
from gateway.app.demo.postgres import free_port
from gateway.app.demo.prefect import LocalPrefect
from gateway.app.demo.stack import podium_yaml, secrets_of
from tests.api.sockets import Socket, opened
from tests.app.server import serving
from tests.live import elsewhere
from tests.waiting import eventually

RUNS = 10
POLL = 5.0
ENDS = "subscription { runChanged(filter: {states: [SUCCESS]}) { externalId endedAt } }"
PIPELINES = "{ orchestrators { pipelines { totalCount } } }"


@dataclass
class Seen:
    """Seconds between the end of each run, by its orchestrator's clock, and its arrival at a subscriber."""

    lags: dict[str, float] = field(default_factory=dict)

    async def listen(self, socket: Socket) -> None:
        await socket.begin()
        await socket.subscribe(ENDS)
        while True:
            message = await socket.receive(within=600)
            run = message["payload"]["data"]["runChanged"]
            ended = datetime.fromisoformat(run["endedAt"])
            self.lags.setdefault(run["externalId"], (datetime.now(UTC) - ended).total_seconds())


@pytest.fixture(scope="module", params=["airflow", "prefect", "dagster"])
def pushing(request, postgres, tmp_path_factory) -> Iterator[tuple[LocalOrchestrator, int]]:
    """A real orchestrator that tells what happens to the port."""
    folder, port = tmp_path_factory.mktemp(request.param), free_port()
    env = {"PODIUM_WEBHOOK_URL": f"http://127.0.0.1:{port}/api/v1/webhooks/{request.param}-demo"}
    server = _local(request.param, folder, postgres.create_database(), env)
    server.install()
    try:
        server.start()
        yield server, port
    finally:
        server.stop()


def _local(kind: str, folder: Path, database: str, env: dict[str, str]) -> LocalOrchestrator:
    if kind == "airflow":
        return LocalAirflow(folder, database, env=env)
    return LocalPrefect(folder, database, env=env) if kind == "prefect" else LocalDagster(folder, env=env)


@asynccontextmanager
async def watching(server: LocalOrchestrator, folder: Path, poll: float, port: int) -> AsyncGenerator[Seen]:
    """A subscriber of a gateway that polls this often."""
    folder.mkdir()
    (folder / "podium.yaml").write_text(podium_yaml([server]).replace("poll: 2s", f"poll: {poll:g}s"))
    arguments = ("--config", "podium.yaml", "--port", str(port))
    with serving(folder, *arguments, **secrets_of([server])) as gateway:
        async with httpx.AsyncClient(base_url=gateway.url) as http, opened(port) as socket:
            await eventually(lambda: _has_read(http), within=120, every=0.2)
            seen = Seen()
            listening = asyncio.create_task(seen.listen(socket))
            yield seen
            listening.cancel()


async def _has_read(http: httpx.AsyncClient) -> bool:
    said = (await http.post("/graphql", json={"query": PIPELINES})).json()
    return all(one["pipelines"]["totalCount"] for one in said["data"]["orchestrators"])


async def _lags(server: LocalOrchestrator, seen: Seen) -> list[float]:
    """Of the runs started here: at first contact a gateway also tells of what ended long before."""
    lags: list[float] = []
    async with httpx.AsyncClient(timeout=60) as http:
        for _ in range(RUNS):
            run = await elsewhere.start(http, server)

            async def has_come(run: str = run) -> bool:
                return run in seen.lags

            await eventually(has_come, within=120)
            lags.append(seen.lags[run])
    return sorted(lags)


async def test_how_soon_a_change_shows(pushing, tmp_path):
    server, port = pushing
    for how, poll, at in (("polled", POLL, free_port()), ("pushed", 300.0, port)):
        async with watching(server, tmp_path / how, poll, at) as seen:
            lags = await _lags(server, seen)
        assert len(lags) >= RUNS
        goal = f"goal {poll + 1:g} s: poll interval + 1 s" if how == "polled" else "goal 1 s after the message"
        print(
            f"\n{server.kind:8} {how}: median {statistics.median(lags):.2f} s, longest {lags[-1]:.2f} s ({goal})",
            end="",
        )
