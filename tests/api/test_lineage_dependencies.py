"""Dependencies across systems as edges of lineage: from job to job, from dataset to job, from pipeline to pipeline."""

from dataclasses import replace

import pytest

from gateway.domain.dependencies import Condition, DatasetRef, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.periods import KeyGranularity
from gateway.store.repository import dependencies
from tests.api.test_lineage import chain, graph_of, start
from tests.lineage.made import dataset, run_event
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("running_lineage")


async def test_dependencies_across_systems_join_jobs(api, world, database, send):
    """Whether the jobs or the dependency came first, and only while it is switched on."""
    ingest, marts = [
        await world.pipeline(await world.orchestrator(name, lineage_namespaces=["jobs"]), name)
        for name in ("ingest", "marts")
    ]
    spec = DependencySpec(
        "d", Group(Mode.ALL, (Condition(PipelineRef("ingest", ingest.key)),)), PipelineRef("marts", marts.key)
    )
    await send(*chain(("raw", "ingest", "orders")))
    async with database.write() as session:
        await dependencies.define(session, spec, "CONFIG", world.now)
    await send(*chain(("orders_of_day", "marts", "totals")))

    async def edges() -> set[tuple[str, str, str]]:
        return (await graph_of(api, start=start("totals")))[1]

    apart = {("orders_of_day", "marts", "DATA"), ("marts", "totals", "DATA")}
    joined = {("raw", "ingest", "DATA"), ("ingest", "marts", "DEPENDENCY")}
    assert await eventually(edges, lambda found: len(found) == 4) == apart | joined
    async with database.write() as session:
        await dependencies.define(session, replace(spec, is_enabled=False), "CONFIG", world.now)
    assert await eventually(edges, lambda found: len(found) == 2) == apart


async def test_dependencies_across_systems_join_pipelines(api, world, database):
    """Also those that no lineage event has ever told of."""
    for name, key in (("airflow", "ingest"), ("prefect", "crm"), ("dagster", "marts")):
        await world.pipeline(await world.orchestrator(name), key)
    both = tuple(Condition(PipelineRef(*one)) for one in (("airflow", "ingest"), ("prefect", "crm")))
    spec = DependencySpec("d", Group(Mode.ALL, both), PipelineRef("dagster", "marts"), KeyGranularity.DAY)
    async with database.write() as session:
        await dependencies.define(session, spec, "CONFIG", world.now)

    async def found() -> tuple[set[str], set[tuple[str, str, str]]]:
        begin = {"pipeline": {"orchestrator": "dagster", "key": "marts"}}
        return await graph_of(api, start=begin, granularity="PIPELINE")

    nodes, edges = await eventually(found, lambda told: len(told[0]) == 3)
    assert nodes == {"ingest", "crm", "marts"}
    assert edges == {("ingest", "marts", "DEPENDENCY"), ("crm", "marts", "DEPENDENCY")}


async def test_a_dataset_that_a_dependency_waits_for_is_joined_to_what_it_starts(api, world, database, send):
    """From dataset to job and to pipeline; where data flows too, that counts."""
    scores = await world.pipeline(await world.orchestrator("prefect", lineage_namespaces=["jobs"]), "scores")
    totals = DatasetRef("postgres://day:5432", "shop.totals")
    await send(
        run_event("COMPLETE", outputs=[dataset("shop.totals", "postgres://day:5432")], job="marts", run="m"),
        run_event("COMPLETE", 1, outputs=[dataset("ranks")], job="scores", run="s"),
    )
    spec = DependencySpec("d", Group(Mode.ALL, (Condition(dataset=totals),)), PipelineRef("prefect", scores.key))
    async with database.write() as session:
        await dependencies.define(session, spec, "CONFIG", world.now)

    async def edges(granularity: str) -> set[tuple[str, str, str]]:
        return (await graph_of(api, start=start("ranks"), granularity=granularity))[1]

    waits = {("marts", "shop.totals", "DATA"), ("shop.totals", "scores", "DEPENDENCY"), ("scores", "ranks", "DATA")}
    for granularity in ("JOB", "PIPELINE"):
        found = await eventually(lambda granularity=granularity: edges(granularity), lambda told: len(told) == 3)
        assert found == waits
    await send(
        run_event("COMPLETE", 2, inputs=[dataset("shop.totals", "postgres://day:5432")], job="scores", run="s"),
        run_event("COMPLETE", 3, outputs=[dataset("ranks")], job="scores", run="s"),
    )
    reads = {("shop.totals", "scores", "DATA")}
    for granularity in ("JOB", "PIPELINE"):
        assert await eventually(lambda granularity=granularity: edges(granularity), lambda told: told >= reads) == (
            waits - {("shop.totals", "scores", "DEPENDENCY")} | reads
        )
