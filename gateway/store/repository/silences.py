"""Silences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from gateway.domain.incidents import Silence
from gateway.domain.matchers import parse_matcher
from gateway.store.alert_tables import silences
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession


async def unexpired(session: ReadSession, now: datetime) -> Sequence[Silence]:
    """Those that hold, and those that will, the first that ends first."""
    statement = select(silences).where(silences.c.ends_at > now).order_by(silences.c.ends_at, silences.c.id)
    return [_record(row) for row in await session.all(statement)]


async def everything(session: ReadSession, limit: int) -> Sequence[Silence]:
    """Expired ones too, the last made first."""
    return [_record(row) for row in await session.all(select(silences).order_by(silences.c.id.desc()).limit(limit))]


async def by_id(session: ReadSession, silence_id: int) -> Silence | None:
    """One, expired or not."""
    row = await session.first(select(silences).where(silences.c.id == silence_id))
    return _record(row) if row else None


async def create(session: WriteSession, silence: Silence, now: datetime) -> int:
    """A new one; its id."""
    statement = session.upsert(silences).values(
        matchers=[str(one) for one in silence.matchers],
        starts_at=silence.starts_at,
        ends_at=silence.ends_at,
        created_by=silence.created_by,
        comment=silence.comment,
        created_at=now,
    )
    identity: int = (await session.execute(statement.returning(silences.c.id))).scalar_one()
    session.changed(Subject.ALERTING, identity)
    return identity


async def expire(session: WriteSession, silence_id: int, now: datetime) -> bool:
    """Let one hold no more; False where there is none, or it is over."""
    statement = update(silences).where(silences.c.id == silence_id, silences.c.ends_at > now).values(ends_at=now)
    if (await session.execute(statement)).rowcount == 0:
        return False
    session.changed(Subject.ALERTING, silence_id)
    return True


def _record(row: Row[Any]) -> Silence:
    matchers = [parse_matcher(one) for one in row.matchers]
    return Silence(row.id, matchers, row.starts_at, row.ends_at, row.created_by, row.comment)
