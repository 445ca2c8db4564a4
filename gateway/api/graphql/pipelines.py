"""Pipelines, their task graphs and how their runs have gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, cast

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import RunState
from gateway.api.graphql.errors import ApiError, Code
from gateway.api.graphql.inputs import DEFAULT_WINDOW, RunFilterArgument, only, page_size, usable
from gateway.api.graphql.nodes import Node, PageInfo
from gateway.api.graphql.runs import Run, RunConnection, page_info, pipeline_run_page
from gateway.api.graphql.selection import names_below
from gateway.domain import filters, records
from gateway.domain.dependencies import PipelineRef
from gateway.domain.statistics import RunStatistics
from gateway.store.repository import pipelines

if TYPE_CHECKING:
    from gateway.api.graphql.datasets import Dataset
    from gateway.api.graphql.dependencies import Dependency
    from gateway.api.graphql.kpis import Kpis
    from gateway.api.graphql.orchestrators import Orchestrator
    from gateway.api.graphql.slas import Sla

LazyDataset = Annotated["Dataset", strawberry.lazy("gateway.api.graphql.datasets")]
LazySla = Annotated["Sla", strawberry.lazy("gateway.api.graphql.slas")]
LazyKpis = Annotated["Kpis", strawberry.lazy("gateway.api.graphql.kpis")]
LazyDependency = Annotated["Dependency", strawberry.lazy("gateway.api.graphql.dependencies")]
LazyOrchestrator = Annotated["Orchestrator", strawberry.lazy("gateway.api.graphql.orchestrators")]


@strawberry.type(description="One step of a pipeline's graph")
class Task:
    """One step of a pipeline's graph."""

    key: str
    name: str
    type: str | None
    group: str | None
    url: str | None

    @classmethod
    def of(cls, record: records.Task) -> "Task":
        """As it is stored."""
        return cls(key=record.key, name=record.name, type=record.type, group=record.group, url=record.url)


@strawberry.type(description="`downstream` waits for `upstream`, both keys of tasks")
class TaskEdge:
    """One arrow of a pipeline's graph."""

    upstream: str
    downstream: str


@strawberry.type(description="How a pipeline's runs have gone in a window up to now")
class PipelineStats:
    """How a pipeline's runs have gone."""

    runs: int
    succeeded: int
    failed: int
    success_rate: float | None = strawberry.field(
        description="succeeded / finished, 0..1; null where nothing finished. Skipped runs do not count as finished"
    )
    duration_p50: timedelta | None = strawberry.field(
        name="durationP50", description="Median duration of the newest successful runs in the window"
    )
    duration_p95: timedelta | None = strawberry.field(
        name="durationP95", description="95th percentile of the same durations"
    )
    mean_time_to_detect: timedelta | None = strawberry.field(
        description="Median time from a failure in the source to its incident being opened here"
    )

    @classmethod
    def of(cls, statistics: RunStatistics) -> "PipelineStats":
        """As computed."""
        return cls(
            runs=statistics.total,
            succeeded=statistics.counts.get(RunState.SUCCESS, 0),
            failed=statistics.counts.get(RunState.FAILED, 0),
            success_rate=statistics.success_rate,
            duration_p50=statistics.duration_at(0.5),
            duration_p95=statistics.duration_at(0.95),
            mean_time_to_detect=statistics.mean_time_to_detect,
        )


@strawberry.type(description="A DAG, flow, job, workflow template, state machine or sync: what an orchestrator can run")
class Pipeline(Node):
    """What an orchestrator can run."""

    key: str = strawberry.field(description="The orchestrator's own identifier, e.g. the dag_id")
    name: str
    description: str | None
    owners: list[str]
    tags: list[str]
    schedule: str | None = strawberry.field(
        description="The schedule as its orchestrator shows it: a cron expression, an interval, 'asset-triggered', ..."
    )
    timezone: str | None
    next_run_at: datetime | None
    is_paused: bool
    is_active: bool = strawberry.field(description="False once the orchestrator no longer lists it; its history stays")
    url: str | None = strawberry.field(description="Deep link into the orchestrator's own UI")
    record: strawberry.Private[records.Pipeline]

    @classmethod
    def of(cls, record: records.Pipeline) -> "Pipeline":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.PIPELINE, record.id)),
            key=record.key,
            name=record.name,
            description=record.description,
            owners=list(record.owners),
            tags=list(record.tags),
            schedule=record.schedule,
            timezone=record.timezone,
            next_run_at=record.next_run_at,
            is_paused=record.is_paused,
            is_active=record.is_active,
            url=record.url,
            record=record,
        )

    @strawberry.field
    def orchestrator(self, info: Info) -> LazyOrchestrator:
        """Where it runs. At once where it was read along, else a promise that the executor awaits."""
        from gateway.api.graphql.orchestrators import Orchestrator  # noqa: PLC0415  # the types refer to each other

        at_hand = info.context.loaders.orchestrators_at_hand.get(self.record.orchestrator_id)
        return Orchestrator.of(at_hand) if at_hand is not None else cast("Orchestrator", self._orchestrator(info))

    async def _orchestrator(self, info: Info) -> "Orchestrator":
        from gateway.api.graphql.orchestrators import Orchestrator  # noqa: PLC0415  # the types refer to each other

        record = await info.context.loaders.orchestrators.load(self.record.orchestrator_id)
        if record is None:
            raise ApiError(Code.NOT_FOUND, "The orchestrator of this pipeline has been deleted.")
        return Orchestrator.of(record)

    @strawberry.field
    async def tasks(self, info: Info) -> list[Task]:
        """In the orchestrator's order."""
        found = await info.context.loaders.tasks.load(self.record.id)
        return [Task.of(task) for task in found]

    @strawberry.field
    async def task_edges(self, info: Info) -> list[TaskEdge]:
        """Which task waits for which."""
        found = await info.context.loaders.task_edges.load(self.record.id)
        return [TaskEdge(upstream=edge.upstream, downstream=edge.downstream) for edge in found]

    @strawberry.field
    async def latest_run(self, info: Info) -> Run | None:
        """The newest by its place in lists."""
        if self.record.latest_run_id is None:
            return None
        found = await info.context.loaders.runs.load(self.record.latest_run_id)
        return Run.of(found) if found else None

    @strawberry.field(description="Datasets that its jobs read and do not write themselves")
    async def inputs(self, info: Info) -> list[LazyDataset]:
        """By the jobs' current edges."""
        return await datasets_of(info, self.record.id, is_written=False)

    @strawberry.field(description="Datasets that its jobs write")
    async def outputs(self, info: Info) -> list[LazyDataset]:
        """By the jobs' current edges."""
        return await datasets_of(info, self.record.id, is_written=True)

    @strawberry.field(description="Cross-system dependencies that trigger it")
    async def dependencies(self, info: Info) -> list[LazyDependency]:
        """By name."""
        return await self._around(info, 0)

    @strawberry.field(description="Cross-system dependencies that wait for it")
    async def dependents(self, info: Info) -> list[LazyDependency]:
        """By name."""
        return await self._around(info, 1)

    @strawberry.field(description="What is promised of it, by name")
    async def slas(self, info: Info) -> list[LazySla]:
        """Those that are defined now."""
        from gateway.api.graphql.slas import Sla  # noqa: PLC0415  # the types refer to each other

        loaders = info.context.loaders
        orchestrator = await loaders.orchestrators.load(self.record.orchestrator_id)
        if orchestrator is None:
            return []
        found = await loaders.slas.of_pipelines.load(PipelineRef(orchestrator.name, self.record.key))
        return [Sla.of(one) for one in found]

    async def _around(self, info: Info, side: int) -> "list[Dependency]":
        from gateway.api.graphql.dependencies import Dependency  # noqa: PLC0415  # the types refer to each other

        loaders = info.context.loaders
        orchestrator = await loaders.orchestrators.load(self.record.orchestrator_id)
        if orchestrator is None:
            return []
        found = await loaders.coordination.around.load(PipelineRef(orchestrator.name, self.record.key))
        return [Dependency.of(one) for one in found[side]]

    @strawberry.field(description="Its runs, newest first")
    async def runs(
        self, info: Info, first: int | None = None, after: str | None = None, where: RunFilterArgument = None
    ) -> RunConnection:
        """As ``Query.runs``, of this pipeline only."""
        wanted = where.to_domain(info.context.limits) if where else filters.RunFilter()
        return await pipeline_run_page(info, self.record.id, only([self.record.id], wanted), first, after)

    @strawberry.field(description="Figures about the runs that began in the window up to now")
    async def stats(self, info: Info, window: timedelta = DEFAULT_WINDOW) -> PipelineStats:
        """Counts are exact; durations are of the newest runs of the window."""
        return PipelineStats.of(await info.context.loaders.statistics.load((self.record.id, usable(window))))

    @strawberry.field(description="Key figures of the window up to now; null where its orchestrator no longer lists it")
    async def kpis(self, info: Info, window: timedelta = DEFAULT_WINDOW) -> LazyKpis | None:
        """As ``Query.kpis`` puts them together by pipeline."""
        from gateway.api.graphql.kpis import Kpis  # noqa: PLC0415  # the types refer to each other

        found = await info.context.loaders.kpis.load((self.record.id, usable(window)))
        return Kpis.of(found) if found else None


@strawberry.type
class PipelineEdge:
    """A pipeline and its place in a list."""

    cursor: str
    node: Pipeline


@strawberry.type(description="A page of pipelines, by name")
class PipelineConnection:
    """A page of pipelines."""

    edges: list[PipelineEdge]
    page_info: PageInfo
    wanted: strawberry.Private[filters.PipelineFilter | None]

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        if self.wanted is None:
            return 0
        if len(self.wanted.orchestrators) == 1:  # many orchestrators are counted at once
            key = self.wanted.orchestrators[0], replace(self.wanted, orchestrators=())
            return await info.context.loaders.pipeline_counts.load(key)
        async with info.context.services.database.read() as session:
            return await pipelines.count(session, self.wanted)


async def pipeline_page(
    info: Info,
    wanted: filters.PipelineFilter | None,
    first: int | None,
    after: str | None,
    sort: filters.PipelineSort = filters.BY_NAME,
) -> PipelineConnection:
    """A page of the pipelines that a filter lets through; an empty one where the filter is None."""
    limit = page_size(first, info.context.limits)
    position = ids.parse_pipeline_cursor(after, sort) if after is not None else None
    found: Sequence[tuple[records.Pipeline, filters.PipelinePosition]] = ()
    if wanted is not None and limit > 0:
        async with info.context.services.database.read() as session:
            found = await pipelines.page(session, wanted, position, limit + 1, sort)
            await info.context.loaders.read_orchestrators_along(
                session, [record for record, _ in found], names_below(info)
            )
    edges = [
        PipelineEdge(cursor=ids.pipeline_cursor(place, sort), node=Pipeline.of(record))
        for record, place in found[:limit]
    ]
    info_of_page = page_info(
        [edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None
    )
    return PipelineConnection(edges=edges, page_info=info_of_page, wanted=wanted)


async def datasets_of(info: Info, pipeline_id: int, *, is_written: bool) -> "list[Dataset]":
    """What a pipeline's lineage jobs write, or read without writing it."""
    from gateway.api.graphql.datasets import load_datasets  # noqa: PLC0415  # the types refer to each other

    lineage = info.context.services.lineage
    graph = await lineage.graph()
    jobs = lineage.joins.jobs_of(graph, pipeline_id)
    written = {node for job in jobs for node in graph.downstream(job) if not graph.is_job(node)}
    read = {node for job in jobs for node in graph.upstream(job) if not graph.is_job(node)}
    return await load_datasets(info, written if is_written else read - written)
