"""Removes what is over and old, some rows at a time: incidents with all that was said of them, and settled verdicts."""

from datetime import datetime

from sqlalchemy import Select, Table, delete, select, tuple_

from gateway.domain.slas import LAST_RUNS
from gateway.store.alert_tables import incidents, silences
from gateway.store.database import WriteSession
from gateway.store.sla_tables import sla_evaluations


async def remove_incidents(session: WriteSession, resolved_before: datetime, most: int) -> int:
    """With their signals, timelines and notifications; returns how many."""
    old = select(incidents.c.id).where(incidents.c.resolved_at < resolved_before).order_by(incidents.c.resolved_at)
    return await _remove(session, incidents, old.limit(most))


async def remove_silences(session: WriteSession, ended_before: datetime, most: int) -> int:
    """Silences that hold no more; returns how many."""
    old = select(silences.c.id).where(silences.c.ends_at < ended_before).order_by(silences.c.ends_at)
    return await _remove(session, silences, old.limit(most))


async def remove_evaluations(session: WriteSession, judged_before: datetime, most: int) -> int:
    """Verdicts that are final, with how they came about; the last ones of each SLA stay. Returns how many."""
    later = sla_evaluations.alias("later")
    columns = sla_evaluations.c
    has_followers = (
        select(later.c.id)
        .where(
            later.c.sla_id == columns.sla_id,
            tuple_(later.c.opens_at, later.c.id) > tuple_(columns.opens_at, columns.id),
        )
        .order_by(later.c.opens_at, later.c.id)
        .offset(LAST_RUNS - 1)
        .limit(1)
        .exists()
    )
    old = (
        select(columns.id)
        .where(columns.is_final.is_(True), columns.evaluated_at < judged_before, has_followers)
        .order_by(columns.id)
    )
    return await _remove(session, sla_evaluations, old.limit(most))


async def _remove(session: WriteSession, table: Table, chosen: Select[tuple[int]]) -> int:
    return (await session.execute(delete(table).where(table.c.id.in_(chosen)))).rowcount
