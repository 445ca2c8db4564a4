"""One batch per kind of thing and request, so that a list of a hundred costs as many statements as a list of one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from strawberry.dataloader import DataLoader

from gateway.api.graphql.coordination_loaders import CoordinationLoaders
from gateway.api.graphql.incident_loaders import IncidentLoaders
from gateway.api.graphql.lineage_loaders import LineageLoaders
from gateway.api.graphql.sla_loaders import SlaLoaders
from gateway.domain.filters import PipelineFilter, RunFilter
from gateway.domain.kpis import KpiGrouping
from gateway.domain.records import Orchestrator, Pipeline, Run, RunStateChange, Task, TaskEdge, TaskRun
from gateway.domain.statistics import RunStatistics
from gateway.kpis import measure
from gateway.store.database import Database, ReadSession
from gateway.store.repository import orchestrators, pipelines, run_statistics, runs, structures, task_runs
from lineage.service import Lineage

#: Both databases limit the parameters of one statement.
LARGEST_BATCH = 5_000

#: A pipeline's newest runs: pipeline id, filter, how many.
RecentRuns = tuple[int, RunFilter, int]


class Loaders:
    """The loaders of one operation; they remember what they have loaded, so they must not outlive it.

    Each batch reads in a session of its own: nothing is held while an orchestrator is asked, nor between two batches.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], lineage: Lineage) -> None:
        self._database = database
        self._clock = clock
        self.lineage = LineageLoaders(database, lineage)
        self.coordination = CoordinationLoaders(database)
        self.slas = SlaLoaders(database, clock)
        self.incidents = IncidentLoaders(database, lineage)
        #: What a page has read along, so that nobody needs to wait for it.
        self.pipelines_at_hand: dict[int, Pipeline] = {}
        self.orchestrators_at_hand: dict[int, Orchestrator] = {}

    async def read_along(self, session: ReadSession, listed: Iterable[Run], names: Collection[str]) -> None:
        """With a page of runs, read the pipelines and orchestrators that the fields called ``names`` will ask for."""
        if "pipeline" not in names:
            return
        self.pipelines_at_hand |= await pipelines.by_ids(session, {run.pipeline_id for run in listed})
        await self.read_orchestrators_along(session, self.pipelines_at_hand.values(), names)

    async def read_orchestrators_along(
        self, session: ReadSession, listed: Iterable[Pipeline], names: Collection[str]
    ) -> None:
        """With a page of pipelines, read their orchestrators."""
        missing = {pipeline.orchestrator_id for pipeline in listed} - self.orchestrators_at_hand.keys()
        if "orchestrator" in names and missing:
            self.orchestrators_at_hand |= await orchestrators.by_ids(session, missing)

    @cached_property
    def orchestrators(self) -> DataLoader[int, Orchestrator | None]:
        """By id, removed ones too."""
        return DataLoader(self._orchestrators, max_batch_size=LARGEST_BATCH)

    @cached_property
    def pipelines(self) -> DataLoader[int, Pipeline | None]:
        """By id."""
        return DataLoader(self._pipelines, max_batch_size=LARGEST_BATCH)

    @cached_property
    def pipeline_counts(self) -> DataLoader[tuple[str, PipelineFilter], int]:
        """How many there are at the orchestrator of a name."""
        return DataLoader(self._pipeline_counts, max_batch_size=LARGEST_BATCH)

    @cached_property
    def runs(self) -> DataLoader[int, Run | None]:
        """By id."""
        return DataLoader(self._runs, max_batch_size=LARGEST_BATCH)

    @cached_property
    def runs_by_external_id(self) -> DataLoader[tuple[int, str], Run | None]:
        """By (orchestrator id, external id)."""
        return DataLoader(self._runs_by_external_id, max_batch_size=LARGEST_BATCH // 10)

    @cached_property
    def recent_runs(self) -> DataLoader[RecentRuns, Sequence[Run]]:
        """The newest runs of pipelines."""
        return DataLoader(self._recent_runs, max_batch_size=LARGEST_BATCH)

    @cached_property
    def histories(self) -> DataLoader[int, Sequence[RunStateChange]]:
        """States by run id."""
        return DataLoader(self._histories, max_batch_size=LARGEST_BATCH)

    @cached_property
    def task_runs(self) -> DataLoader[int, Sequence[TaskRun]]:
        """By run id."""
        return DataLoader(self._task_runs, max_batch_size=LARGEST_BATCH)

    @cached_property
    def tasks(self) -> DataLoader[int, Sequence[Task]]:
        """By pipeline id."""
        return DataLoader(self._tasks, max_batch_size=LARGEST_BATCH)

    @cached_property
    def task_edges(self) -> DataLoader[int, Sequence[TaskEdge]]:
        """By pipeline id."""
        return DataLoader(self._task_edges, max_batch_size=LARGEST_BATCH)

    @cached_property
    def statistics(self) -> DataLoader[tuple[int, timedelta], RunStatistics]:
        """By pipeline id and window up to now."""
        return DataLoader(self._statistics, max_batch_size=LARGEST_BATCH)

    @cached_property
    def kpis(self) -> DataLoader[tuple[int, timedelta], measure.Measure | None]:
        """By pipeline id and window up to now."""
        return DataLoader(self._kpis, max_batch_size=LARGEST_BATCH)

    async def _orchestrators(self, ids: list[int]) -> list[Orchestrator | None]:
        async with self._database.read() as session:
            found = await orchestrators.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _pipelines(self, ids: list[int]) -> list[Pipeline | None]:
        async with self._database.read() as session:
            found = await pipelines.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _pipeline_counts(self, keys: list[tuple[str, PipelineFilter]]) -> list[int]:
        found: dict[tuple[str, PipelineFilter], int] = {}
        async with self._database.read() as session:
            for wanted in dict.fromkeys(wanted for _, wanted in keys):
                names = tuple(name for name, other in keys if other == wanted)
                counted = await pipelines.counts(session, replace(wanted, orchestrators=names))
                found |= {(name, wanted): amount for name, amount in counted.items()}
        return [found.get(key, 0) for key in keys]

    async def _runs(self, ids: list[int]) -> list[Run | None]:
        async with self._database.read() as session:
            found = await runs.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _runs_by_external_id(self, ids: list[tuple[int, str]]) -> list[Run | None]:
        async with self._database.read() as session:
            found = await runs.by_external_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _recent_runs(self, keys: list[RecentRuns]) -> list[Sequence[Run]]:
        alike: dict[tuple[RunFilter, int], list[int]] = defaultdict(list)
        for pipeline_id, wanted, limit in keys:
            alike[wanted, limit].append(pipeline_id)
        found: dict[RecentRuns, Sequence[Run]] = {}
        async with self._database.read() as session:
            for (wanted, limit), pipeline_ids in alike.items():
                recent = await runs.recent_of_pipelines(session, pipeline_ids, wanted, limit)
                found |= {(pipeline_id, wanted, limit): listed for pipeline_id, listed in recent.items()}
        return [found.get(key, ()) for key in keys]

    async def _histories(self, ids: list[int]) -> list[Sequence[RunStateChange]]:
        async with self._database.read() as session:
            found = await runs.histories(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _task_runs(self, ids: list[int]) -> list[Sequence[TaskRun]]:
        async with self._database.read() as session:
            found = await task_runs.of_runs(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _tasks(self, ids: list[int]) -> list[Sequence[Task]]:
        async with self._database.read() as session:
            found = await structures.tasks_of(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _task_edges(self, ids: list[int]) -> list[Sequence[TaskEdge]]:
        async with self._database.read() as session:
            found = await structures.edges_of(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _statistics(self, keys: list[tuple[int, timedelta]]) -> list[RunStatistics]:
        now = self._clock()
        by_window: dict[timedelta, list[int]] = defaultdict(list)
        for pipeline_id, window in keys:
            by_window[window].append(pipeline_id)
        found: dict[tuple[int, timedelta], RunStatistics] = {}
        async with self._database.read() as session:
            for window, pipeline_ids in by_window.items():
                measured = await run_statistics.of_pipelines(session, pipeline_ids, now - window, now)
                found |= {(pipeline_id, window): statistics for pipeline_id, statistics in measured.items()}
        return [found[key] for key in keys]

    async def _kpis(self, keys: list[tuple[int, timedelta]]) -> list[measure.Measure | None]:
        now = self._clock()
        found: dict[tuple[int, timedelta], measure.Measure] = {}
        async with self._database.read() as session:
            for window in {window for _, window in keys}:
                wanted = [pipeline_id for pipeline_id, other in keys if other == window]
                reading = await measure.read(session, now - window, now, wanted)
                for one in reading.by(KpiGrouping.PIPELINE):
                    if one.pipeline_id is not None:
                        found[one.pipeline_id, window] = one
        return [found.get(key) for key in keys]
