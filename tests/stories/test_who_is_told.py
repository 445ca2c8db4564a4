"""Silences, acknowledgements, maintenance and deadlines on the way to whoever is told."""

from datetime import timedelta

from gateway.coordination.progress import step
from gateway.domain.dependencies import Condition, DependencySpec, FiringState, Group, Mode, PipelineRef
from gateway.domain.incidents import IncidentState, Severity, SignalKind
from gateway.domain.matchers import parse_matcher
from gateway.domain.slas import SlaAction, SlaState
from gateway.domain.states import RunState
from gateway.store.repository import dependencies, firings
from tests.sla.conftest import zurich

INGEST = PipelineRef("airflow", "ingest")
MARTS = PipelineRef("dagster", "marts")


async def failing(night, at: str = "2026-05-04T12:10") -> None:
    await night.pipeline(INGEST)
    await night.alerts()
    await night.ran(zurich(at) - timedelta(minutes=5), zurich(at), RunState.FAILED, INGEST)
    await night.look(at)


async def test_what_is_silenced_is_an_incident_that_nobody_hears_of_until_it_ends(night):
    await night.steering.silence(
        [parse_matcher("orchestrator=airflow")], None, zurich("2026-05-04T13:00"), "ada", "moving"
    )
    await failing(night)
    await night.look("2026-05-04T12:30")
    assert [one.state for one in await night.incidents()] == [IncidentState.SUPPRESSED]
    assert night.inbox.told() == []
    await night.look("2026-05-04T13:00")
    await night.look("2026-05-04T13:01")
    (incident,) = await night.incidents()
    assert night.inbox.told() == [("opened", incident.title)]


async def test_an_acknowledgement_survives_a_silence(night):
    await failing(night)
    (incident,) = await night.incidents()
    await night.steering.acknowledge(incident.id, "ada", None)
    await night.steering.silence(
        [parse_matcher("orchestrator=airflow")], None, zurich("2026-05-04T13:00"), "bob", "moving"
    )
    await night.look("2026-05-04T12:11")
    assert [one.state for one in await night.incidents()] == [IncidentState.SUPPRESSED]
    await night.look("2026-05-04T13:01")
    (incident,) = await night.incidents()
    assert (incident.state, incident.acknowledged_by) == (IncidentState.ACKNOWLEDGED, "ada")


async def test_who_acknowledges_is_told_no_more_until_it_is_over(night):
    await failing(night)
    await night.look("2026-05-04T12:11")
    (incident,) = await night.incidents()
    await night.steering.acknowledge(incident.id, "ada", "I see.")
    await night.look("2026-05-04T12:12")
    await night.look("2026-05-04T23:00")
    assert [event for event, _ in night.inbox.told()] == ["opened", "acknowledged"]
    assert night.inbox.bodies[1]["incident"]["acknowledgedBy"] == "ada"
    await night.ran("2026-05-04T23:05", "2026-05-04T23:10", ref=INGEST)
    await night.look("2026-05-04T23:10")
    await night.look("2026-05-04T23:13")
    assert [event for event, _ in night.inbox.told()] == ["opened", "acknowledged", "resolved"]


async def test_nobody_acknowledges_and_somebody_else_is_told_through_another_route(night):
    await night.pipeline(INGEST)
    hook = {"webhook": {"url": night.inbox.url}}
    await night.alerts(
        receivers=[{"name": "hook", **hook}, {"name": "boss", **hook}],
        escalations=[{"after": "15m", "receiver": "boss"}],
    )
    await night.ran("2026-05-04T12:05", "2026-05-04T12:10", RunState.FAILED, INGEST)
    await night.pass_time("2026-05-04T12:40", timedelta(minutes=5))
    told = [(one["receiver"], one["event"]) for one in night.inbox.bodies]
    assert told == [("hook", "opened"), ("boss", "escalated")]


async def test_a_promise_at_risk_and_then_broken_is_one_incident(night):
    """By its forecast: a run takes an hour, and at half past eight it has not begun."""
    await night.pipeline(MARTS)
    await night.alerts()
    for day in range(5):
        begin = zurich("2026-04-29T07:00") + timedelta(days=day)
        await night.ran(begin, begin + timedelta(hours=1))
    await night.pipeline(MARTS, next_run_at=zurich("2026-05-05T08:40"))
    await night.sla(severity=Severity.ERROR)
    await night.look()
    await night.look("2026-05-05T08:20")
    (incident,) = await night.incidents()
    assert [one.kind for one in await night.signals(incident)] == [SignalKind.SLA_AT_RISK]
    assert incident.severity is Severity.WARNING
    await night.look("2026-05-05T08:21")
    await night.look("2026-05-05T09:01")
    (incident,) = await night.incidents()
    assert {one.kind for one in await night.signals(incident)} >= {SignalKind.SLA_AT_RISK, SignalKind.SLA_MISSED}
    assert incident.severity is Severity.ERROR
    assert [event for event, _ in night.inbox.told()] == ["opened", "updated"]


async def test_an_sla_says_itself_who_is_told_and_how_bad_it_is(night):
    await night.pipeline(MARTS)
    hook = {"webhook": {"url": night.inbox.url}}
    await night.alerts(receivers=[{"name": "hook", **hook}, {"name": "boss", **hook}])
    asked = (SlaAction(SlaState.MISSED, notify="boss"), SlaAction(SlaState.MISSED, severity=Severity.CRITICAL))
    await night.sla(severity=Severity.WARNING, actions=asked)
    await night.look()
    await night.look("2026-05-05T09:01")
    (incident,) = await night.incidents()
    assert incident.severity is Severity.CRITICAL
    assert [one["receiver"] for one in night.inbox.bodies] == ["boss"], "at once; the route waits"
    await night.look("2026-05-05T09:02")
    assert [one["receiver"] for one in night.inbox.bodies] == ["boss", "hook"]


async def test_a_dependency_that_was_not_complete_in_time_is_explained_by_what_did_not_come(night):
    crm = PipelineRef("prefect", "crm")
    for ref in (INGEST, crm, MARTS):
        await night.pipeline(ref)
    group = Group(Mode.ALL, (Condition(pipeline=INGEST), Condition(pipeline=crm)))
    await night.depend(DependencySpec("marts-after-both", group, MARTS, timeout=timedelta(hours=2)))
    async with night.database.write() as session:
        known = await dependencies.by_name(session, "marts-after-both")
        assert known is not None
        firing = await firings.begin(session, known.id, "2026-05-04", 1, "k", night.now, night.now)
        await step(session, firing.id, FiringState.EXPIRED, "too late", night.now, ended_at=night.now)
    await night.ran("2026-05-04T11:50", "2026-05-04T12:00", RunState.FAILED, crm)
    await night.look()
    (incident,) = await night.incidents()
    assert (await night.root(incident)).startswith("prefect/crm failed")
    assert {one.kind for one in await night.signals(incident)} == {
        SignalKind.RUN_FAILED,
        SignalKind.DEPENDENCY_EXPIRED,
    }


async def test_a_run_that_does_not_end(night):
    await night.pipeline(INGEST)
    for number in range(30):
        begin = zurich("2026-05-03T00:00") + timedelta(hours=number)
        await night.ran(begin, begin + timedelta(minutes=10), ref=INGEST)
    await night.ran("2026-05-04T12:00", ref=INGEST)
    await night.look("2026-05-04T12:19")
    assert await night.incidents() == []
    await night.look("2026-05-04T12:21")
    (incident,) = await night.incidents()
    assert incident.title.startswith("airflow/ingest does not end (run ")
    assert incident.severity is Severity.WARNING


async def test_a_replica_that_takes_over_says_nothing_twice(night):
    """Every look here is by a monitor that has just begun, as after a crash."""
    await failing(night)
    for minute in range(10):
        await night.look(zurich("2026-05-04T12:11") + timedelta(minutes=minute))
    assert [event for event, _ in night.inbox.told()] == ["opened"]
    assert len(await night.incidents()) == 1
