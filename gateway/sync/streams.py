"""What is read from an orchestrator, stream by stream. Each stream is one complete pass: from its cursor to now."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from adapters.sdk.errors import NotFound, Rejected
from adapters.sdk.protocol import Adapter, Clock
from gateway.domain.observation import ObservedTaskRun, RunRef
from gateway.domain.records import Orchestrator, Pipeline, Run
from gateway.domain.states import Capability, RunState
from gateway.store.database import Database
from gateway.store.repository import (
    assets,
    check_results,
    cursors,
    orchestrators,
    pipelines,
    run_writes,
    structures,
    task_runs,
)
from gateway.sync.apply import apply_runs, serialize

#: Graphs read per pass, so that a first contact with thousands of pipelines delays nothing else.
STRUCTURES_PER_PASS = 50
TASK_RUNS_PER_PASS = 100
#: How often a graph is read again where the vendor does not tell that it has changed.
UNREVISED_AGE = timedelta(minutes=10)
#: Some vendors report task runs after their run has ended: they are read again until this long after it.
SETTLING = timedelta(seconds=30)
#: ... or this long, where all its tasks are reported as ended.
SETTLING_COMPLETE = timedelta(seconds=8)
AT_ONCE = 4

Item = TypeVar("Item")


@dataclass(slots=True)
class Reader:
    """Reads one orchestrator into the store; it holds nothing that a restart would miss."""

    database: Database
    orchestrator: Orchestrator
    adapter: Adapter
    clock: Clock
    #: Set whenever runs have changed, so that their task runs are read at once.
    runs_changed: asyncio.Event = field(default_factory=asyncio.Event)
    capabilities: frozenset[Capability] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def interval(self) -> timedelta:
        """How often this orchestrator is asked for news."""
        return timedelta(seconds=self.orchestrator.definition.poll_seconds)

    async def probe(self) -> None:
        """Ask who is there, and remember the answer."""
        probe = await self.adapter.probe()
        self.capabilities = probe.capabilities
        self.warnings = tuple(probe.warnings)
        async with self.database.write() as session:
            await orchestrators.save_probe(session, self.orchestrator.id, probe)

    async def read_runs(self) -> None:
        """Runs new or changed since the cursor, page by page; page and cursor are stored together."""
        async with self.database.read() as session:
            cursor = await cursors.load(session, self.orchestrator.id, "runs")
        since = self.clock() - timedelta(seconds=self.orchestrator.definition.backfill_seconds)
        began = read_at = self.clock()
        async for page in self.adapter.runs(cursor, since):
            async with self.database.write() as session:
                applied = await apply_runs(session, self.orchestrator, page.runs, read_at, self.clock())
                if page.cursor != cursor:
                    await cursors.save(session, self.orchestrator.id, "runs", page.cursor, self.clock())
                    cursor = page.cursor
            if applied.changed:
                self.runs_changed.set()
            await self.read_again(applied.outdated)
            read_at = self.clock()
        async with self.database.write() as session:
            await orchestrators.save_synced(session, self.orchestrator.id, began)

    async def read_again(self, refs: Sequence[RunRef]) -> list[RunRef]:
        """Read single runs as they are now, e.g. because a push told of them. Returns those that brought nothing new.

        One that is gone is left as it was.
        """
        unchanged: list[RunRef] = []
        for ref in refs:
            read_at = self.clock()
            try:
                observed = await self.adapter.run(ref)
            except NotFound:
                unchanged.append(ref)
                continue
            async with self.database.write() as session:
                applied = await apply_runs(session, self.orchestrator, [observed], read_at, self.clock())
            if applied.changed:
                self.runs_changed.set()
            else:
                unchanged.append(ref)
        return unchanged

    async def read_pipelines(self) -> None:
        """Every pipeline as listed now; those no longer listed become inactive once the list is complete."""
        listed: list[str] = []
        async for page in self.adapter.pipelines():
            listed += [pipeline.key for pipeline in page]
            async with self.database.write() as session:
                await serialize(session, self.orchestrator)
                await pipelines.save_listed(session, self.orchestrator.id, page, self.clock())
        async with self.database.write() as session:
            await serialize(session, self.orchestrator)
            await pipelines.retire_unlisted(session, self.orchestrator.id, listed)
            await orchestrators.save_listed(session, self.orchestrator.id, self.clock())

    async def read_structures(self) -> None:
        """Task graphs that are unknown or have changed."""
        async with self.database.read() as session:
            wanted = await pipelines.structure_wanted(
                session, self.orchestrator.id, self.clock() - UNREVISED_AGE, STRUCTURES_PER_PASS
            )
        await _in_parallel(self._read_structure, wanted)

    async def read_task_runs(self) -> None:
        """Task runs of runs that have changed, or that have ended so lately that more may be reported."""
        while True:
            now = self.clock()
            async with self.database.read() as session:
                due = await run_writes.tasks_due(session, self.orchestrator.id, now, TASK_RUNS_PER_PASS)
            await _in_parallel(self._read_task_runs, due)
            if len(due) < TASK_RUNS_PER_PASS:
                return

    async def read_assets(self) -> None:
        """Assets, their writes, and what checks of them found."""
        listed: list[str] = []
        async for page in self.adapter.assets():
            listed += [asset.key for asset in page]
            async with self.database.write() as session:
                await assets.save_listed(session, self.orchestrator.id, page, self.clock())
        async with self.database.write() as session:
            await assets.retire_unlisted(session, self.orchestrator.id, listed)
        await self._read_asset_events()

    async def _read_asset_events(self) -> None:
        async with self.database.read() as session:
            cursor = await cursors.load(session, self.orchestrator.id, "asset_events")
        since = self.clock() - timedelta(seconds=self.orchestrator.definition.backfill_seconds)
        async for page in self.adapter.asset_events(cursor, since):
            async with self.database.write() as session:
                await assets.save_events(session, self.orchestrator.id, page.events, self.clock())
                await check_results.save(session, self.orchestrator.id, page.checks, self.clock())
                await cursors.save(session, self.orchestrator.id, "asset_events", page.cursor, self.clock())

    async def _read_structure(self, pipeline: Pipeline) -> None:
        try:
            structure = await self.adapter.structure(pipeline.key)
        except NotFound:
            return  # gone since it was listed; the next listing says so
        async with self.database.write() as session:
            await structures.save(session, pipeline.id, structure, pipeline.revision, self.clock())

    async def _read_task_runs(self, run: Run) -> None:
        async with self.database.read() as session:
            pipeline = (await pipelines.by_ids(session, [run.pipeline_id]))[run.pipeline_id]
        read_at = self.clock()
        try:
            observed = await self.adapter.task_runs(RunRef(pipeline.key, run.external_id))
        except (NotFound, Rejected):
            observed = ()  # deleted at the orchestrator; what is known of it stays
        async with self.database.write() as session:
            await task_runs.save(session, run.id, observed, self.clock())
            await run_writes.set_tasks_due(session, run, next_task_read(run, observed, read_at, self.interval))


def next_task_read(
    run: Run, task_runs: Sequence[ObservedTaskRun], read_at: datetime, interval: timedelta
) -> datetime | None:
    """When a run's task runs are to be read again, having been read at ``read_at``; None: when the run changes.

    While a run goes on, its tasks move without the run itself changing; after its end some vendors still report tasks.
    """
    if run.state is RunState.RUNNING:
        return read_at + interval
    if not run.state.is_terminal:
        return None
    ended = read_at - (run.ended_at or run.observed_at)
    is_complete = bool(task_runs) and all(task.state.is_terminal for task in task_runs)
    if ended >= SETTLING or (is_complete and ended >= SETTLING_COMPLETE):
        return None
    return read_at + SETTLING_COMPLETE


async def _in_parallel(work: Callable[[Item], Awaitable[None]], items: Iterable[Item]) -> None:
    """Do it with all of them, a few at once; the first error is raised when the rest is done."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def guarded(item: Item) -> None:
        async with gate:
            await work(item)

    results = await asyncio.gather(*map(guarded, items), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
