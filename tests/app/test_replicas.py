"""A gateway that was killed on this machine holds up none that is started after it."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from gateway.app.replicas import release_leases_of_the_dead, replica_name
from gateway.store import leases
from tests.store.conftest import database

__all__ = ["database"]  # on both

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)


def named(pid: int) -> str:
    host, _, serial = replica_name().split(":")
    return f"{host}:{pid}:{serial}"


@pytest.fixture
def dead() -> int:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    return process.pid


async def test_only_leases_of_the_dead_are_released(database, dead):
    holders = {
        "of the dead": named(dead),
        "of one that lives": named(os.getppid()),
        "of one before us with our number": named(os.getpid()),
        "of another machine": f"elsewhere:{dead}:x",
        "of somebody who is called otherwise": "test",
    }
    async with database.write() as session:
        for name, holder in holders.items():
            await leases.acquire(session, name, holder, NOW, timedelta(seconds=15))
    await release_leases_of_the_dead(database, lambda: NOW)
    async with database.read() as session:
        left = set(await leases.held(session, NOW))
        is_sqlite = session.dialect == "sqlite"
    gone = {"of the dead", "of one before us with our number"} if is_sqlite else set[str]()
    assert left == holders.keys() - gone
