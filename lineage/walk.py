"""Walking a graph: what lies before and behind some nodes, nearest first, and never more than was asked for."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Protocol

from lineage.graph import EdgeKind, Graph, Node
from lineage.joining import Joins


class Direction(StrEnum):
    """Which way to walk."""

    UPSTREAM = "UPSTREAM"
    DOWNSTREAM = "DOWNSTREAM"
    BOTH = "BOTH"


class View(Protocol):
    """What can be walked."""

    def node(self, node: int) -> Node: ...

    def up(self, node: Node, /) -> Sequence[Node]: ...

    def down(self, node: Node, /) -> Sequence[Node]: ...

    def dependents(self, node: Node, /) -> Collection[Node]: ...

    def parent(self, node: Node, /) -> Node | None: ...


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
    seen = dict.fromkeys(begin[:most])
    is_truncated = len(begin) > most
    if direction is not Direction.DOWNSTREAM:
        is_truncated |= _spread(seen, begin[:most], view.up, depth, most)
    if direction is not Direction.UPSTREAM:
        is_truncated |= _spread(seen, begin[:most], view.down, depth, most)
    found = Found(list(seen), is_truncated=is_truncated)
    _add_edges(found, view)
    return found


def _spread(
    seen: dict[Node, None], begin: list[Node], near: Callable[[Node], Sequence[Node]], depth: int | None, most: int
) -> bool:
    """Adds what is reached to ``seen``; returns whether there was more than room for."""
    border, reached, steps = begin, set(begin), 0
    while border and (depth is None or steps < depth):
        steps += 1
        touched = dict.fromkeys(chain.from_iterable(map(near, border)))
        border = [node for node in touched if node not in reached]
        reached.update(border)
        added = [node for node in border if node not in seen]
        room = most - len(seen)
        seen.update(dict.fromkeys(added[:room]))
        if len(added) > room:
            return True
    return False


def _add_edges(found: Found, view: View) -> None:
    """All edges between the nodes that were found."""
    place = {node: number for number, node in enumerate(found.nodes)}
    for number, near in enumerate(map(view.down, found.nodes)):
        try:  # mostly all of them are there
            targets = [place[node] for node in near]
        except KeyError:
            targets = [place[node] for node in near if node in place]
        found.sources.extend([number] * len(targets))
        found.targets.extend(targets)
    _mark_dependents(found, view)
    parents = [(view.parent(node), number) for node, number in place.items() if node.edges and node.edges.parent]
    for parent, number in parents:
        if parent in place:
            found.special[len(found.sources)] = EdgeKind.PARENT
            found.sources.append(place[parent])
            found.targets.append(number)


def _mark_dependents(found: Found, view: View) -> None:
    waiting = {number: nodes for number, nodes in enumerate(map(view.dependents, found.nodes)) if nodes}
    for edge, source in enumerate(found.sources if waiting else ()):
        if source in waiting and found.nodes[found.targets[edge]] in waiting[source]:
            found.special[edge] = EdgeKind.DEPENDENCY


class RolledUp:
    """A graph in which a pipeline stands for all its jobs: as a node it is the negative of its id."""

    def __init__(self, graph: Graph, joins: Joins) -> None:
        self._graph = graph
        self._joins = joins
        self._made: dict[int, Node] = {}

    def of(self, node: int) -> int:
        """What stands for a node."""
        joined = self._joins.of_job(self._graph, node) if self._graph.is_job(node) else None
        return node if joined is None else -joined.pipeline_id

    def node(self, node: int) -> Node:
        """A dataset, a job that belongs to no pipeline, or a pipeline."""
        if node not in self._made:
            self._made[node] = self._graph.node(node) if node >= 0 else Node(node)
        return self._made[node]

    def up(self, node: Node) -> Sequence[Node]:
        """One step back."""
        return self._rolled((one.up for one in self._inside(node)), node)

    def down(self, node: Node) -> Sequence[Node]:
        """One step on."""
        return self._rolled((one.down for one in self._inside(node)), node)

    def dependents(self, node: Node) -> Collection[Node]:
        """A pipeline and a pipeline are joined by a dependency only."""
        return self._rolled((self._graph.dependents(one) for one in self._inside(node)), node)

    def parent(self, node: Node) -> Node | None:  # noqa: ARG002
        """Parents are rolled up too."""
        return None

    def _rolled(self, sides: Iterable[Iterable[Node]], node: Node) -> list[Node]:
        ids = {self.of(one.id) for one in chain.from_iterable(sides)} - {node.id}
        return [self.node(one) for one in sorted(ids)]

    def _inside(self, node: Node) -> Iterable[Node]:
        ids = self._joins.jobs_of(self._graph, -node.id) if node.id < 0 else (node.id,)
        return map(self._graph.node, ids)
