"""What is to be done about promises, each written down with the verdict that asks for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, select, update

from gateway.domain.slas import SlaAction
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.sla_tables import sla_actions, sla_evaluations

_action: TypeAdapter[SlaAction] = TypeAdapter(SlaAction)


class ActionState(StrEnum):
    """How far an action is."""

    PENDING = "PENDING"
    DONE = "DONE"
    #: Given up.
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class OrderedAction:
    """An action as it is kept."""

    evaluation_id: int
    sla_id: int
    #: What is judged, e.g. the day.
    key: str
    place: int
    action: SlaAction
    state: ActionState
    attempts: int
    #: What came of it, in words.
    outcome: str | None
    run_id: int | None
    ordered_at: datetime


async def order(session: WriteSession, wanted: Collection[tuple[int, int, SlaAction]], now: datetime) -> None:
    """(evaluation, place, action) each once, however often it is ordered."""
    if not wanted:
        return
    rows = [
        {
            "evaluation_id": evaluation,
            "place": place,
            "action": _action.dump_python(action, mode="json"),
            "state": ActionState.PENDING,
            "attempts": 0,
            "not_before": now,
            "ordered_at": now,
        }
        for evaluation, place, action in wanted
    ]
    await session.execute(session.upsert(sla_actions).on_conflict_do_nothing(), rows)
    session.changed(Subject.SLA_ACTION, *(evaluation for evaluation, _, _ in wanted))


async def due(session: ReadSession, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """(evaluation, place) of what is to be done now and nobody does."""
    is_free = sla_actions.c.claimed_until.is_(None) | (sla_actions.c.claimed_until <= now)
    statement = (
        select(sla_actions.c.evaluation_id, sla_actions.c.place)
        .where(sla_actions.c.state == ActionState.PENDING, sla_actions.c.not_before <= now, is_free)
        .order_by(sla_actions.c.not_before)
        .limit(limit)
    )
    return [(row.evaluation_id, row.place) for row in await session.all(statement)]


async def claim(
    session: WriteSession, identity: tuple[int, int], now: datetime, ttl: timedelta
) -> OrderedAction | None:
    """Take one for a while; None where somebody else has it, or it is done."""
    is_free = sla_actions.c.claimed_until.is_(None) | (sla_actions.c.claimed_until <= now)
    statement = (
        update(sla_actions)
        .where(*_is(identity), sla_actions.c.state == ActionState.PENDING, is_free)
        .values(claimed_until=now + ttl, attempts=sla_actions.c.attempts + 1)
    )
    if (await session.execute(statement)).rowcount == 0:
        return None
    found = await _records(session, [identity[0]])
    return next((one for one in found if one.place == identity[1]), None)


async def end(
    session: WriteSession, one: OrderedAction, state: ActionState, outcome: str, run_id: int | None, now: datetime
) -> None:
    """It is done, or given up."""
    values = {"state": state, "outcome": outcome, "run_id": run_id, "ended_at": now, "claimed_until": None}
    await session.execute(update(sla_actions).where(*_is((one.evaluation_id, one.place))).values(**values))
    session.changed(Subject.SLA_EVALUATION, one.evaluation_id)


async def defer(session: WriteSession, one: OrderedAction, outcome: str, until: datetime) -> None:
    """It is tried again then."""
    values = {"outcome": outcome, "not_before": until, "claimed_until": None}
    await session.execute(update(sla_actions).where(*_is((one.evaluation_id, one.place))).values(**values))


async def of_evaluations(session: ReadSession, ids: Collection[int]) -> dict[int, list[OrderedAction]]:
    """By evaluation, in their order."""
    found: dict[int, list[OrderedAction]] = {}
    for one in await _records(session, ids):
        found.setdefault(one.evaluation_id, []).append(one)
    return found


async def _records(session: ReadSession, ids: Collection[int]) -> list[OrderedAction]:
    statement = (
        select(sla_actions, sla_evaluations.c.sla_id, sla_evaluations.c.key)
        .join(sla_evaluations, sla_evaluations.c.id == sla_actions.c.evaluation_id)
        .where(sla_actions.c.evaluation_id.in_(list(ids)))
        .order_by(sla_actions.c.evaluation_id, sla_actions.c.place)
    )
    return [_record(row) for row in await session.all(statement)]


def _is(identity: tuple[int, int]) -> tuple[Any, Any]:
    return sla_actions.c.evaluation_id == identity[0], sla_actions.c.place == identity[1]


def _record(row: Row[Any]) -> OrderedAction:
    return OrderedAction(
        row.evaluation_id,
        row.sla_id,
        row.key,
        row.place,
        _action.validate_python(row.action),
        ActionState(row.state),
        row.attempts,
        row.outcome,
        row.run_id,
        row.ordered_at,
    )
