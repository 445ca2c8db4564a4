"""Cycles over all that is known: dependencies across systems, what orchestrators trigger themselves, and data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gateway.domain.dependencies import DependencySpec, PipelineRef
from lineage.graph import Node
from lineage.joining import Waits, begins
from lineage.loading import Landscape
from lineage.walk import RolledUp


def cycle_of(landscape: Landscape, specs: Sequence[DependencySpec], spec: DependencySpec) -> list[str] | None:
    """The way by which what a dependency starts leads back to what it waits for; None where there is none.

    Pipelines are named orchestrator/key, datasets by their name; the last one is the first one again. The shortest.
    """
    ids = {PipelineRef(one.orchestrator, one.key): -one.id for one in landscape.pipelines}
    upstream = {node if node < 0 else landscape.graph.dataset_of(node) for node in begins(spec, ids)}
    if spec.target not in ids or not upstream:
        return None
    rolled = RolledUp(landscape.graph, landscape.joins, Waits.of([*specs, spec], landscape.pipelines))
    found = _way(rolled, ids[spec.target], upstream)
    names = {-one.id: f"{one.orchestrator}/{one.key}" for one in landscape.pipelines}
    return [*(_name(names, node) for node in found), str(spec.target)] if found else None


def _way(rolled: RolledUp, start: int, goals: set[int]) -> list[Node] | None:
    """Node by node from the start to the nearest goal."""
    view = rolled.view
    first = view.node(start)
    before: dict[int, Node | None] = {first.id: None}
    border: Iterable[Node] = [first]
    while border:
        reached: list[Node] = []
        for node in border:
            if node.id in goals:
                return [*reversed([*_back(before, node)])]
            for near in view.down(node):
                if near.id not in before:
                    before[near.id] = node
                    reached.append(near)
        border = reached
    return None


def _back(before: Mapping[int, Node | None], node: Node | None) -> Iterator[Node]:
    while node is not None:
        yield node
        node = before[node.id]


def _name(names: Mapping[int, str], node: Node) -> str:
    return names.get(node.id) or node.label
