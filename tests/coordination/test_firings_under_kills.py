"""Gateways killed at random while upstreams end: every key has fired, once."""

import asyncio
import random
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.conftest import install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import Server, serving
from tests.waiting import eventually

#: Upstream runs, and how often a gateway is killed meanwhile.
RUNS, KILLS = 30, 6
CONFIG = """\
orchestrators:
  - {{name: beat, kind: metronome, url: '{url}', poll: 1s, auth: {{password: 'env:METRONOME_PASSWORD'}}}}
dependencies:
  - name: slow-after-waltz
    upstream: [beat/waltz]
    target: beat/march/slow
    parameters: {{after: "{{{{ upstream[0].run.id }}}}"}}
"""
FIRINGS = "{ firings(first: 100) { edges { node { key state attempts lastError } } } }"


class Gateways:
    """Several on one database; one of them that is killed is started anew."""

    def __init__(self, folder: Path, url: str, database_url: str, stack: ExitStack) -> None:
        self._folder = folder
        self._url = url
        self._database_url = database_url
        self._stack = stack
        self._count = 0
        self._site = install_metronome(folder / "site")
        self.running: list[Server] = []

    def start(self) -> None:
        self._count += 1
        folder = self._folder / f"gateway{self._count}"
        folder.mkdir()
        (folder / "site").symlink_to(self._site)
        (folder / "podium.yaml").write_text(CONFIG.format(url=self._url))
        variables = {"METRONOME_PASSWORD": PASSWORD, "PODIUM_DATABASE_URL": self._database_url}
        self.running.append(self._stack.enter_context(serving(folder, "--config", "podium.yaml", **variables)))

    async def kill(self, dice: random.Random) -> None:
        victim = self.running.pop(dice.randrange(len(self.running)))
        victim.process.kill()
        victim.process.wait()
        await asyncio.to_thread(self.start)

    async def firings(self) -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=self.running[0].url, timeout=30) as http:
            said = (await http.post("/graphql", json={"query": FIRINGS})).json()
        return [edge["node"] for edge in said["data"]["firings"]["edges"]]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("replicas", [1, pytest.param(2, marks=pytest.mark.postgres)])
async def test_every_key_fires_once(tmp_path, request, replicas):
    database_url = f"sqlite:///{tmp_path}/podium.sqlite" if replicas == 1 else request.getfixturevalue("postgres_url")
    dice = random.Random(replicas)
    with playing(Metronome(seconds=0.1)) as metronome, ExitStack() as stack:
        gateways = Gateways(tmp_path, metronome.url, database_url, stack)
        for _ in range(replicas):
            await asyncio.to_thread(gateways.start)
        for number in range(RUNS):
            play(metronome, f"run-{number}")
            await asyncio.sleep(dice.uniform(0, 0.1))
            if number % (RUNS // KILLS) == 1:
                await gateways.kill(dice)
        wanted = {f"run-{number}" for number in range(RUNS)}

        def are_through(told: list[dict[str, Any]]) -> bool:
            return {one["key"] for one in told if one["state"] == "SUCCEEDED"} == wanted

        await eventually(gateways.firings, are_through, within=120, every=0.5)
        made = Counter(run.parameters["after"] for run in metronome.runs.values() if run.pipeline == "march/slow")
    assert made == dict.fromkeys(wanted, 1)


def play(metronome: Metronome, run: str) -> None:
    """The upstream runs, and nobody asked Podium to start it."""
    metronome.answer("POST", "/play", {"key": run, "pipeline": "waltz", "parameters": {}})
