"""Sends what is in the outbox, on every replica: each notification is taken by one, and sent until it is taken."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from adapters.sdk import secrets
from adapters.sdk.errors import AdapterError, RateLimited
from adapters.sdk.protocol import Clock
from gateway.alerts import metrics
from gateway.alerts.channels import channel
from gateway.alerts.channels.line import Line, Message
from gateway.alerts.configuration import alerting_of
from gateway.alerts.document import key_of
from gateway.alerts.texts import texts_of
from gateway.domain.alerting import Receiver
from gateway.domain.incidents import Notification
from gateway.failpoints import reach
from gateway.store.changes import Subject
from gateway.store.database import Database
from gateway.store.repository import definitions, notifications
from gateway.under_way import UnderWay

log = structlog.get_logger(__name__)

#: Notifications under way at once, in one process.
AT_ONCE = 16
#: Seconds after which a look is due though nobody has told of a change.
EVERY = 1.0
#: For how long a notification is a replica's: longer than any channel takes.
HELD = timedelta(seconds=60)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
#: How long a notification is tried before it is given up.
PATIENCE = timedelta(days=1)


class Delivery:
    """``run`` it in a task, on every replica."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._under_way = UnderWay(AT_ONCE)

    async def run(self) -> None:
        """Send for ever; what is under way is broken off with it, and sent again by whoever is next."""
        try:
            with self._database.feed.listen(Subject.NOTIFICATION) as listener:
                while True:
                    try:
                        await self.look()
                    except Exception:  # the loop's own net: whatever it is, the next look is due
                        if await self._database.is_reachable():  # else readiness says so
                            log.exception("notifications could not be looked at")
                    await listener.batch(EVERY)
        finally:
            await self._under_way.aclose()

    async def look(self) -> None:
        """Begin with all that is due and for which there is room."""
        if self._under_way.room <= 0:
            return
        async with self._database.read() as session:
            found = await notifications.due(session, self._clock(), AT_ONCE)
        fresh = self._under_way.fresh(found)
        for identity in (one for one in found if one in fresh):
            self._under_way.begin(identity, self._carry(identity), "notification")

    async def settled(self) -> None:
        """Returns once nothing is under way in this process."""
        await self._under_way.settled()

    async def _carry(self, identity: int) -> None:
        async with self._database.write() as session:
            one = await notifications.claim(session, identity, self._clock(), HELD)
            if one is not None:
                reach("hold.written", one.key)
        if one is None:
            return
        async with self._database.read() as session:
            receivers = alerting_of(await definitions.everything(session)).receivers
        receiver = receivers.get(one.receiver)
        if receiver is None:
            await self._failed(one, "none", "There is no such receiver any more.", again=None)
            return
        try:
            reach("tell.before", one.key)
            thread = await send(receiver, message_of(one, receiver.templates), self._clock)
            reach("tell.answered", one.key)
        except (AdapterError, secrets.SecretError) as error:
            await self._failed(one, receiver.channel, str(error), again=self._again(one, error))
        except Exception as error:  # whatever it is, it is tried again, and no other waits for it
            log.exception("a notification could not be sent", receiver=one.receiver)
            await self._failed(one, receiver.channel, type(error).__name__, again=self._again(one, error))
        else:
            metrics.SENT.labels(receiver.channel, "sent").inc()
            async with self._database.write() as session:
                await notifications.sent(session, one, thread, self._clock())
                reach("told.written", one.key)
            reach("told.committed", one.key)

    async def _failed(self, one: Notification, name: str, error: str, again: timedelta | None) -> None:
        metrics.SENT.labels(name, "failed" if again is None else "retried").inc()
        log.warning("a notification was not taken", receiver=one.receiver, reason=error, is_given_up=again is None)
        async with self._database.write() as session:
            await notifications.failed(session, one, error, None if again is None else self._clock() + again)

    def _again(self, one: Notification, error: Exception) -> timedelta | None:
        """How long to wait; None: it is of no use."""
        if isinstance(error, AdapterError) and not error.is_retryable:
            return None
        if self._clock() - one.created_at > PATIENCE:
            return None
        if isinstance(error, RateLimited) and error.retry_after is not None:
            return timedelta(seconds=error.retry_after)
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(one.attempts - 1, 12))
        return longest * random.uniform(0.5, 1)  # so that many that failed together do not come back together


async def send(receiver: Receiver, message: Message, clock: Clock) -> Mapping[str, Any]:
    """Tell somebody; returns what later messages about the incident need. AdapterError, SecretError."""
    found = channel(receiver.channel)
    async with Line(receiver.name, clock) as line:
        return await found.send(found.options.model_validate(receiver.options), message, line)


def message_of(one: Notification, templates: Mapping[str, str]) -> Message:
    """As channels take it."""
    texts = texts_of(one.document, templates)
    return Message(
        kind=one.kind,
        key=one.key,
        incident_key=key_of(one.incident_id),
        title=texts.title,
        text=texts.text,
        document=one.document,
        at=one.created_at,
        thread=one.thread,
        may_be_there=one.attempts > 1 or one.last_error is not None,
    )
