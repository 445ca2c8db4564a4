"""Takes events in: an event is acknowledged once it is durable, and what waits is made durable together."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import orjson
import structlog

from adapters.sdk.protocol import Clock
from gateway.store.database import Database
from gateway.store.repository import lineage_log
from gateway.store.repository.lineage_log import LoggedEvent
from lineage import metrics
from lineage.openlineage.check import Event

log = structlog.get_logger(__name__)

#: Events and bytes of one commit.
MOST_TOGETHER = 500
MOST_BYTES = 8 * 1024 * 1024
#: Events that are lent to the projector.
MOST_RECENT = 2_000
#: Bytes that may wait; beyond that, senders are told to come again.
MOST_WAITING = 64 * 1024 * 1024
RETRY_AFTER = 1


class NotTakenError(Exception):
    """Nothing of it is stored: send it again after ``RETRY_AFTER`` seconds."""


@dataclass(slots=True)
class _Batch:
    events: Sequence[Event]
    logged: Sequence[LoggedEvent]
    size: int
    done: "asyncio.Future[None]"


class Grown:
    """Tells the projector that the log has grown, and lends it what was just read, so that it need not do so again."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self._recent: OrderedDict[bytes, Event] = OrderedDict()

    def by(self, logged: Sequence[LoggedEvent], events: Sequence[Event]) -> None:
        """These have become durable."""
        self._recent.update(zip((one.digest for one in logged), events, strict=True))
        while len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)
        self.event.set()

    def take(self, digest: bytes) -> Event | None:
        """The event, if it was received here a moment ago."""
        return self._recent.pop(digest, None)


class Intake:
    """Appends to the log. ``run`` it in a task; ``receive`` answers when it is durable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: deque[_Batch] = deque()
        self._bytes = 0
        self._wanted = asyncio.Event()
        self.grown = Grown()

    async def receive(self, events: Sequence[Event]) -> None:
        """Returns once all are durable. NotTakenError."""
        logged = [logged_event(event) for event in events]
        size = sum(len(event.body) for event in logged)
        if self._bytes + size > MOST_WAITING and self._bytes:
            metrics.REFUSED.labels("busy").inc(len(events))
            raise NotTakenError("More events wait to be stored than there is room for.")
        batch = _Batch(events, logged, size, asyncio.get_running_loop().create_future())
        self._waiting.append(batch)
        self._bytes += size
        self._wanted.set()
        await batch.done

    async def run(self) -> None:
        """Commit what waits, for ever."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._waiting:
                await self._commit(self._next())

    def _next(self) -> list[_Batch]:
        taken = [self._waiting.popleft()]
        events, size = len(taken[0].events), taken[0].size
        while self._waiting and events < MOST_TOGETHER and size < MOST_BYTES:
            taken.append(self._waiting.popleft())
            events, size = events + len(taken[-1].events), size + taken[-1].size
        return taken

    async def _commit(self, batches: list[_Batch]) -> None:
        try:
            async with self._database.write() as session:
                logged = [event for batch in batches for event in batch.logged]
                added = await lineage_log.append(session, logged, self._clock())
        except Exception:  # whoever sent them is told, whatever it was; the loop goes on
            log.exception("lineage events could not be stored")
            for batch in batches:
                metrics.REFUSED.labels("unavailable").inc(len(batch.events))
                _settle(batch, NotTakenError("The database does not take events now."))
        else:
            metrics.RECEIVED.inc(added)
            metrics.REPEATED.inc(len(logged) - added)
            self.grown.by(logged, [event for batch in batches for event in batch.events])
            for batch in batches:
                _settle(batch, None)
        finally:
            self._bytes -= sum(batch.size for batch in batches)


def logged_event(event: Event) -> LoggedEvent:
    """The event as it is kept. Equal events have equal digests, whatever the order of their members."""
    body = orjson.dumps(event.given, option=orjson.OPT_SORT_KEYS)
    return LoggedEvent(blake2b(body, digest_size=16).digest(), body)


def _settle(batch: _Batch, error: Exception | None) -> None:
    if batch.done.done():
        return  # whoever sent it has gone
    if error is None:
        batch.done.set_result(None)
    else:
        batch.done.set_exception(error)
