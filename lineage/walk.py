"""Walking a graph: what lies before and behind some nodes, nearest first, and never more than was asked for."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lineage.graph import EdgeKind, Graph
from lineage.joining import Joins


class Direction(StrEnum):
    """Which way to walk."""

    UPSTREAM = "UPSTREAM"
    DOWNSTREAM = "DOWNSTREAM"
    BOTH = "BOTH"


class View(Protocol):
    """What can be walked."""

    def upstream(self, node: int) -> Collection[int]: ...

    def downstream(self, node: int) -> Collection[int]: ...

    def kind(self, source: int, target: int) -> EdgeKind: ...

    def parent(self, node: int) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a graph. Nodes are in the order of their distance; edges are (source, target, kind)."""

    nodes: Sequence[int]
    edges: Sequence[tuple[int, int, EdgeKind]]
    is_truncated: bool = False


def walk(view: View, starts: Iterable[int], direction: Direction, depth: int | None, most: int) -> Found:
    """What can be reached, at most ``depth`` edges away and ``most`` nodes in all."""
    begin = list(dict.fromkeys(starts))
    seen = dict.fromkeys(begin[:most])
    is_truncated = len(begin) > most
    if direction is not Direction.DOWNSTREAM:
        is_truncated |= _spread(seen, begin, view.upstream, depth, most)
    if direction is not Direction.UPSTREAM:
        is_truncated |= _spread(seen, begin, view.downstream, depth, most)
    edges = [
        (node, target, view.kind(node, target)) for node in seen for target in view.downstream(node) if target in seen
    ]
    for node in seen:
        parent = view.parent(node)
        if parent is not None and parent in seen:
            edges.append((parent, node, EdgeKind.PARENT))
    return Found(list(seen), edges, is_truncated)


def _spread(
    seen: dict[int, None], begin: list[int], near: Callable[[int], Collection[int]], depth: int | None, most: int
) -> bool:
    """Adds what is reached to ``seen``; returns whether there was more than room for."""
    border, reached, steps = begin, set(begin), 0
    while border and (depth is None or steps < depth):
        steps += 1
        found: dict[int, None] = {}
        for node in border:
            found.update(dict.fromkeys(sorted(near(node))))
        border = [node for node in found if node not in reached]
        reached.update(border)
        for node in border:
            if node not in seen and len(seen) >= most:
                return True
            seen[node] = None
    return False


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A graph in which a pipeline stands for all its jobs: as a node it is the negative of its id."""

    graph: Graph
    joins: Joins

    def node_of(self, node: int) -> int:
        """What stands for a node."""
        if node not in self.graph.jobs:
            return node
        joined = self.joins.of_job(self.graph, node)
        return node if joined is None else -joined.pipeline_id

    def upstream(self, node: int) -> Collection[int]:
        """One step back."""
        return {self.node_of(near) for one in self._inside(node) for near in self.graph.upstream(one)} - {node}

    def downstream(self, node: int) -> Collection[int]:
        """One step on."""
        return {self.node_of(near) for one in self._inside(node) for near in self.graph.downstream(one)} - {node}

    def kind(self, source: int, target: int) -> EdgeKind:
        """A pipeline and a pipeline are joined by a dependency only."""
        is_work = [node < 0 or node in self.graph.jobs for node in (source, target)]
        return EdgeKind.DEPENDENCY if all(is_work) else EdgeKind.DATA

    def parent(self, node: int) -> int | None:  # noqa: ARG002
        """Parents are rolled up too."""
        return None

    def _inside(self, node: int) -> Collection[int]:
        return self.joins.jobs_of(self.graph, -node) if node < 0 else (node,)
