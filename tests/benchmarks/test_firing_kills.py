"""Three gateways on PostgreSQL, 1,000 firings, 100 kills and 50 stops that are longer than a claim lasts.

At an orchestrator that honours keys each key runs once. At one that knows none, none is missed, and whatever may have
run twice is marked.
"""

import asyncio
import random
import time

import pytest

from gateway.coordination.executor import CLAIM
from tests.coordination.gateways import gateways

REPLICAS, RUNS, KILLS, STOPS = 3, 1_000, 100, 50
#: Stops under way at once, so that one gateway always works.
STOPS_AT_ONCE = 2

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("kind", ["metronome", "forgetful"])
async def test_no_key_is_missed_and_none_runs_twice_unseen(tmp_path, postgres_url, kind):
    dice, began = random.Random(kind), time.monotonic()
    happenings = ["run"] * RUNS + ["kill"] * KILLS + ["stop"] * STOPS
    dice.shuffle(happenings)
    with gateways(tmp_path, REPLICAS, postgres_url, kind) as several:
        keys = iter(f"run-{number}" for number in range(RUNS))
        for what in happenings:
            match what:
                case "run":
                    several.play(next(keys))
                    await asyncio.sleep(dice.uniform(0, 0.1))
                case "kill":
                    await several.kill(dice)
                case _:
                    while several.suspended >= STOPS_AT_ONCE:
                        await asyncio.sleep(0.1)
                    several.suspend(dice, CLAIM.total_seconds() + 3)
        await several.all_awake()
        wanted = {f"run-{number}" for number in range(RUNS)}
        firings = await several.through(wanted, within=600)
        made = several.made()
    marked = {one["key"] for one in firings if one["isPossibleDouble"]}
    doubles = {key for key, runs in made.items() if runs > 1}
    print(
        f"\n{kind}: {len(firings)} firings, {KILLS} kills, {STOPS} stops in {time.monotonic() - began:.0f} s:"
        f" {len(wanted - made.keys())} missed, {len(doubles)} ran twice, {len(marked)} marked"
    )
    assert made.keys() == wanted
    assert doubles <= marked
    assert kind == "forgetful" or not (doubles or marked)
