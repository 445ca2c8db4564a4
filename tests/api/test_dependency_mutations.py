"""Dependencies made and steered through GraphQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.states import RunState
from gateway.store.repository import dependencies, orchestrators
from tests.lineage.made import dataset, run_event
from tests.sync.vendor import T0
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("running_lineage")

INPUT: dict[str, Any] = {
    "name": "marts-after-ingest",
    "keyedBy": "DAY",
    "timezone": "Europe/Zurich",
    "upstream": [
        {"pipeline": {"orchestrator": "airflow", "key": "ingest"}},
        {"any": [{"pipeline": {"orchestrator": "prefect", "key": "crm"}}]},
    ],
    "target": {"orchestrator": "dagster", "key": "marts"},
    "parameters": {"day": "{{ key }}"},
}
CREATE = "mutation($input: DependencyInput!) { made: createDependency(input: $input) { id name origin expression } }"
UPDATE = """mutation($id: ID!, $input: DependencyInput!) {
  made: updateDependency(id: $id, input: $input) { id isEnabled expression } }"""
DELETE = "mutation($id: ID!) { deleteDependency(id: $id) }"
PREVIEW = """mutation($input: DependencyInput!, $window: Duration! = "P7D") {
  previewDependency(input: $input, window: $window) { key at wouldTrigger reason satisfiedBy { externalId } } }"""
FIRE = "mutation($id: ID!, $key: String!) { firing: fireDependency(id: $id, key: $key) { id key state generation } }"
REFIRE = "mutation($id: ID!) { firing: refireFiring(id: $id) { id state generation idempotencyKey } }"
CANCEL = "mutation($id: ID!) { firing: cancelFiring(id: $id) { id state steps { reason } } }"
DAY = datetime(2026, 5, 2, 1, tzinfo=UTC)


@pytest.fixture
async def pipelines(world, database) -> dict[str, Any]:
    found = {}
    for name, key in (("airflow", "ingest"), ("prefect", "crm"), ("dagster", "marts")):
        orchestrator = await world.orchestrator(name)
        found[key] = await world.pipeline(orchestrator, key)
        async with database.write() as session:
            await orchestrators.save_listed(session, orchestrator.id, T0)
    return found


@pytest.fixture
async def made(api, pipelines) -> str:
    return (await api.ask(CREATE, input=INPUT))["made"]["id"]


async def test_made_changed_and_deleted(api, made):
    changed = await api.ask(UPDATE, id=made, input={**INPUT, "isEnabled": False, "upstream": INPUT["upstream"][:1]})
    assert changed["made"] == {"id": made, "isEnabled": False, "expression": "airflow/ingest"}
    assert await api.ask(DELETE, id=made) == {"deleteDependency": made}
    assert (await api.ask("{ dependencies { totalCount } }"))["dependencies"]["totalCount"] == 0
    assert (await api.error(DELETE, id=made))["extensions"]["code"] == "NOT_FOUND"
    assert (await api.ask(CREATE, input=INPUT))["made"]["id"] == made, "with its firings"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"name": "Marts!"}, "BAD_USER_INPUT", "input.name: 'Marts!' is not a slug;"),
        ({"name": "marts-after-ingest"}, "CONFLICT", "There is a dependency 'marts-after-ingest' already."),
        ({"timezone": "Europe/Zurick"}, "BAD_USER_INPUT", "input.timezone: 'Europe/Zurick' is no time zone"),
        ({"upstream": []}, "BAD_USER_INPUT", "input.upstream: has 0 entries."),
        (
            {"upstream": [{}]},
            "BAD_USER_INPUT",
            "input.upstream[0]: must have one of pipeline, dataset, cron, all or any",
        ),
        ({"parameters": {"a": "{{ b }}"}}, "BAD_USER_INPUT", "input.parameters.a: '{{ b }}' cannot be filled in"),
        ({"target": {"orchestrator": "airflow", "key": "ingest"}}, "BAD_USER_INPUT", "start each other for ever"),
        ({"target": {"orchestrator": "dagster", "key": "mart"}}, "BAD_USER_INPUT", "'mart' (did you mean marts?)."),
        ({"target": {"orchestrator": "argo", "key": "x"}}, "BAD_USER_INPUT", "There is no orchestrator 'argo'."),
        ({"maxActive": 0}, "BAD_USER_INPUT", "input.maxActive: 0 is too small."),
    ],
)
async def test_what_cannot_hold_is_refused_and_nothing_is_made(api, made, change, code, said):
    error = await api.error(CREATE, input={**INPUT, "name": "other", **change})
    assert error["extensions"]["code"] == code
    assert said in error["message"]
    assert (await api.ask("{ dependencies { totalCount } }"))["dependencies"]["totalCount"] == 1


async def test_what_comes_from_a_file_is_read_only(api, database, pipelines):
    spec = DependencySpec(
        "filed", Group(Mode.ALL, (Condition(PipelineRef("airflow", "ingest")),)), PipelineRef("dagster", "marts")
    )
    async with database.write() as session:
        await dependencies.define(session, spec, "CONFIG", T0)
    filed = (await api.ask('{ dependency(name: "filed") { id } }'))["dependency"]["id"]
    error = await api.error(DELETE, id=filed)
    assert (error["extensions"]["code"], error["message"]) == ("CONFLICT", "filed comes from podium.yaml.")


async def test_a_preview_tells_what_would_have_fired_and_fires_nothing(api, world, pipelines, services):
    for run, logical_at in (("i1", DAY), ("i2", DAY + timedelta(days=1))):
        await world.run(pipelines["ingest"], run, logical_at=logical_at, ended_at=services.clock())
    await world.run(pipelines["crm"], "c1", logical_at=DAY, ended_at=services.clock())
    await world.run(pipelines["crm"], "c2", RunState.FAILED, logical_at=DAY + timedelta(days=1))
    told = (await api.ask(PREVIEW, input=INPUT))["previewDependency"]
    assert [
        (one["key"], one["wouldTrigger"], one["reason"], [run["externalId"] for run in one["satisfiedBy"]])
        for one in told
    ] == [
        ("2026-05-02", True, "enough of its conditions hold", ["i1", "c1"]),
        ("2026-05-03", False, "waits for prefect/crm", ["i2"]),
    ]
    assert (await api.ask("{ firings { totalCount } }"))["firings"]["totalCount"] == 0


async def test_a_key_is_fired_by_hand_once_and_again_only_when_it_is_over(api, made):
    fired = (await api.ask(FIRE, id=made, key="2026-05-02"))["firing"]
    assert (fired["key"], fired["state"], fired["generation"]) == ("2026-05-02", "READY", 1)
    error = await api.error(FIRE, id=made, key="2026-05-02")
    assert (error["extensions"]["code"], error["message"]) == (
        "CONFLICT",
        "marts-after-ingest 2026-05-02 is READY already.",
    )
    assert (await api.error(REFIRE, id=fired["id"]))["extensions"]["code"] == "CONFLICT"
    cancelled = (await api.ask(CANCEL, id=fired["id"]))["firing"]
    assert cancelled["state"] == "CANCELLED"
    why = ["begun", "fired by hand, by local", "cancelled by local"]
    assert [step["reason"] for step in cancelled["steps"]] == why
    assert (await api.error(CANCEL, id=fired["id"]))["extensions"]["code"] == "CONFLICT"
    again = (await api.ask(REFIRE, id=fired["id"]))["firing"]
    assert (again["state"], again["generation"]) == ("READY", 2)
    assert again["idempotencyKey"] == "marts-after-ingest.2026-05-02.2"
    assert (await api.error(REFIRE, id=fired["id"]))["message"] == "This key has been fired again already."


async def test_a_key_that_is_none_is_refused_with_an_example(api, made):
    error = await api.error(FIRE, id=made, key="2026-5-2")
    assert error["message"] == "key: '2026-5-2' names no day in Europe/Zurich; write it like 2026-05-01."


async def test_data_that_leads_back_is_named_as_a_cycle_unless_it_is_meant(api, pipelines, send):
    await send(
        run_event("COMPLETE", namespace="dagster", job="marts", outputs=[dataset("totals")]),
        run_event("COMPLETE", namespace="airflow", job="ingest", inputs=[dataset("totals")]),
    )
    way = "dagster/marts -> totals -> airflow/ingest -> dagster/marts"

    async def refused() -> dict[str, Any]:
        return await api.error(PREVIEW, input=INPUT)

    error = await eventually(refused, lambda found: way in found["message"])
    assert error["message"].startswith(f"input: it closes a cycle: {way}; where that is meant")
    assert (await api.error(CREATE, input=INPUT))["message"] == error["message"]
    assert (await api.ask(CREATE, input={**INPUT, "allowCycle": True}))["made"]["name"] == INPUT["name"]


async def test_what_an_orchestrator_starts_by_itself_closes_a_cycle_too(api, pipelines, world):
    airflow = await world.orchestrator("airflow")
    await world.pipeline(airflow, "ingest", upstream=frozenset({"prepare"}))
    await world.pipeline(airflow, "prepare")
    back = {**INPUT, "target": {"orchestrator": "airflow", "key": "prepare"}, "name": "back"}

    async def refused() -> dict[str, Any]:
        return await api.error(CREATE, input=back)

    way = "airflow/prepare -> airflow/ingest -> airflow/prepare"
    assert way in (await refused())["message"]


async def test_a_stretch_of_keys_is_backfilled(api, made):
    backfill = """mutation($id: ID!, $from: String!, $to: String!, $most: Int!) {
      made: backfillDependency(id: $id, from: $from, to: $to, maxActive: $most) { key state steps { reason } } }"""
    given = {"id": made, "from": "2026-05-01", "to": "2026-05-02", "most": 1}
    found = (await api.ask(backfill, **given))["made"]
    assert [(one["key"], one["state"]) for one in found] == [("2026-05-01", "READY"), ("2026-05-02", "READY")]
    assert found[0]["steps"][-1]["reason"].startswith("back-filled, by ")
    assert (await api.ask(backfill, **given))["made"] == []
    assert (await api.error(backfill, **{**given, "most": 0}))["message"] == "maxActive: 0 is too small."


async def test_tasks_windows_and_partitions_come_back_as_they_were_given(api, pipelines):
    ingest = {"pipeline": {"orchestrator": "airflow", "key": "ingest"}}
    window = {"cron": "0 6 * * *", "lasts": "PT2H"}
    upstream = [{**ingest, "task": "load"}, {**ingest, "partitions": ["eu", "us"]}, window]
    made = (await api.ask(CREATE, input={**INPUT, "upstream": upstream, "onRerun": "ASK", "maxPerMinute": 3}))["made"]
    asked = """{ dependencies { edges { node { onRerun maxPerMinute allowCycle
      upstream { name task partitions cron lasts } } } } }"""
    assert made["expression"] == "all of (airflow/ingest.load, airflow/ingest, 0 6 * * * for 2h)"
    (edge,) = (await api.ask(asked))["dependencies"]["edges"]
    nothing = {"task": None, "partitions": [], "cron": None, "lasts": None}
    assert edge["node"] == {
        "onRerun": "ASK",
        "maxPerMinute": 3,
        "allowCycle": False,
        "upstream": [
            {**nothing, "name": "airflow/ingest.load", "task": "load"},
            {**nothing, "name": "airflow/ingest", "partitions": ["eu", "us"]},
            {**nothing, "name": "0 6 * * * for 2h", "cron": "0 6 * * *", "lasts": "PT2H"},
        ],
    }
