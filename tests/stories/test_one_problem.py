"""What goes wrong in several systems at once is one incident, and one message."""

from datetime import timedelta

from gateway.domain.dependencies import PipelineRef
from gateway.domain.incidents import IncidentState, Severity, SignalKind, StepKind
from gateway.domain.states import OrchestratorStatus, RunState
from gateway.store.repository.incidents import timelines
from tests.sla.conftest import zurich

INGEST = PipelineRef("airflow", "ingest")
MARTS = PipelineRef("dagster", "marts")
REPORT = PipelineRef("prefect", "report")


async def test_a_failure_that_hurts_two_other_systems_is_one_incident(night):
    """The SLA of the last one is missed though nothing of it has failed."""
    for ref in (INGEST, MARTS, REPORT):
        await night.pipeline(ref)
    await night.chain(INGEST, MARTS, REPORT)
    await night.sla("report-by-nine", pipeline=REPORT, owner="sales")
    await night.alerts()
    await night.look()
    await night.ran("2026-05-05T06:00", "2026-05-05T06:10", RunState.FAILED, INGEST)
    await night.look("2026-05-05T06:10")
    (incident,) = await night.incidents()
    assert night.inbox.told() == [], "it waits for what else there is"
    await night.look("2026-05-05T06:11")
    assert night.inbox.told() == [("opened", incident.title)]
    assert incident.title.startswith("airflow/ingest failed")
    await night.look("2026-05-05T09:01")
    (incident,) = await night.incidents()
    assert [one.kind for one in await night.signals(incident)] == [SignalKind.RUN_FAILED, SignalKind.SLA_MISSED]
    assert await night.root(incident) == incident.title
    assert incident.severity is Severity.CRITICAL
    (_, update) = night.inbox.bodies
    assert update["event"] == "updated"
    assert update["incident"]["impact"] == {
        "pipelines": ["airflow/ingest", "dagster/marts", "prefect/report"],
        "datasets": [],
        "slas": ["report-by-nine"],
        "owners": ["sales"],
        "orchestrators": ["airflow", "dagster", "prefect"],
    }
    for ref in (INGEST, MARTS, REPORT):
        await night.ran("2026-05-05T09:10", "2026-05-05T09:20", ref=ref)
    await night.look("2026-05-05T09:21")
    assert [one.state for one in await night.incidents()] == [IncidentState.OPEN], "it may come back at once"
    await night.look("2026-05-05T09:24")
    assert [one.state for one in await night.incidents()] == [IncidentState.RESOLVED]
    assert [event for event, _ in night.inbox.told()] == ["opened", "updated", "resolved"]


async def test_fifty_dependents_that_fail_one_after_the_other(night):
    """The cause may be seen last."""
    await night.pipeline(INGEST)
    dependents = [PipelineRef(("airflow", "dagster", "prefect")[place % 3], f"job-{place}") for place in range(50)]
    for ref in dependents:
        await night.pipeline(ref)
        await night.chain(INGEST, ref)
    await night.alerts()
    await night.look()
    for ref in dependents[:25]:
        await night.ran("2026-05-05T06:20", "2026-05-05T06:21", RunState.FAILED, ref)
    await night.look("2026-05-05T06:21")
    assert len(await night.incidents()) == 25, "nobody can know yet that they have one cause"
    await night.ran("2026-05-05T06:00", "2026-05-05T06:10", RunState.FAILED, INGEST)
    await night.look(zurich("2026-05-05T06:21") + timedelta(seconds=20))
    for ref in dependents[25:]:
        await night.ran("2026-05-05T06:20", "2026-05-05T06:22", RunState.FAILED, ref)
    await night.look("2026-05-05T06:22")
    (incident,) = await night.incidents()
    assert (await night.root(incident)).startswith("airflow/ingest failed")
    assert len(await night.signals(incident)) == 51
    async with night.database.read() as session:
        timeline = (await timelines(session, [incident.id], 500))[incident.id]
    assert [one.kind for one in timeline].count(StepKind.CAUSE_FOUND) == 1
    assert len([one for one in timeline if one.text == incident.title]) == 1
    assert night.inbox.told() == [("opened", incident.title)]


async def test_two_that_were_told_and_turn_out_to_be_one(night):
    """What was told as a problem of its own is over for whoever was told."""
    for ref in (INGEST, MARTS, REPORT):
        await night.pipeline(ref)
    await night.chain(INGEST, MARTS)
    await night.chain(INGEST, REPORT)
    await night.alerts()
    for ref in (MARTS, REPORT):
        await night.ran("2026-05-04T11:50", "2026-05-04T12:00", RunState.FAILED, ref)
    await night.look()
    await night.look("2026-05-04T12:01")
    assert [event for event, _ in night.inbox.told()] == ["opened", "opened"]
    await night.ran("2026-05-04T11:40", "2026-05-04T11:45", RunState.FAILED, INGEST)
    await night.look("2026-05-04T12:02")
    (incident,) = await night.incidents()
    over = night.inbox.bodies[2]
    assert (over["event"], over["incident"]["mergedInto"]) == ("resolved", f"podium-incident-{incident.id}")
    await night.look("2026-05-04T12:08")
    assert night.inbox.told()[3:] == [("updated", "airflow/ingest failed (run ingest 2026-05-04T09:40:00+00:00)")]


async def test_an_orchestrator_that_is_away_swallows_the_lateness_it_explains(night):
    """Two hours, and 400 pipelines due: one notification, one resolution."""
    keys = [f"hourly-{place}" for place in range(400)]
    await night.listed("airflow", keys, next_run_at=zurich("2026-05-04T13:00"))
    await night.alerts()
    await night.look()
    night.now = zurich("2026-05-04T12:50")
    await night.orchestrator_is("airflow", OrchestratorStatus.UNREACHABLE, "connection refused")
    await night.pass_time("2026-05-04T14:50", timedelta(minutes=10))
    (incident,) = await night.incidents()
    assert await night.root(incident) == "airflow does not answer: connection refused"
    assert len(await night.signals(incident)) == 401
    await night.orchestrator_is("airflow", OrchestratorStatus.HEALTHY)
    await night.listed("airflow", keys, next_run_at=zurich("2026-05-05T13:00"))
    await night.all_ran("airflow", keys, "2026-05-04T14:52", "2026-05-04T14:55")
    await night.pass_time("2026-05-04T15:10", timedelta(minutes=5))
    assert [one.state for one in await night.incidents()] == [IncidentState.RESOLVED]
    assert [event for event, _ in night.inbox.told()] == ["opened", "resolved"]


async def test_a_promise_that_breaks_meanwhile_is_news(night):
    """That what is due does not come goes without saying; that it was promised does not."""
    await night.pipeline(INGEST, next_run_at=zurich("2026-05-04T13:00"))
    await night.sla("ingest-by-two", pipeline=INGEST, deadline=timedelta(hours=14))
    await night.alerts()
    await night.look()
    night.now = zurich("2026-05-04T12:50")
    await night.orchestrator_is("airflow", OrchestratorStatus.UNREACHABLE, "connection refused")
    await night.pass_time("2026-05-04T14:50", timedelta(minutes=10))
    (incident,) = await night.incidents()
    kinds = [one.kind for one in await night.signals(incident)]
    assert kinds == [SignalKind.ORCHESTRATOR_UNREACHABLE, SignalKind.RUN_LATE, SignalKind.SLA_MISSED]
    assert [event for event, _ in night.inbox.told()] == ["opened", "updated"]
    assert night.inbox.bodies[1]["incident"]["impact"]["slas"] == ["ingest-by-two"]


async def test_a_run_that_flaps_makes_no_storm(night):
    await night.pipeline(INGEST)
    await night.alerts()
    await night.look()
    for minute in range(0, 40, 2):
        state = RunState.FAILED if minute % 4 == 0 else RunState.SUCCESS
        at = zurich("2026-05-04T13:00") + timedelta(minutes=minute)
        await night.ran(at, at + timedelta(seconds=30), state, INGEST)
        await night.look(at + timedelta(seconds=31))
        await night.look(at + timedelta(seconds=90))
    assert len(await night.incidents()) == 1
    assert [event for event, _ in night.inbox.told()] == ["opened"]


async def test_two_problems_stay_two(night):
    for ref in (INGEST, MARTS):
        await night.pipeline(ref)
        await night.ran("2026-05-04T11:00", "2026-05-04T11:10", RunState.FAILED, ref)
    await night.look()
    assert [one.title.split(" ")[0] for one in await night.incidents()] == ["airflow/ingest", "dagster/marts"]


async def test_it_comes_back_within_half_an_hour(night):
    await night.pipeline(INGEST)
    await night.alerts()
    await night.ran("2026-05-04T11:50", "2026-05-04T11:55", RunState.FAILED, INGEST)
    await night.look()
    await night.look("2026-05-04T12:02")
    await night.ran("2026-05-04T12:10", "2026-05-04T12:20", ref=INGEST)
    await night.look("2026-05-04T12:20")
    await night.look("2026-05-04T12:23")
    await night.ran("2026-05-04T12:30", "2026-05-04T12:40", RunState.FAILED, INGEST)
    await night.look("2026-05-04T12:40")
    (incident,) = await night.incidents()
    assert (incident.state, incident.reopened) == (IncidentState.OPEN, 1)
    assert [event for event, _ in night.inbox.told()] == ["opened", "resolved", "opened"]


async def test_what_failed_long_before_podium_came_is_left_alone(night):
    await night.pipeline(INGEST)
    await night.ran("2026-05-02T11:50", "2026-05-02T11:55", RunState.FAILED, INGEST)
    await night.look()
    assert await night.incidents() == []
