"""Removes what has become old, some rows at a time. The current graph stays whole."""

from datetime import datetime

from sqlalchemy import Select, Table, delete, exists, select

from gateway.store.database import WriteSession
from gateway.store.lineage_tables import (
    lineage_edges,
    lineage_events,
    lineage_jobs,
    lineage_names,
    lineage_runs,
    lineage_versions,
)


async def remove_events(session: WriteSession, received_before: datetime, taken_up_to: int, most: int) -> int:
    """Events that were taken up and are old; returns how many."""
    old = (
        select(lineage_events.c.id)
        .where(lineage_events.c.id <= taken_up_to, lineage_events.c.received_at < received_before)
        .order_by(lineage_events.c.id)
        .limit(most)
    )
    return await _remove(session, lineage_events, old)


async def remove_runs(session: WriteSession, last_heard_before: int, most: int) -> int:
    """Runs that are old, with the versions they made, but no job's latest and none whose edges count now."""
    counts = exists().where(
        (lineage_jobs.c.version_run_id == lineage_runs.c.id) | (lineage_jobs.c.latest_run_id == lineage_runs.c.id),
        lineage_jobs.c.id == lineage_runs.c.job_id,
    )
    old = (
        select(lineage_runs.c.id)
        .where(lineage_runs.c.last_at < last_heard_before, ~counts)
        .order_by(lineage_runs.c.last_at)
        .limit(most)
    )
    gone = [row.id for row in await session.all(old)]
    if gone:
        await session.execute(delete(lineage_versions).where(lineage_versions.c.run_id.in_(gone)))
        await session.execute(delete(lineage_runs).where(lineage_runs.c.id.in_(gone)))
    return len(gone)


async def remove_edges(session: WriteSession, after: int, most: int) -> tuple[int, int | None]:
    """Of the next sets of edges, those that nothing has any more; returns how many, and where to go on."""
    looked_at = select(lineage_edges.c.id).where(lineage_edges.c.id > after).order_by(lineage_edges.c.id).limit(most)
    ids = [row.id for row in await session.all(looked_at)]
    if not ids:
        return 0, None
    used = [
        exists().where(lineage_runs.c.edges_id == lineage_edges.c.id),
        exists().where(lineage_jobs.c.edges_id == lineage_edges.c.id),
        exists().where(lineage_names.c.declared_edges_id == lineage_edges.c.id),
    ]
    unused = select(lineage_edges.c.id).where(lineage_edges.c.id.in_(ids), *(~use for use in used))
    return await _remove(session, lineage_edges, unused), ids[-1]


async def _remove(session: WriteSession, table: Table, chosen: Select[tuple[int]]) -> int:
    return (await session.execute(delete(table).where(table.c.id.in_(chosen)))).rowcount
