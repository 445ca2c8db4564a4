"""What is over and old goes, and nothing else."""

from datetime import timedelta

from gateway.domain.dependencies import PipelineRef
from gateway.domain.matchers import parse_matcher
from gateway.domain.slas import SlaKind
from gateway.domain.states import RunState
from gateway.retention import Retention
from gateway.sla import facts
from gateway.store.alert_tables import incident_steps, notifications, signals, silences
from gateway.store.repository import history_retention, incidents, sla_evaluations, slas
from gateway.store.sla_tables import sla_steps
from tests.sla.conftest import zurich
from tests.store.conftest import database
from tests.stories.conftest import Night, night

__all__ = ["database", "night"]

INGEST = PipelineRef("airflow", "ingest")
KEEP = timedelta(days=30)


async def rows(night: Night, *tables) -> list[int]:
    async with night.database.read() as session:
        return [len(await session.all(table.select())) for table in tables]


async def keys(night: Night, name: str) -> list[str]:
    async with night.database.read() as session:
        sla = await slas.by_name(session, name)
        assert sla is not None
        return [one.key for one in await sla_evaluations.page(session, sla.id, None, 100)]


async def test_incidents_that_are_over_go_with_all_that_was_said(night):
    await night.pipeline(INGEST)
    await night.alerts()
    for day in (5, 6):
        await night.ran(f"2026-05-{day:02}T06:00", f"2026-05-{day:02}T06:10", RunState.FAILED, INGEST, name=f"{day}")
        await night.look(f"2026-05-{day:02}T06:10")
        await night.look(f"2026-05-{day:02}T06:12")
        if day == 5:
            await night.ran("2026-05-05T07:00", "2026-05-05T07:10", ref=INGEST, name="good")
            await night.look("2026-05-05T07:10")
            await night.look("2026-05-05T07:13")
    ids = [one.id for one in await night.incidents()]
    night.now = zurich("2026-06-04T07:12")
    retention = Retention(night.database, "test", night.clock, KEEP)
    await retention.clear()
    assert [one.id for one in await night.incidents()] == ids, "it was over not quite so long ago"
    night.now += timedelta(minutes=2)
    await retention.clear()
    assert [one.id for one in await night.incidents()] == ids[1:], "what goes on stays, however old it is"
    assert await rows(night, signals, notifications) == [1, 1]
    async with night.database.read() as session:
        assert len((await incidents.timelines(session, ids, 100))[ids[1]]) == (await rows(night, incident_steps))[0]


async def test_verdicts_that_are_final_go_and_the_last_ones_stay(night, monkeypatch):
    """As many stay as there are runs that may be looked at again: what is gone is not judged anew."""
    monkeypatch.setattr(history_retention, "LAST_RUNS", 2)
    monkeypatch.setattr(facts, "LAST_RUNS", 2)
    await night.pipeline(INGEST)
    await night.sla("quick", pipeline=INGEST, kind=SlaKind.DURATION, limit=timedelta(hours=1))
    await night.look()
    for day in (5, 6, 7, 8):
        await night.ran(f"2026-05-{day:02}T06:00", f"2026-05-{day:02}T06:10", ref=INGEST, name=f"{day}")
        await night.look(f"2026-05-{day:02}T06:11")
    retention = Retention(night.database, "test", night.clock, KEEP)
    night.now = zurich("2026-06-04T06:12")
    await retention.clear()
    assert await keys(night, "quick") == ["8", "7", "6"]
    night.now += timedelta(days=400)
    await retention.clear()
    await night.look()
    assert await keys(night, "quick") == ["8", "7"]
    assert await rows(night, sla_steps) == [2]


async def test_silences_that_hold_no_more_go(night):
    for until in ("2026-05-04T13:00", "2026-06-04T13:00"):
        await night.steering.silence([parse_matcher("owner=ada")], None, zurich(until), "ada", "Migration.")
    night.now = zurich("2026-06-03T14:00")
    await Retention(night.database, "test", night.clock, KEEP).clear()
    assert await rows(night, silences) == [1]
