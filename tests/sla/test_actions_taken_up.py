"""What an SLA asks for, where it meets what else settles orders that were left open."""

import asyncio

from adapters.sdk.errors import Unavailable
from gateway.coordination.executor import Executor
from gateway.domain.observation import ObservedRun
from gateway.sla.acting import LONGEST_WAIT, Actions
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

    def __init__(self, vendor: Vendor) -> None:
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


async def attempts(story: Story) -> int:
    found = await story.judged()
    async with story.database.read() as session:
        (some,) = (await sla_actions.of_evaluations(session, [one.id for one in found.values()])).values()
    return some[0].attempts
