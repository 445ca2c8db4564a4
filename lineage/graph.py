"""The lineage graph in memory: datasets and jobs as numbers, with edges both ways. Kept up to date, not rebuilt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.domain.states import RunState

_NONE: frozenset[int] = frozenset()


class EdgeKind(StrEnum):
    """Why two nodes are joined."""

    DATA = "DATA"
    DEPENDENCY = "DEPENDENCY"
    PARENT = "PARENT"


@dataclass(frozen=True, slots=True)
class JobEdges:
    """What a job reads and writes now, by ids of datasets' names, and the jobs it waits for."""

    inputs: tuple[int, ...] = ()
    outputs: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    parent: int | None = None
    #: The set of edges they come from, which knows the columns.
    edges_id: int | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What a dataset is declared to be made from, whoever makes it; by ids of datasets' names."""

    sources: tuple[int, ...]
    edges_id: int


@dataclass(slots=True)
class Graph:
    """Datasets and jobs share one space of ids."""

    #: name -> the dataset it means
    datasets: dict[int, int] = field(default_factory=dict[int, int])
    jobs: dict[int, JobEdges] = field(default_factory=dict[int, JobEdges])
    #: node -> its name, without the namespace
    labels: dict[int, str] = field(default_factory=dict[int, str])
    #: job -> the state of its latest run
    states: dict[int, RunState] = field(default_factory=dict[int, RunState])
    _down: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    _up: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    #: name -> jobs that use it, whose edges move when the name comes to mean another dataset
    _users: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    _children: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    _declared: dict[int, Declared] = field(default_factory=dict[int, Declared])

    def dataset_of(self, name: int) -> int:
        """The dataset that a name means."""
        return self.datasets.get(name, name)

    def set_job(self, job: int, edges: JobEdges) -> None:
        """Let these be all the edges of a job."""
        before = self.jobs.get(job)
        if before is not None and before.parent is not None:
            self._children[before.parent].discard(job)
        self._unlink(job)
        self.jobs[job] = edges
        self._link(job)
        if edges.parent is not None:
            self._children.setdefault(edges.parent, set()).add(job)

    def set_names(self, names: Mapping[int, int]) -> None:
        """Let names mean these datasets."""
        moved = {name for name, dataset in names.items() if self.datasets.get(name, name) != dataset}
        users = {job for name in moved for job in self._users.get(name, _NONE)}
        held = {name: one for name, one in self._declared.items() if moved.intersection((name, *one.sources))}
        for job in users:
            self._unlink(job)
        for name in held:
            self.set_declared(name, None)
        self.datasets.update(names)
        for job in users:
            self._link(job)
        for name, declared in held.items():
            self.set_declared(name, declared)

    def set_declared(self, name: int, declared: Declared | None) -> None:
        """Let this be what a dataset is declared to be made from."""
        before = self._declared.pop(name, None)
        for source in before.sources if before else ():
            self._part(self.dataset_of(source), self.dataset_of(name))
        if declared is None:
            return
        self._declared[name] = declared
        for source in declared.sources:
            if self.dataset_of(source) != self.dataset_of(name):
                self._join(self.dataset_of(source), self.dataset_of(name))

    def declared_at(self, dataset: int) -> list[int]:
        """The sets of edges that are declared of a dataset, or with it as a source."""
        return [
            one.edges_id
            for name, one in self._declared.items()
            if dataset in {self.dataset_of(end) for end in (name, *one.sources)}
        ]

    def children(self, job: int) -> Collection[int]:
        """The jobs that a job has started."""
        return self._children.get(job, _NONE)

    def downstream(self, node: int) -> Collection[int]:
        """What is made from a node, one step on."""
        return self._down.get(node, _NONE)

    def upstream(self, node: int) -> Collection[int]:
        """What a node is made from, one step back."""
        return self._up.get(node, _NONE)

    def kind(self, source: int, target: int) -> EdgeKind:
        """Why there is an edge."""
        return EdgeKind.DEPENDENCY if source in self.jobs and target in self.jobs else EdgeKind.DATA

    def parent(self, node: int) -> int | None:
        """The job that started a job."""
        edges = self.jobs.get(node)
        return edges.parent if edges else None

    def _link(self, job: int) -> None:
        edges = self.jobs[job]
        for name in edges.inputs:
            self._users.setdefault(name, set()).add(job)
            self._join(self.dataset_of(name), job)
        for name in edges.outputs:
            self._users.setdefault(name, set()).add(job)
            self._join(job, self.dataset_of(name))
        for other in edges.after:
            if other != job:
                self._join(other, job)

    def _unlink(self, job: int) -> None:
        edges = self.jobs.get(job)
        if edges is None:
            return
        for name in edges.inputs:
            self._users[name].discard(job)
            self._part(self.dataset_of(name), job)
        for name in edges.outputs:
            self._users[name].discard(job)
            self._part(job, self.dataset_of(name))
        for other in edges.after:
            self._part(other, job)

    def _join(self, source: int, target: int) -> None:
        self._down.setdefault(source, set()).add(target)
        self._up.setdefault(target, set()).add(source)

    def _part(self, source: int, target: int) -> None:
        self._down.get(source, set()).discard(target)
        self._up.get(target, set()).discard(source)
