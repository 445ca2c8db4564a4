"""What has happened and dependencies have still to look at; one replica takes each, with what comes of it."""

from collections.abc import Collection, Mapping

from sqlalchemy import Table, delete, exists, select
from sqlalchemy.sql.dml import ReturningDelete

from gateway.store.changes import Subject
from gateway.store.coordination_tables import dependencies, ended_runs, written_datasets
from gateway.store.database import ReadSession, WriteSession


async def are_wanted(session: ReadSession) -> bool:
    """Whether there is anybody to look at them."""
    return bool(await session.scalar(select(exists().where(dependencies.c.id.is_not(None)))))


async def append_ended(session: WriteSession, run_ids: Collection[int]) -> None:
    """These runs have ended, have ended once more, or a task of them has ended."""
    if run_ids and await are_wanted(session):
        await session.execute(session.upsert(ended_runs), [{"run_id": run_id} for run_id in run_ids])


async def append_written(session: WriteSession, writes: Mapping[int, int]) -> None:
    """Datasets, by the id of a name, were written at these times, in microseconds since 1970."""
    if writes and await are_wanted(session):
        rows = [{"name_id": name_id, "at": at} for name_id, at in writes.items()]
        await session.execute(session.upsert(written_datasets), rows)
        session.changed(Subject.WRITTEN_DATASET, *writes)


async def take_ended(session: WriteSession, most: int) -> list[int]:
    """Ended runs that nobody else is looking at, for as long as this unit of work lasts; they are gone with its end."""
    rows = await session.execute(_taken(ended_runs, most))
    return list(dict.fromkeys(row.run_id for row in rows))


async def take_written(session: WriteSession, most: int) -> list[tuple[int, int]]:
    """(id of a name, when) of writes, as ``take_ended``."""
    return [(row.name_id, row.at) for row in await session.execute(_taken(written_datasets, most))]


def _taken(table: Table, most: int) -> ReturningDelete[tuple[object, ...]]:
    free = select(table.c.id).order_by(table.c.id).limit(most).with_for_update(skip_locked=True)
    return delete(table).where(table.c.id.in_(free)).returning(*table.columns)
