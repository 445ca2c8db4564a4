"""Which pipeline or task of an orchestrator a lineage job is.

A job's id is made of its namespace and name. So the jobs that an orchestrator's pipelines and tasks would be called,
by its lineage namespaces and the naming rules of its integration, are found by their ids alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from adapters.sdk.manifest import LineageNames
from gateway.store.repository.lineage_joins import NamedPipeline
from lineage.graph import Graph, Node
from lineage.openlineage.derived import RUN_FACET
from lineage.openlineage.members import part
from lineage.openlineage.state import Run, job_id, visible

#: Parents that are asked in turn: a Spark job is started by a task, which belongs to a run.
_MOST_PARENTS = 10


@dataclass(frozen=True, slots=True)
class Joined:
    """The pipeline, or the task of it, that a job is or belongs to."""

    pipeline_id: int
    orchestrator_id: int
    orchestrator: str
    task: str | None = None


@dataclass(slots=True)
class Joins:
    """All of them; made anew when pipelines change."""

    #: By the names that Podium itself gives, which hold the whole key.
    _exact: dict[int, Joined] = field(default_factory=dict[int, "Joined"])
    #: None: the name fits several pipelines, so nobody can say which it is.
    _by_job: dict[int, Joined | None] = field(default_factory=dict[int, "Joined | None"])
    _jobs_of: dict[int, set[int]] = field(default_factory=dict[int, set[int]])

    @classmethod
    def of(cls, pipelines: Iterable[NamedPipeline], rules: Mapping[str, LineageNames]) -> "Joins":
        """From the orchestrators' pipelines and each kind's rules."""
        joins = cls()
        for pipeline in pipelines:
            joins._add(pipeline, rules.get(pipeline.kind, LineageNames()))
        return joins

    def of_job(self, graph: Graph, job: int) -> Joined | None:
        """What a job is, or else what its nearest known parent is."""
        return self.of_node(graph, graph.node(job))

    def of_node(self, graph: Graph, node: Node) -> Joined | None:
        """What a job is, or else what its nearest known parent is."""
        for _ in range(_MOST_PARENTS):
            found = self._named(node.id)
            if found is not None or node.edges is None or node.edges.parent is None:
                return found
            node = graph.node(node.edges.parent)
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
                if child not in found and self._named(child) is None
            ]
            found.update(dict.fromkeys(border))
        return list(found)

    def _named(self, job: int) -> Joined | None:
        return self._by_job[job] if job in self._by_job else self._exact.get(job)

    def _add(self, pipeline: NamedPipeline, rules: LineageNames) -> None:
        itself = Joined(pipeline.id, pipeline.orchestrator_id, pipeline.orchestrator)
        for namespace in pipeline.namespaces:
            self._put_exact(namespace, own_name(pipeline.key), itself)
            for task in pipeline.tasks:
                self._put_exact(namespace, own_name(pipeline.key, task), replace(itself, task=task))
            for pattern in rules.pipelines:
                self._put(namespace, filled(pattern, pipeline.key), itself)
            for pattern in rules.tasks:
                for task in pipeline.tasks:
                    self._put(namespace, filled(pattern, pipeline.key, task), replace(itself, task=task))

    def _put_exact(self, namespace: str, name: str, joined: Joined) -> None:
        job = job_id(namespace, name)
        self._exact[job] = joined
        self._jobs_of.setdefault(joined.pipeline_id, set()).add(job)

    def _put(self, namespace: str, name: str, joined: Joined) -> None:
        job = job_id(namespace, name)
        known = self._by_job.get(job, joined)
        self._by_job[job] = joined if known == joined else None
        self._jobs_of.setdefault(joined.pipeline_id, set()).add(job)


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
