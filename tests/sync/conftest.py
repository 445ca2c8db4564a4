"""An orchestrator in memory, followed into a real database."""

from collections.abc import AsyncIterator

import pytest

from gateway.domain.filters import RunFilter
from gateway.domain.records import Orchestrator, OrchestratorDefinition, Run
from gateway.store.database import Database
from gateway.store.repository import orchestrators, runs
from gateway.sync.connections import Connections
from gateway.sync.streams import Reader
from tests.sync.vendor import Clock, Vendor, VendorAdapter

DEFINITION = OrchestratorDefinition("memory-1", "memory", "http://127.0.0.1:1", {}, {}, poll_seconds=0.05)


@pytest.fixture
async def database(sqlite_url) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    yield database
    await database.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vendor() -> Vendor:
    vendor = Vendor()
    vendor.add_pipeline("ingest")
    return vendor


@pytest.fixture
def connections(vendor) -> Connections:
    return Connections(opener=lambda _spec, **_options: VendorAdapter(vendor))


async def define(database: Database, definition: OrchestratorDefinition, clock: Clock) -> Orchestrator:
    async with database.write() as session:
        await orchestrators.define(session, definition, "CONFIG", clock())
    return await stored(database, definition.name)


async def stored(database: Database, name: str) -> Orchestrator:
    async with database.read() as session:
        found = await orchestrators.by_name(session, name)
    assert found is not None
    return found


@pytest.fixture
async def reader(database, vendor, clock) -> Reader:
    return Reader(database, await define(database, DEFINITION, clock), VendorAdapter(vendor), clock)


async def all_runs(database: Database) -> dict[str, Run]:
    async with database.read() as session:
        return {run.external_id: run for run in await runs.page(session, RunFilter(), None, 1000)}
