"""The graph as it was: the same jobs and datasets, with the edges that counted then."""

from datetime import datetime

from gateway.store.columns import EPOCH, MICROSECOND
from gateway.store.database import Database, ReadSession
from gateway.store.repository import lineage_state
from lineage import rows
from lineage.graph import Declared, Graph, JobEdges
from lineage.loading import PORTION
from lineage.openlineage.edges import Edges


async def graph_at(database: Database, at: datetime) -> Graph:
    """What was known at ``at``; names mean the datasets that they mean now."""
    graph, moment = Graph(), (at - EPOCH) // MICROSECOND
    async with database.read() as session:
        await _put_names(session, graph)
        await _put_declared(session, graph, moment)
        await _put_jobs(session, graph, moment)
    return graph


async def _put_names(session: ReadSession, graph: Graph) -> None:
    async for some in lineage_state.every_name(session, PORTION):
        graph.set_names({row.id: row.dataset_id for row in some})
        for row in some:
            graph.set_label(row.id, row.name)


async def _put_declared(session: ReadSession, graph: Graph, moment: int) -> None:
    """Of what is declared now, that which was declared by then. What was taken back since is not known any more."""
    async for some in lineage_state.every_declared(session, PORTION):
        stored = await lineage_state.edges(session, {row.declared_edges_id for row in some})
        for row in some:
            known = {name for name, at in rows.name_of(row).declared_since.items() if at <= moment}
            if row.id in known:
                sources = known.intersection(Edges.load(stored[row.declared_edges_id]).inputs)
                graph.set_declared(row.id, Declared(tuple(sorted(sources)), row.declared_edges_id))


async def _put_jobs(session: ReadSession, graph: Graph, moment: int) -> None:
    chosen = dict(await lineage_state.edges_at(session, moment))
    stored = await lineage_state.edges(session, set(chosen.values()))
    async for some in lineage_state.every_job(session, PORTION):
        for row in some:
            if row.id in chosen:
                edges = Edges.load(stored[chosen[row.id]])
                parent = row.parent[1] if row.parent else None
                graph.set_job(row.id, JobEdges(edges.inputs, edges.outputs, edges.after, parent, chosen[row.id]))
                graph.set_label(row.id, row.name)
