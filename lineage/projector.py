"""Follows the log: takes up events into the state, batch by batch, each in one transaction with the log's position.

Every replica runs one. They take turns by a lock inside the transaction, so a batch is taken up once, whoever dies.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence

import orjson
import structlog

from gateway.store.changes import Subject
from gateway.store.database import Database, WriteSession
from gateway.store.repository import arrivals, lineage_log
from lineage import metrics
from lineage.intake import Grown
from lineage.naming import Naming
from lineage.openlineage.check import Event, InvalidEventError, check
from lineage.projection import project
from lineage.renaming import Renaming

log = structlog.get_logger(__name__)

READER = "projection"
#: Whoever changes the state holds it for as long as the transaction lasts.
LOCK = "lineage-projection"
BATCH = 500
#: Seconds after which the log is looked at even where nobody says that it has grown.
PATIENCE = 1.0
#: Seconds in which events gather, so that they are taken up together: a batch of one costs as much as one of fifty.
GATHER = 0.1
#: Seconds before a failed batch is tried again.
PAUSE = 1.0
#: Failures of a single event after which it is left out.
MOST_FAILURES = 3


class Projector:
    """``run`` it in a task; cancelling it at any point loses nothing."""

    def __init__(self, database: Database, grown: Grown) -> None:
        self._database = database
        self._grown = grown
        self.renaming = Renaming()
        self._size = BATCH
        self._failures = 0

    async def run(self) -> None:
        """Take up what comes, for ever."""
        while True:
            if not await self.step():
                await self._wait()

    async def step(self) -> bool:
        """Take up the next batch; returns whether there may be more.

        A batch that fails is halved. One event that fails again and again, while the database answers, is left out.
        """
        try:
            has_more = await self._take(self._size, is_left_out=self._failures >= MOST_FAILURES)
        except Exception as error:  # noqa: BLE001  # whatever it is, the events after it must not wait for ever
            return await self._failed(error)
        self._failures = 0
        self._size = min(BATCH, self._size * 2)
        return has_more

    async def _failed(self, error: Exception) -> bool:
        if not await self._database.is_reachable():  # readiness says so
            await asyncio.sleep(PAUSE)
            return True
        log.error("lineage events could not be taken up", events=self._size, exc_info=error)
        if self._size > 1:
            self._size //= 2
            return True
        # Left out at the next step; where that fails as well, the fault is not the event's, and it is tried again.
        self._failures = self._failures + 1 if self._failures < MOST_FAILURES else 0
        if self._failures < MOST_FAILURES:
            await asyncio.sleep(PAUSE)
        return True

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._grown.event.wait()
                self._grown.event.clear()
        await asyncio.sleep(GATHER)

    async def _take(self, most: int, *, is_left_out: bool) -> bool:
        """Returns whether there may be more. While names are brought in line with rules, events are taken up too."""
        began = time.perf_counter()
        async with self._database.write() as session:
            await session.serialize(LOCK, 0)
            naming = await self.renaming.look(session)
            renamed = await self.renaming.step(session)
            session.changed(Subject.LINEAGE_NAME, *(renamed or ()))
            logged = await lineage_log.after(session, await lineage_log.position(session, READER), most)
            if logged and not is_left_out:
                events = [self._grown.take(one.digest) or _read(one.body) for one in logged]
                await _take_up(session, [event for event in events if event is not None], naming)
            if logged:
                await lineage_log.advance(session, READER, logged[-1].number)
        if logged:
            metrics.BATCH_SECONDS.observe(time.perf_counter() - began)
            (metrics.FAULTY if is_left_out else metrics.PROJECTED).inc(len(logged))
        return renamed is not None or len(logged) == most


async def _take_up(session: WriteSession, events: Sequence[Event], naming: Naming) -> None:
    touched = await project(session, events, naming)
    await arrivals.append_written(session, touched.written)
    session.changed(Subject.LINEAGE_JOB, *touched.jobs)
    session.changed(Subject.LINEAGE_NAME, *touched.names)


def _read(body: bytes) -> Event | None:
    try:
        return check(orjson.loads(body))
    except InvalidEventError as error:  # it was valid when it came: the rules have become stricter since
        log.warning("an event in the log is not valid any more", reason=str(error))
        return None
