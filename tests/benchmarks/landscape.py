"""A large lineage graph, written straight into the tables: 100,000 datasets and 1,000,000 edges, in domains of tables.

In each domain every table is reached from the first one, over a chain as long as the domain is large.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from gateway.store.database import Database
from gateway.store.repository import lineage_state
from lineage.openlineage.edges import Edges
from lineage.openlineage.state import EMITTED, DatasetName, Job, Run, job_id, name_id, run_key
from lineage.rows import job_row, name_row, run_row

NAMESPACE = "postgres://warehouse:5432"
DOMAINS = 20
TABLES = 5_000
#: Of each job: with its output that makes ten edges.
INPUTS, OUTPUTS = 8, 2
#: How far back a job reads.
WINDOW = 40
PORTION = 2_000
#: 2026-05-01 in microseconds since 1970.
T0 = 1_777_593_600_000_000


def table(domain: int, number: int) -> str:
    """A dataset's name."""
    return f"shop.domain_{domain}.table_{number}"


def job(domain: int, number: int) -> str:
    """The name of the job that makes the table of that number."""
    return f"domain_{domain}.make_table_{number}"


def edges_of_job(dice: random.Random, domain: int, number: int) -> Edges:
    """What one job reads and writes: the table before it, others from near by; its own table and an older one."""
    begin = max(0, number - WINDOW)
    near = list(range(begin, number - 1))
    read = [number - 1, *dice.sample(near, min(INPUTS - 1, len(near)))] if number else []
    written = [number, *([dice.randrange(begin, number)] if number else [])]
    inputs, outputs = ([name_id(NAMESPACE, table(domain, one)) for one in side] for side in (read, written))
    return Edges(tuple(sorted(inputs)), tuple(sorted(set(outputs))))


async def fill(database: Database) -> int:
    """Write all of it; returns how many edges there are."""
    dice = random.Random(7)
    count = 0
    numbers = ((domain, number) for domain in range(DOMAINS) for number in range(TABLES))
    while part := list(islice(numbers, PORTION)):
        made = [edges_of_job(dice, *one) for one in part]
        count += sum(len(edges.inputs) + len(edges.outputs) for edges in made)
        async with database.write() as session:
            await lineage_state.save_edges(session, [{"id": one.id, "body": one.dump()} for one in made])
            await lineage_state.save_names(session, list(_names(part)))
            jobs, runs = zip(*_work(part, made), strict=True)
            await lineage_state.save_jobs(session, jobs)
            await lineage_state.save_runs(session, runs)
    return count


def _names(part: Sequence[tuple[int, int]]) -> Iterator[Mapping[str, Any]]:
    schema = {"fields": [{"name": f"column_{index}", "type": "varchar"} for index in range(5)]}
    for one in part:
        name = DatasetName(NAMESPACE, table(*one), is_own=True, facets={"schema": [T0 << 3, schema]})
        identity = name_id(NAMESPACE, name.name)
        yield name_row(identity, name, identity, Edges())


def _work(
    part: Sequence[tuple[int, int]], made: Sequence[Edges]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for one, edges in zip(part, made, strict=True):
        identity = job_id("jobs", job(*one))
        run = Run(identity, "r1", T0, T0, T0, ending=[T0 << 3, "COMPLETE"], completed=T0, is_emitted=True)
        key = run_key(identity, "r1")
        known = Job("jobs", job(*one), version=[EMITTED, T0, key], edges=edges.id, latest=[T0, key])
        yield job_row(identity, known), run_row(key, run, edges)
