"""What is old goes; the current graph stays whole, and the database does not grow."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gateway.store.database import Database
from gateway.store.repository import lineage_log
from lineage.graph import Graph
from lineage.intake import Grown, logged_event
from lineage.loading import read_graph
from lineage.openlineage.check import check
from lineage.openlineage.state import job_id, name_id
from lineage.projector import Projector
from lineage.retention import Retention
from tests.lineage.made import START, dataset, run_event

KEEP = timedelta(days=30)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("lineage.retention.PAUSE", 0)
    monkeypatch.setattr("lineage.retention.STEP", 7)


async def take(database: Database, events: list[dict[str, Any]], at: datetime) -> None:
    async with database.write() as session:
        await lineage_log.append(session, [logged_event(check(event)) for event in events], at)
    projector = Projector(database, Grown())
    while await projector.step():
        pass


async def clear(database: Database, now: datetime) -> None:
    await Retention(database, "here", lambda: now, KEEP).clear()


async def counts(database: Database) -> dict[str, int]:
    async with database.read() as session:
        return {
            table: await session.scalar(text(f"SELECT COUNT(*) FROM lineage_{table}"))
            for table in ("events", "runs", "versions", "edges", "jobs", "names")
        }


async def graph_of(database: Database) -> Graph:
    async with database.read() as session:
        return await read_graph(session)


def day(number: int, jobs: int = 3) -> list[dict[str, Any]]:
    """Each job runs every day, and reads another table each time."""
    minute = number * 24 * 60
    events: list[dict[str, Any]] = []
    for job in range(jobs):
        sides: dict[str, Any] = {"inputs": [dataset(f"in{number}")], "outputs": [dataset(f"out{job}")]}
        events += [
            run_event("START", minute, job=f"j{job}", run=f"{job}-{number}"),
            run_event("COMPLETE", minute + 1, job=f"j{job}", run=f"{job}-{number}", **sides),
        ]
    return events


@pytest.mark.slow
async def test_the_database_stays_as_large_as_its_days(database):
    sizes = []
    for number in range(60):
        now = START + timedelta(days=number)
        await take(database, day(number), now)
        await clear(database, now)
        sizes.append(await counts(database))
    assert sizes[-1]["events"] == sizes[-10]["events"] == 6 * 31
    for table in ("runs", "versions", "edges"):
        assert sizes[-1][table] == sizes[-10][table], table
    assert sizes[-1]["runs"] <= 3 * 32


async def test_the_graph_of_a_job_that_ran_long_ago_stays(database):
    await take(database, day(0), START)
    before = await graph_of(database)
    later = START + timedelta(days=400)
    await clear(database, later)
    found = await counts(database)
    assert (found["events"], found["runs"], found["edges"]) == (0, 3, 3)
    graph = await graph_of(database)
    job = job_id("jobs", "j0")
    assert set(graph.upstream(job)) == set(before.upstream(job)) == {name_id("postgres://db:5432", "in0")}
    await take(database, day(400), later)
    assert set((await graph_of(database)).upstream(job)) == {name_id("postgres://db:5432", "in400")}


async def test_events_that_were_not_taken_up_stay(database):
    async with database.write() as session:
        await lineage_log.append(session, [logged_event(check(event)) for event in day(0)], START)
    await clear(database, START + timedelta(days=400))
    assert (await counts(database))["events"] == 6
