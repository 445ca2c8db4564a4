"""Walking a graph: what lies before and behind some nodes, nearest first, and never more than was asked for."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, repeat
from operator import attrgetter

from lineage.graph import ELSEWHERE, EdgeKind, Graph, Node
from lineage.joining import Joins, Waits


class Direction(StrEnum):
    """Which way to walk."""

    UPSTREAM = "UPSTREAM"
    DOWNSTREAM = "DOWNSTREAM"
    BOTH = "BOTH"


@dataclass(frozen=True, slots=True)
class View:
    """What can be walked."""

    #: A node by its id.
    node: Callable[[int], Node]
    #: One step back, and one step on.
    up: Callable[[Node], Sequence[Node]] = attrgetter("up")
    down: Callable[[Node], Sequence[Node]] = attrgetter("down")
    #: Of what is one step on, that which only waits.
    dependents: Callable[[Node], Collection[Node]] = attrgetter("dependents")
    #: The job that started a job.
    starter: Callable[[Node], Node | None] = attrgetter("starter")


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a graph. Nodes are in the order of their distance; edge k goes from one place in them to another."""

    nodes: Sequence[Node] = ()
    sources: list[int] = field(default_factory=list[int])
    targets: list[int] = field(default_factory=list[int])
    #: Kinds of edges that are not DATA, by their place.
    special: dict[int, EdgeKind] = field(default_factory=dict[int, EdgeKind])
    is_truncated: bool = False

    @property
    def kinds(self) -> list[str]:
        """Of each edge."""
        kinds = [EdgeKind.DATA.value] * len(self.sources)
        for edge, kind in self.special.items():
            kinds[edge] = kind.value
        return kinds


def walk(view: View, starts: Iterable[int], direction: Direction, depth: int | None, most: int) -> Found:
    """What can be reached, at most ``depth`` edges away and ``most`` nodes in all."""
    begin = list(dict.fromkeys(map(view.node, starts)))
    nodes = begin[:most]
    is_truncated = len(begin) > most
    try:
        for place, node in enumerate(nodes):
            node.place = place
        if direction is not Direction.DOWNSTREAM:
            is_truncated |= _spread(nodes, begin[:most], view.up, depth, most)
        if direction is not Direction.UPSTREAM:
            is_truncated |= _spread(nodes, begin[:most], view.down, depth, most)
        found = Found(nodes, is_truncated=is_truncated)
        _add_edges(found, view)
    finally:
        for node in nodes:
            node.place = ELSEWHERE
    return found


def _spread(
    found: list[Node], begin: list[Node], near: Callable[[Node], Sequence[Node]], depth: int | None, most: int
) -> bool:
    """Adds what is reached to ``found``; returns whether there was more than room for."""
    border, steps, mark = begin, 0, object()
    for node in begin:
        node.mark = mark
    while border and (depth is None or steps < depth):
        steps += 1
        reached: list[Node] = []
        for node in border:
            for other in near(node):
                if other.mark is mark:
                    continue
                other.mark = mark
                reached.append(other)
                if other.place == ELSEWHERE:
                    if len(found) >= most:
                        return True
                    other.place = len(found)
                    found.append(other)
        border = reached
    return False


def _add_edges(found: Found, view: View) -> None:
    """All edges between the nodes that were found."""
    beyond = list(map(view.down, found.nodes))
    sources = chain.from_iterable(map(repeat, range(len(beyond)), map(len, beyond)))
    targets = [node.place for near in beyond for node in near]
    if ELSEWHERE in targets:
        inside = [edge for edge in zip(sources, targets, strict=True) if edge[1] != ELSEWHERE]
        found.sources.extend(source for source, _ in inside)
        found.targets.extend(target for _, target in inside)
    else:
        found.sources.extend(sources)
        found.targets.extend(targets)
    _mark_dependents(found, view)
    for place, starter in enumerate(map(view.starter, found.nodes)):
        if starter is not None and starter.place != ELSEWHERE:
            found.special[len(found.sources)] = EdgeKind.PARENT
            found.sources.append(starter.place)
            found.targets.append(place)


def _mark_dependents(found: Found, view: View) -> None:
    waiting = {place: nodes for place, nodes in enumerate(map(view.dependents, found.nodes)) if nodes}
    for edge, source in enumerate(found.sources if waiting else ()):
        if source in waiting and found.nodes[found.targets[edge]] in waiting[source]:
            found.special[edge] = EdgeKind.DEPENDENCY


class RolledUp:
    """A graph in which a pipeline stands for all its jobs: as a node it is the negative of its id."""

    def __init__(self, graph: Graph, joins: Joins, waits: Waits) -> None:
        self._graph = graph
        self._joins = joins
        self._waits = waits.in_graph(graph)
        self._made: dict[int, Node] = {}

    @property
    def view(self) -> View:
        """For a walk. Parents are rolled up too."""
        return View(self._node, self._up, self._down, self._dependents, starter=lambda _: None)

    def of(self, node: int) -> int:
        """What stands for a node."""
        joined = self._joins.of_job(self._graph, node) if self._graph.is_job(node) else None
        return node if joined is None else -joined.pipeline_id

    def _node(self, node: int) -> Node:
        """A dataset, a job that belongs to no pipeline, or a pipeline."""
        if node not in self._made:
            self._made[node] = self._graph.node(node) if node >= 0 else Node(node)
        return self._made[node]

    def _up(self, node: Node) -> Sequence[Node]:
        """One step back."""
        near = (other for one in self._inside(node) for other in one.up if self._graph.is_told(one.id, other.id))
        return self._rolled(near, node, self._waits.upstream)

    def _down(self, node: Node) -> Sequence[Node]:
        """One step on."""
        near = (other for one in self._inside(node) for other in one.down if self._graph.is_told(other.id, one.id))
        return self._rolled(near, node, self._waits.downstream)

    def _dependents(self, node: Node) -> Collection[Node]:
        """Of what is one step on, that where no data flows."""
        inside = list(self._inside(node))
        if node.id not in self._waits.downstream and not any(one.dependents for one in inside):
            return ()
        flows = {self.of(near.id) for one in inside for near in one.down if near not in one.dependents}
        return [near for near in self._down(node) if near.id not in flows]

    def _rolled(self, near: Iterable[Node], node: Node, waits: Mapping[int, frozenset[int]]) -> list[Node]:
        ids = {self.of(one.id) for one in near} - {node.id}
        ids.update(waits.get(node.id, ()))
        return [self._node(one) for one in sorted(ids)]

    def _inside(self, node: Node) -> Iterable[Node]:
        ids = self._joins.jobs_of(self._graph, -node.id) if node.id < 0 else (node.id,)
        return map(self._graph.node, ids)
