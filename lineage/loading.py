"""Reads the stored graph into memory, and what its jobs are to orchestrators."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.sdk.registry import adapter_class, kinds
from gateway.store.database import ReadSession
from gateway.store.repository import lineage_joins, lineage_state
from gateway.store.repository.lineage_joins import NamedPipeline
from lineage.catalog import run_state
from lineage.graph import Declared, Graph, JobEdges
from lineage.joining import Joins
from lineage.openlineage.edges import Edges

#: Rows read at once when everything is read.
PORTION = 5_000


@dataclass(frozen=True, slots=True)
class Landscape:
    """The graph, and which pipelines its jobs are."""

    graph: Graph
    joins: Joins
    pipelines: Collection[NamedPipeline]


async def read_landscape(session: ReadSession) -> Landscape:
    """All that is stored now."""
    pipelines, joins = await read_joins(session)
    return Landscape(await read_graph(session), joins, pipelines)


async def read_graph(session: ReadSession) -> Graph:
    """Everything that is stored."""
    graph = Graph()
    async for rows in lineage_state.every_name(session, PORTION):
        await put_rows(session, graph, rows, ())
    async for rows in lineage_state.every_job(session, PORTION):
        await put_rows(session, graph, (), rows)
    return graph


async def read_joins(session: ReadSession) -> tuple[Collection[NamedPipeline], Joins]:
    """All pipelines, and which of the graph's jobs they and their tasks are."""
    named = await lineage_joins.pipelines_by_name(session)
    rules = {kind: adapter_class(kind).manifest.lineage for kind in {one.kind for one in named} & set(kinds())}
    return named, Joins.of(named, rules)


async def put_rows(session: ReadSession, graph: Graph, names: Collection[Any], jobs: Collection[Any]) -> None:
    """Bring some names and jobs in the graph up to date."""
    wanted = {row.edges_id for row in jobs} | {row.declared_edges_id for row in names}
    stored = await lineage_state.edges(session, wanted - {None})
    edges: Mapping[int, Edges] = {key: Edges.load(body) for key, body in stored.items()}
    graph.set_names({row.id: row.dataset_id for row in names})
    for row in names:
        graph.set_label(row.id, row.name)
        declared = edges.get(row.declared_edges_id)
        graph.set_declared(row.id, Declared(declared.inputs, row.declared_edges_id) if declared else None)
    latest = await lineage_state.run_states(session, {row.latest_run_id for row in jobs if row.latest_run_id})
    for row in jobs:
        graph.set_label(row.id, row.name)
        state = run_state(latest[row.latest_run_id]) if row.latest_run_id in latest else None
        one = edges.get(row.edges_id, Edges())
        parent = row.parent[1] if row.parent else None
        graph.set_job(row.id, JobEdges(one.inputs, one.outputs, one.after, parent, row.edges_id), state)
