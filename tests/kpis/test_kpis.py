"""Key figures of a day, held against what a person would count."""

from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from gateway.domain.commands import CommandState, TriggerOrder
from gateway.domain.dependencies import PipelineRef
from gateway.domain.kpis import KpiGrouping, Kpis
from gateway.domain.states import RunState, RunTrigger
from gateway.kpis import measure
from gateway.kpis.exposition import Exposition
from gateway.store.repository import commands, pipelines
from tests.sla.conftest import zurich
from tests.store.conftest import database
from tests.stories.conftest import Night, night

__all__ = ["database", "night"]

INGEST = PipelineRef("airflow", "ingest")
MARTS = PipelineRef("dagster", "marts")
REPORT = PipelineRef("dagster", "report")
DAY = timedelta(days=1)


async def kpis(
    night: Night, by: KpiGrouping = KpiGrouping.TOTAL, until: datetime | None = None, only: PipelineRef | None = None
) -> dict[str | None, Kpis]:
    """Of the day up to an instant."""
    end = until or night.now
    ids = [night.pipelines[only].id] if only is not None else None
    async with night.database.read() as session:
        return {one.name: one.kpis for one in (await measure.read(session, end - DAY, end, ids)).by(by)}


async def test_what_nobody_helped_with(night):
    """Started by hand, tried again, or asked for through Podium: that is somebody's help."""
    await night.pipeline(INGEST)
    await night.ran("2026-05-04T06:00", "2026-05-04T06:10", RunState.SUCCESS, INGEST, trigger=RunTrigger.SCHEDULE)
    await night.ran("2026-05-04T07:00", "2026-05-04T07:10", RunState.FAILED, INGEST, name="seven")
    await night.ran("2026-05-04T08:00", "2026-05-04T08:10", RunState.SUCCESS, INGEST, parent_external_id="seven")
    await night.ran("2026-05-04T08:20", "2026-05-04T08:30", RunState.SUCCESS, INGEST, trigger=RunTrigger.MANUAL)
    await night.ran("2026-05-04T08:40", "2026-05-04T08:50", RunState.SKIPPED, INGEST)
    await night.ran("2026-05-04T09:00", "2026-05-04T09:10", RunState.FAILED, INGEST, name="nine")
    night.now += timedelta(minutes=1)
    await night.ran("2026-05-04T09:20", "2026-05-04T09:30", RunState.SUCCESS, INGEST, name="nine")
    await night.ran("2026-05-04T09:40", None, RunState.RUNNING, INGEST)
    asked = await night.ran("2026-05-04T10:00", "2026-05-04T10:10", RunState.SUCCESS, INGEST, trigger=RunTrigger.API)
    promised = await night.ran("2026-05-04T11:00", "2026-05-04T11:10", RunState.SUCCESS, INGEST, trigger=RunTrigger.API)
    for run, by in ((asked, "ada"), (promised, "SLA ingest-by-nine")):
        order = TriggerOrder(run.orchestrator_id, run.pipeline_id, run.external_id, {}, None, None, by)
        async with night.database.write() as session:
            command, _ = await commands.enqueue(session, order, night.now)
            held = await commands.claim(session, command.id, night.now, DAY)
            assert held is not None
            await commands.settle(session, held, state=CommandState.DONE, now=night.now, run_id=run.id)
    found = (await kpis(night))[None]
    assert (found.runs, found.unaided) == (4, 2), "six, seven, nine, and what the promise asked for"
    assert found.unaided_success_rate == 0.5


async def test_an_orchestrators_own_retry_is_nobodys_help(night):
    """It never ends the run; whoever lets it run again after its end helps."""
    await night.pipeline(INGEST)
    for name, between in (("own", None), ("by hand", RunState.FAILED)):
        await night.ran("2026-05-04T06:00", None, RunState.RUNNING, INGEST, name=name, attempt=1)
        night.now += timedelta(minutes=1)
        if between is not None:
            await night.ran("2026-05-04T06:00", "2026-05-04T06:10", between, INGEST, name=name, attempt=1)
        night.now += timedelta(minutes=1)
        await night.ran("2026-05-04T06:20", "2026-05-04T06:30", RunState.SUCCESS, INGEST, name=name, attempt=2)
    found = (await kpis(night))[None]
    assert (found.runs, found.unaided) == (2, 1)


async def test_running_against_waiting(night):
    await night.pipeline(INGEST)
    at = zurich("2026-05-04T06:00")
    await night.ran(at, at + timedelta(minutes=30), ref=INGEST, queued_at=at - timedelta(minutes=10), name="waited")
    await night.ran(at, at + timedelta(minutes=50), RunState.FAILED, INGEST, queued_at=None, name="unknown")
    await night.ran(
        at, at + timedelta(minutes=50), ref=INGEST, queued_at=at + timedelta(minutes=5), name="clocks differ"
    )
    found = (await kpis(night))[None]
    assert (found.run_seconds, found.queue_seconds) == (1800, 600)
    assert found.compute_efficiency == 0.75


async def test_how_old_data_is(night):
    """Good runs end at noon the day before, at six and at nine; what fails makes nothing new."""
    await night.pipeline(INGEST, schedule="0 6 * * *")
    await night.pipeline(MARTS, schedule="0 6 * * *")
    await night.pipeline(REPORT)
    for start, end, state in (
        ("2026-05-03T11:00", "2026-05-03T12:00", RunState.SUCCESS),
        ("2026-05-04T05:00", "2026-05-04T06:00", RunState.SUCCESS),
        ("2026-05-04T07:00", "2026-05-04T08:00", RunState.FAILED),
        ("2026-05-04T08:00", "2026-05-04T09:00", RunState.SUCCESS),
    ):
        await night.ran(start, end, state, INGEST)
    await night.ran("2026-05-02T11:00", "2026-05-02T12:00", ref=MARTS)
    await night.ran("2026-01-02T11:00", "2026-01-02T12:00", ref=REPORT)
    by = await kpis(night, KpiGrouping.PIPELINE)
    hours = {18: 18 * 9, 3: 3 * 1.5 + 3 * 1.5}  # 18 hours to six o'clock, then twice three
    assert by["airflow/ingest"].age.mean == timedelta(hours=sum(hours.values()) / 24)
    assert by["airflow/ingest"].age_now.mean == timedelta(hours=3)
    assert by["dagster/marts"].age.mean == timedelta(hours=36)
    assert by["dagster/marts"].age_now.mean == timedelta(hours=48)
    assert by["dagster/report"].age_now.mean is None, "nobody expects anything new of it"
    total = (await kpis(night))[None]
    assert total.age_now.mean == timedelta(hours=25.5)
    assert total.pipelines == 3


async def test_from_failure_to_message_to_health(night):
    await night.pipeline(INGEST, owners=("ada", "bob"))
    await night.pipeline(MARTS, owners=("bob",))
    await night.chain(INGEST, MARTS)
    await night.sla("marts-by-nine", pipeline=MARTS, owner="sales")
    await night.alerts(route={"receiver": "hook", "group_wait": "1m"})
    await night.look()
    await night.ran("2026-05-05T06:00", "2026-05-05T06:10", RunState.FAILED, INGEST)
    await night.look("2026-05-05T06:12")
    await night.look("2026-05-05T06:14")
    await night.look("2026-05-05T09:01")
    for ref in (INGEST, MARTS):
        await night.ran("2026-05-05T09:30", "2026-05-05T09:40", ref=ref)
    await night.look("2026-05-05T09:41")
    await night.look("2026-05-05T09:45")
    by = await kpis(night, KpiGrouping.PIPELINE)
    ingest = by["airflow/ingest"]
    assert (ingest.incidents, ingest.detect.mean) == (1, timedelta(minutes=2))
    assert ingest.notify.mean == timedelta(minutes=4)
    assert ingest.resolve.mean == timedelta(hours=3, minutes=31)
    assert (by["dagster/marts"].incidents, by["dagster/marts"].missed) == (0, 1)
    owners = await kpis(night, KpiGrouping.OWNER)
    assert {name: (one.pipelines, one.incidents, one.missed) for name, one in owners.items()} == {
        "ada": (1, 1, 0),
        "bob": (2, 1, 0),
        "sales": (0, 0, 1),
    }
    systems = await kpis(night, KpiGrouping.ORCHESTRATOR)
    assert {name: (one.incidents, one.sla_adherence) for name, one in systems.items()} == {
        "airflow": (1, None),
        "dagster": (0, 0.0),
    }
    only = await kpis(night, only=MARTS)
    assert (only[None].incidents, only[None].missed, only[None].pipelines) == (0, 1, 1)
    before = (await kpis(night, until=zurich("2026-05-05T06:00")))[None]
    assert (before.incidents, before.resolve.mean, before.sla_adherence) == (0, None, None)


async def test_nothing_has_happened(night):
    assert await kpis(night) == {None: Kpis()}
    assert await kpis(night, KpiGrouping.PIPELINE) == {}


async def test_what_is_no_longer_listed_counts_no_more(night):
    await night.pipeline(INGEST)
    await night.ran("2026-05-04T06:00", "2026-05-04T06:10", ref=INGEST)
    async with night.database.write() as session:
        identity = night.orchestrators["airflow"].id
        await pipelines.retire_unlisted(session, identity, [])
    assert await kpis(night) == {None: Kpis()}


@pytest.mark.parametrize("is_told", [True, False])
async def test_prometheus_reads_them(night, is_told):
    """Figures of what is gone are gone."""
    shown = Exposition(night.database, "test", night.clock)
    await night.pipeline(INGEST, owners=("ada",))
    if is_told:
        await night.ran("2026-05-04T06:00", "2026-05-04T06:10", ref=INGEST)
    await shown.show()
    labels = [("total", ""), ("orchestrator", "airflow"), ("owner", "ada"), ("pipeline", "airflow/ingest")]
    told = [
        REGISTRY.get_sample_value("podium_kpi_unaided_success_ratio", {"by": by, "name": name}) for by, name in labels
    ]
    assert told == ([1.0] * 4 if is_told else [None] * 4)


async def test_a_series_says_of_each_step_what_its_own_window_would(night):
    """Some hours of a night with everything in it; the last step is shorter."""
    await night.pipeline(INGEST, schedule="0 6 * * *", owners=("ada",))
    await night.pipeline(MARTS)
    await night.sla("marts-by-nine", pipeline=MARTS, owner="sales")
    await night.alerts(route={"receiver": "hook", "group_wait": "1m"})
    await night.look()
    for start, end, state in (
        ("2026-05-05T05:10", "2026-05-05T05:50", RunState.SUCCESS),
        ("2026-05-05T06:00", "2026-05-05T06:10", RunState.FAILED),
        ("2026-05-05T07:00", "2026-05-05T07:10", RunState.SUCCESS),
        ("2026-05-05T07:20", "2026-05-05T07:30", RunState.SUCCESS),
    ):
        await night.ran(start, end, state, INGEST)
        await night.look(end)
    await night.look("2026-05-05T09:01")
    since, until, step = zurich("2026-05-05T05:00"), zurich("2026-05-05T09:30"), timedelta(hours=1)
    for only in (None, [night.pipelines[INGEST].id]):
        async with night.database.read() as session:
            found = await measure.series(session, since, until, step, only)
            assert [(one.since, one.until) for one in found][-1] == (zurich("2026-05-05T09:00"), until)
            for one in found:
                alone = await measure.read(session, one.since, one.until, only)
                assert one.by(KpiGrouping.PIPELINE) == alone.by(KpiGrouping.PIPELINE)
                assert one.by(KpiGrouping.TOTAL) == alone.by(KpiGrouping.TOTAL)
    totals = [one.by(KpiGrouping.TOTAL)[0].kpis for one in found]
    assert [one.runs for one in totals] == [1, 1, 2, 0, 0]
