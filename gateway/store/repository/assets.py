"""Datasets and assets as orchestrators report them, and their writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from gateway.domain.observation import ObservedAsset, ObservedAssetEvent
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import asset_events, assets, pipelines, runs


@dataclass(frozen=True, slots=True)
class AssetWrite:
    """One write, in the order in which Podium saw them."""

    id: int
    orchestrator_id: int
    #: Key of the pipeline whose run it was; None where that run is not known (yet).
    pipeline: str | None
    event: ObservedAssetEvent


_REPORTED = ("name", "uri", "group", "description", "kinds", "url", "upstream", "producers", "consumers", "checks")


async def save_listed(
    session: WriteSession, orchestrator_id: int, listed: Sequence[ObservedAsset], now: datetime
) -> None:
    """Store assets as just listed."""
    if not listed:
        return
    rows = [_values(asset, now) | {"orchestrator_id": orchestrator_id, "first_seen_at": now} for asset in listed]
    checks = {row["key"]: row["checks"] for row in rows}
    known = select(assets.c.id, assets.c.key, assets.c.checks).where(assets.c.orchestrator_id == orchestrator_id)
    stored = await session.all(known)
    session.changed(Subject.ASSET, *(row.id for row in stored if checks.get(row.key, row.checks) != row.checks))
    insert = session.upsert(assets)
    replaced = {name: insert.excluded[name] for name in (*_REPORTED, "is_active", "last_seen_at")}
    await session.execute(insert.on_conflict_do_update(index_elements=["orchestrator_id", "key"], set_=replaced), rows)


async def retire_unlisted(session: WriteSession, orchestrator_id: int, listed: Iterable[str]) -> int:
    """Mark assets that are no longer listed as inactive; returns how many."""
    here = assets.c.orchestrator_id == orchestrator_id
    active = await session.all(select(assets.c.id, assets.c.key).where(here, assets.c.is_active.is_(True)))
    still_there = set(listed)
    gone = [row.id for row in active if row.key not in still_there]
    if gone:
        await session.execute(update(assets).where(assets.c.id.in_(gone)).values(is_active=False))
        session.changed(Subject.ASSET, *gone)
    return len(gone)


async def save_events(
    session: WriteSession, orchestrator_id: int, events: Sequence[ObservedAssetEvent], now: datetime
) -> int:
    """Store writes; repeated ones are no news. Returns how many were new."""
    if not events:
        return 0
    ids = await ensure(session, orchestrator_id, {event.asset_key for event in events}, now)
    rows = [_event_values(ids[event.asset_key], event, now) for event in events]
    statement = session.upsert(asset_events).on_conflict_do_nothing().returning(asset_events.c.id)
    added = len((await session.execute(statement, rows)).all())
    await _advance(session, events, ids)
    return added


async def list_of(session: ReadSession, orchestrator_id: int) -> Sequence[ObservedAsset]:
    """Active assets of an orchestrator, by key."""
    statement = (
        select(assets)
        .where(assets.c.orchestrator_id == orchestrator_id, assets.c.is_active.is_(True))
        .order_by(assets.c.key)
    )
    return [
        ObservedAsset(
            key=row.key,
            name=row.name,
            uri=row.uri,
            group=row.group,
            description=row.description,
            kinds=tuple(row.kinds),
            upstream=frozenset(row.upstream),
            producers=frozenset((pipeline, task) for pipeline, task in row.producers),
            consumers=frozenset((pipeline, task) for pipeline, task in row.consumers),
            checks=None if row.checks is None else tuple(row.checks),
            url=row.url,
        )
        for row in await session.all(statement)
    ]


async def events_of(session: ReadSession, orchestrator_id: int, key: str, limit: int) -> Sequence[ObservedAssetEvent]:
    """The latest writes of an asset, newest first."""
    statement = (
        select(asset_events)
        .join(assets, assets.c.id == asset_events.c.asset_id)
        .where(assets.c.orchestrator_id == orchestrator_id, assets.c.key == key)
        .order_by(asset_events.c.at.desc(), asset_events.c.id.desc())
        .limit(limit)
    )
    return [
        ObservedAssetEvent(key, row.at, row.external_id, row.run_external_id, row.task, row.partition, row.metadata)
        for row in await session.all(statement)
    ]


async def latest_metadata(session: ReadSession, orchestrator_id: int) -> dict[str, dict[str, Any]]:
    """What the latest write of each asset told, by key."""
    latest = and_(asset_events.c.asset_id == assets.c.id, asset_events.c.at == assets.c.last_event_at)
    statement = (
        select(assets.c.key, asset_events.c.metadata)
        .join(asset_events, latest)
        .where(assets.c.orchestrator_id == orchestrator_id)
        .order_by(asset_events.c.id)
    )
    return {row.key: row.metadata for row in await session.all(statement)}


async def writes_after(session: ReadSession, position: int, seen_before: datetime, limit: int) -> Sequence[AssetWrite]:
    """Writes of all orchestrators' assets in the order they were seen, with the pipeline whose run each was.

    Up to the first that was seen later than that: replicas' clocks differ, and none may be passed over.
    """
    run = and_(runs.c.orchestrator_id == assets.c.orchestrator_id, runs.c.external_id == asset_events.c.run_external_id)
    statement = (
        select(
            asset_events, assets.c.orchestrator_id, assets.c.key.label("asset_key"), pipelines.c.key.label("pipeline")
        )
        .join(assets, assets.c.id == asset_events.c.asset_id)
        .outerjoin(runs, run)
        .outerjoin(pipelines, pipelines.c.id == runs.c.pipeline_id)
        .where(asset_events.c.id > position)
        .order_by(asset_events.c.id)
        .limit(limit)
    )
    return [
        AssetWrite(
            row.id,
            row.orchestrator_id,
            row.pipeline,
            ObservedAssetEvent(
                row.asset_key, row.at, row.external_id, row.run_external_id, row.task, row.partition, row.metadata
            ),
        )
        for row in takewhile(lambda row: row.observed_at <= seen_before, await session.all(statement))
    ]


async def ensure(session: WriteSession, orchestrator_id: int, keys: set[str], now: datetime) -> dict[str, int]:
    """Ids of assets by key; those that nobody has listed yet are made known."""
    statement = select(assets.c.key, assets.c.id).where(
        assets.c.orchestrator_id == orchestrator_id, assets.c.key.in_(keys)
    )
    known = {row.key: row.id for row in await session.all(statement)}
    missing = [ObservedAsset(key=key, name=key) for key in sorted(keys - known.keys())]
    if not missing:
        return known
    await save_listed(session, orchestrator_id, missing, now)
    return {row.key: row.id for row in await session.all(statement)}


async def _advance(session: WriteSession, events: Sequence[ObservedAssetEvent], ids: dict[str, int]) -> None:
    latest: dict[int, datetime] = {}
    for event in events:
        identity = ids[event.asset_key]
        latest[identity] = max(latest.get(identity, event.at), event.at)
    for identity, at in latest.items():
        is_later = or_(assets.c.last_event_at.is_(None), func.coalesce(assets.c.last_event_at, at) < at)
        await session.execute(update(assets).where(assets.c.id == identity, is_later).values(last_event_at=at))


def _values(asset: ObservedAsset, now: datetime) -> dict[str, Any]:
    return {
        "key": asset.key,
        "name": asset.name,
        "uri": asset.uri,
        "group": asset.group,
        "description": asset.description,
        "kinds": list(asset.kinds),
        "url": asset.url,
        "upstream": sorted(asset.upstream),
        "producers": sorted((list(link) for link in asset.producers), key=str),
        "consumers": sorted((list(link) for link in asset.consumers), key=str),
        "checks": None if asset.checks is None else list(asset.checks),
        "is_active": True,
        "last_seen_at": now,
    }


def _event_values(asset_id: int, event: ObservedAssetEvent, now: datetime) -> dict[str, Any]:
    return {
        "asset_id": asset_id,
        "external_id": event.external_id,
        "at": event.at,
        "run_external_id": event.run_external_id,
        "task": event.task,
        "partition": event.partition,
        "metadata": dict(event.metadata),
        "observed_at": now,
    }
