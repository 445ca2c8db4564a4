"""What a failed or late node hurts, and which unhealthy ancestor explains why a node is unhealthy."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from lineage.graph import Graph


@dataclass(frozen=True, slots=True)
class Cause:
    """An unhealthy node without an unhealthy ancestor, and the way from it to where the question started."""

    node: int
    path: tuple[int, ...]


def downstream_of(graph: Graph, starts: Collection[int]) -> list[int]:
    """Everything that is made from some nodes, nearest first; without them, unless one is made from another."""
    seen: dict[int, None] = {}
    border = list(dict.fromkeys(starts))
    while border:
        found = dict.fromkeys(near for node in border for near in graph.downstream(node))
        border = [node for node in found if node not in seen]
        seen.update(dict.fromkeys(border))
    return list(seen)


def causes_of(graph: Graph, starts: Iterable[int], is_unhealthy: Callable[[int], bool]) -> list[Cause]:
    """The earliest unhealthy jobs at or above some nodes, nearest first.

    A job counts where none above it is unhealthy: what stands below a failed one is a consequence.
    """
    towards: dict[int, int | None] = dict.fromkeys(starts)
    border = list(towards)
    while border:
        following: list[int] = []
        for node in border:
            for near in graph.upstream(node):
                if near not in towards:
                    towards[near] = node
                    following.append(near)
        border = following
    unhealthy = [node for node in towards if graph.is_job(node) and is_unhealthy(node)]
    hurt = set(downstream_of(graph, unhealthy))
    earliest = [node for node in unhealthy if node not in hurt] or unhealthy
    return [Cause(node, _path(towards, node)) for node in earliest]


def _path(towards: dict[int, int | None], node: int) -> tuple[int, ...]:
    path: list[int] = []
    following: int | None = node
    while following is not None:
        path.append(following)
        following = towards[following]
    return tuple(path)
