"""Which runs a filter lets through, and how they are reached where there are a million of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    column,
    func,
    or_,
    select,
    table,
    type_coerce,
    union_all,
)

from gateway.domain.filters import RunFilter
from gateway.store.database import ReadSession
from gateway.store.dialect import is_among
from gateway.store.repository.orchestrators import is_one_of
from gateway.store.tables import pipelines, runs

#: So many runs are looked at one by one, in the order of the list, before those that hold a text are gathered from
#: everywhere.
NEAR = 20_000
#: With more matches than that by the runs' own ids, one soon comes to enough of them by going on in the order.
MANY_RUNS = 500
#: SQLite's index of the parts of runs' ids knows none that is shorter.
TRIGRAM = 3
run_ids = table("run_ids", column("rowid", BigInteger), column("external_id", Text))


@dataclass(frozen=True, slots=True)
class Order:
    """What a list of runs is ordered by, and then by id."""

    value: ColumnElement[Any]
    is_descending: bool
    #: Whether SQLite may read along an index of it.
    is_indexed: bool = True

    def terms(self, *, is_indexed: bool = True) -> list[ColumnElement[Any]]:
        """For ORDER BY; without an index, SQLite sorts."""
        value = self.value if is_indexed and self.is_indexed else type_coerce(self.value, BigInteger) + 0
        return [value.desc(), runs.c.id.desc()] if self.is_descending else [value, runs.c.id]


def filtered(statement: Select[Any], wanted: RunFilter, dialect: str) -> Select[Any]:
    """Only the runs that a filter lets through."""
    return statement.where(*_narrowed(wanted), *_found(wanted.search, dialect))


async def read(
    session: ReadSession, wanted: RunFilter, order: Order, behind: Sequence[ColumnElement[bool]], limit: int
) -> Sequence[Row[Any]]:
    """Up to ``limit`` rows that a filter lets through, and that lie behind a place in an order."""
    if wanted.search:
        return await _searched(session, wanted, wanted.search, order, behind, limit)
    statement = filtered(select(runs), wanted, session.dialect).where(*behind)
    return await session.all(statement.order_by(*order.terms()).limit(limit))


async def _searched(
    session: ReadSession,
    wanted: RunFilter,
    text: str,
    order: Order,
    behind: Sequence[ColumnElement[bool]],
    limit: int,
) -> Sequence[Row[Any]]:
    """Left to itself, a database would look up every run in the order: seconds, for a text that few or none hold."""
    narrowed = select(runs).where(*_narrowed(wanted), *behind)
    if await session.first(named(text).limit(1)) is not None:
        near = narrowed.add_columns(order.value.label("place")).order_by(*order.terms()).limit(NEAR).subquery()
        held = or_(has_id(near.c.external_id, text, session.dialect), near.c.pipeline_id.in_(named(text)))
        again = (near.c.place.desc(), near.c.id.desc()) if order.is_descending else (near.c.place, near.c.id)
        found = await session.all(select(near).where(held).order_by(*again).limit(limit))
        if len(found) == limit:
            return found
    ids = [row.id for row in await session.all(_holding(text, session.dialect).limit(MANY_RUNS))]
    if len(ids) == MANY_RUNS:
        return await session.all(narrowed.where(*_found(text, session.dialect)).order_by(*order.terms()).limit(limit))
    of_named = select(runs.c.id).where(runs.c.pipeline_id.in_(named(text)))
    by_id = select(runs.c.id).where(is_among(session.dialect, runs.c.id, ids))
    gathered = narrowed.where(runs.c.id.in_(union_all(by_id, of_named)))
    return await session.all(gathered.order_by(*order.terms(is_indexed=session.dialect != "sqlite")).limit(limit))


def named(text: str) -> Select[tuple[int]]:
    """Pipelines by a part of their key or name."""
    return select(pipelines.c.id).where(pipelines.c.search.contains(text.lower(), autoescape=True))


def _holding(text: str, dialect: str) -> Select[tuple[int]]:
    """Runs by a part of their own id, from an index of nothing else."""
    if dialect == "sqlite" and len(text) >= TRIGRAM:
        phrase = '"' + text.replace('"', '""') + '"'
        return select(run_ids.c.rowid.label("id")).where(run_ids.c.external_id.op("MATCH")(phrase))
    return select(runs.c.id).where(has_id(runs.c.external_id, text, dialect))


def has_id(external_id: ColumnElement[str], text: str, dialect: str) -> ColumnElement[bool]:
    """SQLite's LIKE makes no difference between cases; told to lower them itself, it takes twice as long."""
    if dialect == "sqlite":
        return external_id.contains(text, autoescape=True)
    return func.lower(external_id).contains(text.lower(), autoescape=True)


def _found(text: str | None, dialect: str) -> list[ColumnElement[bool]]:
    return [or_(has_id(runs.c.external_id, text, dialect), runs.c.pipeline_id.in_(named(text)))] if text else []


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
