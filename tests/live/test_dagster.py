"""The Dagster adapter against a real Dagster: what only the real one can show."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import uuid4

import orjson
import pytest

from adapters.dagster.adapter import DagsterAdapter, Options
from adapters.dagster.auth import Auth
from adapters.dagster.client import DagsterClient
from adapters.dagster.keys import job_address
from adapters.sdk.errors import NotFound, Rejected, Unavailable
from adapters.sdk.protocol import Connection
from adapters.sdk.redaction import Redactor
from gateway.app.demo.dagster import LocalDagster
from gateway.domain.observation import ObservedRun, RunRef, TriggerRequest
from gateway.domain.states import RunState, RunTrigger
from tests.waiting import eventually

queries = import_module("adapters.dagster.queries")

pytestmark = pytest.mark.live

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ETL = "tests_warehouse/orders_etl"
SLOW = {"ops": {"extract": {"config": {"sleep": 60}}}}
FAILING = {"ops": {"transform": {"config": {"fail": True}}}}
TICKS = """query($selector: SensorSelector!) { sensorOrError(sensorSelector: $selector) {
  ... on Sensor { sensorState { id ticks(limit: 2) { status } } }
} }"""
Connect = Callable[..., DagsterAdapter]


def plain_connection(url: str, *, timeout: float = 30.0, auth: Auth | None = None, **options: Any) -> Connection:
    """A connection to Dagster without secrets to hide."""
    return Connection(
        name="dagster", url=url, auth=auth or Auth(), options=Options(**options), redactor=Redactor(), timeout=timeout
    )


@pytest.fixture
async def connect(dagster_server: LocalDagster) -> AsyncIterator[Connect]:
    """Opens adapters and closes them after the test."""
    opened: list[DagsterAdapter] = []

    def opener(**given: Any) -> DagsterAdapter:
        opened.append(DagsterAdapter(plain_connection(dagster_server.url, **given)))
        return opened[-1]

    yield opener
    for adapter in opened:
        await adapter.aclose()


@pytest.fixture
def adapter(connect: Connect) -> DagsterAdapter:
    """With default options."""
    return connect()


def key() -> str:
    """An idempotency key that nobody has used."""
    return f"test-{uuid4()}"


async def start(adapter: DagsterAdapter, pipeline: str, parameters: dict[str, Any] | None = None) -> ObservedRun:
    """A new run."""
    return (await adapter.trigger(TriggerRequest(pipeline, key(), parameters or {}))).run


async def reached(adapter: DagsterAdapter, run: ObservedRun, *states: RunState) -> ObservedRun:
    """The run once it is in one of these states."""

    async def look() -> ObservedRun | None:
        found = await adapter.run(RunRef("", run.external_id))
        return found if found.state in states else None

    found = await eventually(look, within=60, every=0.2)
    assert found is not None
    return found


async def runs_of(adapter: DagsterAdapter, idempotency_key: str) -> list[ObservedRun]:
    """Every run that carries a key, as the feed shows them."""
    found: dict[str, ObservedRun] = {}
    wanted = await adapter.find_triggered(ETL, idempotency_key)
    async for page in adapter.runs(None, datetime.fromtimestamp(time.time() - 120, UTC)):
        found |= {run.external_id: run for run in page.runs if run.pipeline_key == ETL}
    assert wanted is not None
    return [run for run in found.values() if run.queued_at and wanted.queued_at and run.queued_at >= wanted.queued_at]


async def stop(adapter: DagsterAdapter, run: ObservedRun) -> None:
    """End a run that is no longer needed."""
    await adapter.cancel(run.ref)
    await reached(adapter, run, RunState.CANCELLED)


async def test_probe(adapter: DagsterAdapter) -> None:
    found = await adapter.probe()
    assert found.version.startswith("1.13.")
    assert found.capabilities == DagsterAdapter.manifest.capabilities


async def test_pipelines_and_their_graphs(adapter: DagsterAdapter) -> None:
    found = {p.key: p async for page in adapter.pipelines() for p in page}
    etl = found[ETL]
    assert (etl.schedule, etl.timezone, etl.owners) == ("0 6 * * *", "Europe/Zurich", ["team:shop", "ann@example.com"])
    assert found["tests_warehouse/__ASSET_JOB"].name == "Asset materializations (tests_warehouse)"
    for pipeline in found:
        assert (await adapter.structure(pipeline)).tasks
    nested = await adapter.structure("tests_warehouse/shapes")
    assert ("join", "outer.inner.flaky") in nested.edges
    with pytest.raises(NotFound):
        await adapter.structure("tests_warehouse/nothing")


async def test_success_with_mapped_retried_and_skipped_steps(adapter: DagsterAdapter) -> None:
    run = await reached(adapter, await start(adapter, "tests_warehouse/shapes"), RunState.SUCCESS, RunState.FAILED)
    assert (run.state, run.trigger, run.pipeline_key) == (RunState.SUCCESS, RunTrigger.API, "tests_warehouse/shapes")
    steps = [(t.task, t.map_index, t.attempt, t.state.value) for t in await adapter.task_runs(run.ref)]
    assert ("part", 1, 1, "SUCCESS") in steps
    assert ("outer.inner.flaky", None, 1, "UP_FOR_RETRY") in steps
    assert ("outer.inner.flaky", None, 2, "SUCCESS") in steps
    assert ("after_maybe", None, 1, "SKIPPED") in steps


async def test_failure_its_log_and_its_retry(adapter: DagsterAdapter) -> None:
    run = await reached(adapter, await start(adapter, ETL, FAILING), RunState.FAILED)
    assert run.parameters == FAILING
    steps = {t.task: t for t in await adapter.task_runs(run.ref)}
    assert {task: t.state.value for task, t in steps.items()} == {
        "extract": "SUCCESS",
        "transform": "FAILED",
        "load": "UPSTREAM_FAILED",
    }
    log = await adapter.log(run.ref, steps["transform"], tail=200)
    assert "ValueError: transform was told to fail" in log
    assert (await adapter.log(run.ref, steps["extract"], tail=1)) == "printed by extract"
    retried = await adapter.retry(run.ref)
    assert retried.parent_external_id == run.external_id
    await reached(adapter, retried, RunState.FAILED)
    assert "extract" not in {t.task for t in await adapter.task_runs(retried.ref)}


async def test_cancel_before_the_run_has_come_up(adapter: DagsterAdapter) -> None:
    run = await start(adapter, ETL, SLOW)
    assert (await adapter.cancel(run.ref)).state in {RunState.CANCELLED, RunState.RUNNING}
    await reached(adapter, run, RunState.CANCELLED)


async def test_cancel_then_retry_from_the_start(adapter: DagsterAdapter) -> None:
    run = await reached(adapter, await start(adapter, ETL, SLOW), RunState.RUNNING)
    await adapter.cancel(run.ref)
    cancelled = await reached(adapter, run, RunState.CANCELLED)
    assert cancelled.ended_at is not None
    with pytest.raises(Rejected):
        await adapter.cancel(run.ref)
    retried = await adapter.retry(run.ref)
    assert retried.parent_external_id == run.external_id
    await stop(adapter, retried)


async def test_two_launchers_with_one_key_leave_one_run(connect: Connect) -> None:
    """As two gateways would, which share no lock: the surplus run is ended."""
    adapters, wanted = [connect(), connect()], key()
    found = await asyncio.gather(*(a.trigger(TriggerRequest(ETL, wanted, SLOW)) for a in adapters))
    assert len({t.run.external_id for t in found}) == 1

    async def alive() -> list[str] | None:
        runs = [run.external_id for run in await runs_of(adapters[0], wanted) if run.state is not RunState.CANCELLED]
        return runs if len(runs) == 1 else None

    assert await eventually(alive, within=30, every=0.3) == [found[0].run.external_id]
    await stop(adapters[0], found[0].run)


async def test_partitions(adapter: DagsterAdapter) -> None:
    daily = "tests_warehouse/daily_report"
    by_time = await adapter.trigger(TriggerRequest(daily, key(), logical_at=datetime(2026, 1, 5, 7, tzinfo=UTC)))
    by_key = await adapter.trigger(TriggerRequest("tests_warehouse/revenue_job", key(), partition="2026-01-06"))
    assert (by_time.run.partition, by_key.run.partition) == ("2026-01-05", "2026-01-06")
    assert by_key.run.logical_at == datetime(2026, 1, 6, tzinfo=UTC)
    run = await reached(adapter, by_time.run, RunState.SUCCESS, RunState.FAILED)
    (step,) = await adapter.task_runs(run.ref)
    assert "counting 2026-01-05" in await adapter.log(run.ref, step, tail=50)
    assert (await reached(adapter, by_key.run, RunState.SUCCESS, RunState.FAILED)).state is RunState.SUCCESS
    wrong: dict[str, Any]
    for wrong in ({}, {"partition": "2027-01-01"}, {"logical_at": datetime(2027, 1, 1, tzinfo=UTC)}):
        with pytest.raises(Rejected, match="2026-01-01 to 2026-02-28"):
            await adapter.trigger(TriggerRequest(daily, key(), **wrong))


async def test_refusals(adapter: DagsterAdapter) -> None:
    with pytest.raises(Rejected, match="unexpected config entry"):
        await adapter.trigger(TriggerRequest(ETL, key(), {"ops": {"nothing": {}}}))
    with pytest.raises(NotFound):
        await adapter.trigger(TriggerRequest("tests_warehouse/nothing", key()))
    with pytest.raises(NotFound):
        await adapter.run(RunRef(ETL, str(uuid4())))
    with pytest.raises(NotFound):
        await adapter.task_runs(RunRef(ETL, str(uuid4())))


@pytest.mark.parametrize("pipeline", [ETL, "tests_warehouse/shapes"])
async def test_pause(adapter: DagsterAdapter, pipeline: str) -> None:
    """By a schedule, and by a sensor."""

    async def is_paused() -> bool:
        return {p.key: p.is_paused async for page in adapter.pipelines() for p in page}[pipeline]

    await adapter.set_paused(pipeline, paused=False)
    assert not await is_paused()

    async def stays_paused() -> bool:
        """Dagster's daemon undoes a stop that comes while it is at a sensor's tick."""
        await adapter.set_paused(pipeline, paused=True)
        return await is_paused()

    await eventually(stays_paused, within=30, every=1)


async def test_pause_of_what_starts_by_hand_only(adapter: DagsterAdapter) -> None:
    with pytest.raises(Rejected, match="no schedule and no sensor"):
        await adapter.set_paused("tests_warehouse/daily_report", paused=True)


async def test_reading_while_runs_are_added(connect: Connect) -> None:
    """Those of the tests above fill the pages; two more come while they are read."""
    adapter, reader = connect(), connect(page_size=2)
    started: list[ObservedRun] = []
    seen: dict[str, ObservedRun] = {}
    cursor: str | None = None

    async def read() -> bool:
        nonlocal cursor
        async for page in reader.runs(cursor, LONG_AGO):
            seen.update({run.external_id: run for run in page.runs})
            cursor = page.cursor
            if len(started) < 2:
                started.append(await start(adapter, "tests_warehouse/assets_job"))
        return all(run.external_id in seen and seen[run.external_id].state.is_terminal for run in started)

    await eventually(read, within=60, every=0.3)
    assert len(started) == 2


async def test_assets_and_their_writes(adapter: DagsterAdapter) -> None:
    since = datetime.fromtimestamp(time.time() - 1, UTC)
    run = await reached(adapter, await start(adapter, "tests_warehouse/assets_job"), RunState.SUCCESS)
    found = {asset.key: asset async for page in adapter.assets() for asset in page}
    assert found["orders"].uri == "file:///data/orders.csv"
    assert ("tests_warehouse/assets_job", "orders") in found["orders"].producers
    assert ("tests_warehouse/revenue_job", None) in found["exported_orders"].consumers, "a sensor waits for it"
    assert found["finance/revenue"].upstream == {"orders"}
    events = [event async for page in adapter.asset_events(None, since) for event in page.events]
    (written,) = [e for e in events if e.asset_key == "orders" and e.run_external_id == run.external_id]
    assert written.metadata == {"rows": 3, "source": "shop", "ratio": 0.5}


async def test_daemon_is_well(adapter: DagsterAdapter) -> None:
    """Its first heartbeat comes a while after the server answers; until then there is a warning."""

    async def is_well() -> bool:
        return not (await adapter.probe()).warnings

    assert await eventually(is_well, within=60, every=0.5)


async def test_push(adapter: DagsterAdapter, dagster_server: LocalDagster) -> None:
    """A run-status sensor posts what ``webhook`` understands, and the run is found by it."""
    async with receiver() as (url, bodies):
        (dagster_server.folder / "home" / "webhook").write_text(url)
        async with sensor_running(dagster_server.url, "push_success"):
            run = await reached(adapter, await start(adapter, "tests_warehouse/assets_job"), RunState.SUCCESS)

            async def told() -> list[RunRef]:
                refs = [ref for body in bodies for ref in adapter.webhook({}, body)]
                return [ref for ref in refs if ref.external_id == run.external_id]

            assert (await eventually(told, within=120, every=0.2))[0] == run.ref


@asynccontextmanager
async def receiver() -> AsyncGenerator[tuple[str, list[Any]]]:
    """An address, and the JSON that has been posted to it."""
    bodies: list[Any] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        bodies.append(orjson.loads(await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", bodies
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def sensor_running(url: str, name: str) -> AsyncGenerator[None]:
    """Start a sensor that belongs to no job, and stop it afterwards.

    A run-status sensor only looks at what comes after its first tick.
    """
    client = DagsterClient(plain_connection(url), Auth())
    repository = job_address(ETL).repository_selector()
    try:
        selector = repository | {"sensorName": name}
        started = await client.mutate(queries.START_SENSOR, selector=selector)
        assert started["startSensor"]["__typename"] == "Sensor"

        async def has_ticked() -> bool:
            state = (await client.query(TICKS, selector=selector))["sensorOrError"]["sensorState"]
            return any(tick["status"] != "STARTED" for tick in state["ticks"])

        await eventually(has_ticked, within=120, every=0.2)
        yield
        state = (await client.query(TICKS, selector=selector))["sensorOrError"]["sensorState"]
        await client.mutate(queries.STOP_SENSOR, id=state["id"])
    finally:
        await client.aclose()


async def test_server_that_stops_and_comes_back(connect: Connect, dagster_server: LocalDagster) -> None:
    """What happened unseen before it went down is read afterwards; nothing is lost."""
    adapter = connect(timeout=5.0)
    cursor = [page.cursor async for page in adapter.runs(None, LONG_AGO)][-1]
    run = await reached(adapter, await start(adapter, "tests_warehouse/assets_job"), RunState.SUCCESS)
    await asyncio.to_thread(dagster_server.stop_server)
    with pytest.raises(Unavailable, match="could not be reached"):
        await adapter.probe()
    with pytest.raises(Unavailable):
        await anext(adapter.runs(cursor, LONG_AGO))
    await asyncio.to_thread(dagster_server.start_server)
    seen = {found.external_id: found async for page in adapter.runs(cursor, LONG_AGO) for found in page.runs}
    assert seen[run.external_id].state is RunState.SUCCESS
