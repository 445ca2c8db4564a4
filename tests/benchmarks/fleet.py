"""A large installation, written straight into the tables: 50 orchestrators, 5,000 pipelines, 1,000,000 runs.

Beside them lineage of some thousand nodes, SLAs and dependencies. Incidents are what the gateway finds by itself.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text, update

from adapters.sdk.protocol import utc_now
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.observation import ObservedPipeline
from gateway.domain.slas import SlaKind, SlaSpec
from gateway.store.database import Database
from gateway.store.repository import dependencies, lineage_state, slas
from gateway.store.tables import orchestrators, pipeline_labels, pipelines, runs
from lineage.openlineage.edges import Edges
from lineage.openlineage.state import EMITTED, DatasetName, Job, Run, job_id, name_id, run_key
from lineage.rows import job_row, name_row, run_row

SYSTEMS, EACH, RUNS, DAYS = 50, 100, 1_000_000, 60
PIPELINES = SYSTEMS * EACH
SLAS, DEPENDENCIES = 200, 100
KINDS = ("airflow", "prefect", "dagster")
SUBJECTS = ("orders", "customers", "payments", "inventory", "sessions", "shipments", "invoices", "returns", "prices")
STEPS = ("ingest", "clean", "enrich", "aggregate", "publish", "check", "forecast")
TEAMS = ("sales", "finance", "logistics", "growth", "platform", "risk", "marketing")
#: Tables in layers, each made by one job from some of the layer before: twice as many nodes.
LAYERS, TABLES = 12, 100
WAREHOUSE = "postgres://warehouse:5432"
#: Runs are spread over the pipelines by steps of a number that has no divisor with theirs.
STRIDE = 1_237


def system(number: int) -> str:
    """An orchestrator's name."""
    return f"system-{number:02}"


def kind(number: int) -> str:
    """An orchestrator's kind; played by ``tests.benchmarks.fleet_adapter``."""
    return KINDS[number % len(KINDS)]


def job_namespace(number: int) -> str:
    """How emitters call an orchestrator."""
    return f"jobs-{number:02}"


def listed(number: int) -> list[ObservedPipeline]:
    """The pipelines of an orchestrator."""
    return [_pipeline(number, place) for place in range(EACH)]


def _pipeline(number: int, place: int) -> ObservedPipeline:
    many = number * EACH + place
    step, subject = STEPS[many % len(STEPS)], SUBJECTS[many // 3 % len(SUBJECTS)]
    return ObservedPipeline(
        key=f"{step}_{subject}_{many:04}",
        name=f"{step}_{subject}_{many:04}",
        owners=(TEAMS[many * 5 % len(TEAMS)],),
        tags=("prod" if many % 4 else "test", f"tier-{many % 3 + 1}"),
        schedule=f"{many % 60} {many % 24} * * *" if many % 9 else None,
        is_paused=many % 17 == 0,
        revision="1",
        url=f"https://{system(number)}.example.com/{many}",
    )


async def fill(database: Database) -> None:
    """Write all of it; the last run began a minute ago."""
    now = utc_now()
    async with database.write() as session:
        await session.execute(insert(orchestrators), [_system(number, now) for number in range(SYSTEMS)])
        rows = [_row(number, place, now) for number in range(SYSTEMS) for place in range(EACH)]
        await session.execute(insert(pipelines), rows)
        await session.execute(insert(pipeline_labels), list(_labels()))
    await _fill_runs(database, now)
    await _fill_promises(database, now)
    await fill_lineage(database, now)
    async with database.write() as session:
        await session.execute(text("ANALYZE" if not database.is_sqlite else "PRAGMA optimize"))


def _system(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": number + 1,
        "name": system(number),
        "kind": kind(number),
        "url": f"https://{system(number)}.test",
        "auth": {},
        "options": {},
        "poll_seconds": 60.0,
        "backfill_seconds": 3600.0,
        "origin": "CONFIG",
        "lineage_namespaces": [job_namespace(number)],
        "capabilities": ["TRIGGER", "CANCEL"],
        "status": "HEALTHY",
        "version": "3.0",
        "status_since": now - timedelta(days=DAYS),
        "created_at": now - timedelta(days=DAYS),
        "last_synced_at": now,
    }


def _row(number: int, place: int, now: datetime) -> dict[str, Any]:
    one = _pipeline(number, place)
    return {
        "id": number * EACH + place + 1,
        "orchestrator_id": number + 1,
        "key": one.key,
        "name": one.name,
        "owners": list(one.owners),
        "tags": list(one.tags),
        "schedule": one.schedule,
        "url": one.url,
        "is_paused": one.is_paused,
        "is_active": True,
        "search": f"{one.name} {one.key}".lower(),
        "revision": "1",
        "structure_revision": "1",
        "structure_read_at": now,
        "first_seen_at": now,
        "last_seen_at": now,
    }


def _labels() -> Iterator[dict[str, Any]]:
    for number in range(SYSTEMS):
        for place, one in enumerate(listed(number)):
            identity = number * EACH + place + 1
            yield {"pipeline_id": identity, "kind": "owner", "value": one.owners[0]}
            yield from ({"pipeline_id": identity, "kind": "tag", "value": value} for value in one.tags)


_RUNS = """
INSERT INTO runs (id, orchestrator_id, pipeline_id, external_id, state, native_state, trigger, queued_at, started_at,
                  ended_at, parameters, attempt, url, sort_at, observed_at, read_at, revision)
WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {runs}),
stated AS (
  SELECT i, (i * {stride}) % {pipelines} AS p,
         CASE WHEN i > {runs} - 300 AND i % 3 = 0 THEN 'RUNNING' WHEN i > {runs} - 60 THEN 'QUEUED'
              WHEN i > {runs} - {pipelines} AND i % 307 = 0 THEN 'FAILED'
              WHEN i <= {runs} - {pipelines} AND i % 29 = 0 THEN 'FAILED' ELSE 'SUCCESS' END AS state
  FROM numbers)
SELECT i, p / {each} + 1, p + 1, 'scheduled__' || i, state, lower(state),
       CASE WHEN i % 11 = 0 THEN 'MANUAL' ELSE 'SCHEDULE' END, {queued},
       CASE WHEN state <> 'QUEUED' THEN {started} END,
       CASE WHEN state IN ('FAILED', 'SUCCESS') THEN {ended} END,
       {parameters}, 1, 'https://example.com/runs/' || i, {queued}, {queued}, {queued}, 1
FROM stated
"""


async def _fill_runs(database: Database, now: datetime) -> None:
    apart = DAYS * 86_400_000_000 // RUNS
    begin = int(now.timestamp() * 1_000_000) - 60_000_000 - RUNS * apart

    def at(more: str) -> str:
        moment = f"({begin} + CAST(i AS BIGINT) * {apart} + {more})"
        return moment if database.is_sqlite else f"to_timestamp({moment} / 1000000.0)"

    statement = _RUNS.format(
        runs=RUNS,
        stride=STRIDE,
        pipelines=PIPELINES,
        each=EACH,
        queued=at("0"),
        started=at("4000000"),
        ended=at("(20 + i * 7 % 600) * 1000000"),
        parameters="'{}'" if database.is_sqlite else "CAST('{}' AS jsonb)",
    )
    async with database.write() as session:
        await session.execute(text(statement.replace(":", r"\:")))
    latest = runs.alias()
    found = latest.c.pipeline_id == pipelines.c.id, latest.c.id > RUNS - PIPELINES
    async with database.write() as session:
        values = {"latest_run_id": latest.c.id, "latest_state": latest.c.state, "latest_sort_at": latest.c.sort_at}
        await session.execute(update(pipelines).where(*found).values(values))


async def _fill_promises(database: Database, now: datetime) -> None:
    dice = random.Random(3)
    keys = [(number, place) for number in range(SYSTEMS) for place in range(EACH)]
    ago = now - timedelta(days=2)
    async with database.write() as session:
        for number, (one, place) in enumerate(dice.sample(keys, SLAS)):
            pipeline = _pipeline(one, place)
            ref, deadline = PipelineRef(system(one), pipeline.key), timedelta(hours=number % 24, minutes=30)
            spec = SlaSpec(
                f"{pipeline.key}-in-time", SlaKind.DEADLINE, ref, owner=pipeline.owners[0], deadline=deadline
            )
            await slas.define(session, spec, "API", ago)
        for number in range(DEPENDENCIES):
            first, second, target = (_ref(*one) for one in dice.sample(keys, 3))
            group = Group(Mode.ALL, (Condition(first), Condition(second)))
            await dependencies.define(session, DependencySpec(f"wait-{number:03}", group, target), "API", ago)


def _ref(number: int, place: int) -> PipelineRef:
    return PipelineRef(system(number), _pipeline(number, place).key)


def table(layer: int, place: int) -> str:
    """A dataset's name; that of layer 0 and place 0 leads to all."""
    return f"shop.layer_{layer:02}.table_{place:03}"


def sources(dice: random.Random, layer: int, place: int) -> list[str]:
    """The tables that a job reads, nearly all from near by: teams read their own tables."""
    if layer == 0:
        return [table(0, 0)] if place else []
    near = [(place + dice.randrange(-3, 4)) % TABLES for _ in range(dice.choice((0, 1, 1, 2)))]
    return sorted({table(layer - 1, one) for one in (place, *near)})


async def fill_lineage(database: Database, now: datetime) -> None:
    """Each table is made by a job that is a pipeline."""
    dice = random.Random(5)
    at = int(now.timestamp() * 1_000_000)
    places = ((layer, place) for layer in range(LAYERS) for place in range(TABLES))
    while part := list(islice(places, 500)):
        made = [_edges(dice, layer, place) for layer, place in part]
        rows = [_work(*one, edges, at) for one, edges in zip(part, made, strict=True)]
        async with database.write() as session:
            await lineage_state.save_edges(session, [{"id": one.id, "body": one.dump()} for one in made])
            await lineage_state.save_names(session, [_name(*one, at) for one in part])
            await lineage_state.save_jobs(session, [job for job, _ in rows])
            await lineage_state.save_runs(session, [run for _, run in rows])


def _edges(dice: random.Random, layer: int, place: int) -> Edges:
    read = sorted(name_id(WAREHOUSE, name) for name in sources(dice, layer, place))
    return Edges(tuple(read), (name_id(WAREHOUSE, table(layer, place)),))


def _name(layer: int, place: int, at: int) -> Any:
    schema = {"fields": [{"name": f"column_{index}", "type": "varchar"} for index in range(5)]}
    name = DatasetName(WAREHOUSE, table(layer, place), is_own=True, facets={"schema": [at << 3, schema]})
    identity = name_id(WAREHOUSE, name.name)
    return name_row(identity, name, identity, Edges())


def _work(layer: int, place: int, edges: Edges, at: int) -> Sequence[Any]:
    """The job that makes a table, named as its pipeline is, and its last run."""
    number, own = divmod(layer * TABLES + place, EACH)
    namespace, name = job_namespace(number), _pipeline(number, own).key
    identity = job_id(namespace, name)
    key = run_key(identity, "r1")
    known = Job(namespace, name, version=[EMITTED, at, key], edges=edges.id, latest=[at, key])
    run = Run(identity, "r1", at, at, at, ending=[at << 3, "COMPLETE"], completed=at, is_emitted=True)
    return job_row(identity, known), run_row(key, run, edges)
