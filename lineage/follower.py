"""Keeps the graph in memory what the database says: reads everything once, then what has changed."""

import asyncio
import gc
import time
from collections.abc import Collection

import structlog

from gateway.store.changes import Change, Listener, Subject
from gateway.store.database import Database, ReadSession
from gateway.store.repository import dependencies, lineage_state
from gateway.store.repository.lineage_joins import NamedPipeline
from lineage.graph import Graph
from lineage.joining import Joins, Waits
from lineage.loading import put_rows, read_graph, read_joins

log = structlog.get_logger(__name__)

PAUSE = 1.0
#: Names of datasets from which on a graph is kept out of the way of garbage collection.
LARGE = 10_000
#: Seconds between two looks at what pipelines are called; runs change them all the time, names seldom.
JOIN_EVERY = 10.0
_LINEAGE = frozenset({Subject.LINEAGE_JOB, Subject.LINEAGE_NAME})
_SUBJECTS = (*_LINEAGE, Subject.PIPELINE, Subject.ORCHESTRATOR, Subject.DEPENDENCY)


class Follower:
    """``run`` it in a task. ``graph`` is replaced when everything is read anew, else changed in place."""

    def __init__(self, database: Database) -> None:
        self.graph = Graph()
        self.joins = Joins()
        self.pipelines: Collection[NamedPipeline] = ()
        self.waits = Waits()
        self._database = database
        self._loaded = asyncio.Event()
        self._joined_at = 0.0

    async def loaded(self) -> None:
        """Returns once the graph has been read."""
        await self._loaded.wait()

    async def run(self) -> None:
        """Follow the database for ever; whenever something may have been missed, read everything anew."""
        while True:
            try:
                with self._database.feed.listen(*_SUBJECTS) as listener:
                    await self._load()
                    await self._follow(listener)
            except Exception:  # the loop's own net: whatever it is, everything is read anew
                if await self._database.is_reachable():  # else readiness says so
                    log.exception("the lineage graph could not be read")
                await asyncio.sleep(PAUSE)

    async def _load(self) -> None:
        gc.unfreeze()
        async with self._database.read() as session:
            self.graph = await read_graph(session)
        await self._join()
        self._loaded.set()
        if len(self.graph.datasets) >= LARGE:
            gc.collect()  # a graph that was there before
            gc.freeze()  # what has been read stays: no collection need look through all of it again

    async def _follow(self, listener: Listener) -> None:
        is_outdated = False
        while not listener.overflowed:
            changes = await listener.batch(PAUSE)
            of_lineage = [change for change in changes if change.subject in _LINEAGE]
            if of_lineage:
                async with self._database.read() as session:
                    await self._take(session, of_lineage)
            is_outdated |= len(of_lineage) < len(changes)
            if is_outdated and time.monotonic() - self._joined_at >= JOIN_EVERY:
                await self._join()
                is_outdated = False

    async def _join(self) -> None:
        async with self._database.read() as session:
            self.pipelines, self.joins = await read_joins(session)
            defined = await dependencies.active(session)
        self.waits = Waits.of([one.spec for one in defined], self.pipelines)
        self.graph.set_waits(self.joins.waiting(self.graph, self.waits))
        self._joined_at = time.monotonic()

    async def _take(self, session: ReadSession, changes: Collection[Change]) -> None:
        names = {change.id for change in changes if change.subject is Subject.LINEAGE_NAME}
        jobs = {change.id for change in changes if change.subject is Subject.LINEAGE_JOB}
        name_rows = list((await lineage_state.names(session, names)).values())
        job_rows = list((await lineage_state.jobs(session, jobs)).values())
        has_new = bool(name_rows) or not all(self.graph.is_job(row.id) for row in job_rows)
        await put_rows(session, self.graph, name_rows, job_rows)
        if has_new:
            self.graph.set_waits(self.joins.waiting(self.graph, self.waits))
