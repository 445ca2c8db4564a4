"""The lineage graph in memory: datasets and jobs as numbers, with edges both ways. Kept up to date, not rebuilt."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_NONE: frozenset[int] = frozenset()


class Direction(StrEnum):
    """Which way to walk."""

    UPSTREAM = "UPSTREAM"
    DOWNSTREAM = "DOWNSTREAM"
    BOTH = "BOTH"


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


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the graph. Nodes are in the order of their distance; edges are (source, target, kind)."""

    nodes: tuple[int, ...]
    edges: tuple[tuple[int, int, EdgeKind], ...]
    is_truncated: bool = False


@dataclass(slots=True)
class Graph:
    """Datasets and jobs share one space of ids."""

    #: name -> the dataset it means
    datasets: dict[int, int] = field(default_factory=dict[int, int])
    jobs: dict[int, JobEdges] = field(default_factory=dict[int, JobEdges])
    _down: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    _up: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    #: name -> jobs that use it, whose edges move when the name comes to mean another dataset
    _users: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    #: dataset -> names of it whose declared sources there are, and those sources
    _declared: dict[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])

    def dataset_of(self, name: int) -> int:
        """The dataset that a name means."""
        return self.datasets.get(name, name)

    def set_job(self, job: int, edges: JobEdges) -> None:
        """Let these be all the edges of a job."""
        self._unlink(job)
        self.jobs[job] = edges
        self._link(job)

    def set_names(self, names: Mapping[int, int]) -> None:
        """Let names mean these datasets."""
        moved = {name for name, dataset in names.items() if self.datasets.get(name, name) != dataset}
        users = {job for name in moved for job in self._users.get(name, _NONE)}
        sources = [name for name in self._declared if name in moved or moved.intersection(self._declared[name])]
        for job in users:
            self._unlink(job)
        held = {name: self._declared[name] for name in sources}
        for name in held:
            self.set_sources(name, ())
        self.datasets.update(names)
        for job in users:
            self._link(job)
        for name, declared in held.items():
            self.set_sources(name, declared)

    def set_sources(self, name: int, sources: tuple[int, ...]) -> None:
        """Let these be what a dataset is declared to be made from, whoever makes it."""
        for source in self._declared.pop(name, ()):
            self._part(self.dataset_of(source), self.dataset_of(name))
        if sources:
            self._declared[name] = sources
        for source in sources:
            if self.dataset_of(source) != self.dataset_of(name):
                self._join(self.dataset_of(source), self.dataset_of(name))

    def downstream(self, node: int) -> Collection[int]:
        """What is made from a node, one step on."""
        return self._down.get(node, _NONE)

    def upstream(self, node: int) -> Collection[int]:
        """What a node is made from, one step back."""
        return self._up.get(node, _NONE)

    def kind(self, source: int, target: int) -> EdgeKind:
        """Why there is an edge."""
        return EdgeKind.DEPENDENCY if source in self.jobs and target in self.jobs else EdgeKind.DATA

    def walk(self, starts: Iterable[int], direction: Direction, depth: int | None, most: int) -> Found:
        """What can be reached, nearest first, at most ``depth`` edges away and ``most`` nodes in all."""
        begin = list(dict.fromkeys(starts))[:most]
        seen, is_truncated = dict.fromkeys(begin), False
        for neighbours, wanted in ((self._up, Direction.UPSTREAM), (self._down, Direction.DOWNSTREAM)):
            if direction in {wanted, Direction.BOTH}:
                is_truncated |= self._spread(seen, begin, neighbours, depth, most)
        edges = [
            (node, target, self.kind(node, target))
            for node in seen
            for target in self.downstream(node)
            if target in seen
        ]
        parents = [
            (parent, node, EdgeKind.PARENT)
            for node in seen
            if node in self.jobs and (parent := self.jobs[node].parent) is not None and parent in seen
        ]
        return Found(tuple(seen), (*edges, *parents), is_truncated)

    def _spread(
        self, seen: dict[int, None], begin: list[int], neighbours: dict[int, set[int]], depth: int | None, most: int
    ) -> bool:
        border, reached, steps = begin, set(begin), 0
        while border and (depth is None or steps < depth):
            steps += 1
            following = {
                near: None for node in border for near in sorted(neighbours.get(node, _NONE)) if near not in reached
            }
            reached.update(following)
            border = list(following)
            for node in border:
                if node not in seen and len(seen) >= most:
                    return True
                seen[node] = None
        return False

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
