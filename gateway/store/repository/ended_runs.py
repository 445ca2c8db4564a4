"""Runs that have ended and that dependencies have still to look at; one replica takes each, with what comes of it."""

from collections.abc import Collection

from sqlalchemy import delete, exists, select

from gateway.store.coordination_tables import dependencies, ended_runs
from gateway.store.database import ReadSession, WriteSession


async def are_wanted(session: ReadSession) -> bool:
    """Whether there is anybody to look at them."""
    return bool(await session.scalar(select(exists().where(dependencies.c.id.is_not(None)))))


async def append(session: WriteSession, run_ids: Collection[int]) -> None:
    """These have ended, or have ended once more."""
    if run_ids and await are_wanted(session):
        await session.execute(session.upsert(ended_runs), [{"run_id": run_id} for run_id in run_ids])


async def take(session: WriteSession, most: int) -> list[int]:
    """Runs that nobody else is looking at, for as long as this unit of work lasts; they are gone with its end."""
    free = select(ended_runs.c.id).order_by(ended_runs.c.id).limit(most).with_for_update(skip_locked=True)
    statement = delete(ended_runs).where(ended_runs.c.id.in_(free)).returning(ended_runs.c.run_id)
    return list(dict.fromkeys(row.run_id for row in await session.execute(statement)))
