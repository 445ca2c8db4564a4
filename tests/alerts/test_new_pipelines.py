"""What fails as soon as Podium hears of it is told with its name, and with all that it hurts."""

from gateway.alerts.monitor import Monitor
from gateway.domain.dependencies import PipelineRef
from gateway.domain.states import RunState
from gateway.store.changes import Change, Subject
from tests.sla.conftest import MARTS
from tests.store.conftest import database
from tests.stories.conftest import night

__all__ = ["database", "night"]

INGEST = PipelineRef("airflow", "ingest")


async def test_a_pipeline_that_fails_as_soon_as_it_is_listed(night):
    await night.alerts(route={"receiver": "hook", "group_wait": "0s"})
    await night.chain(INGEST, MARTS)
    async with night.lineage() as lineage:
        monitor = Monitor(night.database, lineage, "test", night.clock)
        await monitor.look_at_all()
        listed = [await night.pipeline(INGEST), await night.pipeline(MARTS)]
        await night.ran("2026-05-04T11:50", "2026-05-04T12:00", RunState.FAILED, INGEST)
        night.now = night.now.replace(minute=1)
        await monitor.take([Change(Subject.PIPELINE, one.id) for one in listed])
        await night.deliver()
    (told,) = night.inbox.bodies
    assert told["incident"]["impact"]["pipelines"] == ["airflow/ingest", "dagster/marts"]


async def test_what_is_hurt_may_be_listed_after_what_fails(night):
    await night.alerts(route={"receiver": "hook", "group_wait": "0s"})
    await night.chain(INGEST, MARTS)
    await night.pipeline(INGEST)
    async with night.lineage() as lineage:
        monitor = Monitor(night.database, lineage, "test", night.clock)
        await monitor.look_at_all()
        hurt = await night.pipeline(MARTS)
        await monitor.take([Change(Subject.PIPELINE, hurt.id)])
        failed = await night.ran("2026-05-04T11:50", "2026-05-04T12:00", RunState.FAILED, INGEST)
        night.now = night.now.replace(minute=1)
        await monitor.take([Change(Subject.RUN, failed.id)])
        await night.deliver()
    (told,) = night.inbox.bodies
    assert told["incident"]["impact"]["pipelines"] == ["airflow/ingest", "dagster/marts"]
