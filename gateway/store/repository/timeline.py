"""Runs of a window of time: summed up by pipeline, and as bars for the lanes that are shown."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, FromClause, Select, and_, case, func, literal, or_, select, union_all

from gateway.domain.states import RunState
from gateway.domain.timeline import LOOK_BACK, WORST_FIRST, Bar, Lane, Link, LinkEnd, TimelineFilter
from gateway.store.coordination_tables import dependencies, firing_conditions, firings
from gateway.store.database import ReadSession
from gateway.store.dialect import is_among, stretch
from gateway.store.repository.orchestrators import is_one_of
from gateway.store.tables import orchestrators, pipelines, runs

ACTIVE = (RunState.QUEUED, RunState.RUNNING)
#: Links that are drawn at most, the newest.
MOST_LINKS = 1_000


async def lanes(session: ReadSession, since: datetime, until: datetime, wanted: TimelineFilter) -> list[Lane]:
    """Every pipeline with runs in [since, until) that a filter lets through, in no order."""
    found = _in_window(session.dialect, since, until, wanted)
    state = found.c.state
    # One pass over some tens of thousands of narrow rows; the rest is decided in the domain.
    summed = (
        select(
            found.c.pipeline_id,
            found.c.orchestrator_id,
            func.count().label("runs"),
            func.sum(case((state == RunState.FAILED, 1), else_=0)).label("failed"),
            func.sum(case((state.in_(ACTIVE), 1), else_=0)).label("active"),
            func.max(found.c.sort_at).label("latest_at"),
            func.max(case((state == RunState.FAILED, found.c.sort_at))).label("last_failure_at"),
            func.max(case((state == RunState.SUCCESS, found.c.sort_at))).label("last_success_at"),
        )
        .group_by(found.c.pipeline_id, found.c.orchestrator_id)
        .having(func.sum(case((state.in_(wanted.states or tuple(RunState)), 1), else_=0)) > 0)
        .subquery()
    )
    named = select(summed, orchestrators.c.name).join(orchestrators, orchestrators.c.id == summed.c.orchestrator_id)
    return [
        Lane(
            pipeline_id=row.pipeline_id,
            orchestrator=row.name,
            runs=row.runs,
            failed=int(row.failed),
            active=int(row.active),
            latest_at=row.latest_at,
            last_failure_at=row.last_failure_at,
            last_success_at=row.last_success_at,
        )
        for row in await session.all(named)
    ]


async def bars(
    session: ReadSession, since: datetime, until: datetime, shown: Collection[Lane], most: int
) -> dict[int, Sequence[Bar]]:
    """The bars of some lanes by pipeline, the first first: one for each run, or about ``most`` where there are more."""
    found: dict[int, list[Bar]] = defaultdict(list)
    few = [lane.pipeline_id for lane in shown if lane.runs <= most]
    many = [lane.pipeline_id for lane in shown if lane.runs > most]
    if few:
        window = _in_window(session.dialect, since, until, TimelineFilter(pipelines=tuple(few)))
        for row in await session.all(select(window).order_by(window.c.begins_at, window.c.id)):
            bar = Bar(row.id, RunState(row.state), 1, row.begins_at, row.ended_at)
            found[row.pipeline_id].append(bar)
    if many:
        window = _in_window(session.dialect, since, until, TimelineFilter(pipelines=tuple(many)))
        for row in await session.all(_stretches(session.dialect, window, since, (until - since) / most)):
            place = int(row.worst)
            bar = Bar(row.run_id, WORST_FIRST[place], row.runs, row.begins_at, None if row.open else row.ends_at)
            found[row.pipeline_id].append(bar)
    return dict(found)


async def links(
    session: ReadSession, since: datetime, until: datetime, pipeline_ids: Collection[int]
) -> Sequence[Link]:
    """From a run to that which a firing has started after it, where either is of one of some pipelines; the newest."""
    up, down = runs.alias("up"), runs.alias("down")
    up_names, down_names = _names("up"), _names("down")
    statement = (
        select(
            dependencies.c.name.label("dependency"),
            *_end(up, up_names, "up"),
            *_end(down, down_names, "down"),
        )
        .select_from(firings)
        .join(dependencies, dependencies.c.id == firings.c.dependency_id)
        .join(firing_conditions, firing_conditions.c.firing_id == firings.c.id)
        .join(up, up.c.id == firing_conditions.c.run_id)
        .join(down, down.c.id == firings.c.run_id)
        .join(up_names, up_names.c.id == up.c.pipeline_id)
        .join(down_names, down_names.c.id == down.c.pipeline_id)
        .where(
            firings.c.sent_at >= since - LOOK_BACK,
            firings.c.sent_at < until,
            or_(
                is_among(session.dialect, up.c.pipeline_id, pipeline_ids),
                is_among(session.dialect, down.c.pipeline_id, pipeline_ids),
            ),
        )
        .order_by(firings.c.sent_at.desc(), firings.c.id.desc(), firing_conditions.c.place)
        .limit(MOST_LINKS)
    )
    rows = await session.all(statement)
    return [Link(row[0], LinkEnd(*row[1:6]), LinkEnd(*row[6:11])) for row in rows]


def _in_window(dialect: str, since: datetime, until: datetime, wanted: TimelineFilter) -> FromClause:
    """Narrow rows of runs that overlap [since, until). Two reaches into indexes: by time, and what is under way."""
    fields = (
        runs.c.id,
        runs.c.pipeline_id,
        runs.c.orchestrator_id,
        runs.c.state,
        runs.c.sort_at,
        func.coalesce(runs.c.started_at, runs.c.sort_at).label("begins_at"),
        runs.c.ended_at,
    )
    narrowed = _narrowed(dialect, wanted)
    # The state is disguised: SQLite would else go through all runs that are in it, by the index on states.
    is_active = runs.c.state.concat("").in_(ACTIVE)
    overlaps = or_(runs.c.ended_at >= since, and_(runs.c.ended_at.is_(None), or_(runs.c.sort_at >= since, is_active)))
    recent = select(*fields).where(runs.c.sort_at >= since - LOOK_BACK, runs.c.sort_at < until, overlaps, *narrowed)
    old = select(*fields).where(runs.c.state.in_(ACTIVE), runs.c.sort_at < since - LOOK_BACK, *narrowed)
    both: CompoundSelect[Any] = union_all(recent, old)
    return both.subquery()


def _narrowed(dialect: str, wanted: TimelineFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.orchestrators:
        conditions.append(is_one_of(runs.c.orchestrator_id, wanted.orchestrators))
    if wanted.pipelines:
        conditions.append(is_among(dialect, runs.c.pipeline_id, wanted.pipelines))
    if wanted.search:
        holds = pipelines.c.search.contains(wanted.search.lower(), autoescape=True)
        conditions.append(runs.c.pipeline_id.in_(select(pipelines.c.id).where(holds)))
    return conditions


def _stretches(dialect: str, window: FromClause, since: datetime, length: timedelta) -> Select[Any]:
    """Runs put together by where they begin."""
    place = stretch(dialect, window.c.begins_at, since, length)
    rank = case({state: literal(number) for number, state in enumerate(WORST_FIRST)}, value=window.c.state)
    begins_at = func.min(window.c.begins_at).label("begins_at")
    return (
        select(
            window.c.pipeline_id,
            func.max(window.c.id).label("run_id"),
            func.count().label("runs"),
            func.min(rank).label("worst"),
            begins_at,
            func.max(window.c.ended_at).label("ends_at"),
            func.sum(case((window.c.state.in_(ACTIVE), 1), else_=0)).label("open"),
        )
        .group_by(window.c.pipeline_id, place)
        .order_by(begins_at)
    )


def _names(end: str) -> FromClause:
    return (
        select(pipelines.c.id, (orchestrators.c.name + "/" + pipelines.c.key).label("name"))
        .join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id)
        .subquery(f"{end}_names")
    )


def _end(run: FromClause, names: FromClause, end: str) -> list[Any]:
    """The columns of a LinkEnd."""
    return [
        run.c.id.label(f"{end}_id"),
        run.c.pipeline_id.label(f"{end}_pipeline_id"),
        names.c.name.label(f"{end}_name"),
        func.coalesce(run.c.started_at, run.c.sort_at).label(f"{end}_begins_at"),
        run.c.ended_at.label(f"{end}_ended_at"),
    ]
