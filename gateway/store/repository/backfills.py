"""Back-fills: many keys of one dependency, of which only some may be under way at once."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from gateway.domain.dependencies import ACTIVE_STATES, Firing, FiringState
from gateway.store.coordination_tables import backfills, firings
from gateway.store.database import ReadSession, WriteSession


async def create(session: WriteSession, dependency_id: int, max_active: int, by: str, now: datetime) -> int:
    """A new one; returns its id."""
    values = {"dependency_id": dependency_id, "max_active": max_active, "requested_by": by, "created_at": now}
    statement = session.upsert(backfills).values(values).returning(backfills.c.id)
    return (await session.execute(statement)).scalar_one()


async def has_room(session: ReadSession, firing: Firing) -> bool:
    """Whether a firing's back-fill lets it go now: few are under way, and those of earlier keys have gone before."""
    before = or_(
        firings.c.state.in_(ACTIVE_STATES),
        and_(firings.c.state == FiringState.READY, firings.c.key < firing.key),
    )
    of_backfill = select(func.count()).select_from(firings).where(firings.c.backfill_id == firing.backfill_id, before)
    most = await session.scalar(select(backfills.c.max_active).where(backfills.c.id == firing.backfill_id))
    return most is None or await session.scalar(of_backfill) < most
