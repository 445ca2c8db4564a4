"""Gateways on one database that are killed and stopped at random, between a made-up orchestrator's two pipelines."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.app.conftest import install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import Server, serving
from tests.waiting import eventually

CONFIG = """\
orchestrators:
  - {{name: beat, kind: {kind}, url: '{url}', poll: 1s, auth: {{password: 'env:METRONOME_PASSWORD'}}}}
dependencies:
  - name: slow-after-waltz
    upstream: [beat/waltz]
    target: beat/march/slow
    parameters: {{after: "{{{{ upstream[0].run.id }}}}"}}
"""
FIRINGS = """query($after: String) { firings(first: 500, after: $after) {
  edges { node { key state attempts isPossibleDouble lastError } } pageInfo { hasNextPage endCursor } } }"""


class Gateways:
    """Several; one that is killed is started anew."""

    def __init__(self, folder: Path, metronome: Metronome, kind: str, database_url: str, stack: ExitStack) -> None:
        self.metronome = metronome
        self._folder = folder
        self._config = CONFIG.format(kind=kind, url=metronome.url)
        self._database_url = database_url
        self._stack = stack
        self._numbers = count(1)
        self._site = install_metronome(folder / "site")
        self.running: list[Server] = []
        self._stopped: dict[Server, asyncio.Event] = {}

    def start(self) -> None:
        folder = self._folder / f"gateway{next(self._numbers)}"
        folder.mkdir()
        (folder / "site").symlink_to(self._site)
        (folder / "podium.yaml").write_text(self._config)
        variables = {"METRONOME_PASSWORD": PASSWORD, "PODIUM_DATABASE_URL": self._database_url}
        self.running.append(self._stack.enter_context(serving(folder, "--config", "podium.yaml", **variables)))

    async def kill(self, dice: random.Random) -> None:
        """One that runs, as by kill -9."""
        victim = dice.choice([one for one in self.running if one not in self._stopped])
        self.running.remove(victim)
        victim.process.kill()
        victim.process.wait()
        await asyncio.to_thread(self.start)

    def suspend(self, dice: random.Random, seconds: float) -> None:
        """One that runs does nothing for a while, and then goes on as if nothing had happened."""
        victim = dice.choice([one for one in self.running if one not in self._stopped])
        victim.process.send_signal(signal.SIGSTOP)
        self._stopped[victim] = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, self._wake, victim)

    def _wake(self, victim: Server) -> None:
        victim.process.send_signal(signal.SIGCONT)
        self._stopped.pop(victim).set()

    @property
    def suspended(self) -> int:
        return len(self._stopped)

    async def all_awake(self) -> None:
        for awake in list(self._stopped.values()):
            await awake.wait()

    async def firings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        awake = next(one for one in self.running if one not in self._stopped)
        async with httpx.AsyncClient(base_url=awake.url, timeout=60) as http:
            place: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
            while place["hasNextPage"]:
                asked = {"query": FIRINGS, "variables": {"after": place["endCursor"]}}
                page = (await http.post("/graphql", json=asked)).json()["data"]["firings"]
                found += [edge["node"] for edge in page["edges"]]
                place = page["pageInfo"]
        return found

    async def through(self, keys: set[str], within: float) -> list[dict[str, Any]]:
        """All firings, once each of these keys has succeeded."""

        def are_through(told: list[dict[str, Any]]) -> bool:
            return {one["key"] for one in told if one["state"] == "SUCCEEDED"} >= keys

        return await eventually(self.firings, are_through, within=within, every=0.5)

    def play(self, run: str) -> None:
        """The upstream runs, and nobody asked Podium to start it."""
        self.metronome.answer("POST", "/play", {"key": run, "pipeline": "waltz", "parameters": {}})

    def made(self) -> Counter[str]:
        """How many runs of the target each key has got."""
        runs = [run for run in self.metronome.runs.values() if run.pipeline == "march/slow"]
        return Counter(str(run.parameters["after"]) for run in runs)


@contextmanager
def gateways(folder: Path, replicas: int, database_url: str, kind: str = "metronome") -> Generator[Gateways]:
    """So many, ready."""
    with playing(Metronome(seconds=0.1)) as metronome, ExitStack() as stack:
        found = Gateways(folder, metronome, kind, database_url, stack)
        for _ in range(replicas):
            found.start()
        yield found
