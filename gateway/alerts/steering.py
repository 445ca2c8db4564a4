"""What people do about incidents and silences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.sdk.protocol import Clock
from gateway.alerts import board, lifecycle
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.domain.incidents import Incident, Silence
from gateway.domain.matchers import Matcher
from gateway.store.database import Database
from gateway.store.repository import incidents, notifications, signals, silences

LONGEST_SILENCE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Steering:
    """By hand, with who it was."""

    database: Database
    clock: Clock

    async def acknowledge(self, incident_id: int, by: str, comment: str | None) -> None:
        """Somebody takes care of it. NotFoundError; ConflictError where it is over."""
        now = self.clock()
        async with self.database.write() as session:
            await session.serialize("incidents", 0)
            incident = _found(await incidents.for_update(session, incident_id))
            await board.write(session, lifecycle.acknowledged(incident, by, comment, now), now)

    async def resolve(self, incident_id: int, by: str, comment: str | None) -> None:
        """It is over; what it tells of comes back only where it begins anew. NotFoundError, ConflictError."""
        now = self.clock()
        async with self.database.write() as session:
            await session.serialize("incidents", 0)
            incident = _found(await incidents.for_update(session, incident_id))
            await signals.dismiss(session, incident.id, now)
            await board.write(session, lifecycle.resolved(incident, by, comment, now), now)

    async def silence(
        self, matchers: Sequence[Matcher], starts_at: datetime | None, ends_at: datetime, by: str, comment: str
    ) -> int:
        """Nobody is told of such signals for a while; its id. InvalidInputError."""
        now = self.clock()
        begins = max(starts_at, now) if starts_at is not None else now
        if not matchers:
            raise InvalidInputError("input.matchers: is empty, which would silence everything; give at least one.")
        if all(one.matches({}) for one in matchers):
            raise InvalidInputError("input.matchers: match whatever has no labels at all; let one of them not do so.")
        if ends_at <= begins:
            raise InvalidInputError("input.endsAt: is not after its beginning; give a later time.")
        if ends_at - begins > LONGEST_SILENCE:
            raise InvalidInputError(
                f"input.endsAt: is more than {LONGEST_SILENCE.days} days later; give an earlier one."
            )
        if not comment.strip():
            raise InvalidInputError("input.comment: is empty; say why, for whoever wonders.")
        async with self.database.write() as session:
            return await silences.create(session, Silence(0, matchers, begins, ends_at, by, comment), now)

    async def expire(self, silence_id: int) -> None:
        """Let a silence hold no more. NotFoundError, ConflictError."""
        async with self.database.write() as session:
            known = await silences.by_id(session, silence_id)
            if known is None:
                raise NotFoundError("There is no such silence.", remedy="`silences` lists them.")
            if not await silences.expire(session, silence_id, self.clock()):
                raise ConflictError("This silence has ended already.")

    async def resend(self, notification_id: int) -> None:
        """Send again what was given up. ConflictError."""
        async with self.database.write() as session:
            if not await notifications.resend(session, notification_id, self.clock()):
                raise ConflictError("Only a notification that has FAILED can be sent again.")


def _found(incident: Incident | None) -> Incident:
    if incident is None:
        raise NotFoundError("There is no such incident.", remedy="`incidents` lists them.")
    if incident.merged_into is not None:
        raise ConflictError(f"This incident has become a part of incident {incident.merged_into}.")
    if incident.is_resolved:
        raise ConflictError("This incident is resolved already.")
    return incident
