"""Checks that fail are a cause like any other."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from gateway.alerts.monitor import Monitor
from gateway.domain.dependencies import DatasetRef, PipelineRef
from gateway.domain.incidents import Incident, IncidentState, Severity, SignalKind
from gateway.domain.observation import ObservedAsset, ObservedCheck
from gateway.domain.states import RunState
from gateway.store.changes import Change, Subject
from gateway.store.repository import assets, check_results
from lineage.openlineage.check import check
from lineage.projection import project
from tests.lineage.made import dataset, run_event
from tests.sla.conftest import zurich

REAL = Path(__file__).parents[1] / "lineage" / "real"
ETL, REPORT = PipelineRef("dagster", "etl"), PipelineRef("airflow", "report")


async def told(night, event_type: str, at: str, run: str, *, inputs: Any = (), outputs: Any = (), **more: Any) -> None:
    event = run_event(event_type, inputs=list(inputs), outputs=list(outputs), run=run, **more)
    event["eventTime"] = zurich(at).isoformat()
    async with night.database.write() as session:
        await project(session, [check(event)])


def checked(name: str, *results: tuple[str, bool, str]) -> dict[str, Any]:
    assertions = [
        {"assertion": what, "column": "id", "success": success, "severity": severity}
        for what, success, severity in results
    ]
    facet = {"_producer": "https://example.com", "_schemaURL": "https://example.com/x", "assertions": assertions}
    return {**dataset(name, namespace="db"), "inputFacets": {"dataQualityAssertions": facet}}


NOT_NULL = ("not_null", False, "error")


async def test_failed_checks_explain_a_promise_about_what_is_made_from_the_data(night):
    await night.alerts()
    await told(
        night,
        "COMPLETE",
        "2026-05-03T11:00",
        "r0",
        job="report",
        inputs=[dataset("orders", namespace="db")],
        outputs=[dataset("sales", namespace="db")],
    )
    await night.sla(
        "sales-by-one",
        dataset=DatasetRef("db", "sales"),
        deadline=timedelta(hours=13),
    )
    bad = checked("orders", ("not_null", False, "error"), ("unique", True, "error"))
    await told(night, "COMPLETE", "2026-05-04T11:59", "r1", job="test", inputs=[bad])
    await night.look()
    (incident,) = await night.incidents()
    assert incident.title == "orders failed its check not_null of id"
    await night.look("2026-05-04T13:01")
    (incident,) = await night.incidents()
    kinds = {one.kind for one in await night.signals(incident)}
    assert kinds >= {SignalKind.DATA_QUALITY_FAILED, SignalKind.SLA_MISSED}
    assert await night.root(incident) == "orders failed its check not_null of id"


async def test_it_holds_until_a_run_that_checks_has_ended_well(night):
    bad = checked("orders", ("not_null", False, "warn"))
    await told(night, "COMPLETE", "2026-05-04T11:59", "r1", job="test", inputs=[bad])
    await night.look()
    (incident,) = await night.incidents()
    assert incident.severity is Severity.WARNING
    good = checked("orders", ("not_null", True, "warn"))
    await told(night, "COMPLETE", "2026-05-04T12:05", "r2", job="test", inputs=[good])
    await night.look("2026-05-04T12:05")
    assert [one.holds for one in await night.signals(incident)] == [False]


def found(at: str, run: str, name: str = "has_rows", *, passed: bool = False, **more: Any) -> ObservedCheck:
    """What a check of the asset found in a run."""
    return ObservedCheck("payments", name, passed, zurich(at), f"{name} {run}", run_external_id=run, **more)


async def reported(night, *checks: ObservedCheck) -> None:
    async with night.database.write() as session:
        await check_results.save(session, night.orchestrators["dagster"].id, checks, night.now)


async def test_an_asset_check_that_fails_and_passes_again(night):
    """No emitter tells of it; the report, in another system, reads the asset."""
    for ref in (ETL, REPORT):
        await night.pipeline(ref, owners=["finance@example.com"])
    payments = dataset("payments", namespace="dagster")
    await told(night, "COMPLETE", "2026-05-03T12:00", "r0", job="report", namespace="airflow", inputs=[payments])
    await night.alerts(route={"receiver": "hook", "group_wait": "0s"})
    await night.look()
    run = await night.ran("2026-05-04T11:50", "2026-05-04T11:58", ref=ETL, name="run-1")
    await reported(night, found("2026-05-04T11:57", "run-1", description="0 rows"))
    await night.look("2026-05-04T12:00")
    (incident,) = await night.incidents()
    assert (incident.title, incident.severity) == ("payments failed its check has_rows: 0 rows", Severity.ERROR)
    (signal,) = await night.signals(incident)
    assert (signal.about.run_id, signal.about.orchestrator_id) == (run.id, night.orchestrators["dagster"].id)
    assert signal.labels["pipeline"] == "etl"
    assert signal.labels["owner"] == "finance@example.com"
    (body,) = night.inbox.bodies
    assert body["incident"]["impact"]["pipelines"] == ["airflow/report"]
    assert body["incident"]["impact"]["datasets"] == ["payments"]
    await night.ran("2026-05-04T12:05", "2026-05-04T12:06", RunState.FAILED, ref=REPORT)
    await night.look("2026-05-04T12:06")
    (incident,) = await night.incidents()
    assert await night.root(incident) == incident.title, "the report fails because of it"
    await night.ran("2026-05-04T12:10", "2026-05-04T12:12", ref=REPORT)
    await reported(night, found("2026-05-04T12:10", "run-2", passed=True))
    await night.look("2026-05-04T12:13")
    await night.look("2026-05-04T12:16")
    assert [one.state for one in await night.incidents()] == [IncidentState.RESOLVED]
    assert [event for event, _ in night.inbox.told()][-1] == "resolved"


async def test_each_check_begins_and_ends_by_itself(night):
    await night.pipeline(ETL)
    odd = found("2026-05-04T11:57", "run-1", "not_negative", severity=Severity.WARNING)
    await reported(night, odd, found("2026-05-04T11:57", "run-1"))
    await night.look()
    rows = ("payments failed its check has_rows", Severity.ERROR)
    negative = ("payments failed its check not_negative", Severity.WARNING)
    assert await told_of(night) == [rows, negative]
    await reported(night, found("2026-05-04T12:01", "run-2", passed=True))
    await night.look("2026-05-04T12:02")
    assert await told_of(night) == [negative]


async def test_what_an_asset_check_finds_is_seen_as_it_happens(night):
    """The monitor hears of each result, and looks at nothing but what has changed."""
    await night.database.start_listening()
    await night.pipeline(ETL)
    with night.database.feed.listen(Subject.ASSET) as listener:
        async with night.lineage() as lineage:
            monitor = Monitor(night.database, lineage, "test", night.clock)
            await monitor.look_at_all()
            await reported(night, found("2026-05-04T11:58", "run-1"), found("2026-05-04T11:58", "run-1", "unique"))
            await monitor.take(await listener.batch(5))
            assert len(await told_of(night)) == 2
            await reported(night, found("2026-05-04T11:59", "run-2", passed=True))
            await monitor.take(await listener.batch(5))
            assert await told_of(night) == [("payments failed its check unique", Severity.ERROR)]
            async with night.database.write() as session:
                identity = night.orchestrators[ETL.orchestrator].id
                await assets.save_listed(
                    session, identity, [ObservedAsset("payments", "payments", checks=[])], night.now
                )
            await monitor.take(await listener.batch(5))
    assert await told_of(night) == [], "there is no such check any more"


async def told_of(night) -> list[tuple[str, Severity]]:
    """All that is wrong now, in one incident."""
    incidents: list[Incident] = [one for one in await night.incidents() if not one.is_resolved]
    assert len(incidents) <= 1
    held = [one for incident in incidents for one in await night.signals(incident) if one.holds]
    return sorted((one.message, one.severity) for one in held)


async def posted(night, recording: str) -> None:
    """What dbt's emitter really sent; it is then one minute after the last event."""
    await taken_up(night, recording)
    await night.look()


async def taken_up(night, recording: str) -> list[Change]:
    """What that changes."""
    events = [orjson.loads(line) for line in (REAL / f"{recording}.ndjson").read_bytes().splitlines()]
    async with night.database.write() as session:
        touched = await project(session, [check(event) for event in events])
    times = [datetime.fromisoformat(event["eventTime"]).astimezone(UTC) for event in events]
    night.now = max(times) + timedelta(minutes=1)
    return [Change(Subject.LINEAGE_JOB, job) for job in touched.jobs]


FAILED_BUILD = [
    ("shop.main.stg_orders failed its check accepted_values_stg_orders_status__paid__open", Severity.WARNING),
    ("shop.main.stg_orders failed its check not_null_stg_orders_amount", Severity.ERROR),
]


async def test_tests_of_dbt(night):
    """A build fails, and skips what comes after it: that has not failed. With mended data, another command passes."""
    await posted(night, "dbt-checks-failed")
    assert await told_of(night) == FAILED_BUILD
    await posted(night, "dbt-checks-passed")
    assert await told_of(night) == []


async def test_tests_of_dbt_as_they_happen(night):
    """The jobs of the command that passes are others than those of the one that has failed."""
    async with night.lineage() as lineage:
        monitor = Monitor(night.database, lineage, "test", night.clock)
        await monitor.look_at_all()
        await monitor.take(await taken_up(night, "dbt-checks-failed"))
        assert await told_of(night) == FAILED_BUILD
        await monitor.take(await taken_up(night, "dbt-checks-passed"))
        assert await told_of(night) == []


async def test_tests_of_dbt_by_its_structured_logs(night):
    """Each test is a job of its own; those that were skipped are aborted."""
    await posted(night, "dbt-structured-checks-failed")
    assert await told_of(night) == FAILED_BUILD
    await posted(night, "dbt-structured-checks-passed")
    assert await told_of(night) == []


async def test_a_test_of_dbt_that_breaks_has_not_failed(night):
    """Nor is it over what it has failed before; a test of two models is one of each."""
    await posted(night, "dbt-checks-broken")
    assert await told_of(night) == [("shop.main.stg_orders failed its check of_two", Severity.ERROR)]


async def test_what_fails_holds_while_it_is_not_evaluated(night):
    """By a run that broke off, by one that was told to check something else, and while one goes on."""
    await told(night, "COMPLETE", "2026-05-04T11:40", "r1", job="test", inputs=[checked("orders", NOT_NULL)])
    await told(night, "ABORT", "2026-05-04T11:45", "r2", job="test", inputs=[dataset("orders", namespace="db")])
    unique = checked("orders", ("unique", True, "error"))
    await told(night, "COMPLETE", "2026-05-04T11:50", "r3", job="test", inputs=[unique])
    await told(night, "START", "2026-05-04T11:55", "r4", job="test", inputs=[unique])
    await night.look()
    assert await told_of(night) == [("orders failed its check not_null of id", Severity.ERROR)]
    for number in range(5, 10):
        await told(night, "COMPLETE", f"2026-05-04T12:0{number}", f"r{number}", job="test", inputs=[unique])
    await night.look("2026-05-04T12:10")
    assert await told_of(night) == [], "nobody has heard of it for long: it is no longer made"


@pytest.mark.parametrize(("severity", "expected"), [("WARN", Severity.WARNING), ("ERROR", Severity.ERROR)])
async def test_how_bad_it_is_in_the_words_of_dagsters_emitter(night, severity, expected):
    """It has no place for it in the assertions, and tells of it in the run."""
    (line,) = [one for one in (REAL / "dagster.ndjson").read_bytes().splitlines() if b"dataQualityAssertions" in one]
    event = orjson.loads(line)
    (assertion,) = event["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]
    (result,) = event["run"]["facets"]["dagster_asset_check"]["checks"]
    assertion["success"], result["passed"], result["severity"] = False, False, severity
    async with night.database.write() as session:
        await project(session, [check(event)])
    await night.look(datetime.fromisoformat(event["eventTime"]).astimezone(UTC) + timedelta(minutes=1))
    assert await told_of(night) == [("orders failed its check orders_nonempty", expected)]
