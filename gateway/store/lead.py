"""Leading: one replica at a time does a piece of work, for as long as it lives and keeps its lease."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from gateway.store import leases
from gateway.store.database import Database, WriteSession

LEASE = timedelta(seconds=15)
#: Whoever leads renews the lease this often; a dead replica's is taken over so long after it has run out.
ROUND = 2.0


class LeaseLostError(Exception):
    """Another replica leads."""


class Lead:
    """The right to one piece of work."""

    def __init__(self, database: Database, name: str, replica: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._name = name
        self._replica = replica
        self._clock = clock

    async def take(self) -> bool:
        """Whether it is this replica's, from now on or still."""
        async with self._database.write() as session:
            return await leases.acquire(session, self._name, self._replica, self._clock(), LEASE) is not None

    async def check(self, session: WriteSession) -> None:
        """LeaseLostError where another replica has it, seen from within a unit of work."""
        if (await leases.held(session, self._clock())).get(self._name) not in (None, self._replica):
            raise LeaseLostError

    async def release(self) -> None:
        """Let another replica go on at once."""
        async with self._database.write() as session:
            await leases.release(session, self._name, self._replica, self._clock())

    @asynccontextmanager
    async def kept(self) -> AsyncGenerator[asyncio.Task[None]]:
        """Keep the lease, however long the work takes; the task ends where it is lost."""
        renewing = asyncio.create_task(self._renew(), name=f"{self._name}/lease")
        try:
            yield renewing
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            if not await self.take():
                return
