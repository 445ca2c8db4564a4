"""Firings: one evaluation of a dependency for one key, step by step. Every step is guarded by the state before it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, func, or_, select, update

from gateway.domain.dependencies import ACTIVE_STATES, FOLLOWS, Firing, FiringState, Satisfied
from gateway.domain.states import TERMINAL_RUN_STATES
from gateway.store.changes import Subject
from gateway.store.coordination_tables import dependencies, firing_conditions, firing_steps, firings
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import commands, runs

_BEFORE = {state: [before.value for before, after in FOLLOWS.items() if state in after] for state in FiringState}


@dataclass(frozen=True, slots=True)
class FiringStep:
    """That a firing has come to a state."""

    id: int
    firing_id: int
    at: datetime
    state: FiringState


async def by_ids(session: ReadSession, ids: Collection[int]) -> dict[int, Firing]:
    """Firings by id."""
    rows = await session.all(select(firings).where(firings.c.id.in_(list(ids))))
    return {one.id: one for one in await _records(session, rows)}


async def of_runs(session: ReadSession, run_ids: Collection[int]) -> dict[int, Firing]:
    """Firings by the run that each has made."""
    rows = await session.all(select(firings).where(firings.c.run_id.in_(list(run_ids))).order_by(firings.c.id))
    return {one.run_id: one for one in await _records(session, rows) if one.run_id is not None}


async def with_ended_runs(session: ReadSession, limit: int) -> dict[int, Firing]:
    """By their run: those that are still under way though it has ended. It ended just while it was linked."""
    statement = (
        select(firings)
        .join(runs, runs.c.id == firings.c.run_id)
        .where(firings.c.state == FiringState.TRIGGERED, runs.c.state.in_(TERMINAL_RUN_STATES))
        .limit(limit)
    )
    found = await _records(session, await session.all(statement))
    return {one.run_id: one for one in found if one.run_id is not None}


async def page(
    session: ReadSession,
    dependency_id: int | None,
    states: Collection[FiringState] | None,
    before: int | None,
    limit: int,
) -> Sequence[Firing]:
    """The next firings, newest first."""
    statement = select(firings).where(*_filter(dependency_id, states)).order_by(firings.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(firings.c.id < before)
    return await _records(session, await session.all(statement))


async def count(session: ReadSession, dependency_id: int | None, states: Collection[FiringState] | None) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(firings).where(*_filter(dependency_id, states)))


async def latest_for_update(session: WriteSession, dependency_id: int, key: str) -> Firing | None:
    """The newest firing of a key; nobody else changes it before this unit of work ends."""
    statement = (
        select(firings)
        .where(firings.c.dependency_id == dependency_id, firings.c.key == key)
        .order_by(firings.c.generation.desc())
        .limit(1)
        .with_for_update()
    )
    found = await _records(session, await session.all(statement))
    return found[0] if found else None


async def begin(
    session: WriteSession,
    dependency_id: int,
    key: str,
    generation: int,
    idempotency_key: str,
    now: datetime,
    expires_at: datetime | None,
) -> Firing:
    """A new firing that waits; the one that is there already where somebody else was first."""
    insert = session.upsert(firings).values(
        dependency_id=dependency_id,
        key=key,
        generation=generation,
        state=FiringState.WAITING,
        idempotency_key=idempotency_key,
        attempts=0,
        created_at=now,
        updated_at=now,
        expires_at=expires_at,
    )
    fresh = (await session.execute(insert.on_conflict_do_nothing().returning(firings.c.id))).scalar()
    if fresh is not None:
        await _note(session, fresh, FiringState.WAITING, "begun", now)
    firing = await latest_for_update(session, dependency_id, key)
    if firing is None:
        raise RuntimeError(f"firing {key} of dependency {dependency_id} is neither new nor there")
    return firing


async def look_again(session: WriteSession, dependency_id: int, now: datetime, *, anew: bool) -> None:
    """Let all that wait for a dependency be looked at; ``anew``: as if nothing were known of its conditions."""
    waiting = (firings.c.dependency_id == dependency_id, firings.c.state == FiringState.WAITING)
    await session.execute(update(firings).where(*waiting).values(not_before=now))  # once nobody else looks at them
    if anew:
        concerned = select(firings.c.id).where(*waiting)
        await session.execute(delete(firing_conditions).where(firing_conditions.c.firing_id.in_(concerned)))


async def look_at(session: WriteSession, firing_id: int, at: datetime) -> None:
    """Let one that waits be looked at then."""
    is_waiting = (firings.c.id == firing_id, firings.c.state == FiringState.WAITING)
    await session.execute(update(firings).where(*is_waiting).values(not_before=at))


async def take_waiting(session: WriteSession, now: datetime, limit: int) -> Sequence[Firing]:
    """Those that wait and are to be looked at now, and that nobody else looks at."""
    due_now = (firings.c.state == FiringState.WAITING, firings.c.not_before <= now)
    found = select(firings).where(*due_now).order_by(firings.c.id).limit(limit).with_for_update(skip_locked=True)
    rows = await session.all(found)
    if rows:
        taken = firings.c.id.in_([row.id for row in rows])
        await session.execute(update(firings).where(taken).values(not_before=None))
    return await _records(session, rows)


async def satisfy(session: WriteSession, firing: Firing, satisfied: Mapping[int, Satisfied]) -> None:
    """Note conditions that hold now, and by what."""
    if satisfied:
        rows = [
            {"firing_id": firing.id, "place": place, "at": one.at, "run_id": one.run_id, "attempt": one.attempt}
            for place, one in satisfied.items()
        ]
        insert = session.upsert(firing_conditions)
        replaced = {name: insert.excluded[name] for name in ("at", "run_id", "attempt")}
        await session.execute(insert.on_conflict_do_update(index_elements=["firing_id", "place"], set_=replaced), rows)
        session.changed(Subject.FIRING, firing.id)


async def unsatisfy(session: WriteSession, firing: Firing, places: Collection[int]) -> None:
    """Note conditions that hold no more."""
    if places:
        gone = (firing_conditions.c.firing_id == firing.id, firing_conditions.c.place.in_(list(places)))
        await session.execute(delete(firing_conditions).where(*gone))
        session.changed(Subject.FIRING, firing.id)


async def step(
    session: WriteSession, firing_id: int, state: FiringState, reason: str, now: datetime, **values: Any
) -> bool:
    """Let a firing be in a state, for a reason; False where it is in one that this must not follow."""
    statement = (
        update(firings)
        .where(firings.c.id == firing_id, firings.c.state.in_(_BEFORE[state]))
        .values(state=state, updated_at=now, **values)
    )
    if (await session.execute(statement)).rowcount == 0:
        return False
    await _note(session, firing_id, state, reason, now)
    return True


async def take_ready(session: WriteSession, firing_id: int, now: datetime) -> bool:
    """READY becomes TRIGGERING, for one replica; False where it is not, or not any more."""
    statement = (
        update(firings)
        .where(firings.c.id == firing_id, firings.c.state == FiringState.READY, firings.c.not_before <= now)
        .values(state=FiringState.TRIGGERING, updated_at=now, sent_at=now, attempts=firings.c.attempts + 1)
    )
    if (await session.execute(statement)).rowcount == 0:
        return False
    await _note(session, firing_id, FiringState.TRIGGERING, "sent to its orchestrator", now)
    return True


async def defer(session: WriteSession, firing_id: int, reason: str, until: datetime) -> None:
    """Let a ready firing wait, for a reason."""
    is_ready = (firings.c.id == firing_id, firings.c.state == FiringState.READY)
    await session.execute(update(firings).where(*is_ready).values(not_before=until, last_error=reason))


async def set_command(session: WriteSession, firing_id: int, command_id: int) -> None:
    """Note the order that a firing has become."""
    await session.execute(update(firings).where(firings.c.id == firing_id).values(command_id=command_id))


async def set_backfill(session: WriteSession, firing_id: int, backfill_id: int) -> None:
    """Note the back-fill that a firing is a part of."""
    await session.execute(update(firings).where(firings.c.id == firing_id).values(backfill_id=backfill_id))


async def mark_possible_double(session: WriteSession, firing_id: int) -> None:
    """Note that it is sent once more and may have made a run before."""
    await session.execute(update(firings).where(firings.c.id == firing_id).values(is_possible_double=True))
    session.changed(Subject.FIRING, firing_id)


async def due(session: ReadSession, now: datetime, stalled_since: datetime, limit: int) -> Sequence[Firing]:
    """Firings to be triggered: those that are ready, and those whose holder has died on the way."""
    is_ready = and_(firings.c.state == FiringState.READY, firings.c.not_before <= now)
    is_held = commands.c.claimed_until > now
    is_stalled = and_(
        firings.c.state == FiringState.TRIGGERING,
        firings.c.updated_at <= stalled_since,
        or_(commands.c.id.is_(None), commands.c.claimed_until.is_(None), ~is_held),
    )
    goes_on = (dependencies.c.is_enabled, ~dependencies.c.is_paused, dependencies.c.removed_at.is_(None))
    statement = (
        select(firings)
        .join(dependencies, dependencies.c.id == firings.c.dependency_id)
        .outerjoin(commands, commands.c.id == firings.c.command_id)
        .where(or_(and_(is_ready, *goes_on), is_stalled))
        .order_by(firings.c.not_before, firings.c.id)
        .limit(limit)
    )
    return await _records(session, await session.all(statement))


async def count_active(session: ReadSession, target: str, since: datetime) -> tuple[int, int]:
    """(how many firings have a run of a target under way, how many were sent ``since`` then), of all dependencies."""
    of_target = select(dependencies.c.id).where(dependencies.c.target == target)
    is_active = firings.c.state.in_(ACTIVE_STATES)
    statement = select(
        func.coalesce(func.sum(case((is_active, 1), else_=0)), 0).label("active"),
        func.coalesce(func.sum(case((firings.c.sent_at > since, 1), else_=0)), 0).label("sent"),
    ).where(firings.c.dependency_id.in_(of_target), or_(is_active, firings.c.sent_at > since))
    row = (await session.all(statement))[0]
    return int(row.active), int(row.sent)


async def expired(session: ReadSession, now: datetime, limit: int) -> list[int]:
    """Firings that have waited too long."""
    statement = (
        select(firings.c.id)
        .where(firings.c.state == FiringState.WAITING, firings.c.expires_at <= now)
        .order_by(firings.c.expires_at)
        .limit(limit)
    )
    return [row.id for row in await session.all(statement)]


async def steps(session: ReadSession, ids: Collection[int]) -> dict[int, list[tuple[datetime, FiringState, str]]]:
    """(when, state, reason) of each step, oldest first."""
    statement = select(firing_steps).where(firing_steps.c.firing_id.in_(list(ids))).order_by(firing_steps.c.id)
    found: dict[int, list[tuple[datetime, FiringState, str]]] = defaultdict(list)
    for row in await session.all(statement):
        found[row.firing_id].append((row.at, FiringState(row.state), row.reason))
    return dict(found)


async def steps_after(session: ReadSession, position: int, before: datetime, limit: int) -> Sequence[FiringStep]:
    """Steps behind a position among them, in their order, up to the first that was not made ``before``."""
    statement = select(firing_steps).where(firing_steps.c.id > position).order_by(firing_steps.c.id).limit(limit)
    made = takewhile(lambda row: row.at <= before, await session.all(statement))
    return [FiringStep(row.id, row.firing_id, row.at, FiringState(row.state)) for row in made]


async def _note(session: WriteSession, firing_id: int, state: FiringState, reason: str, now: datetime) -> None:
    values = {"firing_id": firing_id, "at": now, "state": state, "reason": reason}
    await session.execute(session.upsert(firing_steps).values(values))
    session.changed(Subject.FIRING, firing_id)


def _filter(dependency_id: int | None, states: Collection[FiringState] | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if dependency_id is not None:
        wanted.append(firings.c.dependency_id == dependency_id)
    if states is not None:
        wanted.append(firings.c.state.in_(list(states)))
    return wanted


async def _records(session: ReadSession, rows: Sequence[Row[Any]]) -> list[Firing]:
    satisfied: dict[int, dict[int, Satisfied]] = defaultdict(dict)
    wanted = firing_conditions.c.firing_id.in_([row.id for row in rows])
    for one in await session.all(select(firing_conditions).where(wanted)) if rows else ():
        satisfied[one.firing_id][one.place] = Satisfied(one.at, one.run_id, one.attempt)
    return [
        Firing(
            id=row.id,
            dependency_id=row.dependency_id,
            key=row.key,
            generation=row.generation,
            state=FiringState(row.state),
            idempotency_key=row.idempotency_key,
            satisfied=dict(satisfied[row.id]),
            command_id=row.command_id,
            run_id=row.run_id,
            attempts=row.attempts,
            last_error=row.last_error,
            is_possible_double=row.is_possible_double,
            backfill_id=row.backfill_id,
            created_at=row.created_at,
            ready_at=row.ready_at,
            triggered_at=row.triggered_at,
            ended_at=row.ended_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]
