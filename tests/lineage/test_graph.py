"""A graph that is changed step by step is the one that would be made at once."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from lineage.graph import Declared, Graph, JobEdges
from lineage.walk import Direction, View, walk

NAMES = st.integers(1, 6)
JOBS = st.integers(101, 104)
SOME = st.lists(NAMES, max_size=3, unique=True).map(tuple)
WAITS = st.lists(JOBS, max_size=2, unique=True).map(tuple)
STEPS = st.one_of(
    st.tuples(st.just("job"), JOBS, st.builds(JobEdges, SOME, SOME, WAITS, st.none() | JOBS)),
    st.tuples(st.just("name"), NAMES, NAMES),
    st.tuples(st.just("waits"), st.just(0), st.dictionaries(JOBS, st.frozensets(JOBS, max_size=2))),
    st.tuples(st.just("declared"), NAMES, st.none() | st.builds(Declared, SOME, st.integers(1, 9))),
)


def made(steps: list[tuple[str, int, object]]) -> Graph:
    graph = Graph()
    for job in range(101, 105):
        graph.set_job(job, JobEdges())
    for kind, node, what in steps:
        match kind, what:
            case "waits", dict():
                graph.set_waits(what)
            case "job", JobEdges():
                graph.set_job(node, what)
            case "name", int():
                graph.set_names({node: what})
            case _, Declared() | None:
                graph.set_declared(node, what)
            case _:
                raise AssertionError(kind)
    return graph


def last_of_each(steps: list[tuple[str, int, object]]) -> list[tuple[str, int, object]]:
    """What counts in the end: names first, so that nothing moves any more."""
    last: Mapping[tuple[str, int], object] = {(kind, node): what for kind, node, what in steps}
    order = {"name": 0, "declared": 1, "job": 2, "waits": 3}
    return [(kind, node, what) for (kind, node), what in sorted(last.items(), key=lambda one: order[one[0][0]])]


def shape(graph: Graph) -> dict[int, object]:
    found: dict[int, object] = {}
    for node in [*range(1, 7), *range(101, 105)]:
        at = graph.node(node)
        waiting = sorted(one.id for one in at.dependents)
        sets = sorted(one.edges_id for one in graph.declared_at(node))
        found[node] = (graph.upstream(node), graph.downstream(node), waiting, sorted(graph.children(node)), sets)
    return found


@given(st.lists(STEPS, max_size=12))
def test_step_by_step_and_at_once_are_the_same(steps):
    assert shape(made(steps)) == shape(made(last_of_each(steps)))


@given(st.lists(STEPS, max_size=12), st.integers(1, 6), st.sampled_from(list(Direction)), st.integers(1, 8))
def test_a_walk_gives_the_edges_between_what_it_found_and_never_more_than_was_asked_for(steps, start, direction, most):
    graph = made(steps)
    everything = walk(View(graph.node), [start], direction, None, 100)
    cut = walk(View(graph.node), [start], direction, None, most)
    assert cut.is_truncated == (len(everything.nodes) > most)
    assert [node.id for node in cut.nodes] == [node.id for node in everything.nodes][:most]
    within = {node.id for node in cut.nodes}
    wanted = {(node, near) for node in within for near in graph.downstream(node) if near in within}
    assert {
        (cut.nodes[source].id, cut.nodes[target].id)
        for source, target, kind in zip(cut.sources, cut.targets, cut.kinds, strict=True)
        if kind != "PARENT"
    } == wanted
