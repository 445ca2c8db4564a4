"""Which runs a filter lets through, and how they are reached where there are a million of them."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, or_, select, type_coerce, union_all

from gateway.domain.filters import RunFilter
from gateway.store.database import ReadSession
from gateway.store.dialect import is_among
from gateway.store.repository.orchestrators import is_one_of
from gateway.store.tables import pipelines, runs

#: With more matches than that among the newest runs, one soon comes to enough of them by going along an index.
MANY_RUNS = 500
#: So it is where a text names more than this share of all pipelines.
MANY_PIPELINES = 0.02


def filtered(statement: Select[Any], wanted: RunFilter, dialect: str) -> Select[Any]:
    """Only the runs that a filter lets through."""
    return statement.where(*_narrowed(wanted), *_found(wanted.search, dialect))


async def reached(session: ReadSession, statement: Select[Any], wanted: RunFilter) -> tuple[Select[Any], bool]:
    """The same, and whether there are so few that they are better sorted than read along an index of the order.

    SQLite would look up nearly every run by its place in the order, only to leave it out: seconds, for a text that few
    or no runs hold. Here those few are gathered first: the run ids that hold it, from an index that has no more than
    these, and the runs of pipelines it names.
    """
    if session.dialect != "sqlite" or not wanted.search:
        return filtered(statement, wanted, session.dialect), False
    if await _names_many(session, wanted.search):
        return filtered(statement, wanted, session.dialect), False
    holding = select(runs.c.id).where(has_id(wanted.search, session.dialect)).limit(MANY_RUNS)
    found = [row.id for row in await session.all(holding)]
    if len(found) == MANY_RUNS:
        return filtered(statement, wanted, session.dialect), False
    of_named = select(runs.c.id).where(runs.c.pipeline_id.in_(named(wanted.search)))
    by_id = select(runs.c.id).where(is_among(session.dialect, runs.c.id, found))
    return statement.where(*_narrowed(wanted), runs.c.id.in_(union_all(by_id, of_named))), True


def unindexed(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same order, for which SQLite uses no index."""
    return type_coerce(value, BigInteger) + 0


def named(text: str) -> Select[tuple[int]]:
    """Pipelines by a part of their key or name."""
    return select(pipelines.c.id).where(pipelines.c.search.contains(text.lower(), autoescape=True))


def has_id(text: str, dialect: str) -> ColumnElement[bool]:
    """SQLite's LIKE makes no difference between cases; told to lower them itself, it takes twice as long."""
    if dialect == "sqlite":
        return runs.c.external_id.contains(text, autoescape=True)
    return func.lower(runs.c.external_id).contains(text.lower(), autoescape=True)


async def _names_many(session: ReadSession, text: str) -> bool:
    of_all = await session.scalar(select(func.count()).select_from(pipelines))
    return await session.scalar(select(func.count()).select_from(named(text).subquery())) > MANY_PIPELINES * of_all


def _found(text: str | None, dialect: str) -> list[ColumnElement[bool]]:
    return [or_(has_id(text, dialect), runs.c.pipeline_id.in_(named(text)))] if text else []


def _narrowed(wanted: RunFilter) -> list[ColumnElement[bool]]:
    """All but the text."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.orchestrators:
        conditions.append(is_one_of(runs.c.orchestrator_id, wanted.orchestrators))
    if wanted.pipelines:
        conditions.append(runs.c.pipeline_id.in_(wanted.pipelines))
    if wanted.states:
        conditions.append(runs.c.state.in_(wanted.states))
    if wanted.triggers:
        conditions.append(runs.c.trigger.in_(wanted.triggers))
    if wanted.started_after is not None:
        conditions.append(runs.c.started_at >= wanted.started_after)
    if wanted.started_before is not None:
        conditions.append(runs.c.started_at < wanted.started_before)
    if wanted.logical_at is not None:
        conditions.append(runs.c.logical_at == wanted.logical_at)
    return conditions
