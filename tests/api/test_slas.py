"""SLAs through GraphQL: defined, judged, and asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.slas import Reason, SlaState, Verdict
from gateway.domain.states import RunState
from gateway.sla.monitor import Monitor
from gateway.store.repository import orchestrators, sla_evaluations, slas
from gateway.store.repository.sla_evaluations import Judged
from tests.api.sockets import opened, serving
from tests.sync.vendor import T0

pytestmark = pytest.mark.usefixtures("running_lineage")

INPUT: dict[str, Any] = {
    "name": "sales-by-nine",
    "kind": "DEADLINE",
    "pipeline": {"orchestrator": "dagster", "key": "marts"},
    "deadline": "09:00",
    "timezone": "Europe/Zurich",
    "objective": 0.9,
    "owner": "sales",
}
CREATE = "mutation($input: SlaInput!) { made: createSla(input: $input) { id name origin deadline targetName } }"
UPDATE = "mutation($id: ID!, $input: SlaInput!) { made: updateSla(id: $id, input: $input) { id deadline } }"
DELETE = "mutation($id: ID!) { deleteSla(id: $id) }"
CORRECT = """mutation($input: ForecastCorrectionInput!) {
  made: correctForecast(input: $input) { id factor notBefore madeBy pipeline { key } } }"""


@pytest.fixture
async def marts(world, database):
    dagster = await world.orchestrator("dagster")
    pipeline = await world.pipeline(dagster, "marts")
    async with database.write() as session:
        await orchestrators.save_listed(session, dagster.id, T0)
    return pipeline


@pytest.fixture
async def made(api, marts) -> str:
    return (await api.ask(CREATE, input=INPUT))["made"]["id"]


async def judged(database, state: SlaState, due: datetime, *, name: str = "sales-by-nine", late: int = 0) -> None:
    reason = {SlaState.MET: Reason.DONE_IN_TIME, SlaState.MISSED: Reason.DONE_LATE}.get(state, Reason.TIME_LEFT)
    done = due + timedelta(minutes=late) if state in (SlaState.MET, SlaState.MISSED) else None
    verdict = Verdict(state, reason, due, done, is_final=done is not None)
    async with database.write() as session:
        sla = await slas.by_name(session, name)
        await sla_evaluations.save(
            session, [Judged(sla.id, due.date().isoformat(), due - timedelta(hours=9), verdict)], due
        )


async def test_made_changed_and_deleted(api, made):
    assert (await api.ask(UPDATE, id=made, input={**INPUT, "deadline": "25:30"}))["made"]["deadline"] == "25:30"
    assert (await api.error(CREATE, input=INPUT))["extensions"]["code"] == "CONFLICT"
    error = await api.error(UPDATE, id=made, input={**INPUT, "name": "other"})
    assert error["message"].startswith("input.name: 'other' is not 'sales-by-nine'")
    assert await api.ask(DELETE, id=made) == {"deleteSla": made}
    assert (await api.ask("{ slas { totalCount } }"))["slas"]["totalCount"] == 0
    assert await api.ask('{ sla(name: "sales-by-nine") { id } }') == {"sla": None}


async def test_what_is_done_about_it_is_told_as_it_was_said(api, made):
    told = [
        {"on": "MISSED", "trigger": {"orchestrator": "dagster", "key": "marts"}, "parameters": {"day": 1}},
        {"on": "AT_RISK", "severity": "ERROR"},
    ]
    await api.ask(UPDATE, id=made, input={**INPUT, "actions": told})
    query = '{ sla(name: "sales-by-nine") { actions { on trigger parameters retry notify severity } } }'
    assert (await api.ask(query))["sla"]["actions"] == [
        {
            "on": "MISSED",
            "trigger": "dagster/marts",
            "parameters": {"day": 1},
            "retry": False,
            "notify": None,
            "severity": None,
        },
        {"on": "AT_RISK", "trigger": None, "parameters": {}, "retry": False, "notify": None, "severity": "ERROR"},
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"actions": [{"on": "MISSED"}]},
            "input.actions[0]: needs one of trigger, retry, notify, severity, and no second one.",
        ),
        ({"deadline": "nine"}, "input.deadline: 'nine' is no time of a day."),
        ({"calendar": "MONDAYS"}, "input.calendar: 'MONDAYS' names no days; write MON-FRI, 1,3,5 or business-days:CH."),
        ({"targetRate": 0.5}, "input.targetRate: has no meaning for an SLA of kind deadline; remove it."),
        ({"pipeline": None}, "input: must be about one thing: pipeline: or dataset:."),
        ({"pipeline": {"orchestrator": "dagster", "key": "mart"}}, "input.pipeline: dagster has no pipeline 'mart'"),
        ({"pipeline": {"orchestrator": "dagstr", "key": "marts"}}, "There is no orchestrator 'dagstr'."),
    ],
)
async def test_what_cannot_hold_is_refused_with_its_field(api, marts, change, message):
    assert (await api.error(CREATE, input={**INPUT, **change}))["message"].startswith(message)
    assert (await api.ask("{ slaSummary { total } }"))["slaSummary"]["total"] == 0


async def test_every_change_of_how_it_stands_is_told(app, made, database):
    now = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    async with serving(app) as port, opened(port) as socket:
        await socket.begin()
        await socket.subscribe("subscription { slaChanged { state reason key sla { name } } }")
        await judged(database, SlaState.AT_RISK, now)
        heard = [(await socket.receive())["payload"]["data"]["slaChanged"]]
        await judged(database, SlaState.MISSED, now, late=5)
        heard.append((await socket.receive())["payload"]["data"]["slaChanged"])
    told = {"key": now.date().isoformat(), "sla": {"name": "sales-by-nine"}}
    assert heard == [
        {"state": "AT_RISK", "reason": "time_left", **told},
        {"state": "MISSED", "reason": "done_late", **told},
    ]


async def test_how_it_stands_and_how_it_was_kept(api, made, database):
    now = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    for day in range(1, 11):
        await judged(database, SlaState.MISSED if day == 3 else SlaState.MET, now - timedelta(days=day), late=day == 3)
    await judged(database, SlaState.AT_RISK, now + timedelta(days=1))
    query = """{ sla(name: "sales-by-nine") { adherence errorBudgetLeft current { state key isFinal }
      evaluations(first: 3) { totalCount pageInfo { hasNextPage endCursor }
        edges { node { state reason lateBy steps { state } sla { name } } } } }
      slaSummary { total atRisk met adherence } slaAdherence(by: ORCHESTRATOR) { name slas met missed adherence }
      atRisk: slas(states: [AT_RISK]) { edges { node { name } } } kept: slas(states: [MET]) { totalCount }
      pipeline(orchestrator: "dagster", key: "marts") { slas { name } } }"""
    found = await api.ask(query)
    sla = found["sla"]
    assert (sla["adherence"], round(sla["errorBudgetLeft"], 6)) == (0.9, 0)
    assert (sla["current"]["state"], sla["current"]["isFinal"]) == ("AT_RISK", False)
    assert [edge["node"]["state"] for edge in sla["evaluations"]["edges"]] == ["AT_RISK", "MET", "MET"]
    assert sla["evaluations"]["totalCount"] == 11
    more = """query($after: String) { sla(name: "sales-by-nine") { evaluations(first: 2, after: $after) {
      edges { node { state lateBy } } } } }"""
    after = sla["evaluations"]["pageInfo"]["endCursor"]
    edges = (await api.ask(more, after=after))["sla"]["evaluations"]["edges"]
    assert edges[0]["node"] == {"state": "MISSED", "lateBy": "PT1M"}
    assert found["slaSummary"] == {"total": 1, "atRisk": 1, "met": 0, "adherence": 0.9}
    assert found["slaAdherence"] == [{"name": "dagster", "slas": 1, "met": 9, "missed": 1, "adherence": 0.9}]
    assert [edge["node"]["name"] for edge in found["atRisk"]["edges"]] == ["sales-by-nine"]
    assert found["kept"]["totalCount"] == 0
    assert found["pipeline"]["slas"] == [{"name": "sales-by-nine"}]


MONTHS = """query($months: Int!, $timezone: String!) {
  slaAdherenceByMonth(by: OWNER, months: $months, timezone: $timezone) {
    month since until groups { name slas met missed adherence errorBudgetLeft } } }"""


async def test_how_it_was_kept_month_by_month(api, made, database):
    zone = ZoneInfo("Europe/Zurich")
    this = datetime.now(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (this - timedelta(days=1)).replace(day=1)
    for day in range(1, 21):
        await judged(database, SlaState.MISSED if day == 3 else SlaState.MET, last + timedelta(days=day), late=day == 3)
    found = (await api.ask(MONTHS, months=3, timezone="Europe/Zurich"))["slaAdherenceByMonth"]
    assert [month["month"] for month in found[1:]] == [f"{last:%Y-%m}", f"{this:%Y-%m}"]
    assert found[1]["until"] == found[2]["since"] == this.astimezone(UTC).isoformat().replace("+00:00", "Z")
    nothing = {"name": "sales", "slas": 1, "met": 0, "missed": 0, "adherence": None, "errorBudgetLeft": None}
    assert [month["groups"] for month in (found[0], found[2])] == [[nothing], [nothing]]
    (group,) = found[1]["groups"]
    assert group == {**nothing, "met": 19, "missed": 1, "adherence": 0.95, "errorBudgetLeft": pytest.approx(0.5)}


async def test_months_and_zones_that_there_are_not_are_refused(api):
    error = await api.error(MONTHS, months=0, timezone="UTC")
    assert error["message"] == "months: 0 is not a number of months."
    assert error["extensions"]["remedy"] == "Ask for 1 to 24 months."
    message = (await api.error(MONTHS, months=1, timezone="Europe/Zürich"))["message"]
    assert message.startswith("timezone: 'Europe/Zürich' is no time zone")
    assert "Europe/Zurich" in message


async def test_a_forecast_is_told_with_its_interval_and_its_path(api, made, marts, world, database, running_lineage):
    now = datetime.now(UTC)
    world.now = now
    for day in range(1, 9):
        start = now - timedelta(days=day)
        await world.run(marts, f"of {day}", started_at=start, ended_at=start + timedelta(minutes=30), queued_at=start)
    going = await world.run(
        marts, "now", RunState.RUNNING, started_at=now - timedelta(minutes=10), queued_at=now - timedelta(minutes=10)
    )
    fresh = {**INPUT, "name": "fresh", "kind": "FRESHNESS", "deadline": None, "limit": "PT26H"}
    await api.ask(CREATE, input=fresh)
    await Monitor(database, running_lineage, "test", lambda: datetime.now(UTC)).look_at_all()
    query = """{ sla(name: "fresh") { current { state dueAt predictedAt predictedLow predictedHigh breachProbability
      criticalPath { pipeline { key } run { id externalId } state expectedStart expectedEnd } } } }"""
    current = (await api.ask(query))["sla"]["current"]
    assert current["state"] == "ON_TRACK"
    assert current["predictedLow"] <= current["predictedAt"] <= current["predictedHigh"] < current["dueAt"]
    (step,) = current["criticalPath"]
    assert (step["pipeline"]["key"], step["run"]["externalId"], step["state"]) == (
        "marts",
        going.external_id,
        "RUNNING",
    )


async def test_a_forecast_is_corrected_for_a_while(api, marts):
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    given = {"pipeline": {"orchestrator": "dagster", "key": "marts"}, "until": until, "factor": 1.5}
    made = (await api.ask(CORRECT, input=given))["made"]
    assert (made["factor"], made["notBefore"], made["madeBy"], made["pipeline"]) == (
        1.5,
        None,
        "local",
        {"key": "marts"},
    )
    assert len((await api.ask("{ forecastCorrections { id } }"))["forecastCorrections"]) == 1
    await api.ask("mutation($id: ID!) { removeForecastCorrection(id: $id) }", id=made["id"])
    assert (await api.ask("{ forecastCorrections { id } }"))["forecastCorrections"] == []
    again = await api.error("mutation($id: ID!) { removeForecastCorrection(id: $id) }", id=made["id"])
    assert again["extensions"]["code"] == "NOT_FOUND"
    for change, message in [
        ({"factor": 0}, "input.factor: 0.0 is out of range."),
        ({"factor": None}, "input: says nothing."),
        ({"until": "2020-01-01T00:00:00Z"}, "input.until: is not a usable end."),
        ({"pipeline": {"orchestrator": "dagster", "key": "x"}}, "input.pipeline: there is no pipeline dagster/x."),
    ]:
        assert (await api.error(CORRECT, input={**given, **change}))["message"] == message
