"""Which pipeline or task of an orchestrator a lineage job is.

A job's id is made of its namespace and name. So the jobs that an orchestrator's pipelines and tasks would be called,
by its lineage namespaces and the naming rules of its integration, are found by their ids alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from adapters.sdk.manifest import LineageNames
from gateway.domain.dependencies import DependencySpec, PipelineRef
from gateway.store.repository.lineage_joins import NamedPipeline
from lineage.graph import Graph, Node
from lineage.openlineage.derived import RUN_FACET
from lineage.openlineage.members import part
from lineage.openlineage.state import Run, job_id, name_id, visible

#: Parents that are asked in turn: a Spark job is started by a task, which belongs to a run.
_MOST_PARENTS = 10


@dataclass(frozen=True, slots=True)
class Joined:
    """The pipeline, or the task of it, that a job is or belongs to."""

    pipeline_id: int
    orchestrator_id: int
    orchestrator: str
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """Which pipelines are started by which others, or by which datasets.

    By dependencies across systems, and by what an orchestrator starts by its own means.

    A dataset is meant by the id of its name, a pipeline by the negative of its id.
    """

    upstream: Mapping[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])
    downstream: Mapping[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])

    @classmethod
    def of(cls, specs: Iterable[DependencySpec], pipelines: Iterable[NamedPipeline]) -> "Waits":
        """Of dependencies that are switched on, as far as their pipelines are known."""
        known = list(pipelines)
        ids = {PipelineRef(one.orchestrator, one.key): -one.id for one in known}
        across = (
            (before, ids[spec.target])
            for spec in specs
            if spec.is_enabled and spec.target in ids
            for before in begins(spec, ids)
        )
        within = (
            (ids[before], -one.id)
            for one in known
            for before in (PipelineRef(one.orchestrator, key) for key in one.upstream)
            if before in ids
        )
        return cls.between((*across, *within))

    @classmethod
    def between(cls, pairs: Iterable[tuple[int, int]]) -> "Waits":
        """From (what starts, what is started)."""
        known = list(pairs)
        return cls(_grouped((after, before) for before, after in known), _grouped(known))

    def in_graph(self, graph: Graph) -> "Waits":
        """With datasets for their names."""
        meant = {name: name if name < 0 else graph.dataset_of(name) for name in self.downstream}
        return Waits.between((meant[before], after) for before, some in self.downstream.items() for after in some)


def begins(spec: DependencySpec, ids: Mapping[PipelineRef, int]) -> Iterator[int]:
    """What a dependency waits for: pipelines by these ids, as far as they are known, and names of datasets."""
    for condition in spec.upstream.conditions():
        if condition.pipeline is not None and condition.pipeline in ids:
            yield ids[condition.pipeline]
        if condition.dataset is not None:
            yield name_id(condition.dataset.namespace, condition.dataset.name)


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


@dataclass(slots=True)
class Joins:
    """All of them; made anew when pipelines change."""

    #: None: the name fits several pipelines, so nobody can say which it is.
    _named: dict[int, Joined | None] = field(default_factory=dict[int, "Joined | None"])
    _jobs_of: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    #: Of these, those that are the pipeline itself and not a task of it.
    _wholes: dict[int, set[int]] = field(default_factory=dict[int, set[int]])

    @classmethod
    def of(cls, pipelines: Iterable[NamedPipeline], rules: Mapping[str, LineageNames]) -> "Joins":
        """From the orchestrators' pipelines and each kind's rules."""
        joins = cls()
        own: dict[int, Joined | None] = {}
        for pipeline in pipelines:
            for job, joined in _own_jobs(pipeline):
                own[job] = joined
                joins._belongs(job, joined)
            for job, joined in _jobs_by_rules(pipeline, rules.get(pipeline.kind, LineageNames())):
                joins._put(job, joined)
        joins._named = own | joins._named
        return joins

    def of_job(self, graph: Graph, job: int) -> Joined | None:
        """What a job is, or else what its nearest known parent is."""
        return self.of_node(graph.node(job))

    def of_node(self, node: Node) -> Joined | None:
        """What a job is, or else what its nearest known parent is."""
        for _ in range(_MOST_PARENTS):
            found = self._named.get(node.id)
            if found is not None or node.starter is None:
                return found
            node = node.starter
        return None

    def jobs_of(self, graph: Graph, pipeline_id: int) -> list[int]:
        """The jobs that are a pipeline, its tasks, or were started by them."""
        found = dict.fromkeys(job for job in sorted(self._jobs_of.get(pipeline_id, ())) if graph.is_job(job))
        border = list(found)
        while border:
            border = [
                child
                for job in border
                for child in sorted(graph.children(job))
                if child not in found and self._named.get(child) is None
            ]
            found.update(dict.fromkeys(border))
        return list(found)

    def waiting(self, graph: Graph, waits: Waits) -> dict[int, frozenset[int]]:
        """Job -> the jobs and datasets it waits for, as far as the jobs of such pipelines are known."""
        return {
            job: frozenset(one for before in some for one in self._nodes_of(graph, before))
            for waiting, some in waits.in_graph(graph).upstream.items()
            for job in self._nodes_of(graph, waiting)
        }

    def _nodes_of(self, graph: Graph, node: int) -> set[int]:
        return self._standing_for(graph, -node) if node < 0 else {node} if node in graph else set[int]()

    def _standing_for(self, graph: Graph, pipeline_id: int) -> set[int]:
        """The jobs that are a pipeline; where only its tasks are known, these."""
        wholes, jobs = self._wholes.get(pipeline_id, set[int]()), self._jobs_of.get(pipeline_id, set[int]())
        return {job for job in wholes if graph.is_job(job)} or {job for job in jobs if graph.is_job(job)}

    def _put(self, job: int, joined: Joined) -> None:
        known = self._named.get(job, joined)
        self._named[job] = joined if known == joined else None
        self._belongs(job, joined)

    def _belongs(self, job: int, joined: Joined) -> None:
        self._jobs_of.setdefault(joined.pipeline_id, set()).add(job)
        if joined.task is None:
            self._wholes.setdefault(joined.pipeline_id, set()).add(job)


def _own_jobs(pipeline: NamedPipeline) -> Iterator[tuple[int, Joined]]:
    """By the names that Podium itself gives, which hold the whole key."""
    for namespace in pipeline.namespaces:
        yield job_id(namespace, own_name(pipeline.key)), _joined(pipeline)
        for task in pipeline.tasks:
            yield job_id(namespace, own_name(pipeline.key, task)), _joined(pipeline, task)


def _jobs_by_rules(pipeline: NamedPipeline, rules: LineageNames) -> Iterator[tuple[int, Joined]]:
    """By the names that an integration gives."""
    for namespace in pipeline.namespaces:
        for pattern in rules.pipelines:
            yield job_id(namespace, filled(pattern, pipeline.key)), _joined(pipeline)
        for pattern in rules.tasks:
            for task in pipeline.tasks:
                yield job_id(namespace, filled(pattern, pipeline.key, task)), _joined(pipeline, task)


def _joined(pipeline: NamedPipeline, task: str | None = None) -> Joined:
    return Joined(pipeline.id, pipeline.orchestrator_id, pipeline.orchestrator, task)


def own_name(key: str, task: str | None = None) -> str:
    """What Podium itself calls the job that a pipeline or task is, where no emitter tells of it."""
    return key if task is None else f"{key}.{task}"


def filled(pattern: str, key: str, task: str = "") -> str:
    """A naming pattern with a pipeline's key and a task put in."""
    return pattern.format(key=key, head=key.partition("/")[0], tail=key.rpartition("/")[2], task=task)


def external_ids(run: Run) -> list[str]:
    """What the orchestrator may call a run, surest first: integrations hide it in facets of their own."""
    facets = visible(run.facets)
    parent = part(facets, "parent") or part(facets, "parentRun")
    candidates = (
        part(facets, RUN_FACET).get("externalId"),
        part(part(facets, "airflow"), "dagRun").get("run_id"),
        part(part(facets, "airflowDagRun"), "dagRun").get("run_id"),
        run.run_id,
        part(parent, "run").get("runId"),
        part(part(parent, "root"), "run").get("runId"),
    )
    return list(dict.fromkeys(one for one in candidates if isinstance(one, str)))
