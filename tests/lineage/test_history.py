"""The graph as it was, of what is declared: told of a dataset or shown by an orchestrator, and not seen in a run."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from gateway.store.database import Database
from gateway.store.lineage_tables import lineage_names
from gateway.store.repository import lineage_state
from lineage.columns import walk_columns
from lineage.graph import Graph
from lineage.history import graph_at
from lineage.loading import read_graph
from lineage.openlineage.check import check
from lineage.openlineage.state import job_id, name_id
from lineage.projection import project
from lineage.walk import Direction
from tests.lineage.made import DAY, START, dataset, dataset_event, job_event


def declared(minute: float, *sources: str, name: str = "orders") -> dict[str, Any]:
    """What a dataset is made from, each column from the same one of a source."""
    inputs = [{"namespace": DAY, "name": source, "type": "DATASET"} for source in sources]
    fields = {source: {"inputFields": [{"namespace": DAY, "name": source, "field": "x"}]} for source in sources}
    return dataset_event(dataset(name, lineage={"inputs": inputs}, columnLineage={"fields": fields}), minute)


async def take_up(database: Database, *events: dict[str, Any]) -> None:
    for event in events:
        async with database.write() as session:
            await project(session, [check(event)])


def after(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


async def sources_at(database: Database, minute: float) -> tuple[set[str], set[str]]:
    """What orders was made from, and the columns of it with the dataset that each was made from."""
    graph = await graph_at(database, after(minute))
    orders = name_id(DAY, "orders")
    async with database.read() as session:
        starts = [(orders, column) for column in ("raw", "returns", "fees")]
        found = await walk_columns(session, graph, starts, Direction.UPSTREAM, None, 100)
    near = {graph.node(one).label for one in graph.upstream(orders)}
    return near, {f"{name} of {graph.node(source).label}" for (source, _), (_, name) in found.edges}


TOLD = [declared(0, "raw"), declared(10, "raw", "returns"), declared(20, "raw", "returns")]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0, 1)])
async def test_what_is_declared_of_a_dataset_is_known_from_when_it_was_first_declared(database, order):
    await take_up(database, *(TOLD[place] for place in order))
    assert await sources_at(database, -1) == (set(), set())
    assert await sources_at(database, 5) == ({"raw"}, {"raw of raw"})
    both = {"raw", "returns"}, {"raw of raw", "returns of returns"}
    assert await sources_at(database, 15) == both
    assert await sources_at(database, 25) == both


async def test_what_is_not_declared_any_more_is_not_drawn(database):
    await take_up(database, declared(0, "raw"), declared(10, "fees"))
    assert await sources_at(database, 5) == (set(), set())
    assert await sources_at(database, 15) == ({"fees"}, {"fees of fees"})


async def test_what_was_stored_before_times_were_kept_counts_from_its_latest_declaration(database):
    await take_up(database, declared(0, "raw"))
    orders = name_id(DAY, "orders")
    async with database.write() as session:
        row = (await lineage_state.names(session, [orders]))[orders]
        before = update(lineage_names).where(lineage_names.c.id == orders).values(document=row.document[:3])
        await session.execute(before)
    assert await sources_at(database, -1) == (set(), set())
    assert await sources_at(database, 5) == ({"raw"}, {"raw of raw"})
    await take_up(database, declared(10, "raw", "fees"))
    assert await sources_at(database, 5) == ({"raw"}, {"raw of raw"})


async def test_what_a_job_is_declared_to_do_is_known_from_then(database):
    inputs, outputs = [dataset("raw")], [dataset("orders")]
    await take_up(database, job_event(0, inputs=inputs, outputs=outputs), job_event(10, inputs=[], outputs=outputs))
    load, raw = job_id("jobs", "load"), name_id(DAY, "raw")
    graphs = [await graph_at(database, after(minute)) for minute in (-1, 5, 15)]
    assert [load in graph for graph in graphs] == [False, True, True]
    assert [graph.upstream(load) for graph in graphs] == [(), (raw,), ()]


async def test_all_that_is_declared_until_now_is_the_graph_of_now(database):
    await take_up(database, *TOLD, declared(30, "orders", name="totals"), job_event(30, outputs=[dataset("raw")]))
    async with database.read() as session:
        now = await read_graph(session)
    assert edges_of(await graph_at(database, after(60))) == edges_of(now) != set()


def edges_of(graph: Graph) -> set[tuple[int, int]]:
    names = {*graph.datasets, job_id("jobs", "load")}
    return {(name, near) for name in names for near in graph.downstream(name)}
