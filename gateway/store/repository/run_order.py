"""Runs in the order of how long they took.

Those that have no duration come last, whichever way round, and the newest of them first. A page goes on behind a
duration and an id, so it neither repeats nor misses a run that has stayed as it was.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, literal, tuple_

from gateway.domain.filters import RunFilter, RunPosition
from gateway.domain.records import Run
from gateway.domain.states import RunState
from gateway.store.database import ReadSession
from gateway.store.dialect import as_elapsed, elapsed
from gateway.store.repository.run_filters import Order, read
from gateway.store.repository.runs import record
from gateway.store.tables import runs


async def by_duration(
    session: ReadSession, wanted: RunFilter, after: RunPosition | None, limit: int, *, longest_first: bool
) -> Sequence[Run]:
    """Up to ``limit`` runs after a position, in the order of their durations."""
    found: list[Run] = []
    if after is None or after.duration is not None:
        found = await _ended(session, wanted, after, limit, longest_first=longest_first)
        after = None
    if len(found) < limit:
        found += await _unended(session, wanted, after, limit - len(found))
    return found


async def _ended(
    session: ReadSession, wanted: RunFilter, after: RunPosition | None, limit: int, *, longest_first: bool
) -> list[Run]:
    length = elapsed(session.dialect, runs.c.ended_at, runs.c.started_at)
    behind = [length.is_not(None)]
    if after is not None and after.duration is not None:
        here = as_elapsed(session.dialect, after.duration)
        behind += _behind(length, here, after.id, longest_first=longest_first)
    is_indexed = session.dialect != "sqlite" or not _is_narrow(wanted)
    order = Order(length, is_descending=longest_first, is_indexed=is_indexed)
    return [record(row) for row in await read(session, wanted, order, behind, limit)]


def _behind(
    length: ColumnElement[Any], here: ColumnElement[Any], identity: int, *, longest_first: bool
) -> list[ColumnElement[bool]]:
    """The first condition says nothing that the second does not, but SQLite reaches into the index by it alone."""
    place, there = tuple_(length, runs.c.id), tuple_(here, literal(identity))
    if longest_first:
        return [length <= here, place < there]
    return [length >= here, place > there]


def _is_narrow(wanted: RunFilter) -> bool:
    """Whether so few may be let through that SQLite, along the index, would look up all others too."""
    return replace(wanted, states=(), search=None) != RunFilter() or (
        bool(wanted.states) and RunState.SUCCESS not in wanted.states
    )


async def _unended(session: ReadSession, wanted: RunFilter, after: RunPosition | None, limit: int) -> list[Run]:
    behind: list[ColumnElement[bool]] = [elapsed(session.dialect, runs.c.ended_at, runs.c.started_at).is_(None)]
    if after is not None:
        behind.append(tuple_(runs.c.sort_at, runs.c.id) < (after.sort_at, after.id))
    order = Order(runs.c.sort_at, is_descending=True)
    return [record(row) for row in await read(session, wanted, order, behind, limit)]
