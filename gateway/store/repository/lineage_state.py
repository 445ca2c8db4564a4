"""What lineage events add up to, row by row. What the rows mean is said in ``lineage``."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Row, Table, delete, or_, select, update

from gateway.store.database import ReadSession, WriteSession
from gateway.store.lineage_tables import (
    lineage_edges,
    lineage_jobs,
    lineage_links,
    lineage_names,
    lineage_runs,
    lineage_versions,
)

Rows = Mapping[int, Row[Any]]
Values = Mapping[str, Any]
#: Ids in one statement: SQLite takes 32,766 parameters.
_AT_ONCE = 5_000


async def jobs(session: ReadSession, ids: Collection[int]) -> Rows:
    """Jobs by id."""
    return await _by_id(session, lineage_jobs, ids)


async def runs(session: ReadSession, ids: Collection[int]) -> Rows:
    """Runs by id."""
    return await _by_id(session, lineage_runs, ids)


async def names(session: ReadSession, ids: Collection[int]) -> Rows:
    """Names of datasets by id."""
    return await _by_id(session, lineage_names, ids)


async def every_job(session: ReadSession, portion: int) -> AsyncIterator[Sequence[Row[Any]]]:
    """All jobs without their facets, some at a time."""
    columns = [column for column in lineage_jobs.columns if column.name != "facets"]
    async for rows in _every(session, columns, portion):
        yield rows


async def every_name(session: ReadSession, portion: int) -> AsyncIterator[Sequence[Row[Any]]]:
    """All names without their facets, some at a time."""
    columns = [column for column in lineage_names.columns if column.name != "document"]
    async for rows in _every(session, columns, portion):
        yield rows


async def edges(session: ReadSession, ids: Collection[int]) -> Mapping[int, bytes]:
    """Sets of edges by id, as they were saved."""
    return {identity: row.body for identity, row in (await _by_id(session, lineage_edges, ids)).items()}


async def save_jobs(session: WriteSession, rows: Sequence[Values]) -> None:
    """Insert or replace."""
    await _replace(session, lineage_jobs, rows)


async def save_runs(session: WriteSession, rows: Sequence[Values]) -> None:
    """Insert or replace."""
    await _replace(session, lineage_runs, rows)


async def save_names(session: WriteSession, rows: Sequence[Values]) -> None:
    """Insert or replace."""
    await _replace(session, lineage_names, rows)


async def save_versions(session: WriteSession, rows: Sequence[Values]) -> None:
    """Insert or replace."""
    await _replace(session, lineage_versions, rows)


async def save_edges(session: WriteSession, rows: Sequence[Values]) -> None:
    """Insert those that are not there: equal sets have one id."""
    if rows:
        await session.execute(session.upsert(lineage_edges).on_conflict_do_nothing(), list(rows))


async def links_at(session: ReadSession, ids: Collection[int]) -> Sequence[tuple[int, int, str]]:
    """(name, other name, reason) of every link that begins or ends at one of the names."""
    found: list[tuple[int, int, str]] = []
    for some in _portions(ids):
        here = or_(lineage_links.c.name_id.in_(some), lineage_links.c.other_id.in_(some))
        found += [
            (row.name_id, row.other_id, row.reason) for row in await session.all(select(lineage_links).where(here))
        ]
    return found


async def replace_links(session: WriteSession, of: Collection[int], links: Collection[tuple[int, int, str]]) -> None:
    """Let these be all the links that begin at the names ``of``."""
    for some in _portions(of):
        await session.execute(delete(lineage_links).where(lineage_links.c.name_id.in_(some)))
    if links:
        rows = [{"name_id": name, "other_id": other, "reason": reason} for name, other, reason in sorted(links)]
        await session.execute(session.upsert(lineage_links).on_conflict_do_nothing(), rows)


async def set_dataset(session: WriteSession, dataset_id: int, names_of_it: Collection[int]) -> None:
    """Let one name stand for others."""
    for some in _portions(names_of_it):
        await session.execute(update(lineage_names).where(lineage_names.c.id.in_(some)).values(dataset_id=dataset_id))


async def _every(
    session: ReadSession, columns: Sequence[Column[Any]], portion: int
) -> AsyncIterator[Sequence[Row[Any]]]:
    last = -1
    while True:
        identity = columns[0]
        rows = await session.all(select(*columns).where(identity > last).order_by(identity).limit(portion))
        if not rows:
            return
        yield rows
        last = rows[-1].id


async def _by_id(session: ReadSession, table: Table, ids: Collection[int]) -> Rows:
    found: dict[int, Row[Any]] = {}
    for some in _portions(ids):
        rows = await session.all(select(table).where(table.c.id.in_(some)))
        found.update((row.id, row) for row in rows)
    return found


async def _replace(session: WriteSession, table: Table, rows: Sequence[Values]) -> None:
    if not rows:
        return
    insert = session.upsert(table)
    replaced = {column.name: insert.excluded[column.name] for column in table.columns if column.name != "id"}
    await session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=replaced), list(rows))


def _portions(ids: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(ids)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
