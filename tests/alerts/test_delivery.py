"""The outbox: every notification reaches its receiver, in order, whoever is away or dies on the way."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.alerts.configuration import alert_definitions
from gateway.alerts.delivery import HELD, PATIENCE, Delivery
from gateway.alerts.document import Named, document
from gateway.alerts.steering import Steering
from gateway.domain.errors import ConflictError
from gateway.domain.incidents import (
    Incident,
    IncidentState,
    NoticeKind,
    Notification,
    NotificationState,
    Severity,
)
from gateway.store.repository import definitions, incidents, notifications
from tests.alerts.receiving import Inbox, receiving
from tests.store.conftest import database

__all__ = ["database"]


class Office:
    """A clock, an outbox, and those who empty it."""

    def __init__(self, database, inbox: Inbox) -> None:
        self.database = database
        self.inbox = inbox
        self.now = datetime(2026, 5, 5, 7, tzinfo=UTC)

    def clock(self) -> datetime:
        return self.now

    async def open(self) -> None:
        section = {
            "receivers": [{"name": "hook", "webhook": {"url": self.inbox.url}}],
            "route": {"receiver": "hook"},
        }
        found, _ = alert_definitions(section)
        async with self.database.write() as session:
            for one in found:
                await definitions.save(session, one)

    async def put(self, *kinds: NoticeKind, receiver: str = "hook") -> int:
        """Notifications of a new incident; its id."""
        made = Incident(0, "x failed", Severity.ERROR, IncidentState.OPEN, None, self.now)
        async with self.database.write() as session:
            identity = await incidents.open_new(session, made)
            for place, kind in enumerate(kinds, 1):
                told = document(kind, made, (), Named(), (), None)
                one = Notification(
                    0,
                    identity,
                    receiver,
                    place,
                    kind,
                    f"{identity}-{place}",
                    "",
                    told,
                    NotificationState.PENDING,
                    0,
                    self.now,
                )
                assert await notifications.enqueue(session, one, self.now)
                assert not await notifications.enqueue(session, one, self.now), "once for its place"
        return identity

    async def empty(self) -> None:
        """Until nothing more can be sent now."""
        delivery = Delivery(self.database, self.clock)
        before = -1
        while before != len(self.inbox.requests):
            before = len(self.inbox.requests)
            await delivery.look()
            await delivery.settled()

    async def states(self) -> list[tuple[str, int]]:
        async with self.database.read() as session:
            found = await notifications.of_incidents(session, range(1, 200))
        return [(one.state.value, one.attempts) for some in found.values() for one in some]

    def keys(self) -> list[str]:
        return [one.headers["idempotency-key"] for one in self.inbox.requests]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with receiving() as inbox:
        yield inbox


@pytest.fixture
async def office(database, inbox) -> Office:
    office = Office(database, inbox)
    await office.open()
    return office


async def test_they_come_in_order(office):
    await office.put(NoticeKind.OPENED, NoticeKind.UPDATED, NoticeKind.RESOLVED)
    await office.empty()
    assert office.keys() == ["1-1", "1-2", "1-3"]
    assert await office.states() == [("SENT", 1)] * 3


async def test_what_is_not_taken_is_tried_again_later_and_those_behind_it_wait(office):
    office.inbox.answers = [(503, {}, None), (429, {"retry-after": "300"}, None)]
    await office.put(NoticeKind.OPENED, NoticeKind.RESOLVED)
    await office.empty()
    assert office.keys() == ["1-1"]
    office.now += timedelta(seconds=3)
    await office.empty()
    assert office.keys() == ["1-1", "1-1"]
    office.now += timedelta(seconds=299)
    await office.empty()
    assert office.keys() == ["1-1", "1-1"], "the receiver has said how long"
    office.now += timedelta(seconds=1)
    await office.empty()
    assert office.keys() == ["1-1", "1-1", "1-1", "1-2"]


async def test_what_is_refused_is_given_up_and_can_be_sent_again(office):
    office.inbox.answers = [(400, {}, {"wrong": "field"})]
    await office.put(NoticeKind.OPENED, NoticeKind.RESOLVED)
    await office.empty()
    assert await office.states() == [("FAILED", 1), ("SENT", 1)]
    async with office.database.read() as session:
        (failed,) = await notifications.given_up(session, 10)
    assert 'answered 400: {"wrong":"field"}' in str(failed.last_error)
    steering = Steering(office.database, office.clock)
    await steering.resend(failed.id)
    await office.empty()
    assert office.keys() == ["1-1", "1-2", "1-1"]
    with pytest.raises(ConflictError, match="Only a notification that has FAILED"):
        await steering.resend(failed.id)


async def test_a_receiver_that_is_away_for_too_long_is_given_up(office):
    office.inbox.answers = [(503, {}, None)] * 2
    await office.put(NoticeKind.OPENED)
    await office.empty()
    office.now += PATIENCE + timedelta(seconds=1)
    await office.empty()
    assert await office.states() == [("FAILED", 2)]


async def test_a_receiver_that_is_gone_is_said(office):
    await office.put(NoticeKind.OPENED, receiver="former")
    await office.empty()
    async with office.database.read() as session:
        (failed,) = await notifications.given_up(session, 10)
    assert failed.last_error == "There is no such receiver any more."


async def test_whoever_dies_while_sending_another_sends_it_again_by_the_same_key(office):
    """What has been taken and not been written down is sent twice, and known by its key."""
    await office.put(NoticeKind.OPENED)
    async with office.database.write() as session:
        assert await notifications.claim(session, 1, office.now, HELD) is not None
    await office.empty()
    assert office.keys() == [], "somebody has it"
    office.now += HELD
    await office.empty()
    assert office.keys() == ["1-1"]
    assert await office.states() == [("SENT", 2)]


async def test_replicas_side_by_side_send_each_once(office):
    for _ in range(40):
        await office.put(NoticeKind.OPENED, NoticeKind.RESOLVED)
    several = [Delivery(office.database, office.clock) for _ in range(3)]
    while len(office.inbox.requests) < 80:
        await asyncio.gather(*(one.look() for one in several))
        await asyncio.gather(*(one.settled() for one in several))
    assert sorted(office.keys()) == sorted(f"{number}-{place}" for number in range(1, 41) for place in (1, 2))
    assert all(office.keys().index(f"{number}-1") < office.keys().index(f"{number}-2") for number in range(1, 41))
