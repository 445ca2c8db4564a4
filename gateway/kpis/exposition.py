"""Figures of the whole for Prometheus: key figures of the last day, and what waits; read anew by whoever leads."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from prometheus_client import Gauge

from gateway.domain.kpis import KpiGrouping, Kpis
from gateway.kpis import backlog, measure
from gateway.store.database import Database
from gateway.store.lead import Lead

log = structlog.get_logger(__name__)

NAME = "kpis"
WINDOW = timedelta(days=1)
#: Seconds between two readings.
EVERY = 60.0
#: Pipelines that are shown one by one; where there are more, only what they add up to.
MOST_PIPELINES = 2_000
_LABELS = ["by", "name"]


def _seconds(value: timedelta | None) -> float | None:
    return value.total_seconds() if value is not None else None


def _gauge(name: str, meaning: str) -> Gauge:
    return Gauge(f"podium_kpi_{name}", f"{meaning}, of the last day.", _LABELS)


_GAUGES: dict[Gauge, Callable[[Kpis], float | None]] = {
    _gauge("unaided_success_ratio", "Runs that succeeded at once, of those that nobody started by hand"): (
        lambda one: one.unaided_success_rate
    ),
    _gauge("compute_efficiency_ratio", "Time that runs ran, of the time they ran or were queued"): (
        lambda one: one.compute_efficiency
    ),
    _gauge("sla_adherence_ratio", "Promises kept, of those that came due"): lambda one: one.sla_adherence,
    _gauge("time_to_detect_seconds", "Mean time from a failure to its incident"): (
        lambda one: _seconds(one.detect.mean)
    ),
    _gauge("time_to_notify_seconds", "Mean time from a failure to the first message that was taken"): (
        lambda one: _seconds(one.notify.mean)
    ),
    _gauge("time_to_resolve_seconds", "Mean time from a failure until all was well"): (
        lambda one: _seconds(one.resolve.mean)
    ),
    _gauge("data_age_seconds", "Mean time since the last good run, now"): lambda one: _seconds(one.age_now.mean),
}


class Exposition:
    """``run`` it in a task, on every replica: the leading one shows figures, the others none."""

    def __init__(self, database: Database, replica: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._lead = Lead(database, NAME, replica, clock)
        self._clock = clock

    async def run(self) -> None:
        """Read for ever."""
        while True:
            try:
                if await self._lead.take():
                    async with self._lead.kept() as renewing:
                        while not renewing.done():
                            await self.show()
                            await asyncio.wait({renewing}, timeout=EVERY)
                _clear()
            except Exception:  # the loop's own net: figures are read again in a while
                if await self._database.is_reachable():  # else readiness says so
                    log.exception("key figures could not be read")
            await asyncio.sleep(EVERY)

    async def show(self) -> None:
        """Read what waits, and the figures of the window up to now, and show them instead of those before."""
        now = self._clock()
        async with self._database.read() as session:
            await backlog.show(session, now)
            reading = await measure.read(session, now - WINDOW, now)
        groupings = [KpiGrouping.TOTAL, KpiGrouping.ORCHESTRATOR, KpiGrouping.OWNER]
        if len(reading.pipelines) <= MOST_PIPELINES:
            groupings.append(KpiGrouping.PIPELINE)
        found = [(grouping.lower(), one) for grouping in groupings for one in reading.by(grouping)]
        _clear_kpis()
        for gauge, value_of in _GAUGES.items():
            for by, one in found:
                value = value_of(one.kpis)
                if value is not None:
                    gauge.labels(by, one.name or "").set(value)

    async def aclose(self) -> None:
        """Let another replica go on at once."""
        await self._lead.release()


def _clear() -> None:
    backlog.clear()
    _clear_kpis()


def _clear_kpis() -> None:
    for gauge in _GAUGES:
        gauge.clear()
