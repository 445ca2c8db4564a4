"""The lineage graph, as objects and as parallel lists."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset, LineageJob
from gateway.api.graphql.enums import Direction, EdgeKind
from gateway.api.graphql.errors import BadInput
from gateway.api.graphql.execution import Written
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.starts import LineageStart, resolve
from gateway.domain.records import Pipeline as PipelineRecord
from lineage.graph import Graph, Node
from lineage.walk import Found, RolledUp, View, walk

LineageNode = Annotated[
    Dataset | LineageJob | Pipeline,
    strawberry.union(name="LineageNode", description="What lineage and search can lead to"),
]

_DATASET, _JOB, _PIPELINE = ids.Kind.DATASET, ids.Kind.LINEAGE_JOB, ids.Kind.PIPELINE
#: Nodes of one answer, at most; more than this nobody draws.
MOST_NODES = 50_000


@strawberry.type(
    description="Data flows from source to target (node ids). A DEPENDENCY edge is a cross-system dependency declared "
    "in Podium, or one that an emitter tells of; a PARENT edge leads from a job to one that it starts"
)
class LineageEdge:
    """Two nodes and why they are joined."""

    source: strawberry.ID
    target: strawberry.ID
    kind: EdgeKind


@strawberry.type(
    description="nodeIds[i], nodeTypes[i] (Dataset, LineageJob, Pipeline), labels[i], orchestrators[i], states[i] "
    "describe node i; edge k goes from sources[k] to targets[k] (positions in nodeIds)"
)
class LineageColumns:
    """A graph as parallel lists."""

    node_ids: list[strawberry.ID]
    node_types: list[str]
    labels: list[str]
    orchestrators: list[str | None]
    states: list[str | None]
    sources: list[int]
    targets: list[int]
    edge_kinds: list[EdgeKind]


def kind_of(node: Node) -> ids.Kind:
    """A negative node is a pipeline."""
    if node.edges is not None:
        return _JOB
    return _DATASET if node.id >= 0 else _PIPELINE


def id_of(node: Node) -> strawberry.ID:
    """A node's global id."""
    node.public_id = node.public_id or ids.global_id(kind_of(node), abs(node.id))
    return strawberry.ID(node.public_id)


@strawberry.type(description="A part of the lineage graph; nodes come nearest first")
class LineageGraph:
    """A part of the lineage graph."""

    graph: strawberry.Private[Graph]
    found: strawberry.Private[Found]
    truncated: bool = strawberry.field(description="True where maxNodes cut the answer; never cut silently")

    @strawberry.field
    async def nodes(self, info: Info) -> list[LineageNode]:
        """As objects."""
        return await load_nodes(info, self.graph, [node.id for node in self.found.nodes])

    @strawberry.field
    def edges(self) -> list[LineageEdge]:
        """By ids."""
        found, names = self.found, list(map(id_of, self.found.nodes))
        return [
            LineageEdge(source=names[source], target=names[target], kind=EdgeKind(kind))
            for source, target, kind in zip(found.sources, found.targets, found.kinds, strict=True)
        ]

    @strawberry.field(
        description="The same graph as parallel lists, for drawing thousands of nodes: one scalar per column instead "
        "of an object per node"
    )
    async def columns(self, info: Info) -> LineageColumns:
        """From memory; only pipelines are read."""
        found = self.found
        pipelines = await _described(info, found.nodes)
        columns = LineageColumns(
            node_ids=Written([node.public_id or id_of(node) for node in found.nodes]),
            node_types=Written([kind_of(node) for node in found.nodes]),
            labels=Written([node.label for node in found.nodes]),
            orchestrators=Written(_orchestrators(info, found.nodes)),
            states=Written([node.state for node in found.nodes]),
            sources=Written(found.sources),
            targets=Written(found.targets),
            edge_kinds=Written(found.kinds),
        )
        for place, (label, orchestrator, state) in pipelines.items():
            columns.labels[place], columns.orchestrators[place], columns.states[place] = label, orchestrator, state
        return columns


@strawberry.enum(description="Whether the graph shows jobs, or pipelines that stand for all their jobs")
class LineageGranularity(Enum):
    """How coarse the graph is."""

    JOB = "JOB"
    PIPELINE = "PIPELINE"


async def lineage_graph(
    info: Info,
    start: LineageStart,
    direction: Direction,
    depth: int | None,
    granularity: LineageGranularity,
    as_of: datetime | None,
    most: int,
) -> LineageGraph:
    """What lies before and behind a start."""
    if depth is not None and depth < 0:
        raise BadInput("depth", f"{depth} is negative.", "Leave it out to go on to the end, or send 0 or more.")
    check_most(most)
    begin = await resolve(info, start, as_of)
    if granularity is LineageGranularity.JOB:
        return _answer(begin.graph, walk(View(begin.graph.node), begin.nodes, direction, depth, most))
    lineage = info.context.services.lineage
    rolled = RolledUp(begin.graph, lineage.joins, lineage.waits)
    starts = [-begin.pipeline_id] if begin.pipeline_id is not None else [rolled.of(node) for node in begin.nodes]
    return _answer(begin.graph, walk(rolled.view, starts, direction, depth, most))


def check_most(most: int) -> None:
    """BAD_USER_INPUT where ``maxNodes`` is out of bounds."""
    if not 1 <= most <= MOST_NODES:
        raise BadInput("maxNodes", f"{most} is out of bounds.", f"Send 1 to {MOST_NODES}.")


async def load_nodes(info: Info, graph: Graph, nodes: Sequence[int]) -> list[LineageNode]:
    """Nodes as objects, in order; those that are not stored any more are left out."""
    loaders = info.context.loaders
    jobs = [node for node in nodes if graph.is_job(node)]
    datasets = [node for node in nodes if node >= 0 and not graph.is_job(node)]
    made: dict[int, LineageNode] = {}
    for node, dataset in zip(datasets, await loaders.lineage.datasets.load_many(datasets), strict=True):
        if dataset is not None:  # by the id that edges have, should it have come to be known by another meanwhile
            made[node] = Dataset.of(replace(dataset, id=node))
    for node, job in zip(jobs, await loaders.lineage.jobs.load_many(jobs), strict=True):
        if job is not None:
            made[node] = LineageJob.of(job)
    made |= {-key: Pipeline.of(record) for key, record in (await _pipelines(info, nodes)).items()}
    return [made[node] for node in nodes if node in made]


async def _pipelines(info: Info, nodes: Sequence[int]) -> dict[int, PipelineRecord]:
    found = await info.context.loaders.pipelines.load_many([-node for node in nodes if node < 0])
    return {record.id: record for record in found if record}


def _answer(graph: Graph, found: Found) -> LineageGraph:
    return LineageGraph(graph=graph, found=found, truncated=found.is_truncated)


async def _described(info: Info, nodes: Sequence[Node]) -> dict[int, tuple[str, str | None, str | None]]:
    """(label, orchestrator, state) of each pipeline among the nodes, by its place."""
    loaders = info.context.loaders
    pipelines = await _pipelines(info, [node.id for node in nodes if node.id < 0])
    if not pipelines:
        return {}
    orchestrators = await loaders.orchestrators.load_many([one.orchestrator_id for one in pipelines.values()])
    names = {one.id: one.name for one in orchestrators if one}
    latest = [one.latest_run_id for one in pipelines.values() if one.latest_run_id is not None]
    states = {run.id: run.state for run in await loaders.runs.load_many(latest) if run}
    return {
        place: (one.name, names.get(one.orchestrator_id), states.get(one.latest_run_id or 0))
        for place, node in enumerate(nodes)
        if (one := pipelines.get(-node.id)) is not None
    }


def _orchestrators(info: Info, nodes: Sequence[Node]) -> Iterator[str | None]:
    """Which orchestrator runs each node, where it is a job that is known to one."""
    of_node = info.context.services.lineage.joins.of_node
    for node in nodes:
        joined = None if node.edges is None else of_node(node)
        yield None if joined is None else joined.orchestrator
