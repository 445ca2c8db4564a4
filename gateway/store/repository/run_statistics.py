"""Figures about the runs of pipelines."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from gateway.domain.incidents import SignalKind
from gateway.domain.states import RunState
from gateway.domain.statistics import RunStatistics
from gateway.store.alert_tables import signals
from gateway.store.database import ReadSession
from gateway.store.tables import runs

#: Durations read per pipeline, the newest: enough for a steady 95th percentile, whatever the window holds.
SAMPLE = 1_000


async def of_pipelines(
    session: ReadSession, pipeline_ids: Iterable[int], since: datetime, until: datetime
) -> dict[int, RunStatistics]:
    """Statistics of each pipeline over the runs that began in the window [since, until]."""
    wanted = list(pipeline_ids)
    here = (runs.c.pipeline_id.in_(wanted), runs.c.sort_at >= since, runs.c.sort_at <= until)
    counted = select(runs.c.pipeline_id, runs.c.state, func.count().label("runs")).where(*here)
    counts: dict[int, dict[RunState, int]] = defaultdict(dict)
    for row in await session.all(counted.group_by(runs.c.pipeline_id, runs.c.state)):
        counts[row.pipeline_id][RunState(row.state)] = row.runs
    durations = await _durations(session, wanted, since, until)
    detections = await _detections(session, wanted, since, until)
    return {
        identity: RunStatistics(
            counts.get(identity, {}), sorted(durations.get(identity, [])), sorted(detections.get(identity, []))
        )
        for identity in wanted
    }


async def _detections(
    session: ReadSession, pipeline_ids: list[int], since: datetime, until: datetime
) -> dict[int, list[timedelta]]:
    statement = select(signals.c.pipeline_id, signals.c.began_at, signals.c.noted_at).where(
        signals.c.pipeline_id.in_(pipeline_ids),
        signals.c.began_at >= since,
        signals.c.began_at <= until,
        signals.c.kind == SignalKind.RUN_FAILED,
        signals.c.times == 1,  # of one that came back only the first beginning is known
    )
    found: dict[int, list[timedelta]] = defaultdict(list)
    for row in await session.all(statement):
        found[row.pipeline_id].append(max(timedelta(0), row.noted_at - row.began_at))
    return found


async def _durations(
    session: ReadSession, pipeline_ids: list[int], since: datetime, until: datetime
) -> dict[int, list[timedelta]]:
    newest = func.row_number().over(partition_by=runs.c.pipeline_id, order_by=[runs.c.sort_at.desc(), runs.c.id.desc()])
    ranked = (
        select(runs.c.pipeline_id, runs.c.started_at, runs.c.ended_at, newest.label("place"))
        .where(
            runs.c.pipeline_id.in_(pipeline_ids),
            runs.c.sort_at >= since,
            runs.c.sort_at <= until,
            runs.c.state == RunState.SUCCESS,
            runs.c.ended_at >= runs.c.started_at,
        )
        .subquery()
    )
    found: dict[int, list[timedelta]] = defaultdict(list)
    for row in await session.all(select(ranked).where(ranked.c.place <= SAMPLE)):
        found[row.pipeline_id].append(row.ended_at - row.started_at)
    return found
