"""Ended runs, as dependencies look for them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from gateway.domain.records import Run
from gateway.domain.states import RunState
from gateway.store.database import ReadSession
from gateway.store.repository.runs import record
from gateway.store.tables import runs


async def between(
    session: ReadSession,
    pipeline_id: int,
    states: Collection[RunState] | None,
    start: datetime,
    end: datetime,
    partitions: Collection[str],
) -> Sequence[Run]:
    """Those in these states (None: in any) whose logical time lies in a stretch of time, or of these partitions.

    A run without a logical time counts by when it was queued.
    """
    of_pipeline = select(runs).where(*_of(pipeline_id, states))
    inside = or_(
        and_(runs.c.logical_at >= start, runs.c.logical_at < end),
        and_(runs.c.logical_at.is_(None), runs.c.sort_at >= start, runs.c.sort_at < end),
        runs.c.partition.in_(list(partitions)),
    )
    return [record(row) for row in await session.all(of_pipeline.where(inside))]


async def ended_since(
    session: ReadSession, pipeline_id: int, states: Collection[RunState], since: datetime
) -> Sequence[Run]:
    """Those that have ended since then."""
    ended = func.coalesce(runs.c.ended_at, runs.c.observed_at)
    statement = select(runs).where(runs.c.pipeline_id == pipeline_id, runs.c.state.in_(list(states)), ended >= since)
    return [record(row) for row in await session.all(statement)]


async def of(
    session: ReadSession,
    pipeline_id: int,
    states: Collection[RunState] | None,
    *,
    run: str | None = None,
    partition: str | None = None,
) -> Sequence[Run]:
    """The run of an id, or those of a partition, the first that ended first."""
    wanted = runs.c.external_id == run if run is not None else runs.c.partition == partition
    ended = func.coalesce(runs.c.ended_at, runs.c.observed_at)
    statement = select(runs).where(*_of(pipeline_id, states), wanted).order_by(ended, runs.c.id)
    return [record(row) for row in await session.all(statement)]


def _of(pipeline_id: int, states: Collection[RunState] | None) -> list[ColumnElement[bool]]:
    of_pipeline = runs.c.pipeline_id == pipeline_id
    return [of_pipeline] if states is None else [of_pipeline, runs.c.state.in_(list(states))]
