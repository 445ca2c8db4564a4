"""Lineage of orchestrators without an emitter: from what Podium sees of their assets, and marked so."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from gateway.domain.observation import ObservedAsset, ObservedAssetEvent, ObservedRun, ObservedTaskRun
from gateway.domain.records import LINEAGE_FORWARD, Definition, Orchestrator
from gateway.domain.states import RunState, TaskRunState
from gateway.store.repository import assets, definitions, lineage_log, pipelines, runs, task_runs
from gateway.sync.apply import apply_runs
from lineage.assets import named_by_uri
from lineage.catalog import datasets, jobs, versions
from lineage.columns import walk_columns
from lineage.deriver import Deriver
from lineage.follower import Follower
from lineage.intake import Intake
from lineage.loading import read_graph
from lineage.openlineage.check import check
from lineage.openlineage.state import job_id, name_id
from lineage.projector import Projector
from lineage.walk import Direction
from tests.api.world import World
from tests.lineage.made import dataset, run_event

T0 = datetime(2026, 5, 1, 7, tzinfo=UTC)
RUN = "2d5b33e0-76cf-4816-9806-c29c983a1a43"
COLUMNS = {"dagster/column_lineage": {"total": [["raw_orders", "amount"]]}}
ASSETS = [
    ObservedAsset("raw_orders", "raw_orders", producers=frozenset({("shop/marts", "raw_orders")})),
    ObservedAsset(
        "totals", "totals", upstream=frozenset({"raw_orders"}), producers=frozenset({("shop/marts", "totals")})
    ),
]


@pytest.fixture
async def dagster(database) -> Orchestrator:
    world = World(database, T0)
    orchestrator = await world.orchestrator("dagster-live", "dagster", lineage_namespaces=["dagster"])
    await world.structure(await world.pipeline(orchestrator, "shop/marts"), ["raw_orders", "totals"], set())
    async with database.write() as session:
        await assets.save_listed(session, orchestrator.id, ASSETS, T0)
        run = ObservedRun("shop/marts", RUN, RunState.SUCCESS, "SUCCESS", queued_at=T0)
        await apply_runs(session, orchestrator, [run], T0, T0)
        written = {"dagster/uri": "postgres://warehouse:5432/shop/public/orders"}
        writes = [
            ObservedAssetEvent("raw_orders", T0, "e1", RUN, metadata=written),
            ObservedAssetEvent("totals", T0 + timedelta(minutes=1), "e2", RUN, metadata=COLUMNS),
        ]
        await assets.save_events(session, orchestrator.id, writes, T0)
    return orchestrator


Derive = Callable[..., Awaitable[Follower]]


@pytest.fixture
async def derive(database) -> AsyncIterator[Derive]:
    """Looks once, each time an hour later, and takes up what was told, and what emitters have sent."""
    hours = itertools.count(1)
    intake = Intake(database, lambda: T0)
    receiving = asyncio.create_task(intake.run())

    async def derive(*events) -> Follower:
        if events:
            await intake.receive([check(event) for event in events])
            projector = Projector(database, intake.grown)
            while await projector.step():
                pass
        now = T0 + timedelta(hours=next(hours))
        while await Deriver(database, intake, "here", lambda: now).step():
            pass
        projector = Projector(database, intake.grown)
        while await projector.step():
            pass
        follower = Follower(database)
        async with database.read() as session:
            follower.graph = await read_graph(session)
        await follower._join()
        return follower

    yield derive
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)


async def test_assets_become_jobs_and_datasets(database, dagster, derive):
    follower = await derive()
    graph = follower.graph
    raw, totals = graph.dataset_of(name_id("dagster", "raw_orders")), name_id("dagster", "totals")
    job = job_id("dagster", "marts.totals")
    assert set(graph.upstream(job)) == {raw}
    assert set(graph.downstream(job)) == {totals}
    async with database.read() as session:
        (found,) = (await jobs(session, [job])).values()
        assert (found.integration, found.is_derived) == ("DAGSTER", True)
        (one,) = (await datasets(session, [raw])).values()
        assert {(one.namespace, one.name), *one.aliases} == {
            ("dagster", "raw_orders"),
            ("postgres://warehouse:5432", "shop.public.orders"),
        }
        (version,) = await versions(session, totals, None, 10)
        assert (version.run.run_id, version.created_at) == (RUN, T0 + timedelta(minutes=1))
        columns = await walk_columns(session, graph, [(totals, "total")], Direction.UPSTREAM, None, 10)
        assert list(columns.nodes) == [(totals, "total"), (raw, "amount")]
    assert (await pipelines_of(database, follower, job)) == "shop/marts"


async def pipelines_of(database, follower: Follower, job: int) -> str | None:
    joined = follower.joins.of_job(follower.graph, job)
    async with database.read() as session:
        return (await pipelines.by_ids(session, [joined.pipeline_id]))[joined.pipeline_id].key if joined else None


async def test_what_was_told_is_not_told_again(database, dagster, derive):
    counts = []
    for _ in range(2):
        await derive()
        async with database.read() as session:
            counts.append(len(await lineage_log.after(session, 0, 1000)))
    assert counts == [4, 4]


async def test_how_work_has_ended_is_told_though_nothing_was_written(database, dagster, derive):
    states = []
    for day, state in enumerate((RunState.FAILED, RunState.SUCCESS), 1):
        begun, at = T0 + timedelta(days=day), T0 + timedelta(days=day, minutes=5)
        async with database.write() as session:
            run = ObservedRun("shop/marts", f"run{day}", state, state.value, queued_at=begun, ended_at=at)
            await apply_runs(session, dagster, [run], T0, T0)
            (known,) = (await runs.by_external_ids(session, [(dagster.id, f"run{day}")])).values()
            done = ObservedTaskRun("raw_orders", TaskRunState.SUCCESS, "SUCCESS")
            last = ObservedTaskRun("totals", TaskRunState(state.value), state.value)
            await task_runs.save(session, known.id, [done, last], T0)
        graph = (await derive()).graph
        states.append([graph.node(job_id("dagster", f"marts.{task}")).state for task in ("raw_orders", "totals")])
    assert states == [[RunState.SUCCESS, RunState.FAILED], [RunState.SUCCESS, RunState.SUCCESS]]


async def test_every_run_is_told_where_events_are_sent_on(database, derive):
    """Also of orchestrators that know no assets; but not what an emitter tells of."""
    world = World(database, T0)
    prefect = await world.orchestrator("prefect-live", "prefect", lineage_namespaces=["prefect"])
    silent, spoken = [await world.pipeline(prefect, key) for key in ("sync/nightly", "report/nightly")]
    emitted = run_event("COMPLETE", namespace="prefect", job="report")

    async def told() -> list[tuple[str, str, str]]:
        await derive(emitted)
        async with database.read() as session:
            logged = [orjson.loads(one.body) for one in await lineage_log.after(session, 0, 1000)]
        return [
            (one["job"]["name"], one["eventType"], one["eventTime"])
            for one in logged
            if one["job"]["name"] != "report" or "podium_derived" in one["job"]["facets"]
        ]

    await world.run(silent, "before", started_at=T0, ended_at=T0)
    assert await told() == []
    async with database.write() as session:
        await definitions.save(session, Definition(LINEAGE_FORWARD, "marquez", {"url": "http://127.0.0.1:9"}))
    later = T0 + timedelta(minutes=5)
    await world.run(silent, RUN, RunState.FAILED, started_at=T0, ended_at=later)
    await world.run(spoken, "r2", started_at=T0, ended_at=later)
    assert await told() == [("sync", "START", T0.isoformat()), ("sync", "FAIL", later.isoformat())]


async def test_a_name_that_fits_two_pipelines_is_not_used(database, dagster, derive):
    world = World(database, T0)
    await world.pipeline(dagster, "other/marts")
    follower = await derive()
    job = job_id("dagster", "shop/marts.totals")
    assert await pipelines_of(database, follower, job) == "shop/marts"
    assert job_id("dagster", "marts.totals") not in follower.graph


async def test_a_changed_graph_is_told(database, dagster, derive):
    await derive()
    changed = ObservedAsset("totals", "totals", producers=frozenset({("shop/marts", "totals")}))
    async with database.write() as session:
        await assets.save_listed(session, dagster.id, [ASSETS[0], changed], T0)
    graph = (await derive()).graph
    assert set(graph.upstream(job_id("dagster", "marts.totals"))) == set()


async def test_a_write_waits_for_its_run(database, dagster, derive):
    """Assets and runs are read apart; a run that stays unknown does not hold up the others for ever."""
    later = T0 + timedelta(hours=1, minutes=-1)
    async with database.write() as session:
        both = frozenset({("shop/marts", "totals"), ("shop/other", "totals")})
        await assets.save_listed(
            session, dagster.id, [ASSETS[0], ObservedAsset("totals", "totals", producers=both)], T0
        )
        await assets.save_events(session, dagster.id, [ObservedAssetEvent("totals", later, "e3", "unknown")], T0)
        await assets.save_events(session, dagster.id, [ObservedAssetEvent("totals", later, "e4", RUN)], T0)
    counts = []
    for _ in range(2):
        await derive()
        async with database.read() as session:
            counts.append(len(await versions(session, name_id("dagster", "totals"), None, 10)))
            position = await lineage_log.position(session, "derived-writes")
            counts.append(len(await assets.writes_after(session, position, later + timedelta(days=9), 10)))
    assert counts == [1, 2, 1, 0], "versions of totals, and writes that wait, at once and an hour later"


async def test_an_emitter_knows_better(database, dagster, derive):
    """Before or after: what it tells counts, and nothing more is derived of that job."""
    await derive()
    told = run_event("COMPLETE", namespace="dagster", job="marts.totals", inputs=[dataset("a")], outputs=[dataset("b")])
    graph = (await derive(told)).graph
    job = job_id("dagster", "marts.totals")
    assert [graph.node(node).label for node in (*graph.upstream(job), *graph.downstream(job))] == ["a", "b"]
    async with database.read() as session:
        assert not (await jobs(session, [job]))[job].is_derived


@pytest.mark.parametrize(
    ("uri", "named"),
    [
        ("postgres://db:5432/shop/public/orders", ("postgres://db:5432", "shop.public.orders")),
        ("snowflake://acme-eu/SHOP/PUBLIC/ORDERS", ("snowflake://acme-eu", "SHOP.PUBLIC.ORDERS")),
        ("bigquery://project/shop/orders", ("bigquery", "project.shop.orders")),
        ("file:///srv/data/orders.csv", ("file", "/srv/data/orders.csv")),
        ("s3://lake/orders/2026%2005", ("s3://lake", "orders/2026 05")),
        ("kafka://broker:9092/orders", ("kafka://broker:9092", "orders")),
        ("x-custom://place/some/thing", ("x-custom://place", "some/thing")),
    ],
)
def test_a_uri_is_named_as_openlineage_names_it(uri, named):
    assert named_by_uri(uri) == named
