"""What the page's lists, searches and timeline ask of the database, on 1,000,000 runs of 5,000 pipelines.

Each is told in milliseconds, and as a ratio to going once over the names of all runs, which no search for a part of a
name is quicker than.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.sdk.protocol import utc_now
from gateway.domain.filters import RunFilter
from gateway.domain.states import RunState, RunTrigger
from gateway.domain.timeline import TimelineFilter
from gateway.store import migrations
from gateway.store.database import Database, ReadSession
from gateway.store.repository import findings, run_order, runs, timeline
from gateway.store.tables import runs as runs_table
from tests.benchmarks import fleet
from tests.databases import driven

pytestmark = pytest.mark.timeout(1800)
#: Milliseconds that a list may take, on two quiet cores.
GOAL = 200
#: Times going over all names: what no page may need.
MOST = 12
PAGE = 101
TEXTS = ("ingest_orders", "ingest_orders_0", "scheduled__77777", "no such thing")
FILTERS: dict[str, RunFilter] = {
    "all": RunFilter(),
    "failed": RunFilter(states=(RunState.FAILED,)),
    "under way": RunFilter(states=(RunState.QUEUED, RunState.RUNNING)),
    "manual": RunFilter(triggers=(RunTrigger.MANUAL,)),
    "back-filled, of which there are none": RunFilter(triggers=(RunTrigger.BACKFILL,)),
    "failed of one orchestrator": RunFilter(orchestrators=("system-03",), states=(RunState.FAILED,)),
    **{f"with {text!r}": RunFilter(search=text) for text in TEXTS},
}

Question = Callable[[ReadSession], Awaitable[Any]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request, tmp_path_factory) -> AsyncIterator[Database]:
    """The fleet, on a database of its own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('lists')}/podium.sqlite"
    else:
        url = driven(request.getfixturevalue("postgres").create_database())
    made = Database(url)
    await migrations.upgrade(made)
    await fleet.fill(made)
    yield made
    await made.aclose()


def questions() -> dict[str, Question]:
    now = utc_now()
    day = now - timedelta(days=1)

    def by_time(wanted: RunFilter) -> Question:
        return lambda session: runs.page(session, wanted, None, PAGE)

    def by_duration(wanted: RunFilter) -> Question:
        return lambda session: run_order.by_duration(session, wanted, None, PAGE, longest_first=True)

    def count(wanted: RunFilter) -> Question:
        return lambda session: runs.count(session, wanted)

    succeeded = RunFilter(states=(RunState.SUCCESS,), started_after=day)
    return {
        **{f"runs {name}, newest first": by_time(wanted) for name, wanted in FILTERS.items()},
        **{f"runs {name}, longest first": by_duration(wanted) for name, wanted in FILTERS.items()},
        "count of the last day's successes": count(succeeded),
        "count of runs with 'no such thing'": count(RunFilter(search="no such thing")),
        "search box: a run's id": lambda session: findings.run_ids(session, "scheduled__77777", 5),
        "search box: a pipeline": lambda session: findings.pipeline_ids(session, ["ingest", "orders"], 5),
        "timeline of a day": lambda session: timeline.lanes(session, day, now, TimelineFilter()),
    }


async def best(database: Database, question: Question) -> float:
    """Milliseconds; the first time its pages are read from the disk."""
    took: list[float] = []
    for _ in range(4):
        async with database.read() as session:
            began = time.perf_counter()
            await question(session)
            took.append(time.perf_counter() - began)
    return 1000 * min(took)


async def test_lists(database):
    names = select(func.count()).select_from(runs_table).where(runs_table.c.external_id.contains("no such thing"))
    once = await best(database, lambda session: session.scalar(names))
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    print(f"\n{kind}: going once over the names of {fleet.RUNS:,} runs takes {once:.0f} ms")
    ratios: dict[str, float] = {}
    for what, question in questions().items():
        took = await best(database, question)
        ratios[what] = took / once
        mark = "" if took <= GOAL else f"  over {GOAL} ms"
        print(f"{took:7.0f} ms {ratios[what]:6.1f} x  {what}{mark}")
    assert {what: ratio for what, ratio in ratios.items() if ratio > MOST} == {}
