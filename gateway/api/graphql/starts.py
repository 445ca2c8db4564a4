"""Where a question about lineage starts."""

from dataclasses import dataclass
from datetime import datetime

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.errors import ApiError, BadInput, Code
from gateway.api.graphql.inputs import text
from gateway.store.repository import pipelines
from lineage.graph import Graph
from lineage.openlineage.state import job_id, name_id

_REMEDY = "`search` finds datasets, jobs and pipelines by a part of their name."


@strawberry.input
class DatasetNameInput:
    """A dataset by any of its names."""

    namespace: str
    name: str


@strawberry.input
class JobNameInput:
    """An OpenLineage job."""

    namespace: str
    name: str


@strawberry.input
class PipelineKeyInput:
    """A pipeline as the command line writes it: orchestrator/key."""

    orchestrator: str
    key: str


@strawberry.input(description="A place to start from: exactly one member is given")
class LineageStart:
    """Exactly one of them."""

    id: strawberry.ID | None = None
    dataset: DatasetNameInput | None = None
    job: JobNameInput | None = None
    pipeline: PipelineKeyInput | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """The graph, and the nodes in it that a question is about."""

    graph: Graph
    #: A dataset, a job, or the jobs of a pipeline.
    nodes: tuple[int, ...]
    pipeline_id: int | None = None


async def resolve(info: Info, start: LineageStart, as_of: datetime | None = None) -> Start:
    """What a start names. BAD_USER_INPUT for none or several, NOT_FOUND for what is not known."""
    given = [name for name in ("id", "dataset", "job", "pipeline") if getattr(start, name) is not None]
    if len(given) != 1:
        raise BadInput(
            "start", f"has {' and '.join(given) or 'no member'}.", "Give exactly one of id, dataset, job and pipeline."
        )
    graph = await info.context.services.lineage.graph(as_of)
    if start.dataset is not None:
        return Start(graph, (named_dataset(info, graph, start.dataset, "start.dataset"),))
    if start.job is not None:
        return Start(graph, (_named_job(info, graph, start.job),))
    if start.pipeline is not None:
        return await _named_pipeline(info, graph, start.pipeline)
    return await _by_id(info, graph, start.id or strawberry.ID(""))


def named_dataset(info: Info, graph: Graph, given: DatasetNameInput, field: str) -> int:
    """The dataset of that name. NOT_FOUND."""
    namespace = text(f"{field}.namespace", given.namespace, info.context.limits)
    name = text(f"{field}.name", given.name, info.context.limits)
    spelled = info.context.services.lineage.naming.normal(namespace, name)
    for key in (name_id(namespace, name), name_id(spelled.namespace, spelled.name)):
        if key in graph.datasets:
            return graph.dataset_of(key)
    raise ApiError(Code.NOT_FOUND, f"{field}: there is no dataset {namespace} {name}.", remedy=_REMEDY)


def _named_job(info: Info, graph: Graph, given: JobNameInput) -> int:
    namespace = text("start.job.namespace", given.namespace, info.context.limits)
    name = text("start.job.name", given.name, info.context.limits)
    key = job_id(namespace, name)
    if not graph.is_job(key):
        raise ApiError(Code.NOT_FOUND, f"start.job: there is no lineage job {namespace} {name}.", remedy=_REMEDY)
    return key


async def _named_pipeline(info: Info, graph: Graph, given: PipelineKeyInput) -> Start:
    orchestrator = text("start.pipeline.orchestrator", given.orchestrator, info.context.limits)
    key = text("start.pipeline.key", given.key, info.context.limits)
    async with info.context.services.database.read() as session:
        record = await pipelines.by_name(session, orchestrator, key)
    if record is None:
        raise ApiError(Code.NOT_FOUND, f"start.pipeline: there is no pipeline {orchestrator}/{key}.", remedy=_REMEDY)
    return _of_pipeline(info, graph, record.id)


async def _by_id(info: Info, graph: Graph, given: strawberry.ID) -> Start:
    kind, identity = ids.parse(given, "start.id")
    if kind is ids.Kind.PIPELINE and await info.context.loaders.pipelines.load(identity) is not None:
        return _of_pipeline(info, graph, identity)
    if kind is ids.Kind.DATASET and identity in graph.datasets:
        return Start(graph, (graph.dataset_of(identity),))
    if kind is ids.Kind.LINEAGE_JOB and graph.is_job(identity):
        return Start(graph, (identity,))
    if kind in {ids.Kind.PIPELINE, ids.Kind.DATASET, ids.Kind.LINEAGE_JOB}:
        raise ApiError(Code.NOT_FOUND, f"start.id: there is no {kind} of this id.", remedy=_REMEDY)
    raise BadInput("start.id", f"is the id of a {kind}.", "Use the id of a dataset, a lineage job or a pipeline.")


def _of_pipeline(info: Info, graph: Graph, pipeline_id: int) -> Start:
    jobs = info.context.services.lineage.joins.jobs_of(graph, pipeline_id)
    return Start(graph, tuple(jobs), pipeline_id)
