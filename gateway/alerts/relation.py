"""What explains what: along dependencies across systems, what orchestrators start by themselves, and lineage."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.domain.dependencies import DependencySpec, PipelineRef
from gateway.domain.incidents import SignalKind, Subjects
from lineage.joining import Waits
from lineage.loading import Landscape
from lineage.walk import RolledUp

#: Nodes that are looked at above one that something is wrong with.
MOST_NODES = 5_000

#: What merely has not come (yet): whoever is not there explains it.
LATENESS = frozenset(
    {
        SignalKind.RUN_LATE,
        SignalKind.SLA_AT_RISK,
        SignalKind.SLA_MISSED,
        SignalKind.DEPENDENCY_EXPIRED,
        SignalKind.TRIGGER_FAILED,
    }
)
#: What somebody feels, and what causes nothing further on.
_FELT = frozenset({SignalKind.SLA_AT_RISK, SignalKind.SLA_MISSED})


class Wrong(Protocol):
    """A fact or a signal."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> SignalKind: ...
    @property
    def about(self) -> Subjects: ...
    @property
    def began_at(self) -> datetime: ...
    @property
    def message(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is, or was just now, wrong."""

    what: Wrong
    holds: bool


class Relation:
    """The combined graph as it is known now."""

    def __init__(self, landscape: Landscape, specs: Iterable[DependencySpec]) -> None:
        self._graph = landscape.graph
        waits = Waits.of(specs, landscape.pipelines)
        self._view = RolledUp(landscape.graph, landscape.joins, waits).view
        self._orchestrators = {-one.id: one.orchestrator_id for one in landscape.pipelines}
        self._pipelines = {PipelineRef(one.orchestrator, one.key): -one.id for one in landscape.pipelines}
        self._names = {node: ref for ref, node in self._pipelines.items()}
        self._up: dict[int, tuple[int, ...]] = {}

    def node(self, about: Subjects) -> int | None:
        """Where in the graph it is; None for what is about a whole orchestrator."""
        if about.pipeline_id is not None:
            return -about.pipeline_id
        return None if about.dataset_id is None else self.dataset(about.dataset_id)

    def pipeline(self, ref: PipelineRef) -> int | None:
        """Where a pipeline is, if it is known."""
        return self._pipelines.get(ref)

    def dataset(self, name: int) -> int:
        """Where the dataset of a name is."""
        return self._graph.dataset_of(name)

    def is_dataset(self, node: int) -> bool:
        """Whether it is one that is known."""
        return node > 0 and node in self._graph and not self._graph.is_job(node)

    def name(self, node: int) -> str:
        """What people call a node."""
        return str(self._names[node]) if node in self._names else self._graph.node(node).label

    def orchestrator(self, node: int) -> int | None:
        """That runs a pipeline."""
        return self._orchestrators.get(node)

    def run_by(self, orchestrator_id: int) -> list[int]:
        """All pipelines of an orchestrator."""
        return [node for node, one in self._orchestrators.items() if one == orchestrator_id]

    def below(self, starts: Iterable[int], most: int) -> list[int]:
        """Some nodes and all that comes after them, nearest first, at most so many."""
        found = dict.fromkeys(starts)
        border = list(found)
        while border and len(found) < most:
            known = [node for node in border if node < 0 or node in self._graph]
            reached = dict.fromkeys(one.id for node in known for one in self._view.down(self._view.node(node)))
            border = [one for one in reached if one not in found]
            found.update(dict.fromkeys(border))
        return list(found)[:most]

    def above(self, node: int) -> Iterator[Sequence[int]]:
        """A node, what is one step before it, two steps, ..."""
        seen, border = {node}, [node]
        while border and len(seen) <= MOST_NODES:
            yield border
            reached = dict.fromkeys(near for one in border for near in self._before(one))
            border = [one for one in reached if one not in seen]
            seen.update(border)

    def _before(self, node: int) -> tuple[int, ...]:
        if node not in self._up:
            known = node < 0 or node in self._graph
            self._up[node] = tuple(one.id for one in self._view.up(self._view.node(node))) if known else ()
        return self._up[node]


class Scene:
    """All that is wrong now, by where it is."""

    def __init__(self, relation: Relation, known: Iterable[Known]) -> None:
        self._relation = relation
        self._at: dict[int, list[Known]] = {}
        self._gone: dict[int, Known] = {}
        for one in known:
            node = relation.node(one.what.about)
            if one.what.kind is SignalKind.ORCHESTRATOR_UNREACHABLE and one.what.about.orchestrator_id is not None:
                self._gone[one.what.about.orchestrator_id] = one
            elif node is not None:
                self._at.setdefault(node, []).append(one)

    def cause(self, effect: Wrong) -> Wrong | None:
        """The nearest thing that explains another, of several the one that began first."""
        start = self._relation.node(effect.about)
        if start is None:
            return None
        for nodes in self._relation.above(start):
            found = [one for node in nodes for one in self._explaining(node, effect, is_same=node == start)]
            if found:
                return min(found, key=lambda one: (one.began_at, one.kind.rank, one.key))
        return None

    def beside(self, what: Wrong) -> Wrong | None:
        """Something else that is wrong with the same pipeline or dataset."""
        node = self._relation.node(what.about)
        others = [one.what for one in self._at.get(node, ()) if one.holds and one.what.key != what.key] if node else []
        return min(others, key=lambda one: (one.began_at, one.key), default=None)

    def _explaining(self, node: int, effect: Wrong, *, is_same: bool) -> Iterator[Wrong]:
        for one in self._at.get(node, ()):
            if one.what.key != effect.key and explains(one, effect, is_same=is_same):
                yield one.what
        orchestrator = self._relation.orchestrator(node)
        gone = self._gone.get(orchestrator) if orchestrator is not None else None
        if gone is not None and effect.kind in LATENESS:
            yield gone.what


def explains(cause: Known, effect: Wrong, *, is_same: bool) -> bool:
    """Whether one thing may be why another is so, where it is about the same node, or about one before it."""
    if not cause.holds and effect.kind not in LATENESS:
        return False  # it is well again, so this is something new
    if is_same:
        return cause.what.kind.rank < effect.kind.rank
    return cause.what.kind not in _FELT


def labelled(pairs: Mapping[str, str | None]) -> dict[str, str]:
    """Labels without those that nothing is known of."""
    return {name: value for name, value in pairs.items() if value}
