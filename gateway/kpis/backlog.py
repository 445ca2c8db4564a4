"""What waits in Podium's own queues, for Prometheus."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from prometheus_client import Gauge

from gateway.store.database import ReadSession
from gateway.store.repository import backlog
from gateway.store.repository.backlog import Waiting
from lineage.projector import READER

_ITEMS = Gauge("podium_backlog_items", "What waits to be done, as the leading replica sees it, by queue.", ["queue"])
_OLDEST = Gauge(
    "podium_backlog_oldest_seconds", "Seconds that the first of a queue has waited; 0 where none does.", ["queue"]
)


async def _events(session: ReadSession) -> Waiting:
    return await backlog.events_to_take_up(session, READER)


_QUEUES: Mapping[str, Callable[[ReadSession], Awaitable[Waiting]]] = {
    "firings": backlog.firings_to_trigger,
    "notifications": backlog.notifications_to_send,
    "lineage": _events,
}


async def show(session: ReadSession, now: datetime) -> None:
    """Read what waits now, and show it instead of what did before."""
    for queue, read in _QUEUES.items():
        waiting = await read(session)
        age = (now - waiting.since).total_seconds() if waiting.since is not None else 0.0
        _ITEMS.labels(queue).set(waiting.count)
        _OLDEST.labels(queue).set(max(0.0, age))


def clear() -> None:
    """Show nothing: another replica does."""
    _ITEMS.clear()
    _OLDEST.clear()
