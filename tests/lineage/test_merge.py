"""Events in any order, repeated and split, add up to the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from gateway.store.database import Database
from lineage.openlineage.check import Event, check
from lineage.openlineage.edges import edges_of
from lineage.openlineage.fold import fold
from lineage.openlineage.state import State
from lineage.projection import project
from tests.lineage.made import dataset, run_event, streams

TABLES = {
    "lineage_jobs": "id",
    "lineage_runs": "id",
    "lineage_names": "id",
    "lineage_versions": "id",
    "lineage_links": "name_id, other_id, reason",
}
USED_EDGES = """SELECT * FROM lineage_edges WHERE id IN (
  SELECT edges_id FROM lineage_runs UNION SELECT edges_id FROM lineage_jobs
  UNION SELECT declared_edges_id FROM lineage_names) ORDER BY id"""


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(streams())
def test_the_state_knows_no_order(stream: tuple[list[Event], list[list[Event]]]):
    at_once, parts = stream
    one, other = fold(at_once), State()
    for part in parts:
        other.join(fold(part))
    assert one == other
    assert [edges_of(run, one.jobs[run.job]).id for _, run in sorted(one.runs.items())] == [
        edges_of(run, other.jobs[run.job]).id for _, run in sorted(other.runs.items())
    ]


async def test_a_streaming_job_whose_end_bears_an_earlier_time_keeps_what_it_did(database):
    streaming = {"jobType": {"processingType": "STREAMING", "integration": "FLINK"}}
    told = [
        check(run_event("RUNNING", 2, job_facets=streaming, outputs=[dataset("orders")])),
        check(run_event("COMPLETE", 0, job_facets=streaming)),
    ]
    found = []
    for batches in ([told], [told[:1], told[1:]], [told[1:], told[:1]]):
        await cleared(database)
        for batch in batches:
            async with database.write() as session:
                await project(session, batch)
        found.append(await contents(database))
    assert found[0] == found[1] == found[2]
    assert found[0]["lineage_edges"]


async def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every byte of the state; sets of edges only where something has them."""
    async with database.read() as session:
        rows = {
            table: [tuple(row) for row in await session.all(text(f"SELECT * FROM {table} ORDER BY {order}"))]
            for table, order in TABLES.items()
        }
        return rows | {"lineage_edges": [tuple(row) for row in await session.all(text(USED_EDGES))]}


async def cleared(database: Database) -> None:
    async with database.write() as session:
        for table in [*TABLES, "lineage_edges"]:
            await session.execute(text(f"DELETE FROM {table}"))


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=streams())
async def test_the_database_knows_no_order(database, stream: tuple[list[Event], list[list[Event]]]):
    found = []
    for parts in ([stream[0]], stream[1]):
        await cleared(database)
        for part in parts:
            async with database.write() as session:
                await project(session, part)
        found.append(await contents(database))
    for table, rows in found[0].items():
        assert rows == found[1][table], table
