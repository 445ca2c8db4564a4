"""Dependencies and firings in GraphQL: what they wait for, by whom each condition was met, and what came of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.coordination.dispatcher import Dispatcher
from gateway.coordination.matcher import Matcher
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.periods import KeyGranularity
from gateway.domain.states import RunState
from gateway.store.repository import dependencies
from tests.sync.vendor import T0

INGEST, CRM, MARTS = PipelineRef("airflow", "ingest"), PipelineRef("prefect", "crm"), PipelineRef("dagster", "marts")
DAILY = DependencySpec(
    "marts-after-ingest",
    Group(Mode.ALL, (Condition(INGEST), Group(Mode.ANY, (Condition(CRM), Condition(CRM, states=(RunState.FAILED,)))))),
    MARTS,
    KeyGranularity.DAY,
    parameters={"day": "{{ key }}"},
    timeout=timedelta(hours=3),
)
DAY = datetime(2026, 5, 2, 1, tzinfo=UTC)
FIRINGS = """{ dependency(name: "marts-after-ingest") {
  expression targetName keyedBy origin timeout
  firings(first: 5) { totalCount edges { node {
    key state idempotencyKey lastError
    satisfied { isSatisfied condition { name pipeline { key } } by { externalId } }
    steps { state reason } run { externalId firing { key } } } } } } }"""


@pytest.fixture
async def pipelines(world):
    return {
        ref: await world.pipeline(await world.orchestrator(ref.orchestrator), ref.key) for ref in (INGEST, CRM, MARTS)
    }


async def define(database, spec: DependencySpec) -> None:
    async with database.write() as session:
        await dependencies.define(session, spec, "CONFIG", T0)


async def test_a_firing_tells_what_it_waits_for_and_what_came_of_it(api, world, database, services, pipelines):
    await define(database, DAILY)
    matcher = Matcher(database, services.clock)
    await world.run(pipelines[INGEST], "i1", logical_at=DAY, ended_at=world.now + timedelta(hours=1))
    await matcher.step()
    told = (await api.ask(FIRINGS))["dependency"]
    assert told["expression"] == "all of (airflow/ingest, any of (prefect/crm, prefect/crm))"
    assert (told["targetName"], told["keyedBy"], told["origin"], told["timeout"]) == (
        "dagster/marts",
        "DAY",
        "CONFIG",
        "PT3H",
    )
    (firing,) = [edge["node"] for edge in told["firings"]["edges"]]
    assert (firing["key"], firing["state"]) == ("2026-05-02", "WAITING")
    assert [(one["condition"]["name"], one["isSatisfied"], one["by"]) for one in firing["satisfied"]] == [
        ("airflow/ingest", True, {"externalId": "i1"}),
        ("prefect/crm", False, None),
        ("prefect/crm", False, None),
    ]
    await world.run(pipelines[CRM], "c1", logical_at=DAY, ended_at=world.now + timedelta(hours=1))
    await matcher.step()
    dispatcher = Dispatcher(database, services.executor, services.clock)
    await dispatcher.look()
    await dispatcher.settled()
    (firing,) = [edge["node"] for edge in (await api.ask(FIRINGS))["dependency"]["firings"]["edges"]]
    assert [step["state"] for step in firing["steps"]] == ["WAITING", "READY", "TRIGGERING", "TRIGGERED"]
    assert firing["run"]["firing"] == {"key": "2026-05-02"}
    assert firing["idempotencyKey"] == "marts-after-ingest.2026-05-02.1"


async def test_pipelines_know_what_starts_them_and_what_waits_for_them(api, database, pipelines):
    await define(database, DAILY)
    await define(database, replace(DAILY, name="other", target=INGEST, upstream=Group(Mode.ALL, (Condition(CRM),))))
    found = await api.ask(
        "{ pipelines { edges { node { key dependencies { name target { key } } dependents { name } } } } }"
    )
    assert [edge["node"] for edge in found["pipelines"]["edges"]] == [
        {"key": "crm", "dependencies": [], "dependents": [{"name": "marts-after-ingest"}, {"name": "other"}]},
        {
            "key": "ingest",
            "dependencies": [{"name": "other", "target": {"key": "ingest"}}],
            "dependents": [{"name": "marts-after-ingest"}],
        },
        {
            "key": "marts",
            "dependencies": [{"name": "marts-after-ingest", "target": {"key": "marts"}}],
            "dependents": [],
        },
    ]


async def test_a_target_that_is_not_known_yet_is_told_by_name(api, database, pipelines):
    await define(database, replace(DAILY, target=PipelineRef("dagster", "nightly")))
    assert (await api.ask("{ dependencies { edges { node { targetName } } } }"))["dependencies"]["edges"] == [
        {"node": {"targetName": "dagster/nightly"}}
    ]
    known = '{ dependency(name: "marts-after-ingest") { knownTarget { key } } }'
    assert (await api.ask(known))["dependency"] == {"knownTarget": None}
    error = await api.error('{ dependency(name: "marts-after-ingest") { target { key } } }')
    assert error["message"] == "dagster/nightly is not known yet."
    assert error["extensions"]["remedy"].startswith("Firings wait for it")
    await define(database, DAILY)
    assert (await api.ask(known))["dependency"] == {"knownTarget": {"key": "marts"}}


async def test_pages_of_dependencies_and_nodes_by_id(api, database, pipelines):
    for name in ("b", "a", "c"):
        await define(database, replace(DAILY, name=name))
    page = "query($after: String) { dependencies(first: 2, after: $after) { totalCount pageInfo { endCursor hasNextPage } edges { node { id name } } } }"  # noqa: E501
    first = (await api.ask(page))["dependencies"]
    second = (await api.ask(page, after=first["pageInfo"]["endCursor"]))["dependencies"]
    edges = [*first["edges"], *second["edges"]]
    assert [edge["node"]["name"] for edge in edges] == ["a", "b", "c"]
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (3, False)
    node = await api.ask("query($id: ID!) { node(id: $id) { ... on Dependency { name } } }", id=edges[1]["node"]["id"])
    assert node == {"node": {"name": "b"}}
    error = await api.error(page, after="nonsense")
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
