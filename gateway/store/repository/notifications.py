"""The outbox of notifications: each is written down with the reason for it, and then sent until it is taken."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update

from gateway.domain.incidents import NoticeKind, Notification, NotificationState
from gateway.store.alert_tables import notifications
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession


async def enqueue(session: WriteSession, one: Notification, not_before: datetime) -> bool:
    """Write one down, once for its place; False where somebody else was first."""
    insert = session.upsert(notifications).values(
        incident_id=one.incident_id,
        receiver=one.receiver,
        sequence=one.sequence,
        kind=one.kind,
        key=one.key,
        fingerprint=one.fingerprint,
        document=dict(one.document),
        state=one.state,
        attempts=0,
        not_before=not_before,
        thread={},
        created_at=one.created_at,
    )
    fresh = (await session.execute(insert.on_conflict_do_nothing().returning(notifications.c.id))).scalar()
    if fresh is not None:
        session.changed(Subject.NOTIFICATION, fresh)
    return fresh is not None


async def last_of(session: ReadSession, incident_ids: Collection[int]) -> dict[int, dict[str, Notification]]:
    """By incident and receiver, what was said last."""
    newest = (
        select(func.max(notifications.c.id))
        .where(notifications.c.incident_id.in_(list(incident_ids)))
        .group_by(notifications.c.incident_id, notifications.c.receiver)
    )
    found: dict[int, dict[str, Notification]] = {}
    for row in await session.all(select(notifications).where(notifications.c.id.in_(newest))):
        found.setdefault(row.incident_id, {})[row.receiver] = _record(row)
    return found


async def of_incidents(session: ReadSession, incident_ids: Collection[int]) -> Mapping[int, list[Notification]]:
    """All of each, in their order."""
    wanted = notifications.c.incident_id.in_(list(incident_ids))
    found: dict[int, list[Notification]] = {}
    for row in await session.all(select(notifications).where(wanted).order_by(notifications.c.id)):
        found.setdefault(row.incident_id, []).append(_record(row))
    return found


async def due(session: ReadSession, now: datetime, limit: int) -> Sequence[int]:
    """Ids of those to be sent now: of each incident and receiver only the first that is not settled."""
    earlier = notifications.alias("earlier")
    is_behind = (
        select(earlier.c.id)
        .where(
            earlier.c.incident_id == notifications.c.incident_id,
            earlier.c.receiver == notifications.c.receiver,
            earlier.c.sequence < notifications.c.sequence,
            earlier.c.state == NotificationState.PENDING,
        )
        .exists()
    )
    is_free = notifications.c.claimed_until.is_(None) | (notifications.c.claimed_until <= now)
    statement = (
        select(notifications.c.id)
        .where(notifications.c.state == NotificationState.PENDING, notifications.c.not_before <= now)
        .where(is_free, ~is_behind)
        .order_by(notifications.c.not_before, notifications.c.id)
        .limit(limit)
    )
    return [row.id for row in await session.all(statement)]


async def claim(session: WriteSession, notification_id: int, now: datetime, ttl: timedelta) -> Notification | None:
    """Take one for a while; None where somebody else has it, or it is sent. It knows what those before it left."""
    is_free = notifications.c.claimed_until.is_(None) | (notifications.c.claimed_until <= now)
    statement = (
        update(notifications)
        .where(notifications.c.id == notification_id, notifications.c.state == NotificationState.PENDING, is_free)
        .values(claimed_until=now + ttl, attempts=notifications.c.attempts + 1)
    )
    if (await session.execute(statement)).rowcount == 0:
        return None
    row = await session.first(select(notifications).where(notifications.c.id == notification_id))
    if row is None:
        return None
    before = select(notifications.c.thread).where(
        notifications.c.incident_id == row.incident_id,
        notifications.c.receiver == row.receiver,
        notifications.c.state == NotificationState.SENT,
    )
    left = await session.first(before.order_by(notifications.c.sequence.desc()).limit(1))
    return _record(row, left.thread if left else None)


async def sent(session: WriteSession, one: Notification, thread: Mapping[str, Any], now: datetime) -> None:
    """It was taken."""
    values = {"state": NotificationState.SENT, "sent_at": now, "thread": dict(thread), "last_error": None}
    await _settle(session, one.id, values)


async def failed(session: WriteSession, one: Notification, error: str, again_at: datetime | None) -> None:
    """It was not taken: it is sent again then; None: it is given up."""
    state = NotificationState.FAILED if again_at is None else NotificationState.PENDING
    values: dict[str, Any] = {"state": state, "last_error": error, "claimed_until": None}
    await _settle(session, one.id, values | ({"not_before": again_at} if again_at else {}))


async def resend(session: WriteSession, notification_id: int, now: datetime) -> bool:
    """Let one that was given up be sent again; False where there is none."""
    statement = (
        update(notifications)
        .where(notifications.c.id == notification_id, notifications.c.state == NotificationState.FAILED)
        .values(state=NotificationState.PENDING, not_before=now, claimed_until=None, attempts=0)
    )
    if (await session.execute(statement)).rowcount == 0:
        return False
    session.changed(Subject.NOTIFICATION, notification_id)
    return True


async def given_up(session: ReadSession, limit: int) -> Sequence[Notification]:
    """Those that nobody has taken, the last first."""
    wanted = select(notifications).where(notifications.c.state == NotificationState.FAILED)
    return [_record(row) for row in await session.all(wanted.order_by(notifications.c.id.desc()).limit(limit))]


async def _settle(session: WriteSession, notification_id: int, values: dict[str, Any]) -> None:
    is_open = (notifications.c.id == notification_id, notifications.c.state == NotificationState.PENDING)
    await session.execute(update(notifications).where(*is_open).values(**values))
    session.changed(Subject.NOTIFICATION, notification_id)


def _record(row: Row[Any], thread: Mapping[str, Any] | None = None) -> Notification:
    return Notification(
        id=row.id,
        incident_id=row.incident_id,
        receiver=row.receiver,
        sequence=row.sequence,
        kind=NoticeKind(row.kind),
        key=row.key,
        fingerprint=row.fingerprint,
        document=row.document,
        state=NotificationState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
        thread=thread if thread is not None else row.thread,
    )
