"""What an incident hurts: everything that comes after what is wrong in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from gateway.alerts.relation import Relation
from gateway.domain.incidents import Signal, SignalKind
from gateway.domain.slas import Sla
from lineage.openlineage.state import name_id

#: Nodes that are gone through below what is wrong.
MOST_NODES = 2_000


@dataclass(frozen=True, slots=True)
class Impact:
    """By ids; ``datasets`` are the ids of datasets in the graph."""

    pipelines: Collection[int]
    datasets: Collection[int]
    slas: Collection[int]
    orchestrators: Collection[int]


def impact_of(signals: Iterable[Signal], relation: Relation, slas: Mapping[int, Sla]) -> Impact:
    """Of everything that is, or was, wrong in it."""
    told = list(signals)
    gone = {one.about.orchestrator_id for one in told if one.kind is SignalKind.ORCHESTRATOR_UNREACHABLE}
    starts = [node for one in told if (node := relation.node(one.about)) is not None]
    starts += [node for orchestrator in gone if orchestrator is not None for node in relation.run_by(orchestrator)]
    first, rest = relation.below(starts[:1], MOST_NODES), relation.below(starts[1:], MOST_NODES)
    nodes = list(dict.fromkeys([*first, *rest]))  # in the order in which it spreads
    pipelines = [-node for node in nodes if node < 0]
    datasets = [node for node in nodes if relation.is_dataset(node)]
    hurt = set(nodes)
    promised = [one.id for one in slas.values() if _node(one, relation) in hurt]
    promised += [one.about.sla_id for one in told if one.about.sla_id is not None]
    orchestrators = [found for node in nodes if (found := relation.orchestrator(node)) is not None]
    orchestrators += [one for one in gone if one is not None]
    return Impact(pipelines, datasets, list(dict.fromkeys(promised)), list(dict.fromkeys(orchestrators)))


def _node(sla: Sla, relation: Relation) -> int | None:
    if sla.spec.pipeline is not None:
        return relation.pipeline(sla.spec.pipeline)
    if sla.spec.dataset is not None:
        return relation.dataset(name_id(sla.spec.dataset.namespace, sla.spec.dataset.name))
    return None
