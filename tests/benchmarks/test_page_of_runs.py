"""A page of 100 runs with pipeline and orchestrator, from a database of 1,000,000 runs, end to end through the API."""

import statistics
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import insert, text

from gateway.api.app import create_app
from gateway.api.services import Services
from gateway.store import migrations
from gateway.store.database import Database
from gateway.store.tables import orchestrators, pipelines

RUNS = 1_000_000
PIPELINES = 500
ORCHESTRATORS = 5
PAGES = 100
#: Milliseconds for the 95th percentile on two quiet cores.
GOAL = 30.0
T0 = datetime(2026, 5, 1, tzinfo=UTC)

PAGE = """query ($after: String, $filter: RunFilter) { runs(first: 100, after: $after, filter: $filter) {
  edges { cursor node { id externalId state nativeState trigger logicalAt queuedAt startedAt endedAt duration attempt
    url
    pipeline { id key name isPaused url orchestrator { id name kind url } } } }
  pageInfo { hasNextPage endCursor }
} }"""
FILTERS: dict[str, dict[str, Any]] = {
    "newest": {},
    "failed": {"states": ["FAILED"]},
    "of one orchestrator": {"orchestrators": ["system-3"]},
    "failed or running of one orchestrator": {"orchestrators": ["system-3"], "states": ["FAILED", "RUNNING"]},
}
FILL = """
INSERT INTO runs (id, orchestrator_id, pipeline_id, external_id, state, native_state, trigger, logical_at, queued_at,
                  started_at, ended_at, parameters, attempt, url, sort_at, observed_at, read_at, revision)
WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {runs})
SELECT i, (i % {pipelines}) % {orchestrators} + 1, i % {pipelines} + 1, 'scheduled__' || i,
       CASE i % 7 WHEN 0 THEN 'FAILED' WHEN 1 THEN 'RUNNING' ELSE 'SUCCESS' END, 'success', 'SCHEDULE',
       {at_i}, {at_i}, {at_i}, {at_i}, {parameters}, 1, 'https://example.com/runs/' || i, {at_i}, {at_i}, {at_i}, 1
FROM numbers
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request, tmp_path) -> AsyncIterator[Database]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/podium.sqlite" if is_sqlite else request.getfixturevalue("postgres_url")
    database = Database(url)
    await migrations.upgrade(database)
    await _fill(database)
    yield database
    await database.aclose()


@pytest.fixture
async def http(database) -> AsyncIterator[httpx.AsyncClient]:
    none = cast("Any", SimpleNamespace())
    services = Services(database, none, none, none, none, none, lambda: datetime.now(UTC), None, is_open=True)
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_a_page_of_runs(http, database):
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    for name, wanted in FILTERS.items():
        await _pages(http, wanted, 5)
        busy = time.process_time()
        took = sorted(await _pages(http, wanted, PAGES))
        busy = (time.process_time() - busy) * 1000 / PAGES
        p50, p95 = statistics.median(took), took[int(0.95 * len(took))]
        print(
            f"\n{kind}, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms (goal {GOAL:.0f} ms), {busy:.1f} ms of CPU", end=""
        )
        # What others do on this machine stretches the clock, but not the work.
        assert busy < GOAL


async def _pages(http: httpx.AsyncClient, wanted: dict[str, Any], count: int) -> list[float]:
    """Milliseconds for each of ``count`` pages, one after the other."""
    took: list[float] = []
    after = None
    for _ in range(count):
        began = time.perf_counter()
        response = await http.post("/graphql", json={"query": PAGE, "variables": {"after": after, "filter": wanted}})
        took.append((time.perf_counter() - began) * 1000)
        page = response.json()["data"]["runs"]
        assert len(page["edges"]) == 100
        after = page["pageInfo"]["endCursor"]
    return took


async def _fill(database: Database) -> None:
    at_i = f"{int(T0.timestamp())} + i"
    statement = FILL.format(
        runs=RUNS,
        pipelines=PIPELINES,
        orchestrators=ORCHESTRATORS,
        at_i=f"({at_i}) * 1000000" if database.is_sqlite else f"to_timestamp({at_i})",
        parameters="'{}'" if database.is_sqlite else "CAST('{}' AS jsonb)",
    )
    async with database.write() as session:
        await session.execute(insert(orchestrators), [_orchestrator(number) for number in range(1, ORCHESTRATORS + 1)])
        await session.execute(insert(pipelines), [_pipeline(number) for number in range(1, PIPELINES + 1)])
        await session.execute(text(statement.replace(":", r"\:")))
    async with database.write() as session:
        await session.execute(text("ANALYZE"))


def _orchestrator(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"system-{number}",
        "kind": "airflow",
        "url": "https://example.com",
        "auth": {},
        "options": {},
        "poll_seconds": 15.0,
        "backfill_seconds": 60.0,
        "lineage_namespaces": [],
        "origin": "CONFIG",
        "capabilities": ["TRIGGER"],
        "status": "HEALTHY",
        "status_since": T0,
        "created_at": T0 - timedelta(days=1),
    }


def _pipeline(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "orchestrator_id": (number - 1) % ORCHESTRATORS + 1,
        "key": f"job-{number}",
        "name": f"Job {number}",
        "owners": ["ada"],
        "tags": ["daily"],
        "is_paused": False,
        "is_active": True,
        "search": f"job {number} job-{number}",
        "first_seen_at": T0,
        "last_seen_at": T0,
    }
