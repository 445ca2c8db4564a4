"""Lets old incidents and verdicts go, in small steps, so that the database stays as large as its days."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from gateway.store.database import Database
from gateway.store.lead import Lead
from gateway.store.repository import history_retention

log = structlog.get_logger(__name__)

KEEP = timedelta(days=400)
NAME = "history-retention"
#: Rows of one step, and seconds between two steps and between two looks.
STEP = 100
PAUSE = 0.2
EVERY = 600.0
_REMOVALS = (
    history_retention.remove_incidents,
    history_retention.remove_silences,
    history_retention.remove_evaluations,
)


class Retention:
    """``run`` it in a task, on every replica; it can be stopped and begun anew at any point."""

    def __init__(self, database: Database, replica: str, clock: Callable[[], datetime], keep: timedelta = KEEP) -> None:
        self._database = database
        self._lead = Lead(database, NAME, replica, clock)
        self._clock = clock
        self._keep = keep

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                if await self._lead.take():
                    async with self._lead.kept():
                        await self.clear()
            except Exception:  # the loop's own net: whatever it is, the next look is due
                if await self._database.is_reachable():  # else readiness says so
                    log.exception("old history could not be removed")

    async def clear(self) -> None:
        """Remove all that is old now."""
        before = self._clock() - self._keep
        for remove in _REMOVALS:
            removed = STEP
            while removed == STEP:
                async with self._database.write() as session:
                    removed = await remove(session, before, STEP)
                await asyncio.sleep(PAUSE if removed else 0)
