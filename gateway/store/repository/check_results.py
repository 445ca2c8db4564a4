"""What checks of assets found, evaluation by evaluation."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, select, tuple_, update

from gateway.domain.incidents import Severity
from gateway.domain.observation import ObservedCheck
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.dialect import is_among
from gateway.store.repository import assets as asset_rows
from gateway.store.tables import assets, check_results, orchestrators, pipelines, runs

_REPORTED = ("passed", "severity", "at", "description", "run_external_id", "task", "partition")


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check of an asset that has not passed when it was evaluated last, and the run in which that was."""

    asset_id: int
    asset: str
    orchestrator_id: int
    name: str
    severity: Severity
    at: datetime
    description: str | None
    #: None where the run is not known.
    run_id: int | None
    pipeline: str | None
    owners: Sequence[str]


async def save(session: WriteSession, orchestrator_id: int, observed: Iterable[ObservedCheck], now: datetime) -> int:
    """Store what was found; what is known already is no news. Returns how many were new or different."""
    latest = {(one.asset_key, one.name, one.external_id): one for one in sorted(observed, key=lambda one: one.at)}
    ids = await asset_rows.ensure(session, orchestrator_id, {key for key, _, _ in latest}, now) if latest else {}
    rows = [_values(ids[one.asset_key], one) for one in latest.values()]
    stored = await _stored(session, rows)
    different = [row for row in rows if _is_news(stored.get(_key(row)), row)]
    if different:
        insert = session.upsert(check_results)
        replaced = {name: insert.excluded[name] for name in (*_REPORTED, "observed_at")}
        statement = insert.on_conflict_do_update(index_elements=["asset_id", "name", "external_id"], set_=replaced)
        await session.execute(statement, [row | {"observed_at": now} for row in different])
    attached = await _attach(session, orchestrator_id)
    session.changed(Subject.ASSET, *sorted(attached | {row["asset_id"] for row in different}))
    return len(different)


async def failed(session: ReadSession, asset_ids: Collection[int] | None) -> list[FailedCheck]:
    """Checks that have not passed when they were evaluated last, in any partition; None: of all assets.

    Only of assets and checks that are there.
    """
    later = check_results.alias("later")
    is_last = ~exists(
        select(later.c.id).where(
            later.c.asset_id == check_results.c.asset_id,
            later.c.name == check_results.c.name,
            tuple_(later.c.at, later.c.id) > tuple_(check_results.c.at, check_results.c.id),
        )
    )
    statement = (
        select(
            check_results,
            assets.c.key.label("asset"),
            assets.c.orchestrator_id,
            assets.c.checks,
            pipelines.c.key.label("pipeline"),
            pipelines.c.owners,
        )
        .join(assets, assets.c.id == check_results.c.asset_id)
        .join(orchestrators, orchestrators.c.id == assets.c.orchestrator_id)
        .outerjoin(runs, runs.c.id == check_results.c.run_id)
        .outerjoin(pipelines, pipelines.c.id == runs.c.pipeline_id)
        .where(check_results.c.passed.is_(False), is_last)
        .where(assets.c.is_active.is_(True), orchestrators.c.removed_at.is_(None))
        .order_by(check_results.c.asset_id, check_results.c.name)
    )
    if asset_ids is not None:
        statement = statement.where(is_among(session.dialect, check_results.c.asset_id, asset_ids))
    return [_failed(row) for row in await session.all(statement) if row.checks is None or row.name in row.checks]


async def _attach(session: WriteSession, orchestrator_id: int) -> set[int]:
    """Note the runs of results whose runs have become known: those are read apart. Returns the assets concerned."""
    statement = (
        select(check_results.c.id, check_results.c.asset_id, runs.c.id.label("run_id"))
        .join(assets, assets.c.id == check_results.c.asset_id)
        .join(runs, runs.c.external_id == check_results.c.run_external_id)
        .where(check_results.c.run_id.is_(None), check_results.c.run_external_id.is_not(None))
        .where(assets.c.orchestrator_id == orchestrator_id, runs.c.orchestrator_id == orchestrator_id)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in await session.all(statement):
        found.setdefault(row.id, []).append(row)
    sure = [some[0] for some in found.values() if len(some) == 1]  # elsewhere several pipelines have a run of that name
    if sure:
        attach = update(check_results).where(check_results.c.id == bindparam("here")).values(run_id=bindparam("run"))
        await session.execute(attach, [{"here": row.id, "run": row.run_id} for row in sure])
    return {row.asset_id for row in sure}


async def _stored(session: ReadSession, rows: Sequence[dict[str, Any]]) -> dict[tuple[int, str, str], Row[Any]]:
    if not rows:
        return {}
    statement = select(check_results).where(
        is_among(session.dialect, check_results.c.asset_id, {row["asset_id"] for row in rows}),
        check_results.c.external_id.in_(sorted({row["external_id"] for row in rows})),
    )
    return {(row.asset_id, row.name, row.external_id): row for row in await session.all(statement)}


def _is_news(stored: Row[Any] | None, row: dict[str, Any]) -> bool:
    if stored is None:
        return True
    return row["at"] >= stored.at and any(getattr(stored, name) != row[name] for name in _REPORTED)


def _key(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["asset_id"], row["name"], row["external_id"]


def _values(asset_id: int, observed: ObservedCheck) -> dict[str, Any]:
    reported = {name: getattr(observed, name) for name in _REPORTED}
    key = {"asset_id": asset_id, "name": observed.name, "external_id": observed.external_id}
    return key | reported | {"severity": observed.severity.value}


def _failed(row: Row[Any]) -> FailedCheck:
    return FailedCheck(
        row.asset_id,
        row.asset,
        row.orchestrator_id,
        row.name,
        Severity(row.severity),
        row.at,
        row.description,
        row.run_id,
        row.pipeline,
        row.owners or (),
    )
