"""A replica's right to a piece of work, for a while, with a fencing token that grows with every new holder."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, or_, select, update

from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import leases


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to ``name`` until ``expires_at``."""

    name: str
    holder: str
    token: int
    expires_at: datetime


async def acquire(session: WriteSession, name: str, holder: str, now: datetime, ttl: timedelta) -> Lease | None:
    """Take, renew or take over a lease; None while somebody else's has not expired."""
    expires_at = now + ttl
    insert = session.upsert(leases).values(name=name, holder=holder, token=1, expires_at=expires_at)
    await session.execute(insert.on_conflict_do_nothing())
    statement = (
        update(leases)
        .where(leases.c.name == name, or_(leases.c.holder == holder, leases.c.expires_at <= now))
        .values(
            holder=holder,
            expires_at=expires_at,
            token=leases.c.token + case((leases.c.holder == holder, 0), else_=1),
        )
        .returning(leases.c.token)
    )
    token = (await session.execute(statement)).scalar()
    return None if token is None else Lease(name, holder, token, expires_at)


async def held(session: ReadSession, now: datetime) -> dict[str, str]:
    """Name -> holder, of those that have not expired."""
    rows = await session.all(select(leases.c.name, leases.c.holder).where(leases.c.expires_at > now))
    return {row.name: row.holder for row in rows}


async def release(session: WriteSession, name: str, holder: str, now: datetime) -> None:
    """Give a lease back before its time, so that another replica need not wait."""
    statement = update(leases).where(leases.c.name == name, leases.c.holder == holder).values(expires_at=now)
    await session.execute(statement)
