"""What people know better than a forecast."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.sla_tables import forecast_corrections


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """Runs of a pipeline that begin in [since, until) take so many times as long, or begin not before an instant."""

    id: int
    pipeline_id: int
    since: datetime
    until: datetime
    factor: float
    not_before: datetime | None
    comment: str | None
    made_by: str
    made_at: datetime


async def add(session: WriteSession, correction: StoredCorrection) -> StoredCorrection:
    """Write one down; its id is given by the database."""
    values = {
        "pipeline_id": correction.pipeline_id,
        "since": correction.since,
        "until": correction.until,
        "factor": correction.factor,
        "not_before": correction.not_before,
        "comment": correction.comment,
        "made_by": correction.made_by,
        "made_at": correction.made_at,
    }
    statement = session.upsert(forecast_corrections).values(values).returning(forecast_corrections)
    row = (await session.execute(statement)).one()
    session.changed(Subject.FORECAST, row.pipeline_id)
    return _record(row)


async def remove(session: WriteSession, correction_id: int, now: datetime) -> bool:
    """Let one no longer hold. False where there is none that does."""
    statement = (
        update(forecast_corrections)
        .where(forecast_corrections.c.id == correction_id, forecast_corrections.c.removed_at.is_(None))
        .values(removed_at=now)
        .returning(forecast_corrections.c.pipeline_id)
    )
    pipeline_id = (await session.execute(statement)).scalar()
    if pipeline_id is not None:
        session.changed(Subject.FORECAST, pipeline_id)
    return pipeline_id is not None


async def holding(
    session: ReadSession, now: datetime, pipeline_ids: Collection[int] | None = None
) -> dict[int, list[StoredCorrection]]:
    """Those that are not over, by pipeline; of all pipelines where none are named."""
    wanted = [forecast_corrections.c.removed_at.is_(None), forecast_corrections.c.until > now]
    if pipeline_ids is not None:
        wanted.append(forecast_corrections.c.pipeline_id.in_(list(pipeline_ids)))
    found: dict[int, list[StoredCorrection]] = {}
    for row in await session.all(select(forecast_corrections).where(*wanted).order_by(forecast_corrections.c.id)):
        found.setdefault(row.pipeline_id, []).append(_record(row))
    return found


async def everything(session: ReadSession, now: datetime) -> Sequence[StoredCorrection]:
    """Those that are not over, oldest first."""
    return sorted((one for some in (await holding(session, now)).values() for one in some), key=lambda one: one.id)


def _record(row: Row[Any]) -> StoredCorrection:
    return StoredCorrection(
        row.id,
        row.pipeline_id,
        row.since,
        row.until,
        row.factor,
        row.not_before,
        row.comment,
        row.made_by,
        row.made_at,
    )
