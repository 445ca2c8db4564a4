"""Incidents, silences and notifications through GraphQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.alerts.monitor import Monitor
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.durations import parse_duration
from gateway.domain.states import RunState
from gateway.store.repository import dependencies
from tests.api.sockets import opened, serving

LIST = """query($states: [IncidentState!], $first: Int, $after: String) {
  incidents(states: $states, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { id title state severity } } } }"""
AT = """query($orchestrators: [String!]) {
  incidents(orchestrators: $orchestrators) { totalCount edges { node { id } } } }"""
WHOLE = """query($id: ID!) { node(id: $id) { ... on Incident {
  state acknowledgedBy reopened
  cause { kind pipeline { key } run { externalId } orchestrator { name } labels times endedAt }
  rootCause { reason run { externalId } path node { ... on Pipeline { key } } }
  impact { pipelines { key } datasets { name } slas { name } owners orchestrators { name } }
  signals { kind message severity sla { name } dataset { name } dependency { name } }
  notifications { receiver } timeline { kind text by } } } }"""
ACKNOWLEDGE = 'mutation($id: ID!) { acknowledgeIncident(id: $id, comment: "I see.") { state acknowledgedBy } }'
RESOLVE = "mutation($id: ID!) { resolveIncident(id: $id) { state } }"
SILENCE = """mutation($input: SilenceInput!) { createSilence(input: $input) {
  id comment createdBy startsAt endsAt matchers { label operator value } } }"""
EXPIRE = "mutation($id: ID!) { expireSilence(id: $id) { endsAt } }"


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def look(database, running_lineage, now) -> Any:
    async def look() -> None:
        await Monitor(database, running_lineage, "test", lambda: datetime.now(UTC)).look_at_all()

    return look


@pytest.fixture
async def ingest(world, database, now):
    """It has failed; another orchestrator's pipeline waits for it."""
    ingest = await world.pipeline(await world.orchestrator("airflow"), "ingest", owners=["ada"])
    await world.pipeline(await world.orchestrator("dagster"), "marts", owners=["bob"])
    spec = DependencySpec(
        "marts-after-ingest",
        Group(Mode.ALL, (Condition(pipeline=PipelineRef("airflow", "ingest")),)),
        PipelineRef("dagster", "marts"),
    )
    async with database.write() as session:
        await dependencies.define(session, spec, "API", now)
    await world.run(ingest, "r1", RunState.FAILED, started_at=now - timedelta(hours=1), ended_at=now)
    return ingest


@pytest.fixture
async def incident(api, ingest, look) -> str:
    await look()
    (edge,) = (await api.ask(LIST))["incidents"]["edges"]
    return edge["node"]["id"]


async def test_an_incident_with_its_cause_and_what_it_hurts(api, incident):
    found = (await api.ask(WHOLE, id=incident))["node"]
    assert found["cause"] == {
        "kind": "RUN_FAILED",
        "pipeline": {"key": "ingest"},
        "run": {"externalId": "r1"},
        "orchestrator": {"name": "airflow"},
        "labels": {
            "signal": "run_failed",
            "severity": "error",
            "orchestrator": "airflow",
            "orchestrator_kind": "memory",
            "pipeline": "ingest",
            "owner": "ada",
        },
        "times": 1,
        "endedAt": None,
    }
    assert found["rootCause"]["node"] == {"key": "ingest"}
    assert found["rootCause"]["run"] == {"externalId": "r1"}
    assert found["impact"] == {
        "pipelines": [{"key": "ingest"}, {"key": "marts"}],
        "datasets": [],
        "slas": [],
        "owners": ["ada", "bob"],
        "orchestrators": [{"name": "airflow"}, {"name": "dagster"}],
    }
    assert found["timeline"] == [{"kind": "OPENED", "text": "airflow/ingest failed (run r1)", "by": None}]


async def test_what_has_become_a_part_of_another_leads_to_it(api, world, database, look, now):
    """Links in messages that were sent before still lead to its page."""
    airflow, dagster = await world.orchestrator("airflow"), await world.orchestrator("dagster")
    source = await world.pipeline(airflow, "source")
    targets = [await world.pipeline(dagster, key) for key in ("one", "two")]
    for target in targets:
        group = Group(Mode.ALL, (Condition(pipeline=PipelineRef("airflow", "source")),))
        async with database.write() as session:
            spec = DependencySpec(f"{target.key}-after-source", group, PipelineRef("dagster", target.key))
            await dependencies.define(session, spec, "API", now)
        await world.run(target, f"{target.key}-1", RunState.FAILED, started_at=now, ended_at=now)
        await look()
    second, first = [edge["node"]["id"] for edge in (await api.ask(LIST))["incidents"]["edges"]]
    await world.run(source, "s-1", RunState.FAILED, started_at=now, ended_at=now)
    await look()
    query = "query($id: ID!) { node(id: $id) { ... on Incident { mergedInto { id title } } } }"
    assert (await api.ask(query, id=second))["node"] == {
        "mergedInto": {"id": first, "title": "airflow/source failed (run s-1)"}
    }
    assert (await api.ask(query, id=first))["node"] == {"mergedInto": None}


async def test_incidents_are_narrowed_to_orchestrators_that_something_is_wrong_with(api, incident, world, look, now):
    crm = await world.pipeline(await world.orchestrator("prefect"), "crm")
    await world.run(crm, "c1", RunState.FAILED, started_at=now - timedelta(hours=1), ended_at=now)
    await look()
    found = {}
    for names in (["airflow"], ["prefect", "airflow"], ["dagster"], []):
        said = (await api.ask(AT, orchestrators=names))["incidents"]
        assert said["totalCount"] == len(said["edges"])
        found[tuple(names)] = [edge["node"]["id"] for edge in said["edges"]]
    assert found["airflow",] == [incident]
    assert found["dagster",] == [], "nothing is wrong there, it only waits"
    assert found[()] == found["prefect", "airflow"]
    assert len(found[()]) == 2


async def test_it_is_acknowledged_and_resolved_by_somebody(api, incident, look):
    done = await api.ask(ACKNOWLEDGE, id=incident)
    assert done["acknowledgeIncident"]["state"] == "ACKNOWLEDGED"
    assert (await api.ask(RESOLVE, id=incident))["resolveIncident"] == {"state": "RESOLVED"}
    await look()
    found = (await api.ask(WHOLE, id=incident))["node"]
    assert (found["state"], found["reopened"]) == ("RESOLVED", 0), "the same failure is done with"
    who = done["acknowledgeIncident"]["acknowledgedBy"]
    assert [(one["kind"], one["by"]) for one in found["timeline"]][1:] == [("ACKNOWLEDGED", who), ("RESOLVED", who)]
    for mutation in (ACKNOWLEDGE, RESOLVE):
        error = await api.error(mutation, id=incident)
        assert (error["extensions"]["code"], error["message"]) == ("CONFLICT", "This incident is resolved already.")
    assert (await api.ask(LIST, states=["OPEN"]))["incidents"]["totalCount"] == 0


async def test_a_new_failure_of_what_was_resolved_by_hand_is_news(api, incident, look, world, ingest, now):
    await api.ask(RESOLVE, id=incident)
    await world.run(ingest, "r2", RunState.FAILED, queued_at=now, ended_at=datetime.now(UTC) + timedelta(seconds=1))
    await look()
    (edge,) = (await api.ask(LIST))["incidents"]["edges"]
    assert (edge["node"]["id"], edge["node"]["state"]) == (incident, "OPEN")
    assert edge["node"]["title"] == "airflow/ingest failed (run r2)"


async def test_how_long_it_took_to_see_failures(api, incident):
    query = "query($o: String!, $k: String!) { pipeline(orchestrator: $o, key: $k) { stats { meanTimeToDetect } } }"
    found = (await api.ask(query, o="airflow", k="ingest"))["pipeline"]["stats"]["meanTimeToDetect"]
    assert timedelta(0) <= parse_duration(found) < timedelta(minutes=1)
    assert (await api.ask(query, o="dagster", k="marts"))["pipeline"]["stats"]["meanTimeToDetect"] is None


async def test_lists_come_in_pages_newest_first(api, world, look, now):
    airflow = await world.orchestrator("airflow")
    for number in range(5):
        pipeline = await world.pipeline(airflow, f"job-{number}")
        await world.run(pipeline, f"r{number}", RunState.FAILED, ended_at=now)
        await look()
    first = (await api.ask(LIST, first=3))["incidents"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (5, True)
    rest = (await api.ask(LIST, first=3, after=first["pageInfo"]["endCursor"]))["incidents"]
    titles = [edge["node"]["title"] for page in (first, rest) for edge in page["edges"]]
    assert titles == [f"airflow/job-{number} failed (run r{number})" for number in (4, 3, 2, 1, 0)]
    error = await api.error(LIST, after="nonsense")
    assert error["message"].startswith("after: 'nonsense' is not a cursor of this list.")


async def test_a_silence_is_made_listed_and_ended(api, incident, look, now):
    wanted = {
        "matchers": [{"label": "orchestrator", "operator": "RE", "value": "air.*"}],
        "endsAt": (now + timedelta(hours=2)).isoformat(),
        "comment": "moving house",
    }
    made = (await api.ask(SILENCE, input=wanted))["createSilence"]
    assert made["matchers"] == wanted["matchers"]
    await look()
    assert (await api.ask(WHOLE, id=incident))["node"]["state"] == "SUPPRESSED"
    assert len((await api.ask("{ silences(active: true) { id } }"))["silences"]) == 1
    await api.ask(EXPIRE, id=made["id"])
    assert (await api.ask("{ silences(active: true) { id } }"))["silences"] == []
    assert len((await api.ask("{ silences(active: false) { id } }"))["silences"]) == 1
    assert (await api.error(EXPIRE, id=made["id"]))["message"] == "This silence has ended already."
    await look()
    assert (await api.ask(WHOLE, id=incident))["node"]["state"] == "OPEN"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"matchers": []}, "input.matchers: is empty, which would silence everything; give at least one."),
        (
            {"matchers": [{"label": "owner", "operator": "NEQ", "value": "ada"}]},
            "input.matchers: match whatever has no labels at all; let one of them not do so.",
        ),
        (
            {"matchers": [{"label": "owner", "operator": "RE", "value": "("}]},
            "input.matchers[0]: '(' is no regular expression",
        ),
        ({"endsAt": "2020-01-01T00:00:00Z"}, "input.endsAt: is not after its beginning; give a later time."),
        ({"endsAt": "2999-01-01T00:00:00Z"}, "input.endsAt: is more than 366 days later; give an earlier one."),
        ({"comment": " "}, "input.comment: is empty; say why, for whoever wonders."),
    ],
)
async def test_a_silence_that_cannot_be_is_refused(api, now, change, message):
    wanted = {
        "matchers": [{"label": "owner", "value": "ada"}],
        "endsAt": (now + timedelta(hours=2)).isoformat(),
        "comment": "moving",
    }
    error = await api.error(SILENCE, input={**wanted, **change})
    assert error["message"].startswith(message)
    assert (await api.ask("{ silences { id } }"))["silences"] == []


async def test_every_change_of_an_incident_is_told(app, api, incident):
    async with serving(app) as port, opened(port) as socket:
        await socket.begin()
        await socket.subscribe("subscription { incidentChanged { id state } }")
        await api.ask(ACKNOWLEDGE, id=incident)
        message = await socket.receive()
    assert message["payload"]["data"]["incidentChanged"] == {"id": incident, "state": "ACKNOWLEDGED"}
