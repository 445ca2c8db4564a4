"""The graph as it was: the same jobs and datasets, with the edges that counted then."""

from datetime import datetime

from gateway.store.columns import EPOCH, MICROSECOND
from gateway.store.database import Database
from gateway.store.repository import lineage_state
from lineage.graph import Graph, JobEdges
from lineage.loading import PORTION
from lineage.openlineage.edges import Edges


async def graph_at(database: Database, at: datetime) -> Graph:
    """What was known at ``at``; names mean the datasets that they mean now."""
    graph = Graph()
    async with database.read() as session:
        chosen = dict(await lineage_state.edges_at(session, (at - EPOCH) // MICROSECOND))
        stored = await lineage_state.edges(session, set(chosen.values()))
        async for rows in lineage_state.every_name(session, PORTION):
            graph.set_names({row.id: row.dataset_id for row in rows})
            for row in rows:
                graph.set_label(row.id, row.name)
        async for rows in lineage_state.every_job(session, PORTION):
            for row in rows:
                if row.id in chosen:
                    edges = Edges.load(stored[chosen[row.id]])
                    parent = row.parent[1] if row.parent else None
                    graph.set_job(row.id, JobEdges(edges.inputs, edges.outputs, edges.after, parent, chosen[row.id]))
                    graph.set_label(row.id, row.name)
    return graph
