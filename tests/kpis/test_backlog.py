"""What waits in Podium's queues, as Prometheus reads it."""

from datetime import timedelta

from prometheus_client import REGISTRY

from gateway.domain.dependencies import Condition, DependencySpec, FiringState, Group, Mode
from gateway.domain.states import RunState
from gateway.kpis.exposition import Exposition
from gateway.store.repository import dependencies, firings, lineage_log
from lineage.intake import Grown, logged_event
from lineage.openlineage.check import check
from lineage.projector import Projector
from tests.kpis.test_kpis import INGEST, MARTS
from tests.lineage.made import dataset, run_event
from tests.store.conftest import database
from tests.stories.conftest import Night, night

__all__ = ["database", "night"]


async def backlog(night: Night, queue: str) -> tuple[float | None, float | None]:
    """(how many, seconds since the first) as they are shown after a reading."""
    await Exposition(night.database, "test", night.clock).show()
    names = ("podium_backlog_items", "podium_backlog_oldest_seconds")
    items, oldest = (REGISTRY.get_sample_value(name, {"queue": queue}) for name in names)
    return items, oldest


async def test_messages_wait_until_a_receiver_takes_them(night):
    await night.pipeline(INGEST)
    await night.alerts(route={"receiver": "hook", "group_wait": "1m"})
    assert await backlog(night, "notifications") == (0, 0)
    await night.ran("2026-05-04T11:50", "2026-05-04T12:00", RunState.FAILED, INGEST)
    await night.look()
    night.inbox.answers = [(503, {}, None)] * 20
    await night.look("2026-05-04T12:02")
    night.now += timedelta(minutes=10)
    assert await backlog(night, "notifications") == (1, 600)
    night.inbox.answers = []
    await night.deliver()
    assert await backlog(night, "notifications") == (0, 0)


async def test_firings_wait_from_when_they_are_ready_until_their_run_is_known(night):
    for ref in (INGEST, MARTS):
        await night.pipeline(ref)
    await night.depend(DependencySpec("marts", Group(Mode.ALL, (Condition(pipeline=INGEST),)), MARTS))
    async with night.database.write() as session:
        dependency = await dependencies.by_name(session, "marts")
        assert dependency is not None
        firing = await firings.begin(session, dependency.id, "2026-05-04", 1, "k", night.now, None)
    assert await backlog(night, "firings") == (0, 0), "it waits for its conditions, not for Podium"

    async with night.database.write() as session:
        await firings.step(session, firing.id, FiringState.READY, "ready", night.now, ready_at=night.now)
    night.now += timedelta(minutes=20)
    assert await backlog(night, "firings") == (1, 1200)

    async with night.database.write() as session:
        await dependencies.set_paused(session, dependency.id, paused=True, now=night.now)
    assert await backlog(night, "firings") == (0, 0), "somebody has said that it shall wait"

    async with night.database.write() as session:
        await dependencies.set_paused(session, dependency.id, paused=False, now=night.now)
        await firings.step(session, firing.id, FiringState.TRIGGERING, "sent", night.now)
    assert await backlog(night, "firings") == (1, 1200)
    async with night.database.write() as session:
        await firings.step(session, firing.id, FiringState.TRIGGERED, "runs", night.now)
    assert await backlog(night, "firings") == (0, 0)


async def test_lineage_waits_until_it_is_in_the_graph(night):
    event = run_event("COMPLETE", outputs=[dataset("orders")])
    async with night.database.write() as session:
        await lineage_log.append(session, [logged_event(check(event))], night.now)
    night.now += timedelta(seconds=30)
    assert await backlog(night, "lineage") == (1, 30)
    projector = Projector(night.database, Grown())
    while await projector.step():
        pass
    assert await backlog(night, "lineage") == (0, 0)
