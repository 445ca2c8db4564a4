"""Sees what is wrong, groups it into incidents, and says who is to be told; on one replica at a time."""

import asyncio
import time
from collections.abc import Sequence

import structlog

from adapters.sdk.errors import Unavailable
from adapters.sdk.protocol import Clock
from gateway.alerts import metrics
from gateway.alerts.board import Board, untold
from gateway.alerts.detect.watch import Facts
from gateway.alerts.grouping import Case
from gateway.alerts.telling import tell
from gateway.store.changes import Change, Listener, Subject
from gateway.store.database import Database, WriteSession
from gateway.store.lead import Lead, LeaseLostError
from lineage.service import Lineage

log = structlog.get_logger(__name__)

NAME = "alerts"
#: Seconds in which what happens gathers, so that it is looked at together.
GATHER = 0.5
PAUSE = 1.0
#: Seconds between two looks at what may become wrong though nothing happens.
TIME_EVERY = 5.0
#: Seconds between two readings of what hangs together.
NETWORK_EVERY = 10.0
_NETWORK = frozenset({Subject.DEPENDENCY, Subject.LINEAGE_JOB, Subject.SLA})
_SUBJECTS = (
    *_NETWORK,
    Subject.PIPELINE,
    Subject.RUN,
    Subject.ASSET,
    Subject.ORCHESTRATOR,
    Subject.SLA_EVALUATION,
    Subject.FIRING,
    Subject.INCIDENT,
    Subject.ALERTING,
)


class Monitor:
    """``run`` it in a task, on every replica. What it holds in memory is read anew where anything may be missed."""

    def __init__(
        self, database: Database, lineage: Lineage, replica: str, clock: Clock, public_url: str | None = None
    ) -> None:
        self._database = database
        self._lineage = lineage
        self._lead = Lead(database, NAME, replica, clock)
        self._clock = clock
        self._public_url = public_url
        self._facts: Facts | None = None
        self._board = Board()
        #: What came to its end long ago, when whoever led was killed before it had said so.
        self._untold: Sequence[Case] = ()
        self._networked_at = 0.0
        self._timed_at = 0.0
        self._is_outdated = False
        #: Whether incidents, or who is told, may have been changed by others.
        self._is_changed = True
        #: Pipelines that are nowhere, though it has been read anew for them what hangs together.
        self._nowhere: set[int] = set()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                with self._database.feed.listen(*_SUBJECTS) as listener:
                    if await self._lead.take():
                        await self._follow(listener)
                    else:
                        metrics.OPEN.set(0)
            except LeaseLostError:
                log.info("another replica looks after incidents now")
            except Exception:  # the loop's own net: whatever it is, everything is looked at anew
                if await self._database.is_reachable():  # else readiness says so
                    log.exception("incidents could not be looked at")
            await asyncio.sleep(PAUSE)

    async def aclose(self) -> None:
        """Let another replica go on at once."""
        await self._lead.release()

    async def look_at_all(self) -> None:
        """Read everything anew, and see what it adds up to."""
        self._facts, self._board, self._is_changed = None, Board(), True
        facts = await self._read_network()
        if facts is not None:
            async with self._database.read() as session:
                await facts.look_at_all(session, self._clock())
                self._untold = await untold(session, self._clock())
        await self._turn()

    async def take(self, changes: Sequence[Change]) -> None:
        """Look at what changes concern, and at what time brings."""
        subjects = {change.subject for change in changes}
        listed = {change.id for change in changes if change.subject is Subject.PIPELINE}
        if _NETWORK & subjects or (self._facts is not None and not self._facts.knows(listed)):
            self._is_outdated = True
        is_promised_anew = bool(subjects & {Subject.SLA, Subject.DEPENDENCY})
        if is_promised_anew or (self._is_outdated and time.monotonic() - self._networked_at >= NETWORK_EVERY):
            await self._read_network()
        if self._facts is None:  # the graph has been read only now
            await self.look_at_all()
            return
        is_time = time.monotonic() - self._timed_at >= TIME_EVERY or Subject.ORCHESTRATOR in subjects
        if changes or is_time:
            now = self._clock()
            async with self._database.read() as session:
                await self._facts.look(session, changes, now)
                if is_time:
                    await self._facts.look_at_time(session, now)
                    self._timed_at = time.monotonic()
        self._is_changed |= Subject.INCIDENT in subjects
        await self._turn()

    async def _follow(self, listener: Listener) -> None:
        """Until something has been missed, or another replica leads."""
        async with self._lead.kept() as renewing:
            await self.look_at_all()
            while not listener.overflowed and not renewing.done():
                await self.take(await listener.gathered(PAUSE, GATHER))

    async def _turn(self) -> None:
        """What is wrong now becomes incidents, and incidents become notifications."""
        if self._facts is None:
            return
        if self._facts.unknown() - self._nowhere:
            await self._read_network()
            self._nowhere = self._facts.unknown()
        began, now = time.perf_counter(), self._clock()
        facts = self._facts.holding()
        if self._is_changed:
            async with self._database.read() as session:
                await self._board.refresh(session, now)
        self._is_changed = False
        if self._board.is_news(facts, now):
            if self._is_outdated:  # what is told names all that it hurts, also what was listed just now
                await self._read_network()
            async with self._database.write() as session:
                await self._begin(session)
                await self._board.turn(session, facts, self._facts.relation, now)
        to_tell = [*self._board.cases, *self._untold]
        self._is_changed |= await tell(self._database, to_tell, self._facts, self._begin, now, self._public_url)
        self._untold = ()
        metrics.OPEN.set(sum(not case.incident.is_resolved for case in self._board.cases))
        metrics.LOOK_SECONDS.observe(time.perf_counter() - began)

    async def _begin(self, session: WriteSession) -> None:
        """Nobody else writes incidents in this unit of work, and nobody else leads. LeaseLostError."""
        await session.serialize("incidents", 0)
        await self._lead.check(session)

    async def _read_network(self) -> Facts | None:
        try:
            async with self._database.read() as session:
                self._facts = await Facts.read(session, self._lineage, self._facts)
        except Unavailable:
            self._is_outdated = True  # the graph is still being read
        else:
            self._networked_at, self._is_outdated = time.monotonic(), False
        return self._facts
