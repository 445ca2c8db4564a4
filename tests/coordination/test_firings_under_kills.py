"""Gateways killed at random while upstreams end: every key has fired, once."""

import asyncio
import random

import pytest

from tests.coordination.gateways import gateways

#: Upstream runs, and how often a gateway is killed meanwhile.
RUNS, KILLS = 15, 3


@pytest.mark.slow
@pytest.mark.parametrize("replicas", [1, pytest.param(2, marks=pytest.mark.postgres)])
async def test_every_key_fires_once(tmp_path, request, replicas):
    database_url = f"sqlite:///{tmp_path}/podium.sqlite" if replicas == 1 else request.getfixturevalue("postgres_url")
    dice = random.Random(replicas)
    with gateways(tmp_path, replicas, database_url) as several:
        for number in range(RUNS):
            several.play(f"run-{number}")
            await asyncio.sleep(dice.uniform(0, 0.1))
            if number % (RUNS // KILLS) == 1:
                await several.kill(dice)
        wanted = {f"run-{number}" for number in range(RUNS)}
        await several.through(wanted, within=120)
        assert several.made() == dict.fromkeys(wanted, 1)
