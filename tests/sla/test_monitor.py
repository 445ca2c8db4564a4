"""The monitor as it runs: it hears of what concerns an SLA, and another replica goes on where one dies."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.dependencies import DatasetRef, PipelineRef
from gateway.domain.slas import SlaKind
from gateway.sla import monitor as module
from gateway.sla.monitor import Monitor
from lineage.openlineage.check import check
from lineage.projection import project
from tests.lineage.made import dataset, run_event
from tests.sla.conftest import Story, zurich
from tests.waiting import eventually

OTHER = PipelineRef("dagster", "other")


@asynccontextmanager
async def running(story: Story, replica: str = "one") -> AsyncGenerator[Monitor]:
    async with story.lineage() as lineage:
        monitor = Monitor(story.database, lineage, replica, story.clock)
        task = asyncio.create_task(monitor.run())
        try:
            yield monitor
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def then(story: Story, key: str, *before: str | None) -> str:
    """What it is once it is none of what it was before."""
    found = await eventually(story.states, lambda states: states.get(key) not in before)
    return found[key]


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.05)
    monkeypatch.setattr(module, "GATHER", 0.0)
    monkeypatch.setattr(module, "NETWORK_EVERY", 0.0)


async def test_a_runs_end_a_new_sla_and_the_clock_are_heard_of(story):
    await story.pipeline()
    await story.pipeline(OTHER)
    await story.database.start_listening()
    async with running(story):
        await story.sla()
        assert await eventually(story.states) == {"2026-05-05": "PENDING not_begun"}
        story.now = zurich("2026-05-05T08:00")
        assert await then(story, "2026-05-05", "PENDING not_begun") == "ON_TRACK time_left"
        await story.ran("2026-05-05T08:00", "2026-05-05T08:10")
        assert await then(story, "2026-05-05", "ON_TRACK time_left") == "MET done_in_time"
        story.now = zurich("2026-05-06T09:01")
        assert await then(story, "2026-05-06", None, "PENDING not_begun") == "MISSED overdue"


async def test_only_what_is_concerned_is_looked_at(story, monkeypatch):
    """A run of another pipeline makes nobody look at this one's promise."""
    looked: list[list[int]] = []
    judge = Monitor._judge

    async def seen() -> list[list[int]]:
        return looked

    async def counted(self, sla_ids):
        looked.append(list(sla_ids))
        await judge(self, sla_ids)

    monkeypatch.setattr(Monitor, "_judge", counted)
    await story.pipeline()
    await story.pipeline(OTHER)
    first, second = await story.sla(), await story.sla("of-another", pipeline=OTHER)
    await story.database.start_listening()
    async with running(story):
        await eventually(seen, lambda found: {one for some in found for one in some} >= {first, second})
        looked.clear()
        story.now = zurich("2026-05-04T12:05")
        await story.ran("2026-05-04T12:01", "2026-05-04T12:02", ref=OTHER)
        await eventually(seen, lambda found: [second] in found)
        assert not any(first in some for some in looked)


async def test_a_dataset_written_by_whoever(story):
    """By an event that no orchestrator is known of."""
    await story.pipeline()
    await story.sla(dataset=DatasetRef("db", "orders"))
    await story.look()
    event = run_event("COMPLETE", outputs=[dataset("orders", namespace="db")])
    event["eventTime"] = zurich("2026-05-05T08:30").isoformat()
    async with story.database.write() as session:
        await project(session, [check(event)])
    await story.look("2026-05-05T08:31")
    assert await story.states() == {"2026-05-05": "MET done_in_time"}
    await story.sla(
        "orders-are-fresh", kind=SlaKind.FRESHNESS, dataset=DatasetRef("db", "orders"), limit=timedelta(hours=2)
    )
    await story.look("2026-05-05T10:29")
    assert (await story.judged("orders-are-fresh"))["2026-05-05"].due_at == zurich("2026-05-05T10:30")


async def test_another_replica_goes_on_and_says_the_same(story):
    await story.pipeline()
    await story.sla()
    await story.database.start_listening()
    story.now = datetime.now(UTC)
    async with running(story, "one") as one:
        first = await eventually(story.states)
        await one.aclose()
    async with running(story, "two"):
        story.now += timedelta(days=2)
        found = await eventually(story.states, lambda states: len(states) > len(first))
        assert [state for state in found.values() if state == "MISSED never_done"]


async def test_what_is_final_stays_whoever_is_late(story):
    """A replica that was stopped in the middle writes its verdict long after another has made the final one."""
    await story.pipeline()
    await story.sla()
    await story.look()
    await story.look("2026-05-05T10:00")
    await story.ran("2026-05-05T10:01", "2026-05-05T10:02")
    await story.look("2026-05-05T10:03")
    async with story.lineage() as lineage:
        monitor = Monitor(story.database, lineage, "late", lambda: zurich("2026-05-05T10:00"))
        await monitor.look_at_all()
    assert await story.states() == {"2026-05-05": "MISSED done_late"}


async def test_a_pipeline_that_is_listed_later_is_found(story):
    await story.pipeline(OTHER)
    await story.sla()
    await story.database.start_listening()
    async with running(story):
        before = await eventually(story.states)
        assert before == {"2026-05-05": "PENDING not_begun"}
        await story.pipeline()
        story.now = zurich("2026-05-05T08:20")
        await story.ran("2026-05-05T08:00", "2026-05-05T08:10")
        met = {"2026-05-05": "MET done_in_time"}
        assert await eventually(story.states, lambda found: found == met) == met
