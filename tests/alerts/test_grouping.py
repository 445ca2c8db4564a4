"""Which facts are one problem: in whatever order they come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.alerts.grouping import Case, group
from gateway.alerts.lifecycle import begun
from gateway.alerts.relation import Relation
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.incidents import Fact, Severity, Signal, SignalKind, Subjects
from gateway.store.repository.lineage_joins import NamedPipeline
from lineage.graph import Graph
from lineage.joining import Joins
from lineage.loading import Landscape

NOW = datetime(2026, 5, 5, 7, tzinfo=UTC)
SIZE = 8
KINDS = (SignalKind.RUN_FAILED, SignalKind.RUN_LATE, SignalKind.SLA_MISSED)


def relation(edges: set[tuple[int, int]]) -> Relation:
    """Pipelines 1 to SIZE of two systems; of each edge, the second waits for the first."""
    refs = {number: PipelineRef(f"system-{number % 2}", f"job-{number}") for number in range(1, SIZE + 1)}
    named = [
        NamedPipeline(number, ref.key, ref.orchestrator, number % 2, "memory", (), ()) for number, ref in refs.items()
    ]
    specs = [
        DependencySpec(f"{before}-{after}", Group(Mode.ALL, (Condition(pipeline=refs[before]),)), refs[after])
        for before, after in sorted(edges)
    ]
    return Relation(Landscape(Graph(), Joins(), named), specs)


def fact(kind: SignalKind, pipeline: int, minute: int = 0) -> Fact:
    about = Subjects(orchestrator_id=pipeline % 2, pipeline_id=pipeline)
    began = NOW + timedelta(minutes=minute)
    return Fact(kind, pipeline, about, began, f"{kind.lower()} {pipeline}", Severity.ERROR, {})


class Board:
    """Incidents as they would be stored."""

    def __init__(self, known: Relation) -> None:
        self.relation = known
        self.cases: dict[int, Case] = {}
        self._next = 1

    def take(self, *facts: Fact) -> None:
        for problem in group(list(self.cases.values()), facts, self.relation):
            turned = begun(problem, NOW)
            incident = turned.incident
            if incident.id == 0:
                incident, self._next = replace(incident, id=self._next), self._next + 1
            old = [one for case in problem.cases for one in case.signals]
            for case in problem.cases:
                self.cases.pop(case.incident.id, None)
            new = [self._signal(one, incident.id) for one in turned.begins]
            signals = [replace(one, incident_id=incident.id) for one in (*old, *new)]
            root = next(one for one in signals if one.key == turned.root_key)
            self.cases[incident.id] = Case(replace(incident, root_id=root.id), signals)

    def _signal(self, one: Fact, incident_id: int) -> Signal:
        identity = one.subject * 100 + one.kind.rank
        return Signal(
            identity, incident_id, one.key, one.kind, one.about, one.began_at, None, one.message, one.severity, {}
        )

    def sets(self) -> set[frozenset[str]]:
        return {frozenset(one.key for one in case.signals) for case in self.cases.values()}

    def roots(self) -> set[str]:
        return {case.root.key for case in self.cases.values() if case.root is not None}


CHAIN = {(number, number + 1) for number in range(1, SIZE)}
facts_of_a_chain = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(1, SIZE)), min_size=1, max_size=12, unique=True
)


@settings(max_examples=200, deadline=None)
@given(facts_of_a_chain, st.randoms(use_true_random=False))
def test_along_a_chain_the_order_does_not_matter(given_facts, dice):
    """Whatever failed first in it is the cause of all that comes after, also of what was seen before."""
    facts = [fact(kind, pipeline, pipeline) for kind, pipeline in given_facts]
    at_once, one_by_one = Board(relation(CHAIN)), Board(relation(CHAIN))
    at_once.take(*facts)
    dice.shuffle(facts)
    for one in facts:
        one_by_one.take(one)
    assert one_by_one.sets() == at_once.sets()
    assert one_by_one.roots() == at_once.roots()
    causes = [one for one in facts if one.kind is not SignalKind.SLA_MISSED]
    if causes:
        first = min(one.about.pipeline_id or 0 for one in causes)
        together = {one.key for one in facts if (one.about.pipeline_id or 0) >= first}
        assert any(together <= some for some in at_once.sets())


edges = st.sets(st.tuples(st.integers(1, SIZE), st.integers(1, SIZE)).filter(lambda pair: pair[0] < pair[1]))


@settings(max_examples=200, deadline=None)
@given(edges, facts_of_a_chain, st.integers(1, 12))
def test_every_fact_is_in_one_incident_and_no_cause_is_explained_by_its_own(given_edges, given_facts, portion):
    board = Board(relation(given_edges))
    facts = [fact(kind, pipeline) for kind, pipeline in given_facts]
    for start in range(0, len(facts), portion):
        board.take(*facts[start : start + portion])
    keys = [key for some in board.sets() for key in some]
    assert sorted(keys) == sorted(one.key for one in facts)
    assert len(board.roots()) == len(board.cases)


def test_two_that_share_nothing_are_two():
    board = Board(relation({(1, 2), (3, 4)}))
    board.take(*(fact(SignalKind.RUN_FAILED, number) for number in (1, 2, 3, 4)))
    assert board.roots() == {"run_failed:1", "run_failed:3"}


def test_a_cause_that_is_seen_last_makes_one_of_two():
    board = Board(relation({(1, 2), (1, 3)}))
    board.take(fact(SignalKind.RUN_FAILED, 2))
    board.take(fact(SignalKind.RUN_FAILED, 3))
    assert len(board.cases) == 2
    board.take(fact(SignalKind.RUN_FAILED, 1))
    assert board.roots() == {"run_failed:1"}


def test_a_broken_promise_explains_nothing_further_on():
    board = Board(relation({(1, 2)}))
    board.take(fact(SignalKind.SLA_MISSED, 1), fact(SignalKind.RUN_FAILED, 2))
    assert len(board.cases) == 2


def test_an_orchestrator_that_is_away_explains_lateness_and_no_failure():
    gone = Fact(SignalKind.ORCHESTRATOR_UNREACHABLE, 1, Subjects(orchestrator_id=1), NOW, "gone", Severity.ERROR, {})
    board = Board(relation({(1, 2)}))
    board.take(gone, fact(SignalKind.RUN_LATE, 1), fact(SignalKind.SLA_MISSED, 2), fact(SignalKind.RUN_FAILED, 3))
    assert board.sets() == {
        frozenset({"orchestrator_unreachable:1", "run_late:1", "sla_missed:2"}),
        frozenset({"run_failed:3"}),
    }
