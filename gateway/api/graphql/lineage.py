"""The lineage graph, as objects and as parallel lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset, LineageJob
from gateway.api.graphql.enums import Direction, EdgeKind
from gateway.api.graphql.errors import BadInput
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.starts import LineageStart, resolve
from gateway.domain.records import Pipeline as PipelineRecord
from lineage.graph import Graph
from lineage.walk import Found, RolledUp, walk

LineageNode = Annotated[
    Dataset | LineageJob | Pipeline,
    strawberry.union(name="LineageNode", description="What lineage and search can lead to"),
]

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


@dataclass(frozen=True, slots=True)
class Answer:
    """A part of a graph, and the graph."""

    graph: Graph
    found: Found

    def id_of(self, node: int) -> strawberry.ID:
        """A node's global id; a negative node is a pipeline."""
        if node < 0:
            return strawberry.ID(ids.global_id(ids.Kind.PIPELINE, -node))
        kind = ids.Kind.LINEAGE_JOB if node in self.graph.jobs else ids.Kind.DATASET
        return strawberry.ID(ids.global_id(kind, node))

    def type_of(self, node: int) -> str:
        """Its GraphQL type."""
        return "Pipeline" if node < 0 else "LineageJob" if node in self.graph.jobs else "Dataset"


@strawberry.type(description="A part of the lineage graph; nodes come nearest first")
class LineageGraph:
    """A part of the lineage graph."""

    answer: strawberry.Private[Answer]
    truncated: bool = strawberry.field(description="True where maxNodes cut the answer; never cut silently")

    @strawberry.field
    async def nodes(self, info: Info) -> list[LineageNode]:
        """As objects."""
        return await load_nodes(info, self.answer.graph, self.answer.found.nodes)

    @strawberry.field
    def edges(self) -> list[LineageEdge]:
        """By ids."""
        name = {node: self.answer.id_of(node) for node in self.answer.found.nodes}
        return [
            LineageEdge(source=name[source], target=name[target], kind=kind)
            for source, target, kind in self.answer.found.edges
        ]

    @strawberry.field(
        description="The same graph as parallel lists, for drawing thousands of nodes: one scalar per column instead "
        "of an object per node"
    )
    async def columns(self, info: Info) -> LineageColumns:
        """From memory; only pipelines are read."""
        answer, nodes = self.answer, self.answer.found.nodes
        place = {node: number for number, node in enumerate(nodes)}
        described = await _described(info, answer.graph, nodes)
        return LineageColumns(
            node_ids=[answer.id_of(node) for node in nodes],
            node_types=[answer.type_of(node) for node in nodes],
            labels=[label for label, _, _ in described],
            orchestrators=[orchestrator for _, orchestrator, _ in described],
            states=[state for _, _, state in described],
            sources=[place[source] for source, _, _ in answer.found.edges],
            targets=[place[target] for _, target, _ in answer.found.edges],
            edge_kinds=[kind for _, _, kind in answer.found.edges],
        )


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
        return _answer(begin.graph, walk(begin.graph, begin.nodes, direction, depth, most))
    view = RolledUp(begin.graph, info.context.services.lineage.joins)
    starts = [-begin.pipeline_id] if begin.pipeline_id is not None else [view.node_of(node) for node in begin.nodes]
    return _answer(begin.graph, walk(view, starts, direction, depth, most))


def check_most(most: int) -> None:
    """BAD_USER_INPUT where ``maxNodes`` is out of bounds."""
    if not 1 <= most <= MOST_NODES:
        raise BadInput("maxNodes", f"{most} is out of bounds.", f"Send 1 to {MOST_NODES}.")


async def load_nodes(info: Info, graph: Graph, nodes: Sequence[int]) -> list[LineageNode]:
    """Nodes as objects, in order; those that are not stored any more are left out."""
    loaders = info.context.loaders
    datasets = [node for node in nodes if node >= 0 and node not in graph.jobs]
    jobs = [node for node in nodes if node in graph.jobs]
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
    wanted = [-node for node in nodes if node < 0]
    found = await info.context.loaders.pipelines.load_many(wanted)
    return {record.id: record for record in found if record}


def _answer(graph: Graph, found: Found) -> LineageGraph:
    return LineageGraph(answer=Answer(graph, found), truncated=found.is_truncated)


async def _described(info: Info, graph: Graph, nodes: Sequence[int]) -> list[tuple[str, str | None, str | None]]:
    """(label, orchestrator, state) of each node."""
    loaders, joins = info.context.loaders, info.context.services.lineage.joins
    pipelines = await _pipelines(info, nodes)
    orchestrators = await loaders.orchestrators.load_many([one.orchestrator_id for one in pipelines.values()])
    names = {one.id: one.name for one in orchestrators if one}
    latest = [one.latest_run_id for one in pipelines.values() if one.latest_run_id is not None]
    states = {run.id: run.state for run in await loaders.runs.load_many(latest) if run}
    found: list[tuple[str, str | None, str | None]] = []
    for node in nodes:
        pipeline = pipelines.get(-node)
        if pipeline is not None:
            state = states.get(pipeline.latest_run_id or 0)
            found.append((pipeline.name, names.get(pipeline.orchestrator_id), state))
        else:
            joined = joins.of_job(graph, node) if node in graph.jobs else None
            found.append((graph.labels.get(node, ""), joined.orchestrator if joined else None, graph.states.get(node)))
    return found
