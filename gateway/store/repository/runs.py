"""Runs: reading them page by page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, true, tuple_

from gateway.domain.filters import RunFilter, RunPosition
from gateway.domain.records import Run, RunStateChange
from gateway.domain.states import RunState, RunTrigger
from gateway.store.database import ReadSession
from gateway.store.repository.run_filters import Order, filtered, read
from gateway.store.tables import pipelines, run_states, runs


async def by_ids(session: ReadSession, ids: Iterable[int]) -> dict[int, Run]:
    """Runs by id."""
    rows = await session.all(select(runs).where(runs.c.id.in_(list(ids))))
    return {row.id: record(row) for row in rows}


async def by_external_ids(session: ReadSession, ids: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Run]:
    """Runs by (orchestrator id, external id); where pipelines share an external id, the newest."""
    wanted = tuple_(runs.c.orchestrator_id, runs.c.external_id).in_(list(ids))
    rows = await session.all(select(runs).where(wanted).order_by(runs.c.sort_at, runs.c.id))
    return {(row.orchestrator_id, row.external_id): record(row) for row in rows}


async def page(
    session: ReadSession, wanted: RunFilter, after: RunPosition | None, limit: int, *, newest_first: bool = True
) -> Sequence[Run]:
    """Up to ``limit`` runs after a position, in the order of ``sort_at``."""
    position = tuple_(runs.c.sort_at, runs.c.id)
    behind: list[ColumnElement[bool]] = []
    if after is not None:
        here = (after.sort_at, after.id)
        behind.append(position < here if newest_first else position > here)
    order = Order(runs.c.sort_at, is_descending=newest_first)
    return [record(row) for row in await read(session, wanted, order, behind, limit)]


async def count(session: ReadSession, wanted: RunFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(runs)
    if wanted.states and (wanted.started_after or wanted.started_before):
        # The states are disguised: SQLite would else look up every run that is in one, however old.
        statement = statement.where(runs.c.state.concat("").in_(wanted.states))
        wanted = replace(wanted, states=())
    return await session.scalar(filtered(statement, wanted, session.dialect))


async def matching(session: ReadSession, wanted: RunFilter, ids: Iterable[int]) -> Sequence[Run]:
    """Those of ``ids`` that a filter lets through, in the order they were changed."""
    statement = (
        filtered(select(runs), wanted, session.dialect)
        .where(runs.c.id.in_(list(ids)))
        .order_by(runs.c.observed_at, runs.c.id)
    )
    return [record(row) for row in await session.all(statement)]


async def recent_of_pipelines(
    session: ReadSession, pipeline_ids: Iterable[int], wanted: RunFilter, limit: int
) -> dict[int, Sequence[Run]]:
    """Up to ``limit`` of the newest runs of each pipeline, in one statement that reads no more than it returns."""
    here = pipelines.c.id.in_(list(pipeline_ids))
    each = filtered(select(runs.c.id), wanted, session.dialect).where(runs.c.pipeline_id == pipelines.c.id)
    newest = each.order_by(runs.c.sort_at.desc(), runs.c.id.desc()).limit(limit).correlate(pipelines)
    outer = runs.alias()
    if session.dialect == "sqlite":  # which knows no LATERAL, but evaluates a correlated IN row by row
        source = pipelines.join(outer, outer.c.id.in_(newest.scalar_subquery()))
    else:
        picked = newest.lateral()
        source = pipelines.join(picked, true()).join(outer, outer.c.id == picked.c.id)
    statement = select(outer).select_from(source).where(here)
    found: dict[int, list[Run]] = defaultdict(list)
    for row in await session.all(statement.order_by(outer.c.sort_at.desc(), outer.c.id.desc())):
        found[row.pipeline_id].append(record(row))
    return dict(found)


async def histories(session: ReadSession, run_ids: Iterable[int]) -> dict[int, Sequence[RunStateChange]]:
    """Every state that runs have been seen in, oldest first, by run."""
    statement = select(run_states).where(run_states.c.run_id.in_(list(run_ids))).order_by(run_states.c.id)
    found: dict[int, list[RunStateChange]] = defaultdict(list)
    for row in await session.all(statement):
        change = RunStateChange(row.attempt, RunState(row.state), row.native_state, row.observed_at)
        found[row.run_id].append(change)
    return dict(found)


async def history(session: ReadSession, run_id: int) -> Sequence[RunStateChange]:
    """Every state the run has been seen in, oldest first."""
    statement = select(run_states).where(run_states.c.run_id == run_id).order_by(run_states.c.id)
    return [
        RunStateChange(row.attempt, RunState(row.state), row.native_state, row.observed_at)
        for row in await session.all(statement)
    ]


def record(row: Row[Any]) -> Run:
    """A row of the table as a record."""
    return Run(
        id=row.id,
        orchestrator_id=row.orchestrator_id,
        pipeline_id=row.pipeline_id,
        external_id=row.external_id,
        state=RunState(row.state),
        native_state=row.native_state,
        trigger=RunTrigger(row.trigger),
        logical_at=row.logical_at,
        partition=row.partition,
        queued_at=row.queued_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        parameters=row.parameters,
        attempt=row.attempt,
        url=row.url,
        parent_external_id=row.parent_external_id,
        sort_at=row.sort_at,
        observed_at=row.observed_at,
        read_at=row.read_at,
        revision=row.revision,
    )
