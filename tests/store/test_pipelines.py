"""Pipelines: listed, changed, gone; found by text, owner and tag."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.filters import PipelineFilter
from gateway.domain.observation import ObservedPipeline, ObservedTask, PipelineStructure
from gateway.domain.records import OrchestratorDefinition
from gateway.store.changes import Subject
from gateway.store.repository import orchestrators, pipelines, structures

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
INGEST = ObservedPipeline("ingest_sales", "Ingest sales", owners=("ada", "bo"), tags=("sales",), revision="v1")
REPORT = ObservedPipeline("sales_report", "Sales report", owners=("bo",), is_paused=True, revision="v1")
WILD = ObservedPipeline("100%_sure", "100% sure", revision="v1")


@pytest.fixture
async def airflow(database) -> int:
    definition = OrchestratorDefinition("airflow", "airflow", "http://127.0.0.1:1", {}, {})
    async with database.write() as session:
        identity = await orchestrators.define(session, definition, "CONFIG", NOW)
        await pipelines.save_listed(session, identity, [INGEST, REPORT, WILD], NOW)
    return identity


async def keys(database, **wanted):
    async with database.read() as session:
        found = await pipelines.page(session, PipelineFilter(**wanted), None, 50)
        assert await pipelines.count(session, PipelineFilter(**wanted)) == len(found)
    return [pipeline.key for pipeline, _ in found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["100%_sure", "ingest_sales", "sales_report"]),
        ({"search": "SALES"}, ["ingest_sales", "sales_report"]),
        ({"search": "%_"}, ["100%_sure"]),
        ({"owners": ["bo"]}, ["ingest_sales", "sales_report"]),
        ({"owners": ["ada"], "tags": ["sales"]}, ["ingest_sales"]),
        ({"tags": ["finance"]}, []),
        ({"is_paused": True}, ["sales_report"]),
        ({"orchestrators": ["airflow"]}, ["100%_sure", "ingest_sales", "sales_report"]),
        ({"orchestrators": ["prefect"]}, []),
    ],
)
async def test_a_filter_finds_what_it_says(database, airflow, wanted, found):
    assert await keys(database, **wanted) == found


async def test_listing_the_same_again_is_no_news(database, airflow):
    with database.feed.listen(Subject.PIPELINE) as listener:
        async with database.write() as session:
            later = NOW + timedelta(minutes=1)
            assert await pipelines.save_listed(session, airflow, [INGEST, REPORT, WILD], later) == 0
            assert session.changes == []
        assert not listener.overflowed


async def test_one_that_is_no_longer_listed_becomes_inactive_and_comes_back(database, airflow):
    async with database.write() as session:
        assert await pipelines.retire_unlisted(session, airflow, ["ingest_sales", "100%_sure"]) == 1
    assert await keys(database, is_active=False) == ["sales_report"]
    async with database.write() as session:
        assert await pipelines.save_listed(session, airflow, [REPORT], NOW) == 1
    assert await keys(database, is_active=False) == []


async def test_changed_owners_replace_the_old_ones(database, airflow):
    changed = ObservedPipeline("ingest_sales", "Ingest sales", owners=("cy",), revision="v1")
    async with database.write() as session:
        await pipelines.save_listed(session, airflow, [changed], NOW)
    assert await keys(database, owners=["ada"]) == []
    assert await keys(database, owners=["cy"]) == ["ingest_sales"]


async def test_a_graph_is_wanted_until_read_and_again_when_the_revision_moves(database, airflow):
    graph = PipelineStructure(
        (ObservedTask("extract", "extract"), ObservedTask("load", "load", type="PythonOperator")),
        frozenset({("extract", "load"), ("extract", "unheard_of")}),
    )

    async def wanted():
        async with database.read() as session:
            found = await pipelines.structure_wanted(session, airflow, NOW, 50)
        return {pipeline.key: pipeline for pipeline in found}

    pipeline = (await wanted())["ingest_sales"]
    async with database.write() as session:
        await structures.save(session, pipeline.id, graph, pipeline.revision, NOW)
    assert "ingest_sales" not in await wanted()
    async with database.read() as session:
        edges = (await structures.edges_of(session, [pipeline.id]))[pipeline.id]
        tasks = (await structures.tasks_of(session, [pipeline.id]))[pipeline.id]
    assert [(edge.upstream, edge.downstream) for edge in edges] == [("extract", "load")]
    assert [task.key for task in tasks] == ["extract", "load"]
    async with database.write() as session:
        moved = ObservedPipeline("ingest_sales", "Ingest sales", revision="v2")
        await pipelines.save_listed(session, airflow, [moved], NOW)
    assert "ingest_sales" in await wanted()


async def test_an_empty_graph_replaces_nothing(database, airflow):
    async with database.write() as session:
        pipeline = (await pipelines.by_keys(session, airflow, ["ingest_sales"]))["ingest_sales"]
        graph = PipelineStructure((ObservedTask("extract", "extract"),), frozenset())
        await structures.save(session, pipeline.id, graph, "v1", NOW)
        await structures.save(session, pipeline.id, PipelineStructure((), frozenset()), "v2", NOW)
    async with database.read() as session:
        assert [task.key for task in (await structures.tasks_of(session, [pipeline.id]))[pipeline.id]] == ["extract"]


async def test_search_puts_the_equal_key_first(database, airflow):
    async with database.write() as session:
        await pipelines.save_listed(session, airflow, [ObservedPipeline("sales", "sales", revision="v1")], NOW)
    async with database.read() as session:
        found = await pipelines.search(session, "Sales", 10)
    assert found[0].key == "sales"
    assert len(found) == 3


async def test_pipelines_of_an_orchestrator_that_is_no_longer_connected_are_inactive(database, airflow):
    async with database.write() as session:
        assert await orchestrators.remove(session, "airflow", NOW)
    assert len(await keys(database, is_active=False)) == 3
    assert await keys(database, is_active=True) == []
