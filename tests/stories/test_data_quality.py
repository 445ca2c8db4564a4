"""Checks that fail are a cause like any other."""

from datetime import timedelta
from typing import Any

from gateway.domain.dependencies import DatasetRef
from gateway.domain.incidents import Severity, SignalKind
from lineage.openlineage.check import check
from lineage.projection import project
from tests.lineage.made import dataset, run_event
from tests.sla.conftest import zurich

ORDERS = ("db", "orders")


async def told(night, event_type: str, at: str, run: str, *, inputs: Any = (), outputs: Any = (), job: str) -> None:
    event = run_event(event_type, inputs=list(inputs), outputs=list(outputs), job=job, run=run)
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
    assert incident.title == "orders failed its checks: not_null of id"
    await night.look("2026-05-04T13:01")
    (incident,) = await night.incidents()
    kinds = {one.kind for one in await night.signals(incident)}
    assert kinds >= {SignalKind.DATA_QUALITY_FAILED, SignalKind.SLA_MISSED}
    assert await night.root(incident) == "orders failed its checks: not_null of id"


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
