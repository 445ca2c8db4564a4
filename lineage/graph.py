"""The lineage graph in memory: datasets and jobs as numbers, with edges both ways. Kept up to date, not rebuilt.

Nodes hold each other, in sorted tuples: small where there are millions, and a walk goes from one to the next without
looking anything up.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter

from gateway.domain.states import RunState

Names = tuple[int, ...]
Nodes = tuple["Node", ...]
_NONE: frozenset[int] = frozenset()
_NOBODY: frozenset["Node"] = frozenset()
_by_id = attrgetter("id")
#: The place of a node that is in no answer.
ELSEWHERE = -1


class EdgeKind(StrEnum):
    """Why two nodes are joined."""

    DATA = "DATA"
    DEPENDENCY = "DEPENDENCY"
    PARENT = "PARENT"


@dataclass(frozen=True, slots=True)
class JobEdges:
    """What a job reads and writes now, by ids of datasets' names, and the jobs it waits for."""

    inputs: Names = ()
    outputs: Names = ()
    after: Names = ()
    parent: int | None = None
    #: The set of edges they come from, which knows the columns.
    edges_id: int | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What a dataset is declared to be made from, whoever makes it; by ids of datasets' names."""

    sources: Names
    #: The set of edges they come from, which knows the columns; it may have more sources than were known at a time.
    edges_id: int


@dataclass(slots=True, eq=False)
class Node:
    """A dataset or a job."""

    id: int
    #: Its name, without the namespace.
    label: str = ""
    #: None: it is a dataset.
    edges: JobEdges | None = None
    #: Of a job's latest run.
    state: RunState | None = None
    #: What it is made from, and what is made from it, one step on; sorted.
    up: Nodes = ()
    down: Nodes = ()
    #: Of what is downstream, that which only waits: no data flows there.
    dependents: AbstractSet["Node"] = _NOBODY
    #: The job that started it.
    starter: "Node | None" = None
    #: What the API calls it, once it has been asked for.
    public_id: str = ""
    #: While it is in an answer that is being made: its place there, and who has been here last.
    place: int = ELSEWHERE
    mark: object = None


@dataclass(slots=True)
class Graph:
    """Datasets and jobs share one space of ids."""

    #: name -> the dataset it means
    datasets: dict[int, int] = field(default_factory=dict[int, int])
    _nodes: dict[int, Node] = field(default_factory=dict[int, Node])
    #: job -> the jobs that it has started
    _children: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    #: job -> jobs and datasets it waits for, by dependencies across systems
    _waits: Mapping[int, frozenset[int]] = field(default_factory=dict[int, frozenset[int]])
    _declared: dict[int, Declared] = field(default_factory=dict[int, Declared])
    #: dataset -> names with something declared that concerns it
    _declaring: dict[int, set[int]] = field(default_factory=dict[int, set[int]])

    def __contains__(self, node: int) -> bool:
        """Whether it is known."""
        return node in self._nodes

    def node(self, node: int) -> Node:
        """A node; one that is not known has nothing."""
        return self._nodes.get(node) or Node(node)

    def is_job(self, node: int) -> bool:
        """Whether it is a job; else it is a dataset."""
        return self.node(node).edges is not None

    def dataset_of(self, name: int) -> int:
        """The dataset that a name means."""
        return self.datasets.get(name, name)

    def upstream(self, node: int) -> Names:
        """What a node is made from, one step back; sorted."""
        return tuple(near.id for near in self.node(node).up)

    def downstream(self, node: int) -> Names:
        """What is made from a node, one step on; sorted."""
        return tuple(near.id for near in self.node(node).down)

    def declared_at(self, dataset: int) -> list[Declared]:
        """What is declared of a dataset, or with it as a source."""
        return [self._declared[name] for name in self._declaring.get(dataset, _NONE)]

    def children(self, job: int) -> AbstractSet[int]:
        """The jobs that a job has started."""
        return self._children.get(job, _NONE)

    def set_label(self, node: int, label: str) -> None:
        """Let this be a node's name."""
        self._at(node).label = label

    def set_job(self, job: int, edges: JobEdges, state: RunState | None = None) -> None:
        """Let these be all the edges of a job, and this the state of its latest run."""
        node = self._at(job)
        if node.starter is not None:
            self._children[node.starter.id].discard(node.id)
        self._unlink(node)
        node.edges, node.state, node.public_id = edges, state, ""
        node.starter = None if edges.parent is None else self._at(edges.parent)
        self._link(node)
        if edges.parent is not None:
            self._children.setdefault(edges.parent, set()).add(node.id)

    def set_waits(self, waits: Mapping[int, frozenset[int]]) -> None:
        """Let these jobs, which must be known, wait for those nodes, apart from what events say; and no others."""
        before, self._waits = self._waits, waits
        for job in before.keys() | waits.keys():
            if before.get(job) != waits.get(job):
                node = self._at(job)
                self._unlink(node)
                self._link(node)

    def is_told(self, job: int, other: int) -> bool:
        """Whether events say that something comes before a job, and not only a dependency across systems."""
        edges = self.node(job).edges
        is_waited_for = other in self._waits.get(job, _NONE)
        return not is_waited_for or (edges is not None and other in map(self.dataset_of, edges.inputs))

    def set_names(self, names: Mapping[int, int]) -> None:
        """Let names mean these datasets."""
        moved = {self.dataset_of(name) for name, dataset in names.items() if self.dataset_of(name) != dataset}
        around = {near for dataset in map(self.node, moved) for near in (*dataset.up, *dataset.down)}
        users = [node for node in around if node.edges]
        concerned = {name for dataset in moved for name in self._declaring.get(dataset, _NONE)}
        held = {name: self._declared[name] for name in concerned}
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
        if before is not None:
            self._undeclare(name, before)
        if declared is None:
            return
        self._declared[name] = declared
        target = self.dataset_of(name)
        for dataset in self._concerned(name, declared):
            self._declaring.setdefault(dataset, set()).add(name)
            if dataset != target:
                self._join(dataset, target)

    def _at(self, node: int) -> Node:
        return self._nodes.get(node) or self._nodes.setdefault(node, Node(node))

    def _datasets(self, names: Iterable[int]) -> Iterator[Node]:
        return map(self._at, map(self.dataset_of, names))

    def _link(self, job: Node) -> None:
        edges = job.edges or JobEdges()
        after = {self._at(other) for other in (*edges.after, *self._waits.get(job.id, _NONE))} - {job}
        job.up = _sorted({*self._datasets(edges.inputs), *after})
        job.down = _sorted({*self._datasets(edges.outputs), *job.dependents})
        for source in job.up:
            source.down = _with(source.down, job)
        for target in job.down:
            target.up = _with(target.up, job)
        for other in after.difference(self._datasets(edges.inputs)):
            other.dependents |= {job}

    def _unlink(self, job: Node) -> None:
        """Takes its edges away, but not those of jobs that wait for it."""
        if job.edges is None:
            return
        for source in job.up:
            source.down = _without(source.down, job)
            source.dependents -= {job}
        for target in job.down:
            if target not in job.dependents:
                target.up = _without(target.up, job)
        job.up, job.down = (), _sorted(job.dependents)

    def _undeclare(self, name: int, before: Declared) -> None:
        target = self.dataset_of(name)
        for dataset in self._concerned(name, before):
            self._declaring[dataset].discard(name)
        for dataset in self._concerned(name, before) - {target}:
            if not self._is_declared(dataset, target):
                self._part(dataset, target)

    def _is_declared(self, source: int, target: int) -> bool:
        """Whether any name of the target is declared to be made from the source."""
        return any(
            self.dataset_of(name) == target and source in map(self.dataset_of, self._declared[name].sources)
            for name in self._declaring.get(source, _NONE)
        )

    def _concerned(self, name: int, declared: Declared) -> set[int]:
        return {self.dataset_of(end) for end in (name, *declared.sources)}

    def _join(self, source: int, target: int) -> None:
        begin, end = self._at(source), self._at(target)
        begin.down, end.up = _with(begin.down, end), _with(end.up, begin)

    def _part(self, source: int, target: int) -> None:
        begin, end = self._at(source), self._at(target)
        begin.down, end.up = _without(begin.down, end), _without(end.up, begin)


def _sorted(nodes: Iterable[Node]) -> Nodes:
    return tuple(sorted(nodes, key=_by_id))


def _with(nodes: Nodes, node: Node) -> Nodes:
    place = bisect_left(nodes, node.id, key=_by_id)
    return nodes if nodes[place : place + 1] == (node,) else (*nodes[:place], node, *nodes[place:])


def _without(nodes: Nodes, node: Node) -> Nodes:
    place = bisect_left(nodes, node.id, key=_by_id)
    return (*nodes[:place], *nodes[place + 1 :]) if nodes[place : place + 1] == (node,) else nodes
