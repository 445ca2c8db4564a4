"""What an SLA asks for, where it meets what else settles orders that were left open."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from adapters.sdk.errors import Unavailable
from gateway.coordination.executor import Executor
from gateway.domain.observation import ObservedRun
from gateway.domain.slas import SlaAction, SlaState
from gateway.domain.states import RunState
from gateway.sla.acting import HELD, LONGEST_WAIT, Actions
from gateway.store.repository import sla_actions
from gateway.sync.connections import Connections
from tests.sla.conftest import Story, story
from tests.sla.test_actions import ON_MISSED, missed, outcomes
from tests.store.conftest import database
from tests.sync.vendor import Vendor, VendorAdapter
from tests.waiting import eventually

__all__ = ["database", "story"]


class Slow(VendorAdapter):
    """Says whether a run was made only when it is let."""

    def __init__(self, vendor: Any, /) -> None:
        super().__init__(vendor)
        self.may_answer = asyncio.Event()

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        found = await super().find_triggered(pipeline_key, idempotency_key)
        await self.may_answer.wait()
        return found


async def test_an_action_that_waits_for_a_look_up_is_done_after_it(story):
    """The orchestrator was away, and comes back while it is being asked whether it had made the run all the same."""
    vendor = Vendor()
    adapter = Slow(vendor)
    executor = Executor(story.database, Connections(opener=lambda _spec, **_options: adapter), story.clock)
    actions = Actions(story.database, executor, story.clock)
    await missed(story, ON_MISSED)
    vendor.trouble = Unavailable("airflow: gone")
    await actions.look()
    vendor.trouble = None
    story.now += LONGEST_WAIT
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(executor.recover_once())

        async def is_asked() -> bool:
            return "find_triggered" in vendor.calls

        await eventually(is_asked)
        acting = tasks.create_task(actions.look())

        async def is_tried_again() -> bool:
            return acting.done() or await attempts(story) == 2

        await eventually(is_tried_again)
        adapter.may_answer.set()
    (run,) = vendor.runs
    assert await outcomes(story) == [("DONE", f"airflow/fast was triggered: {run}")]


@pytest.mark.parametrize("became", [None, RunState.RUNNING, RunState.FAILED])
async def test_a_run_is_retried_once_by_whoever_takes_up_what_a_dead_one_had_begun(story, became):
    """It died before it had sent anything, or after that; nobody has heard of what became of the run then."""
    vendor = Vendor()
    executor = Executor(
        story.database, Connections(opener=lambda _spec, **_options: VendorAdapter(vendor)), story.clock
    )
    await story.pipeline()
    await story.sla(actions=(SlaAction(SlaState.MISSED, retry=True),))
    await story.look()
    run = await story.ran("2026-05-05T08:00", "2026-05-05T08:10", RunState.FAILED)
    times = {"started_at": run.started_at, "ended_at": run.ended_at}
    vendor.put(run.external_id, RunState.FAILED, "marts", queued_at=run.queued_at, **times)
    await story.look("2026-05-05T09:01")
    async with story.database.write() as session:
        (identity,) = await sla_actions.due(session, story.now, 10)
        assert await sla_actions.claim(session, identity, story.now, HELD) is not None
    story.now += HELD  # and it dies
    if became is not None:
        vendor.calls.append("retry")
        ended_at = story.now - timedelta(seconds=30) if became is RunState.FAILED else None
        vendor.put(run.external_id, became, "marts", started_at=story.now - timedelta(seconds=60), ended_at=ended_at)
    await Actions(story.database, executor, story.clock).look()
    assert await outcomes(story) == [("DONE", f"{run.external_id} was retried")]
    assert vendor.calls.count("retry") == 1


async def attempts(story: Story) -> int:
    found = await story.judged()
    async with story.database.read() as session:
        (some,) = (await sla_actions.of_evaluations(session, [one.id for one in found.values()])).values()
    return some[0].attempts
