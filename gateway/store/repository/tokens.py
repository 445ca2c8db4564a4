"""API tokens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from gateway.domain.access import Role, Token
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import tokens


async def exist(session: ReadSession) -> bool:
    """Whether any token is valid, that is, whether authentication is configured."""
    statement = select(func.count()).select_from(tokens).where(tokens.c.revoked_at.is_(None))
    return (await session.scalar(statement)) > 0


async def list_all(session: ReadSession) -> Sequence[Token]:
    """Every token, revoked ones too, oldest first."""
    return [_record(row) for row in await session.all(select(tokens).order_by(tokens.c.id))]


async def by_prefix(session: ReadSession, prefix: str) -> Token | None:
    """The valid token with this public part."""
    row = await session.first(select(tokens).where(tokens.c.prefix == prefix, tokens.c.revoked_at.is_(None)))
    return _record(row) if row else None


async def create(
    session: WriteSession, *, name: str, role: Role, prefix: str, hashed: str, now: datetime
) -> Token | None:
    """Store a new token; None where the name is taken (also by a revoked token: names stay unambiguous in logs)."""
    values = {"name": name, "role": role, "prefix": prefix, "hash": hashed, "created_at": now}
    statement = session.upsert(tokens).values(values).on_conflict_do_nothing(index_elements=["name"]).returning(tokens)
    row = (await session.execute(statement)).first()
    return _record(row) if row else None


async def revoke(session: WriteSession, name: str, now: datetime) -> bool:
    """End a token's validity; False where there is no valid token of that name."""
    statement = update(tokens).where(tokens.c.name == name, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
    return (await session.execute(statement)).rowcount > 0


async def touch(session: WriteSession, token_id: int, now: datetime) -> None:
    """Remember that a token was used."""
    await session.execute(update(tokens).where(tokens.c.id == token_id).values(last_used_at=now))


def _record(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        prefix=row.prefix,
        hash=row.hash,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
