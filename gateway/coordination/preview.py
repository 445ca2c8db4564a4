"""What a dependency would have done with what has ended lately, without doing it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.coordination.facts import satisfied_now
from gateway.coordination.match import key_of, key_of_instant
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, Satisfied
from gateway.domain.states import TERMINAL_RUN_STATES
from gateway.store.database import ReadSession
from gateway.store.repository import dataset_writes, pipelines, upstream_runs

#: Keys that are looked at, the newest ones.
MOST = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """One key."""

    key: str
    #: When it would have fired, or else when it began.
    at: datetime
    run_ids: Sequence[int]
    would_trigger: bool
    reason: str


async def preview(session: ReadSession, spec: DependencySpec, since: datetime, now: datetime) -> list[Preview]:
    """Every key that an upstream's end since then concerns, oldest first."""
    began: dict[str, datetime] = {}
    for condition in spec.upstream.conditions():
        async for key, at in _touched(session, spec, condition, since):
            began[key] = min(began.get(key, at), at)
    newest = sorted(began.items(), key=lambda item: (item[1], item[0]))[-MOST:]
    return [_judged(spec, key, at, await satisfied_now(session, spec, key, now)) for key, at in newest]


async def _touched(
    session: ReadSession, spec: DependencySpec, condition: Condition, since: datetime
) -> AsyncIterator[tuple[str, datetime]]:
    """(key, when) of everything that has happened to one condition since then."""
    ref, dataset = condition.pipeline, condition.dataset
    if ref is not None:
        pipeline = await pipelines.by_name(session, ref.orchestrator, ref.key)
        states = condition.states if condition.task is None else TERMINAL_RUN_STATES
        for run in await upstream_runs.ended_since(session, pipeline.id, states, since) if pipeline else ():
            key = key_of(spec, condition, run)
            if key is not None:
                yield key, run.ended_at or run.observed_at
    elif dataset is not None and condition.fresh_within is None:
        for at in await dataset_writes.since(session, dataset.namespace, dataset.name, since):
            yield key_of_instant(spec, condition, at), at


def _judged(spec: DependencySpec, key: str, began: datetime, satisfied: Mapping[int, Satisfied]) -> Preview:
    run_ids = [one.run_id for one in satisfied.values() if one.run_id is not None]
    at = _complete_at(spec.upstream, satisfied)
    if at is None:
        missing = [str(one) for place, one in enumerate(spec.upstream.conditions()) if place not in satisfied]
        return Preview(key, began, run_ids, would_trigger=False, reason=f"waits for {', '.join(missing)}")
    if spec.timeout is not None and at - began > spec.timeout:
        return Preview(key, at, run_ids, would_trigger=False, reason="complete only after its timeout")
    return Preview(key, at, run_ids, would_trigger=True, reason="enough of its conditions hold")


def _complete_at(group: Group, satisfied: Mapping[int, Satisfied]) -> datetime | None:
    return _group_at(group, satisfied, 0)[0]


def _group_at(group: Group, satisfied: Mapping[int, Satisfied], place: int) -> tuple[datetime | None, int]:
    times: list[datetime | None] = []
    for item in group.items:
        if isinstance(item, Group):
            at, place = _group_at(item, satisfied, place)
        else:
            at, place = satisfied[place].at if place in satisfied else None, place + 1
        times.append(at)
    known = [at for at in times if at is not None]
    if group.mode is Mode.ANY:
        return min(known, default=None), place
    return (max(known) if len(known) == len(times) else None), place
