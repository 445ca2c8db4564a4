"""What a leader remembers of incidents is what is stored, whatever becomes of them and whoever else changes them."""

import random
from datetime import timedelta

import pytest

from gateway.alerts.board import Board
from gateway.alerts.grouping import Case
from gateway.alerts.steering import Steering
from gateway.domain.incidents import Fact, SignalKind
from gateway.store.database import Database
from tests.alerts.test_grouping import NOW, SIZE, fact, relation
from tests.store.conftest import database

__all__ = ["database"]

KINDS = (SignalKind.RUN_FAILED, SignalKind.RUN_LATE, SignalKind.SLA_MISSED)
STEPS = 25


async def stored(database: Database, now) -> list[Case]:
    """As somebody reads it who remembers nothing."""
    board = Board()
    async with database.read() as session:
        await board.refresh(session, now)
    return [Case(one.incident, list(one.signals)) for one in board.cases]


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_remembered_is_what_is_stored(database, seed):
    """Causes begin, end, are found late and merge; people acknowledge and resolve in between."""
    dice = random.Random(seed)
    known = relation({(number, number + 1) for number in range(1, SIZE)} if seed % 2 else {(1, 3), (2, 3), (5, 6)})
    board, now, facts = Board(), NOW, dict[str, Fact]()
    merged = 0
    for step in range(STEPS):
        now += timedelta(minutes=dice.choice((0, 1, 5, 40)))
        for _ in range(dice.randint(0, 3)):
            one = fact(dice.choice(KINDS), dice.randint(1, SIZE), minute=int((now - NOW).total_seconds() // 60))
            facts[one.key] = one
        for key in dice.sample(sorted(facts), min(len(facts), dice.randint(0, 2))):
            del facts[key]
        going_on = [one.incident.id for one in board.cases if not one.incident.is_resolved]
        if going_on and dice.random() < 0.4:
            by_hand = Steering(database, lambda at=now: at)
            act = dice.choice((by_hand.acknowledge, by_hand.resolve))
            await act(dice.choice(going_on), "ada", None)
        async with database.write() as session:
            await board.turn(session, facts, known, now)
        remembered = [Case(one.incident, list(one.signals)) for one in board.cases]
        assert sorted(remembered, key=lambda one: one.incident.id) == await stored(database, now), f"step {step}"
        assert board.is_news(facts, now) is False
        merged = max(merged, max((len(one.signals) for one in remembered), default=0))
    assert merged > 1, "else nothing was tried"
