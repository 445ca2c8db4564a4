"""The Airflow adapter on a real Airflow 3 and a real Airflow 2.11."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.airflow.adapter import AirflowAdapter
from adapters.sdk.errors import NotFound, Rejected, Unavailable
from adapters.sdk.registry import ConnectionSpec, open_adapter
from gateway.app.demo.airflow import LocalAirflow
from gateway.domain.observation import ObservedRun, RunRef, TriggerRequest
from gateway.domain.states import RunState, TaskRunState
from tests.waiting import eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]

PATIENCE = 120.0


@dataclass
class World:
    """One real Airflow, and the runs that every test looks at: they were started together."""

    server: LocalAirflow
    adapter: AirflowAdapter
    runs: dict[str, ObservedRun]

    async def ended(self, name: str) -> ObservedRun:
        return await self.until(self.runs[name].ref, lambda run: run.state.is_terminal)

    async def until(self, ref: RunRef, is_so) -> ObservedRun:
        async def look() -> list[ObservedRun]:
            run = await self.adapter.run(ref)
            return [run] if is_so(run) else []

        return (await eventually(look, within=PATIENCE, every=0.5))[0]

    async def read(self, cursor: str | None) -> tuple[dict[str, RunState], str]:
        since = datetime.now(UTC) - timedelta(days=1)
        seen: dict[str, RunState] = {}
        last = cursor or ""
        async for page in self.adapter.runs(cursor, since):
            seen |= {f"{run.pipeline_key}/{run.external_id}": run.state for run in page.runs}
            last = page.cursor
        return seen, last


def connect(server: LocalAirflow, monkeypatch, password: str | None = None, **options) -> AirflowAdapter:
    monkeypatch.setenv("LIVE_AIRFLOW_PASSWORD", password or server.auth["password"])
    auth = {"username": "admin", "password": "env:LIVE_AIRFLOW_PASSWORD"}
    spec = ConnectionSpec("airflow-live", "airflow", server.url, auth, {"page_size": 2, **options})
    adapter = open_adapter(spec)
    assert isinstance(adapter, AirflowAdapter)
    return adapter


async def start(adapter: AirflowAdapter, dag: str, key: str, **parameters) -> ObservedRun:
    return (await adapter.trigger(TriggerRequest(dag, key, parameters))).run


@pytest.fixture(scope="module", params=["airflow3_server", "airflow2_server"])
async def world(request) -> AsyncIterator[World]:
    server: LocalAirflow = request.getfixturevalue(request.param)
    with pytest.MonkeyPatch.context() as monkeypatch:
        adapter = connect(server, monkeypatch)
        runs = {
            "good": await start(adapter, "ingest_sales", "good"),
            "bad": await start(adapter, "ingest_sales", "bad", fail=True),
            "long": await start(adapter, "ingest_sales", "long", sleep=300),
            "wide": await start(adapter, "refresh_stores", "wide"),
            "fragile": await start(adapter, "fragile_export", "fragile"),
            "interrupted": await start(adapter, "interrupted_import", "interrupted"),
        }
        yield World(server, adapter, runs)
        await adapter.aclose()


async def test_who_is_there(world):
    probe = await world.adapter.probe()
    assert probe.version.startswith(f"{world.server.major}.")
    assert probe.capabilities == AirflowAdapter.manifest.capabilities


async def test_dags_with_schedule_owner_and_tags(world):
    found = {pipeline.key: pipeline async for page in world.adapter.pipelines() for pipeline in page}
    assert found["ingest_sales"].schedule == "*/5 * * * *"
    assert found["ingest_sales"].owners == ("ada",)
    assert found["ingest_sales"].tags == ("podium", "sales")
    assert found["sales_report"].schedule == "asset-triggered"
    assert found["fragile_export"].schedule is None


async def test_dags_that_start_each_other_by_themselves(world):
    """By an operator that triggers, and by a sensor. Airflow 2 shows that on a page for people only."""
    found = {pipeline.key: pipeline.upstream async for page in world.adapter.pipelines() for pipeline in page}
    is_told = world.server.major == 3
    assert found["by_hand"] == ({"handing_on"} if is_told else set())
    assert found["waiting"] == ({"by_hand"} if is_told else set())
    assert found["handing_on"] == set()


async def test_the_graph_with_its_groups(world):
    graph = await world.adapter.structure("refresh_stores")
    assert ("list_stores", "refresh") in graph.edges
    assert ("close.choose", "close.daily") in graph.edges
    assert {task.key: task.group for task in graph.tasks}["close.daily"] == "close"
    with pytest.raises(NotFound):
        await world.adapter.structure("no_such_dag")


async def test_a_refused_trigger_says_why(world):
    with pytest.raises(NotFound, match="no_such_dag"):
        await start(world.adapter, "no_such_dag", "refused-1")
    with pytest.raises(Rejected, match="sleep"):
        await start(world.adapter, "ingest_sales", "refused-2", sleep="long")
    day = datetime(2026, 2, 3, tzinfo=UTC)
    await world.adapter.trigger(TriggerRequest("fragile_export", "day-1", {}, logical_at=day))
    with pytest.raises(Rejected, match="already has a run for 2026-02-03"):
        await world.adapter.trigger(TriggerRequest("fragile_export", "day-2", {}, logical_at=day))


async def test_cancelling_is_remembered_by_airflow_itself(world, monkeypatch):
    ref = world.runs["long"].ref
    await world.until(ref, lambda run: run.state is RunState.RUNNING)
    assert (await world.adapter.cancel(ref)).state is RunState.CANCELLED
    other = connect(world.server, monkeypatch)
    run = await other.run(ref)
    assert (run.state, run.native_state) == (RunState.CANCELLED, "failed")
    with pytest.raises(Rejected, match="already ended"):
        await other.cancel(ref)
    await other.aclose()


async def test_a_cancelled_run_that_somebody_clears_in_airflow_has_a_new_beginning(world):
    """By that, Podium knows that it was not its cancelled attempt that succeeded."""
    first = await world.adapter.run(world.runs["long"].ref)
    dialect = await world.adapter._known()
    tasks = (await dialect.task_instances(first.pipeline_key, first.external_id, 0, 10)).rows
    await dialect.clear(first.pipeline_key, first.external_id, tasks)
    again = await world.until(first.ref, lambda run: run.state is RunState.RUNNING)
    assert again.started_at > first.started_at
    assert (await world.adapter.cancel(first.ref)).state is RunState.CANCELLED


async def test_a_run_that_was_cancelled_before_it_began_is_retried(world):
    """None of its tasks has failed: they are skipped, or have no state at all."""
    await world.adapter.set_paused("refresh_stores", paused=True)
    ref = (await start(world.adapter, "refresh_stores", "unbegun")).ref
    assert (await world.adapter.cancel(ref)).state is RunState.CANCELLED
    await world.adapter.set_paused("refresh_stores", paused=False)
    assert not (await world.adapter.retry(ref)).state.is_terminal
    run = await world.until(ref, lambda run: run.state.is_terminal)
    assert run.state is RunState.SUCCESS


async def test_a_run_that_was_cancelled_in_the_middle_is_retried_to_its_end(world):
    """Airflow skips what had not begun when a run is ended from outside: that has to run as well."""
    ref = world.runs["interrupted"].ref

    async def is_under_way() -> bool:
        found = await world.adapter.task_runs(ref)
        return TaskRunState.RUNNING in {task.state for task in found if task.task == "partial"}

    await eventually(is_under_way, within=PATIENCE, every=0.5)
    await world.adapter.cancel(ref)
    await world.adapter.retry(ref)
    assert (await world.until(ref, lambda run: run.state.is_terminal)).state is RunState.SUCCESS
    last = {task.task: (task.state, task.attempt) for task in await world.adapter.task_runs(ref)}
    assert {name: state for name, (state, _) in last.items()} == {
        "choose": TaskRunState.SUCCESS,
        "partial": TaskRunState.SUCCESS,
        "complete": TaskRunState.SKIPPED,
        "publish": TaskRunState.SUCCESS,
    }
    assert last["choose"][1] == 1, "what had succeeded is left alone"


async def test_a_failed_run_is_retried_and_every_attempt_is_kept(world):
    failed = await world.ended("bad")
    assert failed.state is RunState.FAILED
    first = {task.task: task.state for task in await world.adapter.task_runs(failed.ref)}
    assert first == {
        "extract": TaskRunState.SUCCESS,
        "transform": TaskRunState.FAILED,
        "load": TaskRunState.UPSTREAM_FAILED,
    }
    assert not (await world.adapter.retry(failed.ref)).state.is_terminal
    await world.until(failed.ref, lambda run: run.state.is_terminal)
    attempts = [task for task in await world.adapter.task_runs(failed.ref) if task.task == "transform"]
    assert [(task.attempt, task.state) for task in attempts] == [(1, TaskRunState.FAILED), (2, TaskRunState.FAILED)]
    log = await world.adapter.log(failed.ref, attempts[-1], tail=30)
    assert "a currency is unknown: XDR" in log
    assert len((await world.adapter.log(failed.ref, attempts[-1], tail=1)).splitlines()) == 1


async def test_mapped_and_skipped_tasks(world):
    await world.ended("wide")
    found = await world.adapter.task_runs(world.runs["wide"].ref)
    assert sorted(task.map_index for task in found if task.task == "refresh") == [0, 1, 2]
    assert {task.task: task.state for task in found}["close.monthly"] is TaskRunState.SKIPPED


async def test_airflows_own_retries_are_attempts(world):
    assert (await world.ended("fragile")).state is RunState.FAILED
    found = await world.adapter.task_runs(world.runs["fragile"].ref)
    assert sorted((task.task, task.attempt) for task in found) == [("export", 1), ("export", 2), ("notify", 1)]
    with pytest.raises(Rejected, match="has not failed"):
        await world.adapter.retry((await world.ended("good")).ref)


async def test_assets_and_their_writes(world):
    good = await world.ended("good")
    found = {asset.key: asset async for page in world.adapter.assets() for asset in page}
    asset = found["postgres://warehouse:5432/shop/public/orders"]
    assert asset.producers == {("ingest_sales", "load")}
    assert ("sales_report", None) in asset.consumers
    since = datetime.now(UTC) - timedelta(days=1)
    events = [event async for page in world.adapter.asset_events(None, since) for event in page.events]
    assert good.external_id in {event.run_external_id for event in events}


async def test_a_server_that_was_away_is_read_on(world):
    _, cursor = await world.read(None)
    await asyncio.to_thread(world.server.stop_server)
    with pytest.raises(Unavailable, match="could not be reached"):
        await world.read(cursor)
    await asyncio.to_thread(world.server.start_server)
    run = await start(world.adapter, "ingest_sales", "after-the-break")
    news, _ = await world.read(cursor)
    assert f"ingest_sales/{run.external_id}" in news
