"""Tells, in OpenLineage's words, what orchestrators show of their assets where no emitter does.

What it tells goes the way of every other event: into the log. One replica does it at a time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import takewhile
from types import ModuleType
from typing import Any

import structlog

from adapters.sdk.protocol import Clock
from gateway.domain.records import LINEAGE_FORWARD
from gateway.store import leases
from gateway.store.database import Database
from gateway.store.repository import assets, definitions, firings, lineage_joins, lineage_log
from gateway.store.repository.assets import AssetWrite
from lineage.assets import Name, Sides, Source, Write, jobs_of, names_of, work_of
from lineage.ends import work_ended
from lineage.firings import words_of
from lineage.intake import Intake
from lineage.openlineage.check import check
from lineage.openlineage.state import identity, job_id
from lineage.sources import emitted_of, sources_of

log = structlog.get_logger(__name__)

LEASE = "lineage-deriver"
#: Seconds between two looks, and how long a look may take before another replica goes on.
EVERY = 2.0
HELD = timedelta(seconds=30)
#: What jobs read and write changes seldom, and looking at it means reading every asset.
JOBS_EVERY = timedelta(seconds=20)
#: How long a write waits for its run to be known.
RUN_KNOWN_WITHIN = timedelta(minutes=2)
READER = "derived-writes"
ENDS = "derived-ends"
FIRINGS = "derived-firings"
TOLD = "derived-job "
LONG_AGO = datetime.min.replace(tzinfo=UTC)
WRITES_AT_ONCE = 500
ENDS_AT_ONCE = 1_000
STEPS_AT_ONCE = 1_000
#: Writes are numbered before they are committed: by then, none with a lower number will still appear.
SEEN = timedelta(seconds=2)
#: Task runs are read a little after their run's end.
SETTLED = timedelta(seconds=10)


class Deriver:
    """``run`` it in a task; whatever is repeated after a crash is the same event."""

    def __init__(self, database: Database, intake: Intake, replica: str, clock: Clock) -> None:
        self._database = database
        self._intake = intake
        self._replica = replica
        self._clock = clock
        self._told_at = LONG_AGO

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                if await self._is_mine():
                    while await self.step():
                        pass
            except Exception:  # the loop's own net: whatever it is, the next look is due
                if await self._database.is_reachable():  # else readiness says so
                    log.exception("lineage could not be derived from assets")
            await asyncio.sleep(EVERY)

    async def step(self) -> bool:
        """Tell what is new; returns whether there may be more."""
        has_more = [await self._tell_assets(), await self._tell_ends(), await self._tell_firings()]
        return any(has_more)

    async def _tell_assets(self) -> bool:
        async with self._database.read() as session:
            position = await lineage_log.position(session, READER)
            found = await assets.writes_after(session, position, self._clock() - SEEN, WRITES_AT_ONCE)
            writes = list(takewhile(self._is_settled, found))
            is_due = self._clock() - self._told_at >= JOBS_EVERY
            if not writes and not is_due:
                return False
            sources = await sources_of(session)
            if sources:
                await asyncio.to_thread(telling)
            told = [(source, job, sides) for source in sources.values() for job, sides in jobs_of(source).items()]
            names = {
                job: some for source in sources.values() for job, some in names_of(source, work_of(source)).items()
            }
            written: list[tuple[Name, dict[str, Any]]] = []
            for orchestrator_id, source in sources.items():
                for work, event in telling().write_events(source, _writes_of(source, orchestrator_id, writes)):
                    names |= names_of(source, [work])
                    written.append((source.job(*work), event))
            emitted = await emitted_of(session, names)
        if is_due:
            await self._tell_jobs([one for one in told if one[1] not in emitted])
            self._told_at = self._clock()
        await self._tell([event for job, event in written if job not in emitted])
        if writes:
            async with self._database.write() as session:
                await lineage_log.advance(session, READER, writes[-1].id)
        return len(writes) == WRITES_AT_ONCE

    async def _tell_ends(self) -> bool:
        """Tell how runs of jobs have ended that read or write assets; it may be that they wrote nothing.

        Where events are sent on, whoever gets them hears of all other runs too that no emitter tells of.
        """
        async with self._database.read() as session:
            position = await lineage_log.position(session, ENDS)
            ends = await lineage_joins.ends_after(session, position, self._clock() - SETTLED, ENDS_AT_ONCE)
            if not ends:
                return False
            every_run = bool(await definitions.of(session, LINEAGE_FORWARD))
            sources = await sources_of(session, without_assets=every_run)
            if sources:
                await asyncio.to_thread(telling)
            found = await work_ended(session, sources, ends, every_run=every_run)
            names = {job: some for one in found for job, some in names_of(one.source, [one.work]).items()}
            emitted = await emitted_of(session, names)
        untold = [one for one in found if one.source.job(*one.work) not in emitted]
        await self._tell([event for one in untold for event in telling().end_events(one)])
        async with self._database.write() as session:
            await lineage_log.advance(session, ENDS, ends[-1].id)
        return len(ends) == ENDS_AT_ONCE

    async def _tell_firings(self) -> bool:
        """Tell, where events are sent on, what became of firings."""
        async with self._database.read() as session:
            position = await lineage_log.position(session, FIRINGS)
            steps = await firings.steps_after(session, position, self._clock() - SEEN, STEPS_AT_ONCE)
            if not steps:
                return False
            is_wanted = bool(await definitions.of(session, LINEAGE_FORWARD))
            sources = await sources_of(session, without_assets=True) if is_wanted else {}
            words = await words_of(session, sources, steps) if is_wanted else []
        if words:
            await asyncio.to_thread(telling)
        await self._tell([telling().firing_event(word) for word in words])
        async with self._database.write() as session:
            await lineage_log.advance(session, FIRINGS, steps[-1].id)
        return len(steps) == STEPS_AT_ONCE

    def _is_settled(self, write: AssetWrite) -> bool:
        """Whether the run that wrote is known, or will hardly be any more: runs are read apart from assets."""
        is_known = write.pipeline is not None or write.event.run_external_id is None
        return is_known or self._clock() - write.event.at > RUN_KNOWN_WITHIN

    async def _tell_jobs(self, jobs: Sequence[tuple[Source, Name, Sides]]) -> None:
        """Tell of each job whose reading or writing has changed since it was last told of."""
        async with self._database.read() as session:
            known = await lineage_log.positions(session, TOLD)
        for source, job, (inputs, outputs) in jobs:
            place = f"{TOLD}{job_id(*job)}"
            columns = sorted(str(source.columns[name]) for name in outputs if name in source.columns)
            content = identity("derived", *sorted(map(str, inputs)), "", *sorted(map(str, outputs)), *columns)
            if known.get(place) != content:
                await self._tell([telling().job_event(source, job, inputs, outputs, self._clock())])
                async with self._database.write() as session:
                    await lineage_log.advance(session, place, content)

    async def _tell(self, events: Sequence[dict[str, Any]]) -> None:
        if events:
            await self._intake.receive([check(event) for event in events])

    async def _is_mine(self) -> bool:
        async with self._database.write() as session:
            return await leases.acquire(session, LEASE, self._replica, self._clock(), HELD) is not None


def _writes_of(source: Source, orchestrator_id: int, writes: Sequence[AssetWrite]) -> list[Write]:
    """An orchestrator's writes by jobs that are known: by the run's pipeline, or by the asset's only producer."""
    found: list[Write] = []
    for write in writes:
        if write.orchestrator_id != orchestrator_id or write.event.run_external_id is None:
            continue
        producers = source.assets[write.event.asset_key].producers if write.event.asset_key in source.assets else ()
        pipelines = {pipeline for pipeline, _ in producers}
        pipeline = write.pipeline or (next(iter(pipelines)) if len(pipelines) == 1 else None)
        if pipeline is not None:
            task = write.event.task or next((task for key, task in producers if key == pipeline), None)
            metadata: Mapping[str, Any] = write.event.metadata
            event = write.event
            found.append(Write(event.asset_key, event.at, pipeline, task, write.event.run_external_id, metadata))
    return found


def telling() -> ModuleType:
    """``lineage.telling``. Its libraries take half a second to load: not while Podium starts, nor on its event loop."""
    return import_module("lineage.telling")
