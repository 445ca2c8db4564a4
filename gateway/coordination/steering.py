"""What people do with firings: fire a key or many by hand, fire a failed one again, cancel one that waits."""

from itertools import islice

from adapters.sdk.protocol import Clock
from gateway.coordination.evaluation import begin
from gateway.coordination.progress import step
from gateway.domain.dependencies import Dependency, Firing, FiringState
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.domain.periods import Calendar, Period
from gateway.store.database import Database, WriteSession
from gateway.store.repository import backfills, dependencies, firings

#: Keys of one back-fill.
MOST_KEYS = 1_000
_OVER = frozenset({FiringState.FAILED, FiringState.EXPIRED, FiringState.CANCELLED})


class Steering:
    """Raises RequestError kinds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def fire(self, dependency_id: int, key: str, by: str) -> Firing:
        """Fire a key now, whatever it still waits for. ConflictError where it has fired."""
        async with self._database.write() as session:
            dependency = await _dependency(session, dependency_id)
            _check_key(dependency, key)
            firing = await firings.latest_for_update(session, dependency_id, key)
            if firing is None:
                firing = await begin(session, dependency, key, 1, self._clock())
            if firing.state is not FiringState.WAITING:
                remedy = "Fire it again: refireFiring." if firing.state in _OVER else "See its run."
                raise ConflictError(f"{dependency.spec.name} {key} is {firing.state.value} already.", remedy=remedy)
            return await self._ready(session, firing, f"fired by hand, by {by}")

    async def set_paused(self, dependency_id: int, *, paused: bool) -> Dependency:
        """Stop a dependency for now, or let it go on. What its definition says is another matter."""
        async with self._database.write() as session:
            await _dependency(session, dependency_id)
            await dependencies.set_paused(session, dependency_id, paused=paused, now=self._clock())
            return await _dependency(session, dependency_id)

    async def backfill(self, dependency_id: int, first: str, last: str, at_once: int, by: str) -> list[Firing]:
        """Fire each key from ``first`` to ``last`` that has not fired, so many at once; returns those firings."""
        async with self._database.write() as session:
            dependency = await _dependency(session, dependency_id)
            keys = _keys_between(dependency, first, last)
            backfill_id = await backfills.create(session, dependency_id, at_once, by, self._clock())
            made: list[Firing] = []
            for key in keys:
                firing = await firings.latest_for_update(session, dependency_id, key)
                if firing is None:
                    firing = await begin(session, dependency, key, 1, self._clock())
                if firing.state is FiringState.WAITING:
                    await firings.set_backfill(session, firing.id, backfill_id)
                    made.append(await self._ready(session, firing, f"back-filled, by {by}"))
            return made

    async def refire(self, firing_id: int, by: str) -> Firing:
        """Fire once more what has failed, expired or was cancelled: with another idempotency key, so a new run."""
        async with self._database.write() as session:
            firing = await _firing(session, firing_id)
            dependency = await _dependency(session, firing.dependency_id)
            latest = await firings.latest_for_update(session, firing.dependency_id, firing.key)
            if latest is None or latest.id != firing.id:
                raise ConflictError("This key has been fired again already.", remedy="Look at its newest firing.")
            if firing.state not in _OVER:
                raise ConflictError(f"It is {firing.state.value}; only what has failed or ended so is fired again.")
            again = await begin(session, dependency, firing.key, firing.generation + 1, self._clock())
            await firings.satisfy(session, again, firing.satisfied)
            return await self._ready(session, again, f"fired again, by {by}")

    async def cancel(self, firing_id: int, by: str) -> Firing:
        """Let one that waits, or is ready, never fire. ConflictError where it is under way or over."""
        async with self._database.write() as session:
            firing = await _firing(session, firing_id)
            now = self._clock()
            reason = f"cancelled by {by}"
            if not await step(session, firing_id, FiringState.CANCELLED, reason, now, ended_at=now):
                remedy = "Cancel its run instead." if firing.state is FiringState.TRIGGERED else None
                raise ConflictError(f"It is {firing.state.value}; only what waits can be cancelled.", remedy=remedy)
            return await _firing(session, firing_id)

    async def _ready(self, session: WriteSession, firing: Firing, reason: str) -> Firing:
        now = self._clock()
        await step(session, firing.id, FiringState.READY, reason, now, ready_at=now, not_before=now)
        return await _firing(session, firing.id)


async def _dependency(session: WriteSession, dependency_id: int) -> Dependency:
    known = await dependencies.by_id(session, dependency_id)
    if known is None:
        raise NotFoundError("There is no such dependency.")
    return known


async def _firing(session: WriteSession, firing_id: int) -> Firing:
    known = (await firings.by_ids(session, [firing_id])).get(firing_id)
    if known is None:
        raise NotFoundError("There is no such firing.")
    return known


def _keys_between(dependency: Dependency, first: str, last: str) -> list[str]:
    """Oldest first. InvalidInputError."""
    if not dependency.spec.keyed_by.is_time:
        raise InvalidInputError(
            f"{dependency.spec.name} is keyed by {dependency.spec.keyed_by.lower()}: such keys have no order.",
            remedy="Fire each by itself: fireDependency.",
        )
    calendar = dependency.spec.calendar
    begin_at, end_at = _period("from", calendar, first).start, _period("to", calendar, last).end
    if end_at <= begin_at:
        raise InvalidInputError(f"to: {last} lies before {first}.", remedy="Send the earlier key as from.")
    keys = [period.key for period in islice(calendar.within(begin_at, end_at), MOST_KEYS + 1)]
    if len(keys) > MOST_KEYS:
        raise InvalidInputError(f"to: that is more than {MOST_KEYS} keys.", remedy="Back-fill in several parts.")
    return keys


def _period(field: str, calendar: Calendar, key: str) -> Period:
    try:
        return calendar.of(key)
    except ValueError as error:
        raise InvalidInputError(f"{field}: {error}") from None


def _check_key(dependency: Dependency, key: str) -> None:
    if not dependency.spec.keyed_by.is_time:
        if not key:
            raise InvalidInputError("key: must not be empty.")
        return
    _period("key", dependency.spec.calendar, key)
