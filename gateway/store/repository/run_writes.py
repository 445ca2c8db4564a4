"""Runs: storing what was observed. Verdicts are made in ``gateway.sync.apply``; here they are carried out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from gateway.domain.observation import ObservedRun
from gateway.domain.records import Run
from gateway.domain.states import RunTrigger
from gateway.domain.transition import Verdict, trigger_of
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.repository.runs import record
from gateway.store.tables import pipelines, run_states, runs


@dataclass(frozen=True, slots=True)
class RunWrite:
    """One run to be stored: what was seen, where it belongs, what it replaces, and the verdict on it."""

    pipeline_id: int
    observed: ObservedRun
    stored: Run | None
    verdict: Verdict


async def stored_for(
    session: ReadSession, orchestrator_id: int, external_ids: Iterable[str]
) -> dict[tuple[int, str], Run]:
    """Runs of one orchestrator by (pipeline id, external id)."""
    statement = select(runs).where(
        runs.c.orchestrator_id == orchestrator_id, runs.c.external_id.in_(sorted(set(external_ids)))
    )
    return {(row.pipeline_id, row.external_id): record(row) for row in await session.all(statement)}


async def insert(
    session: WriteSession, orchestrator_id: int, writes: Sequence[RunWrite], read_at: datetime, now: datetime
) -> list[int]:
    """Store runs seen for the first time; returns their ids in order."""
    if not writes:
        return []
    rows = [
        _values(write, read_at, now)
        | {
            "orchestrator_id": orchestrator_id,
            "pipeline_id": write.pipeline_id,
            "external_id": write.observed.external_id,
            "sort_at": _sort_at(write.observed, now),
            "observed_at": now,
            "revision": 1,
        }
        for write in writes
    ]
    # One statement for all rows and one to learn their ids is far cheaper than RETURNING in order, row by row.
    await session.execute(session.upsert(runs), rows)
    wanted = [write.observed.external_id for write in writes]
    statement = select(runs.c.id, runs.c.pipeline_id, runs.c.external_id).where(
        runs.c.orchestrator_id == orchestrator_id, runs.c.external_id.in_(wanted)
    )
    ids = {(row.pipeline_id, row.external_id): row.id for row in await session.all(statement)}
    return [ids[write.pipeline_id, write.observed.external_id] for write in writes]


async def replace(session: WriteSession, writes: Sequence[RunWrite], read_at: datetime, now: datetime) -> None:
    """Store changed runs. The guard on ``revision`` leaves alone what another writer has changed in between."""
    rows = [
        _values(write, read_at, now)
        | {
            "observed_at": now if write.verdict.reason.enters_history else write.stored.observed_at,
            "stored_id": write.stored.id,
            "stored_revision": write.stored.revision,
            "revision": write.stored.revision + 1,
        }
        for write in writes
        if write.stored is not None
    ]
    if not rows:
        return
    names = [name for name in rows[0] if not name.startswith("stored_")]
    statement = (
        update(runs)
        .where(runs.c.id == bindparam("stored_id"), runs.c.revision == bindparam("stored_revision"))
        .values({name: bindparam(name) for name in names})
    )
    await session.execute(statement, rows)


async def append_history(session: WriteSession, writes: Sequence[tuple[int, RunWrite]], now: datetime) -> None:
    """Add a line for each run whose state has changed."""
    rows = [
        {
            "run_id": run_id,
            "attempt": write.verdict.attempt,
            "state": write.observed.state,
            "native_state": write.observed.native_state,
            "observed_at": now,
        }
        for run_id, write in writes
        if write.verdict.reason.enters_history
    ]
    if rows:
        await session.execute(session.upsert(run_states), rows)


async def advance_latest(session: WriteSession, writes: Sequence[tuple[int, RunWrite]], now: datetime) -> None:
    """Let each pipeline point to its latest run and that run's state."""
    latest: dict[int, tuple[datetime, int, str]] = {}
    for run_id, write in writes:
        sort_at = write.stored.sort_at if write.stored else _sort_at(write.observed, now)
        candidate = (sort_at, run_id, str(write.observed.state))
        latest[write.pipeline_id] = max(latest.get(write.pipeline_id, candidate), candidate)
    rows: list[dict[str, Any]] = [
        {"here": pipeline_id, "run": run_id, "state": state, "at": sort_at}
        for pipeline_id, (sort_at, run_id, state) in latest.items()
    ]
    at = bindparam("at", type_=pipelines.c.latest_sort_at.type)
    is_later = or_(
        pipelines.c.latest_sort_at.is_(None),
        pipelines.c.latest_sort_at < at,
        # Queued at the same instant: the higher id is the later one, as in lists. Or it is the same run.
        and_(pipelines.c.latest_sort_at == at, pipelines.c.latest_run_id <= bindparam("run")),
        pipelines.c.latest_run_id == bindparam("run"),
    )
    statement = (
        update(pipelines)
        .where(pipelines.c.id == bindparam("here"), is_later)
        .values(latest_run_id=bindparam("run"), latest_state=bindparam("state"), latest_sort_at=at)
    )
    if rows:
        await session.execute(statement, rows)
        session.changed(Subject.PIPELINE, *(row["here"] for row in rows))


async def tasks_due(session: ReadSession, orchestrator_id: int, now: datetime, limit: int) -> Sequence[Run]:
    """Runs whose task runs are to be read, the newest first: people look at those."""
    statement = (
        select(runs)
        .where(runs.c.orchestrator_id == orchestrator_id, runs.c.tasks_due_at <= now)
        .order_by(runs.c.sort_at.desc())
        .limit(limit)
    )
    return [record(row) for row in await session.all(statement)]


async def set_tasks_due(session: WriteSession, run: Run, at: datetime | None) -> None:
    """Task runs have been read; read them again at ``at``. No effect where the run has changed since."""
    statement = update(runs).where(runs.c.id == run.id, runs.c.revision == run.revision).values(tasks_due_at=at)
    await session.execute(statement)


async def set_trigger(session: WriteSession, run_id: int, trigger: RunTrigger) -> None:
    """Note what has started a run; who has read it before must read it again."""
    is_other = (runs.c.id == run_id, runs.c.trigger != trigger)
    await session.execute(update(runs).where(*is_other).values(trigger=trigger, revision=runs.c.revision + 1))
    session.changed(Subject.RUN, run_id)


def _sort_at(observed: ObservedRun, now: datetime) -> datetime:
    first = observed.queued_at or observed.started_at or observed.ended_at or now
    return min(first, now + timedelta(minutes=1))


def _values(write: RunWrite, read_at: datetime, now: datetime) -> dict[str, Any]:
    observed = write.observed
    return {
        "state": observed.state,
        "native_state": observed.native_state,
        "trigger": trigger_of(write.stored, observed),
        "logical_at": observed.logical_at,
        "partition": observed.partition,
        "queued_at": observed.queued_at,
        "started_at": observed.started_at,
        "ended_at": observed.ended_at,
        "parameters": dict(observed.parameters),
        "attempt": write.verdict.attempt,
        "url": observed.url,
        "parent_external_id": observed.parent_external_id,
        "read_at": read_at,
        "tasks_due_at": now,
    }
