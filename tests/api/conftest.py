"""The API on a real database of each kind, with the real executor, spoken to over HTTP and over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from gateway.api.app import create_app
from gateway.api.limits import Limits
from gateway.api.services import Services
from gateway.connecting.connecting import Connecting
from gateway.coordination.executor import Executor
from gateway.store.database import Database
from gateway.sync.connections import Connections, Opener
from gateway.sync.supervisor import Supervisor
from gateway.sync.vault import Vault
from gateway.sync.webhooks import Webhooks
from lineage.openlineage.state import job_id
from lineage.service import Lineage
from tests.api.client import Api
from tests.api.world import World
from tests.sync.vendor import T0, Vendor, VendorAdapter
from tests.waiting import eventually


class Parts:
    """Readiness by hand."""

    def __init__(self) -> None:
        self.states = {"database": "ok", "migrations": "ok", "loops": "ok"}

    async def check(self) -> Mapping[str, str]:
        return self.states


@pytest.fixture
async def on_sqlite(sqlite_url) -> AsyncIterator[Database]:
    """For what does not depend on the kind of database: a module uses it as its ``database``."""
    database = Database(sqlite_url)
    yield database
    await database.aclose()


@pytest.fixture
async def on_postgresql(postgres_url) -> AsyncIterator[Database]:
    database = Database(postgres_url)
    await database.start_listening()
    yield database
    await database.aclose()


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgresql", marks=pytest.mark.postgres)])
def database(request) -> Database:
    return request.getfixturevalue(request.param)


@pytest.fixture
def vendor() -> Vendor:
    vendor = Vendor()
    vendor.add_pipeline("ingest")
    return vendor


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def web_root() -> Path | None:
    return None


@pytest.fixture
def is_open() -> bool:
    return True


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def lineage(database) -> Lineage:
    """Not running, so that it asks the database nothing."""
    return Lineage(database, lambda: datetime.now(UTC))


@pytest.fixture
async def running_lineage(lineage, monkeypatch) -> AsyncIterator[Lineage]:
    monkeypatch.setattr("lineage.follower.JOIN_EVERY", 0)
    tasks = [asyncio.create_task(loop, name=name) for name, loop in lineage.loops().items()]
    yield lineage
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


Send = Callable[..., Awaitable[None]]


@pytest.fixture
def send(http, running_lineage) -> Send:
    """Sends events, and returns once the graph knows their jobs."""

    async def send(*events: dict[str, Any]) -> None:
        answer = await http.post("/api/v1/lineage/batch", json=[*events])
        assert answer.json()["status"] == "success", answer.json()
        wanted = [job_id(event["job"]["namespace"], event["job"]["name"]) for event in events if "job" in event]

        async def are_known() -> bool:
            graph = await running_lineage.graph()
            return all(map(graph.is_job, wanted))

        await eventually(are_known)

    return send


@pytest.fixture
def key_file(tmp_path) -> Path:
    return tmp_path / "podium.key"


@pytest.fixture
def services(database, vendor, parts, web_root, is_open, lineage, key_file) -> Services:
    connections = Connections(opener=cast("Opener", lambda _spec, **_options: VendorAdapter(vendor)))
    return Services(
        database=database,
        executor=Executor(database, connections),
        connecting=Connecting(database, Vault(key_file=key_file), lambda: datetime.now(UTC)),
        webhooks=Webhooks(database, Supervisor(database, connections, replica="test")),
        readiness=parts,
        lineage=lineage,
        clock=lambda: datetime.now(UTC),
        web_root=web_root,
        is_open=is_open,
    )


@pytest.fixture
async def app(services, limits) -> AsyncIterator[FastAPI]:
    app = create_app(services, limits=limits)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def http(app) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


@pytest.fixture
def api(http) -> Api:
    return Api(http)


@pytest.fixture
def world(database) -> World:
    return World(database, T0 + timedelta(hours=1))
