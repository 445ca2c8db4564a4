"""Attempts of tasks within runs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select

from gateway.domain.observation import ObservedTaskRun
from gateway.domain.records import TaskRun
from gateway.domain.states import TaskRunState
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.repository import arrivals
from gateway.store.tables import task_runs

UNMAPPED = -1
_REPORTED = ("state", "native_state", "started_at", "ended_at", "url", "external_id")


async def of_runs(session: ReadSession, run_ids: Iterable[int]) -> dict[int, Sequence[TaskRun]]:
    """Every attempt by run, in the order they started; those not started come last."""
    found: dict[int, list[TaskRun]] = defaultdict(list)
    statement = (
        select(task_runs)
        .where(task_runs.c.run_id.in_(list(run_ids)))
        .order_by(task_runs.c.started_at.is_(None), task_runs.c.started_at, task_runs.c.task, task_runs.c.map_index)
    )
    for row in await session.all(statement):
        found[row.run_id].append(_record(row))
    return dict(found)


async def save(session: WriteSession, run_id: int, observed: Sequence[ObservedTaskRun], now: datetime) -> bool:
    """Store a run's task runs; earlier attempts stay. Tells whether anything was new or different."""
    stored = {_key(old): old for old in (await of_runs(session, [run_id])).get(run_id, [])}
    different = [new for new in observed if not _is_same(stored.get(_key(new)), new)]
    if not different:
        return False
    if turned_out_mapped := _turned_out_mapped(stored.values(), observed):
        await session.execute(delete(task_runs).where(task_runs.c.id.in_(turned_out_mapped)))
    insert = session.upsert(task_runs)
    replaced = {name: insert.excluded[name] for name in (*_REPORTED, "observed_at")}
    statement = insert.on_conflict_do_update(index_elements=["run_id", "task", "map_index", "attempt"], set_=replaced)
    await session.execute(statement, [_values(run_id, new, now) for new in different])
    if any(new.state.is_terminal for new in different):
        await arrivals.append_ended(session, [run_id])
    session.changed(Subject.RUN, run_id)
    return True


def _turned_out_mapped(stored: Iterable[TaskRun], observed: Sequence[ObservedTaskRun]) -> list[int]:
    """Rows without an index of tasks that have only indexed ones by now: seen before their second instance."""
    mapped = {new.task for new in observed if new.map_index is not None}
    mapped -= {new.task for new in observed if new.map_index is None}
    return [old.id for old in stored if old.map_index is None and old.task in mapped]


def _key(task_run: TaskRun | ObservedTaskRun) -> tuple[str, int | None, int]:
    return task_run.task, task_run.map_index, task_run.attempt


def _is_same(stored: TaskRun | None, observed: ObservedTaskRun) -> bool:
    return stored is not None and all(getattr(stored, name) == getattr(observed, name) for name in _REPORTED)


def _values(run_id: int, observed: ObservedTaskRun, now: datetime) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "task": observed.task,
        "map_index": UNMAPPED if observed.map_index is None else observed.map_index,
        "attempt": observed.attempt,
        "observed_at": now,
        **{name: getattr(observed, name) for name in _REPORTED},
    }


def _record(row: Row[Any]) -> TaskRun:
    return TaskRun(
        id=row.id,
        run_id=row.run_id,
        task=row.task,
        map_index=None if row.map_index == UNMAPPED else row.map_index,
        attempt=row.attempt,
        state=TaskRunState(row.state),
        native_state=row.native_state,
        started_at=row.started_at,
        ended_at=row.ended_at,
        url=row.url,
        external_id=row.external_id,
    )
