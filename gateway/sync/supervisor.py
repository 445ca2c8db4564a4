"""Keeps one poller running for each configured orchestrator, shared out among replicas by leases."""

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from adapters.sdk.protocol import Clock, utc_now
from gateway.domain.records import Orchestrator
from gateway.store import leases
from gateway.store.changes import Subject
from gateway.store.database import Database
from gateway.store.repository import orchestrators
from gateway.sync import metrics
from gateway.sync.connections import Connections
from gateway.sync.poller import Poller
from gateway.sync.streams import Reader

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=15)
#: How often leases are renewed and definitions compared; a dead replica's work is taken over so long after its lease.
ROUND = timedelta(seconds=2)


@dataclass(slots=True)
class _Following:
    poller: Poller
    task: asyncio.Task[None]


class Supervisor:
    """Starts and stops pollers as orchestrators are defined, changed and removed, and as replicas come and go."""

    def __init__(self, database: Database, connections: Connections, *, replica: str, clock: Clock = utc_now) -> None:
        self._database = database
        self._connections = connections
        self._replica = replica
        self._clock = clock
        self._following: dict[int, _Following] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._supervise(), name="sync-supervisor")

    async def stop(self) -> None:
        """Stop every poller and give the leases back."""
        if self._task is not None:
            await _cancel(self._task)
        for orchestrator_id in list(self._following):
            await self._unfollow(orchestrator_id)
            async with self._database.write() as session:
                await leases.release(session, _lease(orchestrator_id), self._replica, self._clock())

    @property
    def is_running(self) -> bool:
        """Whether the loop is alive."""
        return self._task is not None and not self._task.done()

    def reader(self, orchestrator: Orchestrator) -> Reader:
        """Something to read single runs with: the poller's own where it is followed here, else one for the occasion."""
        following = self._following.get(orchestrator.id)
        if following is not None and following.poller.reader is not None:
            return following.poller.reader
        return Reader(self._database, orchestrator, self._connections.get(orchestrator), self._clock)

    async def _supervise(self) -> None:
        with self._database.feed.listen(Subject.ORCHESTRATOR) as listener:
            while True:
                try:
                    await self._round()
                except Exception:  # whatever a round fails on, the next one is due
                    log.exception("supervising orchestrators failed; trying again")
                await listener.batch(ROUND.total_seconds())

    async def _round(self) -> None:
        async with self._database.read() as session:
            wanted = {orchestrator.id: orchestrator for orchestrator in await orchestrators.active(session)}
        for orchestrator_id in self._following.keys() - wanted.keys():
            await self._unfollow(orchestrator_id)
        held = await self._hold(wanted)
        for orchestrator in wanted.values():
            if orchestrator.id in held:
                await self._follow(orchestrator)
            else:
                await self._unfollow(orchestrator.id)
        metrics.LOOPS.set(len(self._following))

    async def _hold(self, orchestrator_ids: Iterable[int]) -> set[int]:
        """Take or renew what leases can be had; returns whose."""
        held: set[int] = set()
        async with self._database.write() as session:
            for orchestrator_id in sorted(orchestrator_ids):
                if await leases.acquire(session, _lease(orchestrator_id), self._replica, self._clock(), LEASE):
                    held.add(orchestrator_id)
        return held

    async def _follow(self, orchestrator: Orchestrator) -> None:
        following = self._following.get(orchestrator.id)
        if following is not None:
            known = following.poller.orchestrator
            is_same = (known.definition, known.origin) == (orchestrator.definition, orchestrator.origin)
            if is_same and not following.task.done():
                return
            await self._unfollow(orchestrator.id)
        poller = Poller(self._database, orchestrator, self._connections, self._clock)
        task = asyncio.create_task(poller.follow(), name=f"{orchestrator.name}/poller")
        self._following[orchestrator.id] = _Following(poller, task)

    async def _unfollow(self, orchestrator_id: int) -> None:
        following = self._following.pop(orchestrator_id, None)
        if following is None:
            return
        if following.task.done() and not following.task.cancelled() and (error := following.task.exception()):
            log.error(
                "following an orchestrator ended; it is started anew", orchestrator_id=orchestrator_id, exc_info=error
            )
        else:
            await _cancel(following.task)
        await self._connections.drop(orchestrator_id)


def _lease(orchestrator_id: int) -> str:
    return f"sync:{orchestrator_id}"


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
