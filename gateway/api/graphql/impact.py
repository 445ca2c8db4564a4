"""What is hurt downstream, and what upstream is to blame."""

import asyncio
from datetime import datetime

import strawberry

from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset, load_datasets
from gateway.api.graphql.lineage import LineageNode, id_of, load_nodes
from gateway.api.graphql.orchestrators import Orchestrator
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.runs import Run
from gateway.api.graphql.slas import Sla
from gateway.api.graphql.starts import LineageStart, Start, resolve
from gateway.domain.states import RunState
from gateway.store.repository import pipelines
from lineage.impact import Cause, causes_of, downstream_of

UNHEALTHY = frozenset({RunState.FAILED, RunState.CANCELLED})


@strawberry.type(description="What is hurt, or will be, downstream of a failed or late node")
class Impact:
    """What is hurt downstream."""

    datasets: list[Dataset]
    pipelines: list[Pipeline]
    owners: list[str]
    orchestrators: list[Orchestrator]
    slas: list[Sla] = strawberry.field(description="What is promised of them")


@strawberry.type(description="The earliest unhealthy ancestors that explain why a node is unhealthy")
class RootCause:
    """An unhealthy ancestor."""

    node: LineageNode
    run: Run | None
    reason: str
    path: list[strawberry.ID] = strawberry.field(description="Node ids from the cause to where the question started")


async def impact(info: Info, start: LineageStart, as_of: datetime | None = None) -> Impact:
    """Everything made from the start, now or at an earlier time, with who owns it now."""
    begin = await resolve(info, start, as_of)
    nodes = [node for node in downstream_of(begin.graph, begin.nodes) if node not in begin.nodes]
    datasets = await load_datasets(info, (node for node in nodes if not begin.graph.is_job(node)))
    hurt = await _pipelines_of(info, begin, nodes)
    wanted = {pipeline.record.orchestrator_id for pipeline in hurt}
    found = await info.context.loaders.orchestrators.load_many(sorted(wanted))
    owners = {owner for one in (*datasets, *hurt) for owner in one.owners}
    return Impact(
        datasets=datasets,
        pipelines=hurt,
        owners=sorted(owners),
        orchestrators=[Orchestrator.of(one) for one in found if one],
        slas=await _promises(info, hurt, datasets),
    )


async def _promises(info: Info, hurt: list[Pipeline], datasets: list[Dataset]) -> list[Sla]:
    """What is promised of them, by name."""
    promised = await asyncio.gather(*(one.slas(info) for one in (*hurt, *datasets)))
    by_name = {sla.name: sla for some in promised for sla in some}
    return [by_name[name] for name in sorted(by_name)]


async def root_causes(info: Info, start: LineageStart) -> list[RootCause]:
    """Nearest first; none where everything above is well."""
    begin = await resolve(info, start)
    graph, joins = begin.graph, info.context.services.lineage.joins
    async with info.context.services.database.read() as session:
        failing = await pipelines.latest_in(session, UNHEALTHY)

    def is_unhealthy(job: int) -> bool:
        state = graph.node(job).state
        if state is not None:
            return state in UNHEALTHY
        joined = joins.of_job(graph, job)
        return joined is not None and joined.pipeline_id in failing

    causes = causes_of(graph, begin.nodes, is_unhealthy)
    return [await _root_cause(info, begin, cause) for cause in causes]


async def _root_cause(info: Info, begin: Start, cause: Cause) -> RootCause:
    (node,) = await load_nodes(info, begin.graph, [cause.node])
    at = begin.graph.node(cause.node)
    run = await _latest_run(info, begin, cause.node)
    told = f"its latest run ended as {at.state or (run.state if run else RunState.FAILED)}"
    label = at.label
    reason = f"{label}: {told}" if len(cause.path) == 1 else f"{label}, {len(cause.path) - 1} steps above: {told}"
    return RootCause(node=node, run=run, reason=reason, path=[id_of(begin.graph.node(one)) for one in cause.path])


async def _latest_run(info: Info, begin: Start, job: int) -> Run | None:
    loaders = info.context.loaders
    record = await loaders.lineage.jobs.load(job)
    latest = await loaders.lineage.runs.load(record.latest_run_id) if record and record.latest_run_id else None
    if latest is not None:
        joined = await loaders.lineage.joined_runs.load((job, latest.run_id))
        return Run.of(joined) if joined else None
    pipeline = info.context.services.lineage.joins.of_job(begin.graph, job)
    known = await loaders.pipelines.load(pipeline.pipeline_id) if pipeline else None
    run = await loaders.runs.load(known.latest_run_id) if known and known.latest_run_id else None
    return Run.of(run) if run else None


async def _pipelines_of(info: Info, begin: Start, nodes: list[int]) -> list[Pipeline]:
    joins = info.context.services.lineage.joins
    joined = [joins.of_job(begin.graph, node) for node in nodes if begin.graph.is_job(node)]
    wanted = sorted({one.pipeline_id for one in joined if one is not None} - {begin.pipeline_id})
    found = await info.context.loaders.pipelines.load_many(wanted)
    return [Pipeline.of(one) for one in found if one]
