"""What waits to be done, by queue."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, func, select

from gateway.domain.dependencies import FiringState
from gateway.domain.incidents import NotificationState
from gateway.store.alert_tables import notifications
from gateway.store.columns import Instant
from gateway.store.coordination_tables import dependencies, firings
from gateway.store.database import ReadSession
from gateway.store.lineage_tables import lineage_events
from gateway.store.repository import lineage_log


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the first of them has; None where none does."""

    count: int
    since: datetime | None


async def firings_to_trigger(session: ReadSession) -> Waiting:
    """Firings whose conditions hold and whose run is not known, of dependencies that are not held back."""
    goes_on = dependencies.c.is_enabled & ~dependencies.c.is_paused & dependencies.c.removed_at.is_(None)
    is_ready = (firings.c.state == FiringState.READY) & goes_on
    return await _waiting(
        session,
        firings.join(dependencies, dependencies.c.id == firings.c.dependency_id),
        is_ready | (firings.c.state == FiringState.TRIGGERING),
        firings.c.ready_at,
    )


async def notifications_to_send(session: ReadSession) -> Waiting:
    """Notifications that no receiver has taken, and that were not given up."""
    is_pending = notifications.c.state == NotificationState.PENDING
    return await _waiting(session, notifications, is_pending, notifications.c.created_at)


async def events_to_take_up(session: ReadSession, reader: str) -> Waiting:
    """Lineage events that a reader of their log has not come to."""
    position = await lineage_log.position(session, reader)
    return await _waiting(session, lineage_events, lineage_events.c.id > position, lineage_events.c.received_at)


async def _waiting(
    session: ReadSession, table: FromClause, waits: ColumnElement[bool], since: ColumnElement[datetime]
) -> Waiting:
    statement = select(func.count().label("number"), func.min(since, type_=Instant).label("since"))
    row = (await session.all(statement.select_from(table).where(waits)))[0]
    return Waiting(row.number, row.since)
