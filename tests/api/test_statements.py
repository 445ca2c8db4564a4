"""How often the database is asked: a list of a hundred costs as many statements as a list of one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from gateway.domain.dependencies import PipelineRef
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.slas import Forecast, PathStep, Reason, SlaKind, SlaSpec, SlaState, Verdict
from gateway.domain.states import TaskRunState
from gateway.store.repository import sla_evaluations, slas
from gateway.store.repository.sla_evaluations import Judged
from tests.sync.vendor import T0


@pytest.fixture
def statements(database) -> Iterator[list[str]]:
    """Every statement that reads or writes, from both engines of SQLite or the one of PostgreSQL."""
    heard: list[str] = []
    engines = {id(engine): engine.sync_engine for engine in (database._read_engine, database._write_engine)}

    def hear(_connection, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            heard.append(statement)

    for engine in engines.values():
        event.listen(engine, "before_cursor_execute", hear)
    yield heard
    for engine in engines.values():
        event.remove(engine, "before_cursor_execute", hear)


async def promise(world) -> None:
    """Something of each pipeline, kept once."""
    async with world.database.write() as session:
        for number in range(12):
            ref = PipelineRef(f"system-{number % 3}", f"job-{number}")
            spec = SlaSpec(f"sla-{number}", SlaKind.DURATION, ref, limit=timedelta(hours=1), objective=0.9)
            identity = await slas.define(session, spec, "API", T0)
            path = (PathStep(number + 1),)
            forecast = Forecast(T0, T0, T0, 0.1, path)
            verdict = Verdict(SlaState.ON_TRACK, Reason.FORECAST_IN_TIME, T0, run_id=number + 1, forecast=forecast)
            await sla_evaluations.save(session, [Judged(identity, "x", T0, verdict)], T0)


QUERIES = {
    "runs with pipeline and orchestrator": (
        "{ runs(first: 100) { edges { node { externalId state pipeline { name orchestrator { name status } } } } } }",
        3,
    ),
    "runs with everything": (
        """{ runs(first: 100, filter: {states: [SUCCESS]}) { totalCount edges { node { id parameters
            parent { externalId pipeline { key } } history { state } taskRuns { task state }
            pipeline { key tasks { key } taskEdges { upstream } latestRun { state } orchestrator { name } } } } } }""",
        10,
    ),
    "pipelines with their newest runs": (
        """{ pipelines(first: 100) { edges { node { key orchestrator { name } latestRun { state }
            runs(first: 3) { pageInfo { hasNextPage } edges { node { state pipeline { key } } } } } } } }""",
        5,
    ),
    "pipelines with statistics": (
        "{ pipelines(first: 100) { edges { node { key stats { runs durationP95 } } } } }",
        4,
    ),
    "pipelines with what is promised of them": (
        "{ pipelines(first: 100) { edges { node { key slas { name adherence current { state } } } } } }",
        5,
    ),
    "slas with how they stand and were kept": (
        """{ slas(first: 100) { edges { node { name adherence errorBudgetLeft pipeline { key }
            current { state steps { state } run { externalId } criticalPath { pipeline { key } } } } } } }""",
        7,
    ),
    "orchestrators with how many pipelines they have": (
        "{ orchestrators { name pipelines(first: 0, filter: {isActive: true}) { totalCount } } }",
        2,
    ),
    "search": ('{ search(text: "job", first: 100) { ... on Pipeline { key orchestrator { name } } } }', 4),
}


@pytest.mark.parametrize("name", QUERIES)
async def test_the_length_of_a_list_costs_no_statements(api, world, statements, name):
    query, most = QUERIES[name]
    runs = await world.some_runs(120, pipelines=12, orchestrators=3)
    for run in runs[:30]:
        task = ObservedTaskRun("extract", TaskRunState.SUCCESS, "success", started_at=T0 + timedelta(minutes=1))
        await world.task_runs(run, task)
    await promise(world)
    await api.ask(query)  # also asks whether there are tokens
    statements.clear()
    data = await api.ask(query)
    assert data
    assert len(statements) <= most, statements
