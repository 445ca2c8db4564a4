"""When datasets were written, as lineage tells it: by runs that are complete, under any of a dataset's names."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from gateway.store.columns import EPOCH, MICROSECOND
from gateway.store.database import ReadSession
from gateway.store.lineage_tables import lineage_names, lineage_runs, lineage_versions


async def latest(session: ReadSession, namespace: str, name: str) -> datetime | None:
    """The last time; None where it was never written, or is not known."""
    statement = select(func.max(lineage_names.c.written_at)).where(
        lineage_names.c.dataset_id.in_(_dataset(namespace, name))
    )
    return _instant(await session.scalar(statement))


async def first_between(
    session: ReadSession, namespace: str, name: str, start: datetime, end: datetime
) -> datetime | None:
    """The first time within a stretch of time."""
    statement = (
        select(func.min(lineage_runs.c.completed_at))
        .join(lineage_versions, lineage_versions.c.run_id == lineage_runs.c.id)
        .join(lineage_names, lineage_names.c.id == lineage_versions.c.name_id)
        .where(
            lineage_names.c.dataset_id.in_(_dataset(namespace, name)),
            lineage_runs.c.completed_at >= (start - EPOCH) // MICROSECOND,
            lineage_runs.c.completed_at < (end - EPOCH) // MICROSECOND,
        )
    )
    return _instant(await session.scalar(statement))


async def since(session: ReadSession, namespace: str, name: str, start: datetime) -> list[datetime]:
    """Every time since then."""
    statement = (
        select(lineage_runs.c.completed_at)
        .join(lineage_versions, lineage_versions.c.run_id == lineage_runs.c.id)
        .join(lineage_names, lineage_names.c.id == lineage_versions.c.name_id)
        .where(
            lineage_names.c.dataset_id.in_(_dataset(namespace, name)),
            lineage_runs.c.completed_at >= (start - EPOCH) // MICROSECOND,
        )
    )
    return [EPOCH + row.completed_at * MICROSECOND for row in await session.all(statement)]


async def all_names(session: ReadSession, name_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """(namespace, name) of every name of the datasets that some names mean, by those names' ids."""
    given = lineage_names.alias("given")
    statement = (
        select(given.c.id, lineage_names.c.namespace, lineage_names.c.name)
        .join(lineage_names, lineage_names.c.dataset_id == given.c.dataset_id)
        .where(given.c.id.in_(list(name_ids)))
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for row in await session.all(statement):
        found.setdefault(row.id, []).append((row.namespace, row.name))
    return found


def _dataset(namespace: str, name: str) -> Select[tuple[Any]]:
    return select(lineage_names.c.dataset_id).where(
        lineage_names.c.namespace == namespace, lineage_names.c.name == name
    )


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else EPOCH + microseconds * MICROSECOND
