"""What was acknowledged is there, once, whatever is killed; and writers side by side do not stop each other."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from gateway.store.database import Database
from gateway.store.repository import lineage_log
from lineage.intake import Grown, Intake
from lineage.openlineage.check import check
from lineage.projection import project
from lineage.projector import Projector
from tests.lineage.hammer import event, killed_again_and_again
from tests.lineage.test_merge import cleared, contents

KILLS = 5
CLIENTS = 8


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request, tmp_path) -> str:
    is_sqlite = request.param == "sqlite"
    return f"sqlite:///{tmp_path}/podium.sqlite" if is_sqlite else request.getfixturevalue("postgres_url")


async def logged(database: Database) -> list[bytes]:
    async with database.read() as session:
        return [one.body for one in await lineage_log.after(session, 0, 10**6)]


async def assert_nothing_is_lost(database: Database, acknowledged: list[str]) -> None:
    """Every acknowledged event is in the log, once; and the state is what the log adds up to."""
    bodies = await logged(database)
    marks = Counter(orjson.loads(body)["run"]["facets"]["mark"]["is"] for body in bodies)
    assert set(acknowledged) <= set(marks), "an acknowledged event is lost"
    assert set(marks.values()) == {1}, "an event is there twice"
    projector = Projector(database, Grown())
    while await projector.step():
        pass
    found = await contents(database)
    await cleared(database)
    async with database.write() as session:
        await project(session, [check(orjson.loads(body)) for body in bodies])
    assert found == await contents(database)


async def check_kills(folder: Path, database_url: str, kills: int) -> int:
    hammer = await asyncio.to_thread(killed_again_and_again, folder, database_url, kills, CLIENTS)
    database = Database(database_url)
    await assert_nothing_is_lost(database, hammer.acknowledged)
    await database.aclose()
    return len(hammer.acknowledged)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_killed_at_random_moments_nothing_acknowledged_is_lost(tmp_path, database_url):
    assert await check_kills(tmp_path, database_url, KILLS) > KILLS


@pytest.mark.postgres
async def test_replicas_take_up_the_same_log_once(postgres_url):
    """Three replicas receive and project side by side: no deadlock, no error, the same state."""
    replicas = [Database(postgres_url) for _ in range(3)]
    intakes = [Intake(replica, lambda: datetime.now(UTC)) for replica in replicas]
    projectors = [Projector(replica, intake.grown) for replica, intake in zip(replicas, intakes, strict=True)]
    tasks = [asyncio.create_task(loop.run()) for loop in (*intakes, *projectors)]
    dice = random.Random(3)
    marks = [f"e{number}" for number in range(600)]

    async def send(number: int) -> None:
        for mark in marks[number::16]:
            await intakes[number % 3].receive([check(event(dice, mark))])

    await asyncio.gather(*(send(number) for number in range(16)))
    for task in tasks:
        assert not task.done()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await assert_nothing_is_lost(replicas[0], marks)
    for replica in replicas:
        await replica.aclose()
