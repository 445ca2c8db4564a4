"""The Prefect adapter against a real Prefect and real flows: what only the real one can show."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.prefect.adapter import PrefectAdapter
from adapters.sdk.errors import NotFound, Rejected
from gateway.app.demo.prefect import LocalPrefect
from gateway.domain.observation import ObservedPipeline, ObservedRun, ObservedTaskRun, RunRef, TriggerRequest
from gateway.domain.states import Capability, RunState, RunTrigger
from tests.live.prefect_api import api, connection, key, post, reached, start
from tests.waiting import eventually

pytestmark = pytest.mark.live

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SHOP, DAILY = "shop/by-hand", "shop/daily"
ENDED = (RunState.SUCCESS, RunState.FAILED, RunState.CANCELLED)
Connect = Callable[..., PrefectAdapter]


@pytest.fixture(scope="module")
async def connect(prefect_server: LocalPrefect) -> AsyncIterator[Connect]:
    """Opens adapters and closes them when all is done."""
    opened: list[PrefectAdapter] = []

    def opener(url: str = f"{prefect_server.url}/api/", **given: Any) -> PrefectAdapter:
        opened.append(PrefectAdapter(connection(url, **given)))
        return opened[-1]

    yield opener
    for adapter in opened:
        await adapter.aclose()


@pytest.fixture(scope="module")
async def adapter(connect: Connect) -> PrefectAdapter:
    """With default options, once every deployment is known."""
    adapter = connect()
    wanted = {SHOP, DAILY, "wide/hourly", "shaky/main", "patient/main"}

    async def served() -> bool:
        return wanted <= (await pipelines(adapter)).keys()

    await eventually(served, within=60, every=0.5)
    return adapter


@pytest.fixture(scope="module")
async def begun(adapter: PrefectAdapter, prefect_server: LocalPrefect) -> dict[str, ObservedRun]:
    """Runs of every kind, all started at once because each takes seconds to come up."""
    runs = {
        "good": await start(adapter, SHOP),
        "bad": await start(adapter, SHOP, fail=True),
        "slow": await start(adapter, SHOP, sleep=120),
        "wide": await start(adapter, "wide/hourly"),
        "shaky": await start(adapter, "shaky/main"),
        "patient": await start(adapter, "patient/main"),
    }
    async with api(prefect_server) as client:
        deployment = (await client.get(f"deployments/name/{SHOP}")).json()
        body = {"parameters": {"nope": 1}}  # Prefect takes what the flow does not know, and then crashes
        crashing = await post(client, f"deployments/{deployment['id']}/create_flow_run", body)
    runs["crashing"] = await adapter.run(RunRef(SHOP, crashing["id"]))
    return runs


async def pipelines(adapter: PrefectAdapter) -> dict[str, ObservedPipeline]:
    return {pipeline.key: pipeline async for page in adapter.pipelines() for pipeline in page}


async def test_an_automation_puts_one_pipeline_before_another(adapter: PrefectAdapter, prefect_server) -> None:
    """It waits for an event that never comes, so that it starts nothing here."""
    async with api(prefect_server) as client:
        flow = (await client.get("flows/name/wide")).json()
        started = (await client.get(f"deployments/name/{SHOP}")).json()
        trigger = {
            "type": "event",
            "posture": "Reactive",
            "expect": ["prefect.flow-run.NeverSeen"],
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "match_related": {
                "prefect.resource.id": f"prefect.flow.{flow['id']}",
                "prefect.resource.role": "flow",
            },
            "threshold": 1,
            "within": 0,
        }
        action = {"type": "run-deployment", "source": "selected", "deployment_id": started["id"]}
        body = {"name": "shop after wide", "trigger": trigger, "actions": [action]}
        made = await post(client, "automations/", body)
        found = {key: one.upstream for key, one in (await pipelines(adapter)).items()}
        assert found[SHOP] == {"wide/hourly"}
        assert not any(upstream for key, upstream in found.items() if key != SHOP)
        (await client.delete(f"automations/{made['id']}")).raise_for_status()
    assert not (await pipelines(adapter))[SHOP].upstream


async def settled(adapter: PrefectAdapter, run: ObservedRun, count: int) -> list[ObservedTaskRun]:
    """Task runs once so many have ended: Prefect reports some after their run's end."""

    async def look() -> list[ObservedTaskRun] | None:
        found = list(await adapter.task_runs(run.ref))
        return found if len(found) >= count and all(one.state.is_terminal for one in found) else None

    found = await eventually(look, within=30, every=0.3)
    assert found is not None
    return found


async def test_probe(adapter: PrefectAdapter) -> None:
    found = await adapter.probe()
    assert found.version == "3.8.8"
    assert {Capability.TRIGGER, Capability.ASSETS} <= found.capabilities
    assert list(found.warnings) == []


async def test_pipelines(adapter: PrefectAdapter, prefect_server: LocalPrefect) -> None:
    found = await pipelines(adapter)
    daily = found[DAILY]
    assert (daily.schedule, daily.timezone, daily.is_paused) == ("15 4 * * *", "Europe/Zurich", False)
    assert (set(daily.tags), daily.description) == ({"podium", "sales"}, "Orders of the day")
    assert daily.url
    assert daily.url.startswith(f"{prefect_server.url}/deployments/deployment/")
    assert found["wide/hourly"].schedule == "every 1h"
    assert found[SHOP].schedule is None

    async def planned() -> datetime | None:
        return (await pipelines(adapter))[DAILY].next_run_at

    next_run = await eventually(planned, within=30, every=0.5)
    assert next_run is not None
    assert (next_run.minute, timedelta() < next_run - datetime.now(UTC) <= timedelta(hours=25)) == (15, True)


async def test_no_graph_before_the_first_run(adapter: PrefectAdapter) -> None:
    assert (await adapter.structure(DAILY)).tasks == ()
    for gone in ("shop/nothing", "nothing/daily", "nothing"):
        with pytest.raises(NotFound):
            await adapter.structure(gone)


async def test_one_key_makes_one_run(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    """At the same moment and one after the other; another deployment of the same flow has its own."""
    wanted = key()
    at_once = await asyncio.gather(*(adapter.trigger(TriggerRequest(SHOP, wanted)) for _ in range(6)))
    later = await adapter.trigger(TriggerRequest(SHOP, wanted, {"sleep": 1}))
    assert len({one.run.external_id for one in (*at_once, later)}) == 1
    assert sorted(one.is_new for one in at_once) == [False] * 5 + [True]
    assert not later.is_new
    found = await adapter.find_triggered(SHOP, wanted)
    assert found
    assert found.external_id == later.run.external_id
    assert await adapter.find_triggered(DAILY, wanted) is None
    assert await adapter.find_triggered(SHOP, key()) is None
    elsewhere = [await adapter.trigger(TriggerRequest(DAILY, wanted)) for _ in range(2)]
    assert [one.is_new for one in elsewhere] == [True, False]
    assert {one.run.pipeline_key for one in elsewhere} == {DAILY}
    assert len({one.run.external_id for one in elsewhere}) == 1
    for run in (later.run, elsewhere[0].run):
        await adapter.cancel(run.ref)


async def test_refusals(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    with pytest.raises(Rejected, match=r"parameter 'slep' \(did you mean sleep\?\)"):
        await adapter.trigger(TriggerRequest(SHOP, key(), {"slep": 1}))
    wrong_type = key()
    with pytest.raises(Rejected, match="'sleep'.*not of type"):
        await adapter.trigger(TriggerRequest(SHOP, wrong_type, {"sleep": "long"}))
    assert await adapter.find_triggered(SHOP, wrong_type) is None
    with pytest.raises(NotFound):
        await adapter.trigger(TriggerRequest("shop/nothing", key()))
    with pytest.raises(Rejected, match="flow without a deployment"):
        await adapter.trigger(TriggerRequest("detail", key()))
    for unknown in (str(uuid4()), "no-uuid"):
        for ask in (adapter.run, adapter.task_runs, adapter.cancel, adapter.retry):
            with pytest.raises(NotFound):
                await ask(RunRef(SHOP, unknown))


async def test_pause(adapter: PrefectAdapter) -> None:
    await adapter.set_paused(DAILY, paused=True)
    await adapter.set_paused(DAILY, paused=True)
    paused = (await pipelines(adapter))[DAILY]
    assert (paused.is_paused, paused.schedule, paused.next_run_at) == (True, "15 4 * * *", None)
    await adapter.set_paused(DAILY, paused=False)
    assert not (await pipelines(adapter))[DAILY].is_paused
    with pytest.raises(Rejected, match="no schedule"):
        await adapter.set_paused(SHOP, paused=True)


async def test_cancel_what_waits_for_its_time(
    adapter: PrefectAdapter, begun: dict[str, ObservedRun], prefect_server: LocalPrefect
) -> None:
    async with api(prefect_server) as client:
        deployment = (await client.get(f"deployments/name/{SHOP}")).json()
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": tomorrow}}
        planned = await post(client, f"deployments/{deployment['id']}/create_flow_run", {"state": state})
    cancelled = await adapter.cancel(RunRef("", planned["id"]))
    assert (cancelled.state, cancelled.native_state, cancelled.pipeline_key) == (RunState.CANCELLED, "Cancelled", SHOP)


async def test_success_its_graph_and_its_assets(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    run = await reached(adapter, begun["good"], *ENDED)
    assert (run.state, run.native_state, run.trigger) == (RunState.SUCCESS, "Completed", RunTrigger.API)
    assert (run.pipeline_key, run.attempt, run.parameters) == (SHOP, 1, {})
    assert run.queued_at
    assert run.started_at
    assert run.ended_at
    assert run.queued_at <= run.started_at <= run.ended_at
    tasks = await settled(adapter, run, 3)
    assert [(one.task, one.attempt, one.map_index) for one in tasks] == [
        ("extract", 1, None),
        ("transform", 1, None),
        ("load", 1, None),
    ]
    graph = await adapter.structure(SHOP)
    assert [task.key for task in graph.tasks] == ["extract", "transform", "load"]
    assert graph.edges == {("extract", "transform"), ("transform", "load")}

    async def written() -> bool:
        events = [event async for page in adapter.asset_events(None, LONG_AGO) for event in page.events]
        return any(
            (event.asset_key, event.task, event.run_external_id) == ("file://shop/orders.csv", "load", run.external_id)
            for event in events
        )

    await eventually(written, within=30, every=0.5)
    assets = {asset.key: asset async for page in adapter.assets() for asset in page}
    orders = assets["file://shop/orders.csv"]
    assert (orders.name, orders.upstream) == ("orders.csv", {"file://shop/customers.csv"})
    assert (SHOP, "load") in orders.producers
    assert (SHOP, "load") in assets["file://shop/customers.csv"].consumers


async def test_mapped_tasks_and_a_flow_in_a_flow(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    run = await reached(adapter, begun["wide"], *ENDED)
    assert run.state is RunState.SUCCESS
    tasks = await settled(adapter, run, 5)
    assert {(one.task, one.map_index) for one in tasks} == {
        ("part", 0),
        ("part", 1),
        ("part", 2),
        ("total", None),
        ("detail", None),
    }
    assert ("part", "total") in (await adapter.structure("wide/hourly")).edges
    called = [one async for page in adapter.runs(None, LONG_AGO) for one in page.runs if one.pipeline_key == "detail"]
    assert [(one.parent_external_id, one.trigger) for one in called] == [(run.external_id, RunTrigger.DEPENDENCY)]
    assert (await pipelines(adapter))["detail"].schedule is None
    assert [task.key for task in (await adapter.structure("detail")).tasks] == ["part"]


async def test_a_task_that_is_tried_twice(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    run = await reached(adapter, begun["shaky"], *ENDED)
    tasks = await settled(adapter, run, 3)
    assert [(one.task, one.attempt, one.state.value) for one in tasks] == [
        ("flaky", 1, "UP_FOR_RETRY"),
        ("after", 1, "SUCCESS"),
        ("flaky", 2, "SUCCESS"),
    ]


async def test_failure_its_log_and_its_retry(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    run = await reached(adapter, begun["bad"], *ENDED)
    assert (run.state, run.parameters, run.attempt) == (RunState.FAILED, {"fail": True}, 1)
    tasks = {one.task: one for one in await settled(adapter, run, 2)}
    assert {task: one.state.value for task, one in tasks.items()} == {"extract": "SUCCESS", "transform": "FAILED"}

    async def log() -> str:
        text = await adapter.log(run.ref, tasks["transform"], tail=200)
        return text if "Finished in state" in text else ""

    text = await eventually(log, within=20, every=0.3)
    assert "ValueError: transform failed on purpose" in text
    assert "extracting" not in text
    last = await adapter.log(run.ref, tasks["transform"], tail=3)
    assert last.splitlines() == text.splitlines()[-3:]
    again = await adapter.retry(run.ref)
    assert (again.external_id, again.attempt) == (run.external_id, 2)
    assert again.state in {RunState.QUEUED, RunState.RUNNING}
    with pytest.raises(Rejected, match="has not ended"):
        await adapter.retry(run.ref)
    ended = await reached(adapter, run, *ENDED)
    assert (ended.state, ended.attempt) == (RunState.FAILED, 2)
    attempts = [(one.task, one.attempt) for one in await settled(adapter, run, 4)]
    assert sorted(attempts) == [("extract", 1), ("extract", 2), ("transform", 1), ("transform", 2)]


async def test_a_run_that_crashed(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    run = await reached(adapter, begun["crashing"], *ENDED)
    assert (run.state, run.native_state, run.trigger) == (RunState.FAILED, "Crashed", RunTrigger.MANUAL)


async def test_cancel_what_runs(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    run = await reached(adapter, begun["slow"], RunState.RUNNING, *ENDED)
    assert run.state is RunState.RUNNING
    asked = await adapter.cancel(run.ref)
    assert asked.state in {RunState.RUNNING, RunState.CANCELLED}
    ended = await reached(adapter, run, *ENDED)
    assert (ended.state, ended.native_state) == (RunState.CANCELLED, "Cancelled")
    with pytest.raises(Rejected, match="already ended"):
        await adapter.cancel(run.ref)


async def test_a_run_that_waits_for_a_person(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    async def is_paused() -> bool:
        return (await adapter.run(begun["patient"].ref)).native_state == "Paused"

    await eventually(is_paused, within=60, every=0.3)
    assert (await adapter.run(begun["patient"].ref)).state is RunState.RUNNING
    await adapter.cancel(begun["patient"].ref)
    assert (await reached(adapter, begun["patient"], *ENDED)).state is RunState.CANCELLED


async def test_every_run_is_in_the_feed(adapter: PrefectAdapter, begun: dict[str, ObservedRun]) -> None:
    for run in begun.values():
        await reached(adapter, run, *ENDED)
    found = {run.external_id: run async for page in adapter.runs(None, LONG_AGO) for run in page.runs}
    assert {run.external_id for run in begun.values()} <= found.keys()
    assert {found[run.external_id].state for run in begun.values()} == set(ENDED)
    assert not [run for run in found.values() if run.native_state == "Scheduled" and run.trigger is RunTrigger.SCHEDULE]


async def test_without_credentials_where_none_are_asked_for(prefect_server: LocalPrefect) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{prefect_server.url}/api/health")).json() is True
