"""How fast OpenLineage events are made durable and taken up, against a bare loop that writes the same rows."""

import asyncio
import gc
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from gateway.app.cli import GARBAGE
from gateway.store import migrations
from gateway.store.database import Database
from gateway.store.repository import lineage_log, lineage_state
from lineage.intake import MOST_TOGETHER, Intake, logged_event
from lineage.openlineage.check import Event, check
from lineage.projector import Projector
from tests.lineage.made import dataset, run_event

EVENTS = 20_000
JOBS = 500
DATASETS = 2_000
SAVES = ("save_edges", "save_runs", "save_jobs", "save_names", "save_versions")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def databases(request, tmp_path):
    """Two empty ones of a kind, in a process set up as a gateway is."""
    made = []
    for name in ("measured", "bare"):
        is_sqlite = request.param == "sqlite"
        url = (
            f"sqlite:///{tmp_path}/{name}.sqlite"
            if is_sqlite
            else request.getfixturevalue("postgres").create_database()
        )
        made.append(Database(url))
        await migrations.upgrade(made[-1])
    before = gc.get_threshold()
    gc.set_threshold(*GARBAGE)
    yield made
    gc.set_threshold(*before)
    for database in made:
        await database.aclose()


def bodies() -> list[bytes]:
    """Starts and ends of runs, 4 KB each, as they would come from a busy day."""
    dice = random.Random(1)
    found: list[bytes] = []
    for number in range(EVENTS // 2):
        job = number % JOBS
        columns = [{"name": f"column_{index}", "type": "varchar", "description": "x" * 40} for index in range(14)]
        one, other = (dice.randrange(DATASETS) for _ in range(2))
        sides: dict[str, Any] = {
            "inputs": [dataset(f"shop.public.t{one}", schema={"fields": columns})],
            "outputs": [dataset(f"shop.public.t{other}", schema={"fields": columns})],
        }
        for minute, kind in enumerate(("START", "COMPLETE")):
            event = run_event(kind, number + minute / 2, job=f"dag_{job}.task", run=f"run-{number}", **sides)
            found.append(orjson.dumps(event))
    return found


async def test_durable_and_taken_up(databases, monkeypatch):
    measured, bare = databases
    given = bodies()
    size = sum(map(len, given)) / len(given)
    writes = _recorded(monkeypatch)
    began = time.perf_counter()
    acknowledged = await _receive(measured, given)
    took = time.perf_counter() - began
    monkeypatch.undo()
    peer = await _bare_loop(bare, given, writes)
    kind = "SQLite" if measured.is_sqlite else "PostgreSQL"
    print(
        f"\n{kind}: {EVENTS / took:,.0f} events/s of {size:,.0f} bytes durable and taken up "
        f"({EVENTS / acknowledged:,.0f}/s acknowledged), "
        f"{100 * peer / took:.0f} % of a bare loop ({EVENTS / peer:,.0f}/s)"
    )
    assert peer / took >= 0.5


async def _receive(database: Database, given: Sequence[bytes]) -> float:
    """Seconds until all were acknowledged; returns once all are taken up."""
    intake = Intake(database, lambda: datetime.now(UTC))
    projector = Projector(database, intake.grown)
    receiving = asyncio.create_task(intake.run())
    projecting = asyncio.create_task(projector.run())
    began = time.perf_counter()

    async def send(part: Sequence[bytes]) -> None:
        for body in part:
            await intake.receive([check(orjson.loads(body))])

    await asyncio.gather(*(send(given[number::256]) for number in range(256)))
    acknowledged = time.perf_counter() - began
    while True:
        async with database.read() as session:
            if await lineage_log.position(session, "projection") >= EVENTS:
                break
        await asyncio.sleep(0.01)
    for task in (receiving, projecting):
        task.cancel()
    await asyncio.gather(receiving, projecting, return_exceptions=True)
    return acknowledged


def _recorded(monkeypatch) -> list[tuple[str, list[Any]]]:
    """Every batch of rows that is written to the state."""
    writes: list[tuple[str, list[Any]]] = []

    def recording(name: str):
        real = getattr(lineage_state, name)

        async def save(session, rows):
            writes.append((name, list(rows)))
            await real(session, rows)

        return save

    for name in SAVES:
        monkeypatch.setattr(lineage_state, name, recording(name))
    return writes


async def _bare_loop(database: Database, given: Sequence[bytes], writes: Sequence[tuple[str, list[Any]]]) -> float:
    """Parses, batches and writes the same rows, and nothing else."""
    began = time.perf_counter()
    for start in range(0, len(given), MOST_TOGETHER):
        events: list[Event] = [_unchecked(body) for body in given[start : start + MOST_TOGETHER]]
        async with database.write() as session:
            await lineage_log.append(session, [logged_event(event) for event in events], datetime.now(UTC))
    for start in range(0, len(writes), len(SAVES)):
        async with database.write() as session:
            for name, rows in writes[start : start + len(SAVES)]:
                await getattr(lineage_state, name)(session, rows)
    return time.perf_counter() - began


def _unchecked(body: bytes) -> Any:
    return SimpleNamespace(given=orjson.loads(body))
