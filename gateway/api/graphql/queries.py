"""What can be asked."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Any

import strawberry
from strawberry.dataloader import DataLoader

from gateway.api.graphql import ids
from gateway.api.graphql.column_lineage import ColumnLineage, column_lineage
from gateway.api.graphql.connection_forms import ConnectionQueries
from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset, DatasetConnection, LineageJob, merged_datasets
from gateway.api.graphql.dependencies import Dependency, DependencyConnection, dependency_page
from gateway.api.graphql.enums import Direction, PipelineOrder, Role, RunOrder, SortDirection
from gateway.api.graphql.errors import ApiError
from gateway.api.graphql.findings import Found, find
from gateway.api.graphql.firings import Firing, FiringConnection, States, firing_page
from gateway.api.graphql.impact import Impact, RootCause, impact, root_causes
from gateway.api.graphql.incident_queries import IncidentQueries
from gateway.api.graphql.incidents import Incident, Silence
from gateway.api.graphql.inputs import PipelineFilterArgument, RunFilterArgument, bounded, text
from gateway.api.graphql.kpis import KpiQueries
from gateway.api.graphql.lineage import (
    LineageGranularity,
    LineageGraph,
    LineageNode,
    lineage_graph,
)
from gateway.api.graphql.loaders import Loaders
from gateway.api.graphql.nodes import Node
from gateway.api.graphql.orchestrators import Orchestrator
from gateway.api.graphql.pipelines import Pipeline, PipelineConnection, pipeline_page
from gateway.api.graphql.runs import Run, RunConnection, run_page
from gateway.api.graphql.search import search
from gateway.api.graphql.sla_adherence import SlaAdherenceQueries
from gateway.api.graphql.sla_queries import SlaQueries
from gateway.api.graphql.slas import Sla
from gateway.api.graphql.starts import DatasetNameInput, LineageStart, named_dataset
from gateway.api.graphql.timeline import TimelineQueries
from gateway.domain import filters
from gateway.store.repository import dependencies, orchestrators, pipelines

VERSION = version("podium")

As = Annotated[str, strawberry.argument(name="text")]
Most = Annotated[int, strawberry.argument(name="maxNodes")]
AsOf = Annotated[datetime | None, strawberry.argument(name="asOf")]


@strawberry.type(description="Who is asking")
class Me:
    """Who is asking."""

    name: str
    role: Role


@strawberry.type(description="This Podium")
class ServerInfo:
    """This Podium."""

    version: str
    is_authentication_on: bool = strawberry.field(
        description="False while no token exists and Podium listens on loopback only: then every local caller is admin"
    )


@strawberry.type
class Query(SlaQueries, SlaAdherenceQueries, IncidentQueries, KpiQueries, TimelineQueries, ConnectionQueries):
    """What can be asked."""

    @strawberry.field
    async def node(self, info: Info, identity: Annotated[strawberry.ID, strawberry.argument(name="id")]) -> Node | None:
        """Null where there is nothing of that id."""
        return await _node(info, identity, "id")

    @strawberry.field
    async def nodes(
        self, info: Info, identities: Annotated[list[strawberry.ID], strawberry.argument(name="ids")]
    ) -> list[Node | None]:
        """In the order of the ids, null where there is nothing."""
        wanted = bounded("ids", identities, info.context.limits)
        return await asyncio.gather(*(_node(info, value, "ids") for value in wanted))

    @strawberry.field(description="Every connected system, by name")
    async def orchestrators(self, info: Info) -> list[Orchestrator]:
        """Those that are configured now."""
        async with info.context.services.database.read() as session:
            return [Orchestrator.of(record) for record in await orchestrators.active(session)]

    @strawberry.field
    async def orchestrator(self, info: Info, name: str) -> Orchestrator | None:
        """Null where there is none of that name."""
        wanted = text("name", name, info.context.limits)
        async with info.context.services.database.read() as session:
            record = await orchestrators.by_name(session, wanted)
        return Orchestrator.of(record) if record else None

    @strawberry.field(
        description="Pipelines, by name unless asked otherwise; also those no longer listed, unless filter.isActive "
        "says so. A cursor is of the order that it was given out in"
    )
    async def pipelines(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        where: PipelineFilterArgument = None,
        order_by: PipelineOrder = PipelineOrder.NAME,
        direction: SortDirection = SortDirection.ASC,
    ) -> PipelineConnection:
        """Of all orchestrators."""
        wanted = where.to_domain(info.context.limits) if where else filters.PipelineFilter()
        sort = filters.PipelineSort(order_by, is_descending=direction is SortDirection.DESC)
        return await pipeline_page(info, wanted, first, after, sort)

    @strawberry.field
    async def pipeline(self, info: Info, orchestrator: str, key: str) -> Pipeline | None:
        """Null where there is none of that key."""
        limits = info.context.limits
        named = text("orchestrator", orchestrator, limits), text("key", key, limits)
        async with info.context.services.database.read() as session:
            record = await pipelines.by_name(session, *named)
        return Pipeline.of(record) if record else None

    @strawberry.field(
        description="Runs in the order they were queued or, where that is not known, started. By duration those that "
        "have none come last"
    )
    async def runs(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        where: RunFilterArgument = None,
        direction: SortDirection = SortDirection.DESC,
        order_by: RunOrder = RunOrder.TIME,
    ) -> RunConnection:
        """Of all orchestrators, newest first."""
        wanted = where.to_domain(info.context.limits) if where else filters.RunFilter()
        sort = filters.RunSort(order_by, direction is SortDirection.DESC)
        return await run_page(info, wanted, first, after, sort)

    @strawberry.field
    async def dataset(self, info: Info, namespace: str, name: str) -> Dataset | None:
        """By any of its names; null where there is none."""
        graph = await info.context.services.lineage.graph()
        named = DatasetNameInput(namespace=namespace, name=name)
        try:
            identity = named_dataset(info, graph, named, "dataset")
        except ApiError:
            return None
        found = await info.context.loaders.lineage.datasets.load(identity)
        return Dataset.of(found) if found else None

    @strawberry.field(description="Datasets with several names: what was merged; `merges` says why")
    async def merged_datasets(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> DatasetConnection:
        """In no order that means anything."""
        return await merged_datasets(info, first, after)

    @strawberry.field(description="Pipelines, datasets and lineage jobs whose name holds the text, best match first")
    async def search(self, info: Info, words: As, first: int = 20) -> list[LineageNode]:
        """Nothing for an empty text."""
        return await search(info, words, first)

    @strawberry.field(
        description="What a text leads to, kind by kind, so many of each; for a search box over everything"
    )
    def find(self, info: Info, words: As, first: int = 5) -> Found:
        """Nothing for an empty text."""
        return find(info, words, first)

    @strawberry.field(
        description="What lies before and behind a dataset, job or pipeline. Depth counts edges; `asOf` is an earlier "
        "time, as far as runs are kept"
    )
    async def lineage(
        self,
        info: Info,
        start: LineageStart,
        direction: Direction = Direction.BOTH,
        depth: int | None = None,
        granularity: LineageGranularity = LineageGranularity.JOB,
        as_of: AsOf = None,
        most: Most = 1000,
    ) -> LineageGraph:
        """NOT_FOUND where there is no such start."""
        return await lineage_graph(info, start, direction, depth, granularity, as_of, most)

    @strawberry.field(
        description="From one column, or every column of a dataset; depth counts jobs. `asOf` is an earlier time, as "
        "for `lineage`"
    )
    async def column_lineage(
        self,
        info: Info,
        dataset: DatasetNameInput,
        field: str | None = None,
        direction: Direction = Direction.UPSTREAM,
        depth: int | None = None,
        as_of: AsOf = None,
        most: Most = 1000,
    ) -> ColumnLineage:
        """NOT_FOUND where there is no such dataset or column."""
        return await column_lineage(info, dataset, field, direction, depth, as_of, most)

    @strawberry.field(
        description="What is hurt, or will be, downstream of a failed or late node. `asOf` is an earlier time, as for "
        "`lineage`; owners and SLAs are those of now"
    )
    async def impact(self, info: Info, start: LineageStart, as_of: AsOf = None) -> Impact:
        """NOT_FOUND where there is no such start."""
        return await impact(info, start, as_of)

    @strawberry.field(
        description="The earliest unhealthy ancestors that explain why a node is unhealthy, nearest first"
    )
    async def root_causes(self, info: Info, start: LineageStart) -> list[RootCause]:
        """None where everything above is well."""
        return await root_causes(info, start)

    @strawberry.field(description="Cross-system dependencies, by name")
    async def dependencies(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> DependencyConnection:
        """Those that are defined now."""
        return await dependency_page(info, first, after)

    @strawberry.field
    async def dependency(self, info: Info, name: str) -> Dependency | None:
        """Null where there is none of that name."""
        wanted = text("name", name, info.context.limits)
        async with info.context.services.database.read() as session:
            found = await dependencies.by_name(session, wanted)
        return Dependency.of(found) if found else None

    @strawberry.field(description="Firings of all dependencies, newest first")
    async def firings(
        self, info: Info, first: int | None = None, after: str | None = None, states: States = None
    ) -> FiringConnection:
        """Also those of dependencies that are no longer defined."""
        return await firing_page(info, None, states, first, after)

    @strawberry.field(description="Who is asking, and what they may do")
    def me(self, info: Info) -> Me:
        """Known since the request was let in."""
        principal = info.context.require(Role.VIEWER)
        return Me(name=principal.name, role=principal.role)

    @strawberry.field
    def server_info(self, info: Info) -> ServerInfo:
        """For the UI's footer and sign-in dialog."""
        return ServerInfo(version=VERSION, is_authentication_on=info.context.is_authentication_on)


async def _node(info: Info, value: str, field: str) -> Node | None:
    kind, identity = ids.parse(value, field)
    of_kind = _NODES.get(kind)
    if of_kind is None:
        return None  # it is given out, and no node
    loader, present = of_kind
    record = await loader(info.context.loaders).load(identity)
    return present(record) if record else None


#: How nodes are loaded, and what they are to clients.
_NODES: Mapping[ids.Kind, tuple[Callable[[Loaders], DataLoader[int, Any]], Callable[[Any], Node]]] = {
    ids.Kind.ORCHESTRATOR: (lambda loaders: loaders.orchestrators, Orchestrator.of),
    ids.Kind.PIPELINE: (lambda loaders: loaders.pipelines, Pipeline.of),
    ids.Kind.RUN: (lambda loaders: loaders.runs, Run.of),
    ids.Kind.DATASET: (lambda loaders: loaders.lineage.datasets, Dataset.of),
    ids.Kind.LINEAGE_JOB: (lambda loaders: loaders.lineage.jobs, LineageJob.of),
    ids.Kind.DEPENDENCY: (lambda loaders: loaders.coordination.dependencies, Dependency.of),
    ids.Kind.FIRING: (lambda loaders: loaders.coordination.firings, Firing.of),
    ids.Kind.SLA: (lambda loaders: loaders.slas.slas, Sla.of),
    ids.Kind.INCIDENT: (lambda loaders: loaders.incidents.incidents, Incident.of),
    ids.Kind.SILENCE: (lambda loaders: loaders.incidents.silences, Silence.of),
}
