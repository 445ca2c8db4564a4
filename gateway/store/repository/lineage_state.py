"""What lineage events add up to, row by row. What the rows mean is said in ``lineage``."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Row, Table, and_, case, delete, func, or_, select, tuple_, update

from gateway.store.database import ReadSession, WriteSession
from gateway.store.dialect import UpsertStatement, insert_for, is_among
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


@dataclass(frozen=True, slots=True)
class FoundNames:
    """What a search has found."""

    #: (id, name)
    jobs: Sequence[tuple[int, str]]
    #: dataset -> the name that matches best
    datasets: Mapping[int, str]


async def jobs(session: ReadSession, ids: Collection[int]) -> Rows:
    """Jobs by id."""
    return await _by_id(session, lineage_jobs, ids)


async def runs(session: ReadSession, ids: Collection[int]) -> Rows:
    """Runs by id."""
    return await _by_id(session, lineage_runs, ids)


async def ended_runs(session: ReadSession, job_ids: Collection[int], most: int) -> Sequence[Row[Any]]:
    """The last runs of each job that have ended, at most so many of each."""
    place = func.row_number().over(partition_by=lineage_runs.c.job_id, order_by=lineage_runs.c.last_at.desc())
    ended = is_among(session.dialect, lineage_runs.c.job_id, job_ids), lineage_runs.c.ended_at.is_not(None)
    ranked = select(lineage_runs.c.id, place.label("place")).where(*ended).subquery()
    wanted = select(ranked.c.id).where(ranked.c.place <= most)
    return await session.all(select(lineage_runs).where(lineage_runs.c.id.in_(wanted))) if job_ids else ()


async def names(session: ReadSession, ids: Collection[int]) -> Rows:
    """Names of datasets by id."""
    return await _by_id(session, lineage_names, ids)


async def names_after(session: ReadSession, position: int, most: int) -> Sequence[Row[Any]]:
    """The next names, in the order of their ids."""
    wanted = select(lineage_names).where(lineage_names.c.id > position).order_by(lineage_names.c.id).limit(most)
    return await session.all(wanted)


async def run_states(session: ReadSession, ids: Collection[int]) -> dict[int, str]:
    """States of runs by id."""
    wanted = is_among(session.dialect, lineage_runs.c.id, ids)
    rows = await session.all(select(lineage_runs.c.id, lineage_runs.c.state).where(wanted))
    return {row.id: row.state for row in rows}


async def names_of_datasets(session: ReadSession, datasets: Collection[int]) -> Sequence[Row[Any]]:
    """Every name of some datasets, in the order of their ids."""
    wanted = is_among(session.dialect, lineage_names.c.dataset_id, datasets)
    return await session.all(select(lineage_names).where(wanted).order_by(lineage_names.c.id))


async def merged_datasets(session: ReadSession, after: int, most: int) -> Sequence[int]:
    """The next datasets that have several names, in the order of their ids."""
    dataset = lineage_names.c.dataset_id
    wanted = select(dataset).where(dataset > after).group_by(dataset).having(func.count() > 1).order_by(dataset)
    return [row.dataset_id for row in await session.all(wanted.limit(most))]


async def search(session: ReadSession, text: str, limit: int) -> FoundNames:
    """Jobs and datasets whose name holds ``text``, whatever its case: equal ones first, then where it comes early."""
    place_of = func.instr if session.dialect == "sqlite" else func.strpos
    low = text.lower()
    matching: list[Sequence[Row[Any]]] = []
    for table, node in ((lineage_jobs, lineage_jobs.c.id), (lineage_names, lineage_names.c.dataset_id)):
        name = func.lower(table.c.name)
        matching.append(
            await session.all(
                select(node.label("node"), table.c.name)
                .where(name.contains(low, autoescape=True))
                .order_by(name != low, place_of(name, low), func.length(name), name)
                .limit(limit)
            )
        )
    jobs_found, names_found = matching
    return FoundNames(
        [(row.node, row.name) for row in jobs_found], {row.node: row.name for row in reversed(names_found)}
    )


async def edges_at(session: ReadSession, at: int) -> Sequence[tuple[int, int]]:
    """(job, edges) as they counted at a time, in microseconds since 1970: those of the last run complete then.

    Emitters' runs count before derived ones; where none was complete, those of the run that was last heard of count.
    Runs that are no longer kept are not known.
    """
    was_complete = or_(
        lineage_runs.c.completed_at <= at,
        and_(lineage_runs.c.completed_at.is_(None), lineage_runs.c.version_rank > 1),
    )
    order = (
        case((was_complete, lineage_runs.c.version_rank), else_=1).desc(),
        func.coalesce(lineage_runs.c.completed_at, lineage_runs.c.first_at).desc(),
        lineage_runs.c.id.desc(),
    )
    ranked = (
        select(
            lineage_runs.c.job_id,
            lineage_runs.c.edges_id,
            func.row_number().over(partition_by=lineage_runs.c.job_id, order_by=order).label("place"),
        )
        .where(lineage_runs.c.version_rank > 0, lineage_runs.c.first_at <= at)
        .subquery()
    )
    rows = await session.all(select(ranked.c.job_id, ranked.c.edges_id).where(ranked.c.place == 1))
    return [(row.job_id, row.edges_id) for row in rows]


async def versions(session: ReadSession, dataset: int, before: tuple[int, int] | None, most: int) -> Sequence[Row[Any]]:
    """Versions of a dataset under all its names, newest first."""
    mine = select(lineage_names.c.id).where(lineage_names.c.dataset_id == dataset)
    place = tuple_(lineage_versions.c.created_at, lineage_versions.c.id)
    statement = (
        select(lineage_versions)
        .where(lineage_versions.c.name_id.in_(mine))
        .order_by(lineage_versions.c.created_at.desc(), lineage_versions.c.id.desc())
        .limit(most)
    )
    if before is not None:
        statement = statement.where(place < before)
    return await session.all(statement)


async def count_versions(session: ReadSession, dataset: int) -> int:
    """How many versions of a dataset there are."""
    mine = select(lineage_names.c.id).where(lineage_names.c.dataset_id == dataset)
    return await session.scalar(
        select(func.count()).select_from(lineage_versions).where(lineage_versions.c.name_id.in_(mine))
    )


async def every_job(session: ReadSession, portion: int) -> AsyncIterator[Sequence[Row[Any]]]:
    """All jobs without their facets, some at a time."""
    async for rows in _every(session, lineage_jobs, "facets", portion):
        yield rows


async def every_name(session: ReadSession, portion: int) -> AsyncIterator[Sequence[Row[Any]]]:
    """All names without their documents, some at a time."""
    async for rows in _every(session, lineage_names, "document", portion):
        yield rows


async def every_declared(session: ReadSession, portion: int) -> AsyncIterator[Sequence[Row[Any]]]:
    """All names of datasets of which it is declared what they are made from, some at a time."""
    after = -1
    wanted = select(lineage_names).where(lineage_names.c.declared_edges_id.is_not(None))
    in_order = wanted.order_by(lineage_names.c.id).limit(portion)
    while rows := await session.all(in_order.where(lineage_names.c.id > after)):
        yield rows
        after = rows[-1].id


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
    begins = is_among(session.dialect, lineage_links.c.name_id, ids)
    ends = is_among(session.dialect, lineage_links.c.other_id, ids)
    rows = await session.all(select(lineage_links).where(or_(begins, ends)))
    return [(row.name_id, row.other_id, row.reason) for row in rows]


async def replace_links(session: WriteSession, of: Collection[int], links: Collection[tuple[int, int, str]]) -> None:
    """Let these be all the links that begin at the names ``of``."""
    await session.execute(delete(lineage_links).where(is_among(session.dialect, lineage_links.c.name_id, of)))
    if links:
        rows = [{"name_id": name, "other_id": other, "reason": reason} for name, other, reason in sorted(links)]
        await session.execute(session.upsert(lineage_links).on_conflict_do_nothing(), rows)


async def set_dataset(session: WriteSession, dataset_id: int, names_of_it: Collection[int]) -> None:
    """Let one name stand for others."""
    wanted = is_among(session.dialect, lineage_names.c.id, names_of_it)
    await session.execute(update(lineage_names).where(wanted).values(dataset_id=dataset_id))


async def _every(session: ReadSession, table: Table, but: str, portion: int) -> AsyncIterator[Sequence[Row[Any]]]:
    """In the order of names: what belongs together is then near each other in memory, and is walked faster."""
    columns = [column for column in table.columns if column.name != but]
    place = tuple_(table.c.namespace, table.c.name)
    statement = select(*columns).order_by(table.c.namespace, table.c.name).limit(portion)
    rows = await session.all(statement)
    while rows:
        yield rows
        last = rows[-1]
        rows = await session.all(statement.where(place > (last.namespace, last.name)))


async def _by_id(session: ReadSession, table: Table, ids: Collection[int]) -> Rows:
    rows = await session.all(select(table).where(is_among(session.dialect, table.c.id, ids))) if ids else ()
    return {row.id: row for row in rows}


async def _replace(session: WriteSession, table: Table, rows: Sequence[Values]) -> None:
    if rows:
        await session.execute(_replacing(session.dialect, table), list(rows))


@cache
def _replacing(dialect: str, table: Table) -> UpsertStatement:
    insert = insert_for(dialect, table)
    replaced = {column.name: insert.excluded[column.name] for column in table.columns if column.name != "id"}
    return insert.on_conflict_do_update(index_elements=["id"], set_=replaced)
