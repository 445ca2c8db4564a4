"""Pipelines as their orchestrators list them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, func, null, or_, select, tuple_, update

from gateway.domain.filters import BY_NAME, PipelineFilter, PipelineOrder, PipelinePosition, PipelineSort
from gateway.domain.observation import ObservedPipeline
from gateway.domain.records import Pipeline
from gateway.domain.states import RunState
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.repository import pipeline_order
from gateway.store.repository.orchestrators import is_one_of
from gateway.store.tables import orchestrators, pipeline_labels, pipelines, runs

_LISTED = (
    "name",
    "description",
    "owners",
    "tags",
    "schedule",
    "timezone",
    "next_run_at",
    "is_paused",
    "url",
    "revision",
    "upstream",
)


async def by_ids(session: ReadSession, ids: Iterable[int]) -> dict[int, Pipeline]:
    """Pipelines by id."""
    rows = await session.all(select(pipelines).where(pipelines.c.id.in_(list(ids))))
    return {row.id: _record(row) for row in rows}


async def by_keys(session: ReadSession, orchestrator_id: int, keys: Iterable[str]) -> dict[str, Pipeline]:
    """Pipelines of one orchestrator by key."""
    rows = await session.all(
        select(pipelines).where(pipelines.c.orchestrator_id == orchestrator_id, pipelines.c.key.in_(list(keys)))
    )
    return {row.key: _record(row) for row in rows}


async def keys_of(session: ReadSession, orchestrator_id: int) -> list[str]:
    """Keys of all pipelines of an orchestrator."""
    wanted = select(pipelines.c.key).where(pipelines.c.orchestrator_id == orchestrator_id).order_by(pipelines.c.key)
    return [row.key for row in await session.all(wanted)]


async def listed_keys(
    session: ReadSession, names: Collection[str], since: datetime | None = None
) -> dict[str, Sequence[str] | None]:
    """Keys of pipelines by orchestrator, of those of some names; None where they were not all listed (since then)."""
    listed_at = orchestrators.c.pipelines_listed_at
    is_listed = listed_at.is_not(None) if since is None else listed_at.is_not(None) & (listed_at >= since)
    wanted = select(orchestrators.c.id, orchestrators.c.name, is_listed.label("is_listed")).where(
        orchestrators.c.name.in_(sorted(names)), orchestrators.c.removed_at.is_(None)
    )
    return {row.name: await keys_of(session, row.id) if row.is_listed else None for row in await session.all(wanted)}


async def by_name(session: ReadSession, orchestrator: str, key: str) -> Pipeline | None:
    """The pipeline of that key at the orchestrator of that name."""
    row = await session.first(
        select(pipelines)
        .join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id)
        .where(orchestrators.c.name == orchestrator, orchestrators.c.removed_at.is_(None), pipelines.c.key == key)
    )
    return _record(row) if row else None


async def by_names(session: ReadSession, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Pipeline]:
    """Pipelines by their orchestrator's name and their key."""
    wanted = tuple_(orchestrators.c.name, pipelines.c.key).in_(list(names))
    statement = (
        select(pipelines, orchestrators.c.name.label("orchestrator"))
        .join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id)
        .where(wanted, orchestrators.c.removed_at.is_(None))
    )
    return {(row.orchestrator, row.key): _record(row) for row in await session.all(statement)}


async def page(
    session: ReadSession,
    wanted: PipelineFilter,
    after: PipelinePosition | None,
    limit: int,
    sort: PipelineSort = BY_NAME,
) -> Sequence[tuple[Pipeline, PipelinePosition]]:
    """Up to ``limit`` pipelines in an order, with their positions in it."""
    is_by_name = sort.order is PipelineOrder.NAME
    placed = null() if is_by_name else pipeline_order.value_of(sort.order, session.dialect)
    statement = _filtered(select(pipelines, placed.label("placed")), wanted).limit(limit)
    if after is not None:
        statement = statement.where(pipeline_order.after(sort, after, session.dialect))
    rows = await session.all(pipeline_order.ordered(statement, sort, session.dialect))
    return [(_record(row), PipelinePosition(row.search, row.id, row.placed)) for row in rows]


async def matching_ids(session: ReadSession, wanted: PipelineFilter) -> Sequence[int]:
    """Of all that a filter lets through."""
    return [row.id for row in await session.all(_filtered(select(pipelines.c.id), wanted))]


async def count(session: ReadSession, wanted: PipelineFilter) -> int:
    """How many there are."""
    return await session.scalar(_filtered(select(func.count()).select_from(pipelines), wanted))


async def counts(session: ReadSession, wanted: PipelineFilter) -> dict[str, int]:
    """How many there are at each orchestrator that has any, by its name."""
    here = orchestrators.c.id == pipelines.c.orchestrator_id
    counted = (
        select(orchestrators.c.name, func.count().label("amount")).select_from(pipelines).join(orchestrators, here)
    )
    rows = await session.all(_filtered(counted, wanted).group_by(orchestrators.c.name))
    return {row.name: row.amount for row in rows}


async def search(session: ReadSession, text: str, limit: int) -> Sequence[Pipeline]:
    """Pipelines whose key or name holds ``text``: equal keys first, then those that begin with it, then the rest."""
    low = text.lower()
    rank = func.instr(pipelines.c.search, low) if session.dialect == "sqlite" else func.strpos(pipelines.c.search, low)
    statement = (
        select(pipelines)
        .where(pipelines.c.search.contains(low, autoescape=True))
        .order_by(func.lower(pipelines.c.key) != low, rank, func.length(pipelines.c.search), pipelines.c.id)
        .limit(limit)
    )
    return [_record(row) for row in await session.all(statement)]


async def latest_in(session: ReadSession, states: Collection[RunState]) -> set[int]:
    """Ids of active pipelines whose latest run is in one of some states."""
    statement = (
        select(pipelines.c.id)
        .join(runs, runs.c.id == pipelines.c.latest_run_id)
        .where(pipelines.c.is_active.is_(True), runs.c.state.in_(list(states)))
    )
    return {row.id for row in await session.all(statement)}


async def structure_wanted(
    session: ReadSession, orchestrator_id: int, unrevised_before: datetime, limit: int
) -> Sequence[Pipeline]:
    """Active pipelines whose graph is to be read.

    Those whose graph has changed since it was read and, where the vendor tells no revision, those that were last read
    before ``unrevised_before``; never-read ones first.
    """
    changed = and_(
        pipelines.c.revision.is_not(None),
        func.coalesce(pipelines.c.structure_revision, "") != pipelines.c.revision,
    )
    old = and_(pipelines.c.revision.is_(None), pipelines.c.structure_read_at < unrevised_before)
    statement = (
        select(pipelines)
        .where(
            pipelines.c.orchestrator_id == orchestrator_id,
            pipelines.c.is_active.is_(True),
            or_(pipelines.c.structure_read_at.is_(None), changed, old),
        )
        .order_by(pipelines.c.structure_read_at.is_not(None), pipelines.c.structure_read_at, pipelines.c.id)
        .limit(limit)
    )
    return [_record(row) for row in await session.all(statement)]


async def ensure(session: WriteSession, orchestrator_id: int, keys: Iterable[str], now: datetime) -> dict[str, int]:
    """Ids of pipelines by key; one that is not listed yet is created inactive, so that its runs have a place."""
    wanted = sorted(set(keys))
    known = await _ids(session, orchestrator_id, wanted)
    missing = [key for key in wanted if key not in known]
    if not missing:
        return known
    fresh = [
        _values(ObservedPipeline(key=key, name=key), now)
        | {"orchestrator_id": orchestrator_id, "is_active": False, "first_seen_at": now}
        for key in missing
    ]
    await session.execute(session.upsert(pipelines).on_conflict_do_nothing(), fresh)
    return await _ids(session, orchestrator_id, wanted)


async def save_listed(
    session: WriteSession, orchestrator_id: int, listed: Sequence[ObservedPipeline], now: datetime
) -> int:
    """Store pipelines as just listed; returns how many were new or different. Unchanged ones are not written."""
    stored = await by_keys(session, orchestrator_id, [pipeline.key for pipeline in listed])
    different = [new for new in listed if not _is_listed_as(stored.get(new.key), new)]
    if not different:
        return 0
    values = [_values(new, now) | {"orchestrator_id": orchestrator_id, "first_seen_at": now} for new in different]
    insert = session.upsert(pipelines)
    replaced = {name: insert.excluded[name] for name in (*_LISTED, "is_active", "search", "last_seen_at")}
    await session.execute(
        insert.on_conflict_do_update(index_elements=["orchestrator_id", "key"], set_=replaced), values
    )
    ids = await _ids(session, orchestrator_id, [new.key for new in different])
    await _replace_labels(session, [(ids[new.key], new) for new in different])
    session.changed(Subject.PIPELINE, *ids.values())
    return len(different)


async def retire_unlisted(session: WriteSession, orchestrator_id: int, listed: Iterable[str]) -> int:
    """Mark pipelines that are no longer listed as inactive; their history stays. Returns how many."""
    active = await session.all(
        select(pipelines.c.id, pipelines.c.key).where(
            pipelines.c.orchestrator_id == orchestrator_id, pipelines.c.is_active.is_(True)
        )
    )
    still_there = set(listed)
    gone = [row.id for row in active if row.key not in still_there]
    if gone:
        statement = update(pipelines).where(pipelines.c.id == bindparam("gone")).values(is_active=False)
        await session.execute(statement, [{"gone": identity} for identity in gone])
        session.changed(Subject.PIPELINE, *gone)
    return len(gone)


async def set_paused(session: WriteSession, pipeline_id: int, *, paused: bool) -> None:
    """Show a pause at once; the next listing confirms it."""
    await session.execute(update(pipelines).where(pipelines.c.id == pipeline_id).values(is_paused=paused))
    session.changed(Subject.PIPELINE, pipeline_id)


async def _ids(session: ReadSession, orchestrator_id: int, keys: Iterable[str]) -> dict[str, int]:
    statement = select(pipelines.c.key, pipelines.c.id).where(
        pipelines.c.orchestrator_id == orchestrator_id, pipelines.c.key.in_(list(keys))
    )
    return {row.key: row.id for row in await session.all(statement)}


async def _replace_labels(session: WriteSession, listed: Sequence[tuple[int, ObservedPipeline]]) -> None:
    await session.execute(
        delete(pipeline_labels).where(pipeline_labels.c.pipeline_id == bindparam("owner_id")),
        [{"owner_id": identity} for identity, _ in listed],
    )
    labels = [
        {"pipeline_id": identity, "kind": kind, "value": value}
        for identity, pipeline in listed
        for kind, values in (("owner", pipeline.owners), ("tag", pipeline.tags))
        for value in dict.fromkeys(values)
    ]
    if labels:
        await session.execute(session.upsert(pipeline_labels), labels)


def _filtered(statement: Select[Any], wanted: PipelineFilter) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.orchestrators:
        conditions.append(is_one_of(pipelines.c.orchestrator_id, wanted.orchestrators))
    if wanted.search:
        conditions.append(pipelines.c.search.contains(wanted.search.lower(), autoescape=True))
    if wanted.owners:
        conditions.append(_labelled("owner", wanted.owners))
    if wanted.tags:
        conditions.append(_labelled("tag", wanted.tags))
    if wanted.is_paused is not None:
        conditions.append(pipelines.c.is_paused.is_(wanted.is_paused))
    if wanted.is_active is not None:
        conditions.append(pipelines.c.is_active.is_(wanted.is_active))
    if wanted.latest_state:
        conditions.append(pipelines.c.latest_state.in_(wanted.latest_state))
    return statement.where(*conditions)


def _labelled(kind: str, values: Sequence[str]) -> ColumnElement[bool]:
    return (
        select(pipeline_labels.c.pipeline_id)
        .where(
            pipeline_labels.c.pipeline_id == pipelines.c.id,
            pipeline_labels.c.kind == kind,
            pipeline_labels.c.value.in_(values),
        )
        .exists()
    )


def _values(observed: ObservedPipeline, now: datetime) -> dict[str, Any]:
    return {
        "key": observed.key,
        "name": observed.name,
        "description": observed.description,
        "owners": list(observed.owners),
        "tags": list(observed.tags),
        "schedule": observed.schedule,
        "timezone": observed.timezone,
        "next_run_at": observed.next_run_at,
        "is_paused": observed.is_paused,
        "is_active": True,
        "url": observed.url,
        "search": f"{observed.name} {observed.key}".lower(),
        "revision": observed.revision,
        "upstream": sorted(observed.upstream),
        "last_seen_at": now,
    }


def _is_listed_as(stored: Pipeline | None, observed: ObservedPipeline) -> bool:
    if stored is None or not stored.is_active:
        return False
    same = all(getattr(stored, name) == getattr(observed, name) for name in _LISTED if name not in {"owners", "tags"})
    return same and list(stored.owners) == list(observed.owners) and list(stored.tags) == list(observed.tags)


def _record(row: Row[Any]) -> Pipeline:
    return Pipeline(
        id=row.id,
        orchestrator_id=row.orchestrator_id,
        key=row.key,
        name=row.name,
        description=row.description,
        owners=tuple(row.owners),
        tags=tuple(row.tags),
        schedule=row.schedule,
        timezone=row.timezone,
        next_run_at=row.next_run_at,
        is_paused=row.is_paused,
        is_active=row.is_active,
        url=row.url,
        latest_run_id=row.latest_run_id,
        latest_state=RunState(row.latest_state) if row.latest_state else None,
        revision=row.revision,
        upstream=frozenset(row.upstream),
        structure_revision=row.structure_revision,
        structure_read_at=row.structure_read_at,
    )
