"""Datasets and the jobs that read and write them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import RunState
from gateway.api.graphql.inputs import page_size
from gateway.api.graphql.nodes import Node, PageInfo
from gateway.api.graphql.pipelines import LazySla, Pipeline, Task
from gateway.api.graphql.runs import Run, page_info
from gateway.api.graphql.scalars import Json
from gateway.store.repository import lineage_state
from lineage import catalog

if TYPE_CHECKING:
    from lineage.joining import Joined

LazyJob = Annotated["LineageJob", strawberry.lazy("gateway.api.graphql.datasets")]


@strawberry.type(description="One of a dataset's names")
class DatasetName:
    """One of a dataset's names."""

    namespace: str
    name: str

    @classmethod
    def of(cls, name: tuple[str, str]) -> "DatasetName":
        """From (namespace, name)."""
        return cls(namespace=name[0], name=name[1])


@strawberry.type(description="Why two names mean one dataset")
class DatasetMerge:
    """Two of a dataset's names."""

    name: DatasetName
    other: DatasetName = strawberry.field(description="Nearer to the one that stands for all")
    reason: str = strawberry.field(description="The naming rules that apply, or what events declare: symlink, renamed")


@strawberry.type(description="A column; fields of records are named with dots")
class DatasetField:
    """A column."""

    name: str
    type: str | None
    description: str | None
    tags: list[str]

    @classmethod
    def of(cls, fields: Iterable[catalog.Field]) -> list["DatasetField"]:
        """In the same order."""
        return [cls(name=one.name, type=one.type, description=one.description, tags=list(one.tags)) for one in fields]


@strawberry.type(description="A dataset as one run left it")
class DatasetVersion:
    """A dataset as one run left it."""

    id: strawberry.ID
    created_at: datetime
    lineage_run_id: str | None = strawberry.field(description="The run's id in its OpenLineage events")
    version: str | None = strawberry.field(description="The producer's own name for it, e.g. a snapshot's number")
    fields: list[DatasetField]
    facets: Json
    record: strawberry.Private[catalog.Version]

    @classmethod
    def of(cls, record: catalog.Version) -> "DatasetVersion":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.DATASET_VERSION, record.id)),
            created_at=record.created_at,
            lineage_run_id=record.run.run_id,
            version=record.version,
            fields=DatasetField.of(record.fields),
            facets=Json(record.facets),
            record=record,
        )

    @strawberry.field(description="The run that made it, where its orchestrator is known")
    async def run(self, info: Info) -> Run | None:
        """Joined by what the integration tells of it."""
        key = (self.record.run.job, self.record.run.run_id)
        found = await info.context.loaders.lineage.joined_runs.load(key)
        return Run.of(found) if found else None


@strawberry.type
class DatasetVersionEdge:
    """A version and its place in a list."""

    cursor: str
    node: DatasetVersion


@strawberry.type(description="A page of versions, newest first")
class DatasetVersionConnection:
    """A page of versions."""

    edges: list[DatasetVersionEdge]
    page_info: PageInfo
    dataset_id: strawberry.Private[int]

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        async with info.context.services.database.read() as session:
            return await lineage_state.count_versions(session, self.dataset_id)


@strawberry.type(
    description="A table, file, topic or asset, named as OpenLineage names it. "
    "Aliases (symlinks) resolve to one Dataset."
)
class Dataset(Node):
    """A table, file, topic or asset."""

    namespace: str
    name: str
    aliases: list[DatasetName]
    description: str | None
    owners: list[str]
    tags: list[str]
    fields: list[DatasetField]
    last_updated_at: datetime | None = strawberry.field(
        description="The last write Podium knows of, by lineage event or by an orchestrator's asset materialization"
    )
    lifecycle: str | None = strawberry.field(
        description="What events told last of its life: ALTER, CREATE, DROP, OVERWRITE, RENAME or TRUNCATE"
    )
    is_dropped: bool = strawberry.field(description="True after a DROP, until something writes it again")
    facets: Json = strawberry.field(description="Latest facets, merged per OpenLineage rules")
    record: strawberry.Private[catalog.Dataset]

    @classmethod
    def of(cls, record: catalog.Dataset) -> "Dataset":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.DATASET, record.id)),
            namespace=record.namespace,
            name=record.name,
            aliases=list(map(DatasetName.of, record.aliases)),
            description=record.description,
            owners=record.owners,
            tags=record.tags,
            fields=DatasetField.of(record.fields),
            last_updated_at=record.written_at,
            lifecycle=record.lifecycle,
            is_dropped=record.is_dropped,
            facets=Json(record.facets),
            record=record,
        )

    @strawberry.field(description="Why its names mean one dataset; empty where it has only one")
    async def merges(self, info: Info) -> list[DatasetMerge]:
        """By rules and by what events declare."""
        found = await info.context.loaders.lineage.merges.load(self.record.id)
        return [
            DatasetMerge(name=DatasetName.of(one.name), other=DatasetName.of(one.other), reason=one.reason)
            for one in found
        ]

    @strawberry.field(description="The run that wrote it last, where its orchestrator is known")
    async def last_writer(self, info: Info) -> Run | None:
        """Joined by what the integration tells of it."""
        if self.record.written_by is None:
            return None
        found = await info.context.loaders.lineage.joined_runs.load(self.record.written_by)
        return Run.of(found) if found else None

    @strawberry.field(description="The jobs that write it")
    async def producers(self, info: Info) -> list[LazyJob]:
        """By their current edges."""
        graph = await info.context.services.lineage.graph()
        return await load_jobs(info, (node for node in graph.upstream(self.record.id) if graph.is_job(node)))

    @strawberry.field(description="The jobs that read it")
    async def consumers(self, info: Info) -> list[LazyJob]:
        """By their current edges."""
        graph = await info.context.services.lineage.graph()
        return await load_jobs(info, (node for node in graph.downstream(self.record.id) if graph.is_job(node)))

    @strawberry.field(description="What is promised of it, by name")
    async def slas(self, info: Info) -> list[LazySla]:
        """By any of its names."""
        from gateway.api.graphql.slas import Sla  # noqa: PLC0415  # the types refer to each other

        names = frozenset({(self.namespace, self.name), *self.record.aliases})
        return [Sla.of(one) for one in await info.context.loaders.slas.of_datasets.load(names)]

    @strawberry.field(description="What runs have made of it, newest first")
    async def versions(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> DatasetVersionConnection:
        """One version for each run that wrote it."""
        limit = page_size(first, info.context.limits)
        before = ids.parse_version_cursor(after) if after is not None else None
        found: Sequence[catalog.Version] = ()
        if limit > 0:
            async with info.context.services.database.read() as session:
                found = await catalog.versions(session, self.record.id, before, limit + 1)
        edges = [
            DatasetVersionEdge(cursor=ids.version_cursor(one.created_at, one.id), node=DatasetVersion.of(one))
            for one in found[:limit]
        ]
        place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None)
        return DatasetVersionConnection(edges=edges, page_info=place, dataset_id=self.record.id)


@strawberry.type(
    description="An OpenLineage job, joined to the pipeline or task that it is where Podium knows that orchestrator"
)
class LineageJob(Node):
    """An OpenLineage job."""

    namespace: str
    name: str
    integration: str | None = strawberry.field(
        description="OpenLineage jobType facet: integration and type, e.g. AIRFLOW / TASK"
    )
    type: str | None
    is_derived: bool = strawberry.field(
        description="True where no emitter tells what it reads and writes: then that is derived from what its "
        "orchestrator shows"
    )
    facets: Json
    record: strawberry.Private[catalog.Job]

    @classmethod
    def of(cls, record: catalog.Job) -> "LineageJob":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.LINEAGE_JOB, record.id)),
            namespace=record.namespace,
            name=record.name,
            integration=record.integration,
            type=record.type,
            is_derived=record.is_derived,
            facets=Json(record.facets),
            record=record,
        )

    @strawberry.field(description="The job that starts it")
    async def parent(self, info: Info) -> LazyJob | None:
        """By its latest run."""
        if self.record.parent is None:
            return None
        found = await info.context.loaders.lineage.jobs.load(self.record.parent)
        return LineageJob.of(found) if found else None

    @strawberry.field(description="The pipeline that it is, or that its parent is")
    async def pipeline(self, info: Info) -> Pipeline | None:
        """By the orchestrators' lineage namespaces."""
        joined = await self._joined(info)
        record = await info.context.loaders.pipelines.load(joined.pipeline_id) if joined else None
        return Pipeline.of(record) if record else None

    @strawberry.field(description="The task that it is, or that its parent is")
    async def task(self, info: Info) -> Task | None:
        """Of that pipeline."""
        joined = await self._joined(info)
        if joined is None or joined.task is None:
            return None
        found = await info.context.loaders.tasks.load(joined.pipeline_id)
        return next((Task.of(task) for task in found if task.key == joined.task), None)

    @strawberry.field(description="What it reads")
    async def inputs(self, info: Info) -> list[Dataset]:
        """By its last complete run that named any dataset."""
        graph = await info.context.services.lineage.graph()
        return await load_datasets(info, (one for one in graph.upstream(self.record.id) if not graph.is_job(one)))

    @strawberry.field(description="What it writes")
    async def outputs(self, info: Info) -> list[Dataset]:
        """By its last complete run that named any dataset."""
        graph = await info.context.services.lineage.graph()
        return await load_datasets(info, (one for one in graph.downstream(self.record.id) if not graph.is_job(one)))

    @strawberry.field
    async def latest_state(self, info: Info) -> RunState | None:
        """Of the run that was last heard of."""
        run = await self._latest(info)
        return run.state if run else None

    @strawberry.field
    async def latest_run_at(self, info: Info) -> datetime | None:
        """When it was last heard of."""
        run = await self._latest(info)
        return run.at if run else None

    async def _joined(self, info: Info) -> "Joined | None":
        lineage = info.context.services.lineage
        return lineage.joins.of_job(await lineage.graph(), self.record.id)

    async def _latest(self, info: Info) -> catalog.LineageRun | None:
        if self.record.latest_run_id is None:
            return None
        return await info.context.loaders.lineage.runs.load(self.record.latest_run_id)


@strawberry.type
class DatasetEdge:
    """A dataset and its place in a list."""

    cursor: str
    node: Dataset


@strawberry.type(description="A page of datasets")
class DatasetConnection:
    """A page of datasets."""

    edges: list[DatasetEdge]
    page_info: PageInfo


async def merged_datasets(info: Info, first: int | None, after: str | None) -> DatasetConnection:
    """A page of the datasets that have several names."""
    limit = page_size(first, info.context.limits)
    begin = ids.parse_as(ids.Kind.DATASET, after, "after") if after is not None else -1
    found: Sequence[int] = ()
    if limit > 0:
        async with info.context.services.database.read() as session:
            found = await lineage_state.merged_datasets(session, begin, limit + 1)
    records = await info.context.loaders.lineage.datasets.load_many(list(found[:limit]))
    nodes = [Dataset.of(one) for one in records if one]
    edges = [DatasetEdge(cursor=node.id, node=node) for node in nodes]
    place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None)
    return DatasetConnection(edges=edges, page_info=place)


async def load_datasets(info: Info, identities: Iterable[int]) -> list[Dataset]:
    """By name."""
    found = await info.context.loaders.lineage.datasets.load_many(list(identities))
    return sorted((Dataset.of(one) for one in found if one), key=lambda one: (one.namespace, one.name))


async def load_jobs(info: Info, identities: Iterable[int]) -> list[LineageJob]:
    """By name."""
    found = await info.context.loaders.lineage.jobs.load_many(list(identities))
    return sorted((LineageJob.of(one) for one in found if one), key=lambda one: (one.namespace, one.name))
