"""How long a firing waits whose gateway dies while it is being sent: a claim's length and at most two seconds."""

import asyncio
import time

import pytest

from gateway.coordination.executor import CLAIM
from tests.coordination.gateways import gateways
from tests.waiting import eventually

ROUNDS = 5
#: Seconds beyond the length of a claim.
GOAL = 2.0

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]


class Held:
    """Notes when a run of the target is asked for, and answers to the first one only when it is let go."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def __call__(self, when: str, path: str) -> None:
        if (when, path) == ("asked", "/play"):
            self.asked.append(time.monotonic())
            while len(self.asked) == 1:
                time.sleep(0.01)


async def test_a_dead_gateways_firing_is_taken_over(tmp_path, postgres_url):
    waits: list[float] = []
    with gateways(tmp_path, 1, postgres_url) as several:
        for number in range(ROUNDS):
            held = Held()
            several.metronome.hook = held
            several.play(f"run-{number}")

            async def is_asked(times: int = 1, held: Held = held) -> bool:
                return len(held.asked) >= times

            await eventually(is_asked, within=30)
            (holder,) = several.running
            await asyncio.to_thread(several.start)
            holder.process.kill()
            died = time.monotonic()
            several.running.remove(holder)
            await eventually(lambda is_asked=is_asked: is_asked(2), within=60)
            waits.append(held.asked[1] - died)
            await several.through({f"run-{number}"}, within=30)
        assert set(several.made().values()) == {1}
    told = ", ".join(f"{wait:.1f}" for wait in waits)
    print(f"\ntaken over after {told} s; a claim lasts {CLAIM.total_seconds():g} s")
    assert max(waits) <= CLAIM.total_seconds() + GOAL
