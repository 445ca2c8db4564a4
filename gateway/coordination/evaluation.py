"""Brings the firing of one key up to date."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b

from adapters.sdk.protocol import IDEMPOTENCY_KEY
from gateway.coordination.facts import satisfied_now
from gateway.coordination.progress import step
from gateway.coordination.windows import next_change
from gateway.domain.dependencies import Dependency, Firing, FiringState, Rerun, is_complete
from gateway.domain.records import Run
from gateway.failpoints import reach
from gateway.store.database import WriteSession
from gateway.store.repository import firings

#: Characters of a key that go into an idempotency key as they are.
_LONGEST_KEY = 120


async def evaluate(
    session: WriteSession, dependency: Dependency, key: str, now: datetime, because_of: Run | None = None
) -> Firing:
    """Bring a key's firing up to date, and make it READY where enough holds. Repeating it changes nothing."""
    firing = await firings.latest_for_update(session, dependency.id, key)
    if firing is None:
        firing = await begin(session, dependency, key, 1, now)
    elif firing.state is not FiringState.WAITING and _fires_again(dependency, firing, because_of):
        firing = await begin(session, dependency, key, firing.generation + 1, now)
    if firing.state is not FiringState.WAITING:
        return firing
    conditions = list(dependency.spec.upstream.conditions())
    # What was there once stays there; but what is fresh grows old, and windows close.
    kept = {place: one for place, one in firing.satisfied.items() if not conditions[place].is_of_the_moment}
    found = await satisfied_now(session, dependency.spec, key, now, kept, newest=firing.generation > 1)
    await firings.satisfy(session, firing, found)
    await firings.unsatisfy(session, firing, firing.satisfied.keys() - kept.keys() - found.keys())
    changes_at = next_change(dependency.spec, now)
    if is_complete(dependency.spec.upstream, {**kept, **found}) and not asks(dependency, firing):
        reach("ready.before", firing.idempotency_key)
        await step(
            session, firing.id, FiringState.READY, "enough of its conditions hold", now, ready_at=now, not_before=now
        )
        reach("ready.written", firing.idempotency_key)
    elif changes_at is not None:
        await firings.look_at(session, firing.id, changes_at)
    return firing


def asks(dependency: Dependency, firing: Firing) -> bool:
    """Whether a firing waits for a person to say so: its key has fired before."""
    return dependency.spec.on_rerun is Rerun.ASK and firing.generation > 1 and firing.state is FiringState.WAITING


def _fires_again(dependency: Dependency, firing: Firing, because_of: Run | None) -> bool:
    if because_of is None or dependency.spec.on_rerun is Rerun.IGNORE:
        return False
    known = {(one.run_id, one.attempt) for one in firing.satisfied.values()}
    ended_at = because_of.ended_at or because_of.observed_at
    return (because_of.id, because_of.attempt) not in known and ended_at > firing.created_at


async def begin(session: WriteSession, dependency: Dependency, key: str, generation: int, now: datetime) -> Firing:
    """A firing that waits, with the key that its target's orchestrator will be given."""
    timeout = dependency.spec.timeout
    idempotency_key = idempotency_key_of(dependency.spec.name, key, generation)
    expires_at = now + timeout if timeout is not None else None
    return await firings.begin(session, dependency.id, key, generation, idempotency_key, now, expires_at)


def idempotency_key_of(name: str, key: str, generation: int) -> str:
    """The same for the same firing, for ever; readable where the key is short and plain."""
    readable = f"{name}.{key}.{generation}"
    if len(key) <= _LONGEST_KEY and IDEMPOTENCY_KEY.fullmatch(readable):
        return readable
    return f"{name}.{blake2b(key.encode(), digest_size=16).hexdigest()}.{generation}"


def runs_of(firing: Firing) -> Mapping[int, int]:
    """Place of a condition -> the run that satisfied it."""
    return {place: one.run_id for place, one in firing.satisfied.items() if one.run_id is not None}
