"""Keeps the graph in memory what the database says: reads everything once, then what has changed."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import structlog

from gateway.store.changes import Change, Listener, Subject
from gateway.store.database import Database, ReadSession
from gateway.store.repository import lineage_state
from lineage.graph import Graph, JobEdges
from lineage.openlineage.edges import Edges

log = structlog.get_logger(__name__)

#: Rows read at once when everything is read.
PORTION = 5_000
PAUSE = 1.0


class Follower:
    """``run`` it in a task. ``graph`` is replaced when everything is read anew, else changed in place."""

    def __init__(self, database: Database) -> None:
        self.graph = Graph()
        self._database = database
        self._loaded = asyncio.Event()

    async def loaded(self) -> None:
        """Returns once the graph has been read."""
        await self._loaded.wait()

    async def run(self) -> None:
        """Follow the database for ever; whenever something may have been missed, read everything anew."""
        while True:
            try:
                with self._database.feed.listen(Subject.LINEAGE_JOB, Subject.LINEAGE_NAME) as listener:
                    self.graph = await self._read_everything()
                    self._loaded.set()
                    await self._follow(listener)
            except Exception:  # the loop's own net: a database that is away must not end it
                log.exception("the lineage graph could not be read")
                await asyncio.sleep(PAUSE)

    async def _follow(self, listener: Listener) -> None:
        while not listener.overflowed:
            changes = await listener.batch(PAUSE)
            if changes:
                async with self._database.read() as session:
                    await self._take(session, changes)

    async def _take(self, session: ReadSession, changes: Collection[Change]) -> None:
        names = {change.id for change in changes if change.subject is Subject.LINEAGE_NAME}
        jobs = {change.id for change in changes if change.subject is Subject.LINEAGE_JOB}
        name_rows = list((await lineage_state.names(session, names)).values())
        job_rows = list((await lineage_state.jobs(session, jobs)).values())
        await _put(session, self.graph, name_rows, job_rows)

    async def _read_everything(self) -> Graph:
        graph = Graph()
        async with self._database.read() as session:
            async for rows in lineage_state.every_name(session, PORTION):
                await _put(session, graph, rows, ())
            async for rows in lineage_state.every_job(session, PORTION):
                await _put(session, graph, (), rows)
        return graph


async def _put(session: ReadSession, graph: Graph, names: Collection[Any], jobs: Collection[Any]) -> None:
    wanted = {row.edges_id for row in jobs} | {row.declared_edges_id for row in names}
    stored = await lineage_state.edges(session, wanted - {None})
    edges: Mapping[int, Edges] = {key: Edges.load(body) for key, body in stored.items()}
    graph.set_names({row.id: row.dataset_id for row in names})
    for row in names:
        graph.set_sources(row.id, edges[row.declared_edges_id].inputs if row.declared_edges_id else ())
    for row in jobs:
        one = edges.get(row.edges_id, Edges())
        parent = row.parent[1] if row.parent else None
        graph.set_job(row.id, JobEdges(one.inputs, one.outputs, one.after, parent))
