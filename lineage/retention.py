"""Lets old events, runs and versions go, in small steps, so that the database stays as large as its days."""

import asyncio
from datetime import timedelta

import structlog

from adapters.sdk.protocol import Clock
from gateway.store import leases
from gateway.store.columns import EPOCH, MICROSECOND
from gateway.store.database import Database
from gateway.store.repository import lineage_log, lineage_retention
from lineage import metrics
from lineage.projector import LOCK, READER

log = structlog.get_logger(__name__)

KEEP = timedelta(days=90)
LEASE = "lineage-retention"
#: Rows of one step, seconds between two steps, and between two looks.
STEP = 200
PAUSE = 0.2
EVERY = 60.0
HELD = timedelta(minutes=5)


class Retention:
    """``run`` it in a task; it can be stopped and begun anew at any point."""

    def __init__(self, database: Database, replica: str, clock: Clock, keep: timedelta = KEEP) -> None:
        self._database = database
        self._replica = replica
        self._clock = clock
        self._keep = keep

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                if await self._is_mine():
                    await self.clear()
            except Exception:  # the loop's own net: whatever it is, the next look is due
                if await self._database.is_reachable():  # else readiness says so
                    log.exception("old lineage could not be removed")

    async def clear(self) -> None:
        """Remove all that is old now."""
        while await self._step("events") == STEP:
            pass
        removed = 0
        while count := await self._step("runs"):
            removed += count
        if removed:
            await self._remove_edges()

    async def _step(self, kind: str) -> int:
        before = self._clock() - self._keep
        async with self._database.write() as session:
            await session.serialize(LOCK, 0)
            if kind == "events":
                position = await lineage_log.position(session, READER)
                count = await lineage_retention.remove_events(session, before, position, STEP)
            else:
                count = await lineage_retention.remove_runs(session, (before - EPOCH) // MICROSECOND, STEP)
        metrics.REMOVED.labels(kind).inc(count)
        await asyncio.sleep(PAUSE if count else 0)
        return count

    async def _remove_edges(self) -> None:
        after: int | None = -1
        while after is not None:
            async with self._database.write() as session:
                await session.serialize(LOCK, 0)  # or one might be given to a run just now
                count, after = await lineage_retention.remove_edges(session, after, STEP)
            metrics.REMOVED.labels("edges").inc(count)
            await asyncio.sleep(PAUSE)

    async def _is_mine(self) -> bool:
        async with self._database.write() as session:
            return await leases.acquire(session, LEASE, self._replica, self._clock(), HELD) is not None
