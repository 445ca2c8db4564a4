"""The outbox: what Podium has been asked to do at an orchestrator, written before it is done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from gateway.domain.commands import Command, CommandState, TriggerOrder
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import commands

_OPEN = (CommandState.PENDING, CommandState.SENDING)


async def enqueue(
    session: WriteSession, order: TriggerOrder, now: datetime, firing_id: int | None = None
) -> tuple[Command, bool]:
    """Write an order down, once for its pipeline and key; returns it and whether it is new."""
    insert = session.upsert(commands).values(
        orchestrator_id=order.orchestrator_id,
        pipeline_id=order.pipeline_id,
        idempotency_key=order.idempotency_key,
        parameters=dict(order.parameters),
        logical_at=order.logical_at,
        partition=order.partition,
        requested_by=order.requested_by,
        firing_id=firing_id,
        state=CommandState.PENDING,
        attempts=0,
        claims=0,
        created_at=now,
        updated_at=now,
    )
    statement = insert.on_conflict_do_nothing(index_elements=["pipeline_id", "idempotency_key"]).returning(commands)
    fresh = (await session.execute(statement)).first()
    if fresh is not None:
        return _record(fresh), True
    here = (commands.c.pipeline_id == order.pipeline_id, commands.c.idempotency_key == order.idempotency_key)
    row = (await session.all(select(commands).where(*here)))[0]
    return _record(row), False


async def get(session: ReadSession, command_id: int) -> Command | None:
    """An order by its id."""
    row = await session.first(select(commands).where(commands.c.id == command_id))
    return _record(row) if row else None


async def claim(session: WriteSession, command_id: int, now: datetime, ttl: timedelta) -> Command | None:
    """Take an open order for ``ttl``; None where it is settled or somebody else holds it."""
    statement = (
        update(commands)
        .where(
            commands.c.id == command_id,
            commands.c.state.in_(_OPEN),
            or_(commands.c.claimed_until.is_(None), commands.c.claimed_until <= now),
        )
        .values(
            state=CommandState.SENDING,
            attempts=commands.c.attempts + 1,
            claims=commands.c.claims + 1,
            claimed_until=now + ttl,
            updated_at=now,
        )
        .returning(commands)
    )
    row = (await session.execute(statement)).first()
    return _record(row) if row else None


async def renew(session: WriteSession, command: Command, now: datetime, ttl: timedelta) -> bool:
    """Keep a claim for another ``ttl``; False where it is outdated."""
    statement = update(commands).where(*_held(command)).values(claimed_until=now + ttl)
    return (await session.execute(statement)).rowcount > 0


async def settle(
    session: WriteSession,
    command: Command,
    *,
    state: CommandState,
    now: datetime,
    run_id: int | None = None,
    error: str | None = None,
    error_kind: str | None = None,
) -> bool:
    """Record how an order ended, or that it is to be tried again (PENDING); False where the claim is outdated."""
    statement = (
        update(commands)
        .where(*_held(command))
        .values(state=state, run_id=run_id, error=error, error_kind=error_kind, claimed_until=None, updated_at=now)
    )
    return (await session.execute(statement)).rowcount > 0


async def reopen(session: WriteSession, command_id: int, now: datetime) -> bool:
    """Make a failed order pending again, e.g. when the same request is repeated; False where it has not failed."""
    statement = (
        update(commands)
        .where(commands.c.id == command_id, commands.c.state == CommandState.FAILED)
        .values(state=CommandState.PENDING, claimed_until=None, updated_at=now)
    )
    return (await session.execute(statement)).rowcount > 0


async def abandoned(session: ReadSession, now: datetime, patience: timedelta, limit: int) -> Sequence[Command]:
    """Open orders that nobody holds: their holder has died, or the orchestrator did not answer.

    What was written down within ``patience`` is left to whoever is about to carry it out, and what a firing asks for to
    the dispatcher.
    """
    is_left = and_(commands.c.claimed_until.is_(None), commands.c.updated_at <= now - patience)
    statement = (
        select(commands)
        .where(
            commands.c.state.in_(_OPEN),
            commands.c.firing_id.is_(None),
            or_(commands.c.claimed_until <= now, is_left),
        )
        .order_by(commands.c.id)
        .limit(limit)
    )
    return [_record(row) for row in await session.all(statement)]


def _held(command: Command) -> tuple[ColumnElement[bool], ...]:
    """Whether the claim that a command was read with is still the latest."""
    here = commands.c
    return here.id == command.id, here.state == CommandState.SENDING, here.claims == command.claims


def _record(row: Row[Any]) -> Command:
    order = TriggerOrder(
        orchestrator_id=row.orchestrator_id,
        pipeline_id=row.pipeline_id,
        idempotency_key=row.idempotency_key,
        parameters=row.parameters,
        logical_at=row.logical_at,
        partition=row.partition,
        requested_by=row.requested_by,
    )
    return Command(
        id=row.id,
        order=order,
        state=CommandState(row.state),
        attempts=row.attempts,
        run_id=row.run_id,
        error=row.error,
        error_kind=row.error_kind,
        claims=row.claims,
        claimed_until=row.claimed_until,
        created_at=row.created_at,
        firing_id=row.firing_id,
    )
