"""Which columns a column was made from and went into, over any graph."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store.database import WriteSession
from gateway.store.repository import lineage_state
from lineage.columns import ColumnKey, walk_columns
from lineage.graph import Declared, Graph, JobEdges
from lineage.openlineage.edges import Column, Edges
from lineage.walk import Direction

DATASETS = st.integers(1, 5)
FIELDS = st.sampled_from(["x", "y"])


def columns_of(output: st.SearchStrategy[int]) -> st.SearchStrategy[list[Column]]:
    """What some columns are made from."""
    return st.lists(st.tuples(output, FIELDS, DATASETS, FIELDS, st.just(())), min_size=1, max_size=4)


#: What each job makes, and what datasets are declared to be made from, whoever makes them.
JOBS = st.lists(columns_of(DATASETS), max_size=4)
DECLARED = st.lists(
    DATASETS.flatmap(lambda dataset: columns_of(st.just(dataset))), max_size=2, unique_by=lambda o: o[0][0]
)
STARTS = st.lists(st.tuples(DATASETS, FIELDS), min_size=1, max_size=2, unique=True)
DEPTHS = st.none() | st.integers(0, 3)
Steps = set[tuple[ColumnKey, ColumnKey]]


async def made(session: WriteSession, jobs: list[list[Column]], declared: list[list[Column]]) -> Graph:
    """A graph of which the columns are stored."""
    graph = Graph()
    sets = [
        Edges(tuple(sorted({one[2] for one in some})), tuple(sorted({one[0] for one in some})), tuple(some))
        for some in (*jobs, *declared)
    ]
    await lineage_state.save_edges(session, [{"id": one.id, "body": one.dump()} for one in sets])
    for job, edges in enumerate(sets[: len(jobs)], start=101):
        graph.set_job(job, JobEdges(edges.inputs, edges.outputs, edges_id=edges.id))
    for edges in sets[len(jobs) :]:
        graph.set_declared(edges.outputs[0], Declared(edges.inputs, edges.id))
    return graph


def reached(steps: Steps, starts: list[ColumnKey], depth: int | None) -> tuple[set[ColumnKey], Steps]:
    """What steps lead to, and those that were taken."""
    found, border, taken = set(starts), set(starts), Steps()
    for _ in range(len(steps) + 1 if depth is None else depth):
        onward = {step for step in steps if step[0] in border}
        border = {end for _, end in onward} - found
        found, taken = found | border, taken | onward
    return found, taken


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jobs=JOBS, declared=DECLARED, starts=STARTS, depth=DEPTHS)
async def test_both_ways_is_once_up_and_once_down(database, jobs, declared, starts, depth):
    async with database.write() as session:
        graph = await made(session, jobs, declared)
        found = {way: await walk_columns(session, graph, starts, way, depth, 100) for way in Direction}
    steps = {((source, of), (output, field)) for some in (*jobs, *declared) for output, field, source, of, _ in some}
    below, down = reached(steps, starts, depth)
    above, back = reached({(target, source) for source, target in steps}, starts, depth)
    up = {(source, target) for target, source in back}
    wanted = {
        Direction.UPSTREAM: (above, up),
        Direction.DOWNSTREAM: (below, down),
        Direction.BOTH: (above | below, up | down),
    }
    assert {way: (set(one.nodes), set(one.edges)) for way, one in found.items()} == wanted
