"""Every named place of a firing with every real orchestrator: a gateway killed at each, and each key runs once."""

import pytest

from gateway.failpoints import FIRING
from tests.live.conftest import airflow3_server, dagster_server, lineage_port, prefect_server
from tests.live.test_fail_points import TARGETS, assert_each_key_runs_once, scene

__all__ = ["airflow3_server", "dagster_server", "lineage_port", "prefect_server", "scene"]

pytestmark = [pytest.mark.live, pytest.mark.timeout(1800)]


async def test_killed_at_every_place_with_every_orchestrator(scene):
    kills = [(name, point) for point in FIRING for name in TARGETS]
    await assert_each_key_runs_once(scene, kills)
    print(f"\n{len(kills)} kills at {len(FIRING)} places with {len(TARGETS)} orchestrators: each key ran once")
