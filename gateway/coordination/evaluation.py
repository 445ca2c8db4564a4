"""Looks at one key of one dependency: which of its conditions hold now, by what is stored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from adapters.sdk.protocol import IDEMPOTENCY_KEY
from gateway.coordination.match import wanted
from gateway.domain.dependencies import (
    Condition,
    Dependency,
    Firing,
    FiringState,
    Rerun,
    Satisfied,
    is_complete,
)
from gateway.domain.records import Run
from gateway.store.database import ReadSession, WriteSession
from gateway.store.repository import firings, pipelines, upstream_runs

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
    found = await satisfied_now(session, dependency, key, set(firing.satisfied))
    await firings.satisfy(session, firing, found)
    if is_complete(dependency.spec.upstream, {**firing.satisfied, **found}):
        await firings.step(
            session, firing.id, FiringState.READY, "enough of its conditions hold", now, ready_at=now, not_before=now
        )
    return firing


async def satisfied_now(
    session: ReadSession, dependency: Dependency, key: str, known: Iterable[int] = ()
) -> dict[int, Satisfied]:
    """Conditions that hold, by their place, but those that are known already."""
    skipped = set(known)
    conditions = [one for one in enumerate(dependency.spec.upstream.conditions()) if one[0] not in skipped]
    found: dict[int, Satisfied] = {}
    for place, condition in conditions:
        run = await _run_for(session, dependency, condition, key)
        if run is not None:
            found[place] = Satisfied(run.ended_at or run.observed_at, run.id, run.attempt)
    return found


async def _run_for(session: ReadSession, dependency: Dependency, condition: Condition, key: str) -> Run | None:
    """The run that satisfies a condition; where it takes several, the last of them. None where one is missing."""
    pipeline = await pipelines.by_name(session, condition.pipeline.orchestrator, condition.pipeline.key)
    if pipeline is None:
        return None
    want = wanted(dependency.spec, condition, key)
    if not want.periods:
        ended = await upstream_runs.of(session, pipeline.id, condition.states, run=want.run, partition=want.partition)
        return ended[0] if ended else None
    ended = await upstream_runs.between(
        session, pipeline.id, condition.states, want.periods[0].start, want.periods[-1].end
    )
    firsts = [_first(ended, period.start, period.end) for period in want.periods]
    present = [run for run in firsts if run is not None]
    return max(present, key=_ended) if len(present) == len(firsts) else None


def _first(runs: Sequence[Run], start: datetime, end: datetime) -> Run | None:
    inside = [run for run in runs if start <= (run.logical_at or run.sort_at) < end]
    return min(inside, key=_ended, default=None)


def _ended(run: Run) -> tuple[datetime, int]:
    return run.ended_at or run.observed_at, run.id


def _fires_again(dependency: Dependency, firing: Firing, because_of: Run | None) -> bool:
    if because_of is None or dependency.spec.on_rerun is not Rerun.FIRE:
        return False
    known = {(one.run_id, one.attempt) for one in firing.satisfied.values()}
    return (because_of.id, because_of.attempt) not in known and _ended(because_of)[0] > firing.created_at


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
