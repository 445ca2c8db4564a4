"""What `make test` shows in small: hundreds of kills, and many writers on the same datasets for a minute."""

import asyncio
import random
import time
from datetime import UTC, datetime

import pytest

from gateway.store import migrations
from gateway.store.database import Database
from lineage.intake import Intake
from lineage.openlineage.check import check
from lineage.projector import Projector
from tests.lineage.hammer import event
from tests.lineage.test_durability import assert_nothing_is_lost, check_kills, database_url

__all__ = ["database_url"]
KILLS = 200
WRITERS, SECONDS = 16, 60.0


@pytest.mark.timeout(3600)
async def test_kills(tmp_path, database_url):
    began = time.monotonic()
    acknowledged = await check_kills(tmp_path, database_url, KILLS)
    kind = database_url.partition(":")[0]
    print(
        f"\n{kind}: {KILLS} kills in {time.monotonic() - began:.0f} s under 8 clients, "
        f"{acknowledged:,} events acknowledged: none lost, none twice"
    )


@pytest.mark.timeout(600)
async def test_many_writers_on_the_same_datasets(database_url):
    database = Database(database_url)
    await migrations.upgrade(database)
    intake = Intake(database, lambda: datetime.now(UTC))
    projector = Projector(database, intake.grown)
    tasks = [asyncio.create_task(intake.run()), asyncio.create_task(projector.run())]
    marks: list[str] = []
    end = time.monotonic() + SECONDS

    async def write(writer: int) -> None:
        dice = random.Random(writer)
        number = 0
        while time.monotonic() < end:
            number += 1
            mark = f"{writer}-{number}"
            await intake.receive([check(event(dice, mark, datasets=50))])
            marks.append(mark)

    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
    assert not any(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await assert_nothing_is_lost(database, marks)
    await database.aclose()
    print(f"\n{database_url.partition(':')[0]}: {WRITERS} writers for {SECONDS:.0f} s, {len(marks):,} events: no error")
