"""Podium killed 100 times while pipelines fail, are taken care of and become well: each change is told, by one key.

50 times on each database. Most die at named places around a notification, the others at any moment; the receiver takes
its time.
"""

import asyncio
import random
import threading
import time
from collections import Counter
from contextlib import suppress

import httpx
import pytest

from gateway.failpoints import NOTIFICATION
from tests.alerts.podiums import ACKNOWLEDGE, Podiums, Told, podiums
from tests.app.server import Server

PIPELINES, KILLS = 60, 50
#: The longest that one lives, and that the receiver takes to answer, in seconds.
LIVES, ANSWERS = 4.0, 0.4
#: Seconds for what is left when the killing is over: claims of the dead, and the time that all must be well.
LEFT = 400.0

pytestmark = [pytest.mark.timeout(2400)]


class Burst:
    """Pipelines that fail one after the other, and become well once somebody has heard of it."""

    def __init__(self, scene: Podiums, dice: random.Random) -> None:
        self.scene = scene
        self.kills: Counter[str] = Counter()
        self._dice = dice
        self._failed: list[str] = []
        self._well: set[str] = set()
        self._ids: dict[str, str] = {}
        scene.receiver.before_answer = self._take_time

    async def advance(self, share: float) -> None:
        """So large a share of all pipelines has failed."""
        for pipeline in every()[len(self._failed) : int(PIPELINES * share)]:
            self._failed.append(pipeline)
            self.scene.play(pipeline, fail=True)
        heard = self.heard()
        for pipeline in self._failed:
            lacks = wanted(pipeline)[len(heard.get(pipeline, [])) :]
            if lacks[:1] == ["acknowledged"]:
                await self._acknowledge(pipeline)
            elif lacks == ["resolved"] and pipeline not in self._well:
                self._well.add(pipeline)
                self.scene.play(pipeline)

    def heard(self) -> dict[str, list[str]]:
        """What has been told of each, without what was told again."""
        found: dict[str, list[str]] = {}
        for one in self.scene.receiver.first():
            found.setdefault(one.pipeline, []).append(one.event)
        return found

    async def start(self) -> None:
        """One more; where it is to die at a place, it may do so before it is ready."""
        place = self._dice.choice(NOTIFICATION) if self._dice.random() < 0.7 else ""
        try:
            await asyncio.to_thread(self.scene.start, place)
        except AssertionError:
            if not place:
                raise
            self.kills["at a place"] += 1

    async def live(self, seconds: float) -> None:
        """Until one has died; if none has after that time, one is killed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self._dead():
            await self.advance(self.kills.total() / KILLS)
            await asyncio.sleep(0.05)
        for server in self._dead():
            self.scene.running.remove(server)
            self.kills["at a place"] += 1
        if time.monotonic() >= deadline and self.scene.running:
            self.scene.kill(self._dice.choice(self.scene.running))
            self.kills["at any moment"] += 1

    def _dead(self) -> list[Server]:
        return [one for one in self.scene.running if one.process.poll() is not None]

    async def _acknowledge(self, pipeline: str) -> None:
        with suppress(httpx.TransportError):  # it has died meanwhile
            for server in self.scene.running[:1]:
                if pipeline not in self._ids:
                    listed = await self.scene.incidents(server)
                    self._ids |= {one["title"].split()[0].removeprefix("beat/"): one["id"] for one in listed}
                await self.scene.ask(server, ACKNOWLEDGE, id=self._ids[pipeline])

    def _take_time(self, _told: Told) -> None:
        threading.Event().wait(self._dice.uniform(0, ANSWERS))


def every() -> list[str]:
    return [f"job-{number}" for number in range(PIPELINES)]


def wanted(pipeline: str) -> list[str]:
    """What is to be told of it: somebody takes care of every third."""
    is_cared_for = int(pipeline.removeprefix("job-")) % 3 == 0
    return ["opened", "acknowledged", "resolved"] if is_cared_for else ["opened", "resolved"]


@pytest.mark.parametrize("replicas", [1, pytest.param(2, marks=pytest.mark.postgres)])
async def test_no_change_is_missed_and_none_has_two_keys(tmp_path, request, replicas):
    database_url = f"sqlite:///{tmp_path}/podium.sqlite" if replicas == 1 else request.getfixturevalue("postgres_url")
    dice, began = random.Random(replicas), time.monotonic()
    with podiums(tmp_path, database_url, iter(every()), hurry="") as scene:
        burst = Burst(scene, dice)
        while burst.kills.total() < KILLS:
            while len(scene.running) < replicas:
                await burst.start()
            await burst.live(dice.uniform(0.1, LIVES))
        for server in [*scene.running]:
            scene.kill(server)
        last, *_ = [await asyncio.to_thread(scene.start) for _ in range(replicas)]
        complete = {pipeline: wanted(pipeline) for pipeline in every()}
        deadline = time.monotonic() + LEFT
        while burst.heard() != complete and time.monotonic() < deadline:
            await burst.advance(1)
            await asyncio.sleep(0.2)
        assert burst.heard() == complete
        incidents = await scene.all_sent(last, sum(map(len, complete.values())), within=120)
    times = Counter(one.key for one in scene.receiver.told)
    print(
        f"\n{'SQLite' if replicas == 1 else 'PostgreSQL'}, {replicas} at once, {dict(burst.kills)}:"
        f" {len(times)} changes of {len(incidents)} incidents, none missed, none by two keys;"
        f" {sum(times.values()) - len(times)} told again by their key, at most {max(times.values())} times;"
        f" {time.monotonic() - began:.0f} s"
    )
    assert [(one["state"], one["reopened"]) for one in incidents] == [("RESOLVED", 0)] * PIPELINES
    assert len({(one.key, one.body) for one in scene.receiver.told}) == len(times), "what is told again is the same"
