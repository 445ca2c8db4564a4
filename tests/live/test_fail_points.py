"""A gateway killed at every named place of a firing, with a real orchestrator as its target: each key runs once."""

import asyncio
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.prefect import LocalPrefect
from gateway.failpoints import FIRING, VARIABLE
from tests.app.conftest import install_metronome
from tests.app.metronome_server import PASSWORD, Metronome
from tests.app.metronome_server import serving as playing
from tests.app.server import Server, serving
from tests.live.test_chain import ask
from tests.live.test_dependencies import known, runs_of
from tests.waiting import eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

#: Orchestrator -> (what it waits for, what is started).
TARGETS = {
    "airflow": ("waltz", "by_hand"),
    "prefect": ("march/slow", "shop/by-hand"),
    "dagster": ("silence", "shop/marts"),
}
SENT = {
    "airflow": 'parameters: {day: "{{ key }}"}',
    "prefect": "parameters: {}",
    "dagster": 'partition: "{{ key }}"',
}
#: Every other place once, shared out among the orchestrators; the benchmark has every place with each of them.
ONCE = [(list(TARGETS)[place % len(TARGETS)], point) for place, point in enumerate(FIRING[::2])]
FIRINGS = "{ firings(first: 100) { edges { node { key state lastError dependency { name } run { id } } } } }"
SYNCED = "{ orchestrators { lastSyncedAt } }"


class Scene:
    """One gateway after the other, on one database, between a made-up orchestrator and three real ones."""

    def __init__(self, folder: Path, orchestrators: str, environment: dict[str, str], metronome: Metronome) -> None:
        self.metronome = metronome
        self._folder = folder
        self._numbers = count(1)
        self._site = install_metronome(folder / "site")
        dependencies = [
            f"  - {{name: to-{name}, upstream: [beat/{upstream}], target: {name}/{target}, {SENT[name]}}}\n"
            for name, (upstream, target) in TARGETS.items()
        ]
        beat = f"  - {{name: beat, kind: metronome, url: '{metronome.url}', poll: 1s, auth: {{password: env:BEAT}}}}\n"
        self._config = "".join(["orchestrators:\n", beat, orchestrators, "dependencies:\n", *dependencies])
        self._environment = {
            "BEAT": PASSWORD,
            "PODIUM_DATABASE_URL": f"sqlite:///{folder}/podium.sqlite",
            **environment,
        }

    @contextmanager
    def gateway(self, fail_at: str = "") -> Generator[Server]:
        folder = self._folder / f"gateway{next(self._numbers)}"
        folder.mkdir()
        (folder / "site").symlink_to(self._site)
        (folder / "podium.yaml").write_text(self._config)
        with serving(folder, "--config", "podium.yaml", **self._environment, **{VARIABLE: fail_at}) as server:
            yield server


@pytest.fixture
def scene(
    airflow3_server: LocalAirflow, prefect_server: LocalPrefect, dagster_server: LocalDagster, tmp_path: Path
) -> Iterator[Scene]:
    auth = "auth: {username: admin, password: env:AIRFLOW_PASSWORD}"
    orchestrators = (
        f"  - {{name: airflow, kind: airflow, url: '{airflow3_server.url}', poll: 1s, {auth}}}\n"
        f"  - {{name: prefect, kind: prefect, url: '{prefect_server.url}', poll: 1s}}\n"
        f"  - {{name: dagster, kind: dagster, url: '{dagster_server.url}', poll: 1s}}\n"
    )
    with ExitStack() as stack:
        metronome = stack.enter_context(playing(Metronome(seconds=0.1)))
        environment = {"AIRFLOW_PASSWORD": airflow3_server.auth["password"]}
        yield Scene(tmp_path, orchestrators, environment, metronome)


async def test_killed_at_places_of_a_firing_each_key_runs_once(scene):
    await assert_each_key_runs_once(scene, ONCE)


async def assert_each_key_runs_once(scene: Scene, kills: Sequence[tuple[str, str]]) -> None:
    """Kill a gateway at each of these (orchestrator, place), for a key of its own; then let one finish it all."""
    with scene.gateway() as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
            pipelines = {name: await known(http, name, target) for name, (_, target) in TARGETS.items()}
            await synced(http)
            before = {name: await runs_of(http, pipeline) for name, pipeline in pipelines.items()}
    wanted: dict[str, set[str]] = {name: set() for name in TARGETS}
    for place, (name, point) in enumerate(kills):
        key = f"2026-03-{place % 28 + 1:02}" if place < 28 else f"2026-04-{place % 28 + 1:02}"
        wanted[name].add(key)
        with scene.gateway(f"{point} to-{name}.{key}.1") as server:
            play(scene.metronome, key, TARGETS[name][0])
            assert await asyncio.to_thread(server.process.wait, 120) == -9, (name, point)
    with scene.gateway() as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:

            async def told() -> list[dict[str, Any]]:
                return [edge["node"] for edge in (await ask(http, FIRINGS))["firings"]["edges"]]

            keys = sorted((f"to-{name}", key) for name, keys in wanted.items() for key in keys)

            def are_done(all_: list[dict[str, Any]]) -> bool:
                is_each_there = sorted((one["dependency"]["name"], one["key"]) for one in all_) == keys
                return is_each_there and {one["state"] for one in all_} == {"SUCCEEDED"}

            firings = await eventually(told, are_done, within=240, every=1)
            await synced(http)
            made = {name: await runs_of(http, pipeline) - before[name] for name, pipeline in pipelines.items()}
    assert {name: len(runs) for name, runs in made.items()} == {name: len(keys) for name, keys in wanted.items()}
    assert set[str]().union(*made.values()) == {one["run"]["id"] for one in firings}


async def synced(http: httpx.AsyncClient) -> None:
    """Returns once every orchestrator has been read anew, twice: what was under way at the first is there then."""

    async def times() -> list[str]:
        return [one["lastSyncedAt"] or "" for one in (await ask(http, SYNCED))["orchestrators"]]

    for _ in range(2):
        earlier = await times()
        await eventually(
            times,
            lambda now, earlier=earlier: all(a > b for a, b in zip(now, earlier, strict=True)),
            within=60,
            every=0.5,
        )


def play(metronome: Metronome, run: str, pipeline: str) -> None:
    metronome.answer("POST", "/play", {"key": run, "pipeline": pipeline, "parameters": {}})
