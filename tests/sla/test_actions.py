"""What SLAs ask for is done once for each key, at a made-up orchestrator that counts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.sdk.errors import Unavailable
from gateway.domain.dependencies import PipelineRef
from gateway.domain.errors import ConflictError
from gateway.domain.slas import SlaAction, SlaState
from gateway.domain.states import RunState
from gateway.sla.acting import HELD, PATIENCE, Actions
from gateway.store.repository import sla_actions
from tests.sla.conftest import MARTS, Story

FAST = PipelineRef("airflow", "fast")
ON_MISSED = SlaAction(SlaState.MISSED, trigger=FAST, parameters={"mode": "catch-up"})


class Orders:
    """Takes the executor's place at the edge: keeps each order by its key, as an orchestrator with keys does."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self.made: dict[str, Mapping[str, Any]] = {}
        self.retried: list[int] = []
        self.failures: list[Exception] = []
        self.calls = 0

    async def trigger(
        self,
        pipeline_id: int,
        *,
        idempotency_key: str | None,
        parameters: Mapping[str, Any],
        logical_at: datetime | None,
        partition: str | None,
        requested_by: str,
    ) -> Any:
        self.calls += 1
        assert (pipeline_id, requested_by) == (self._story.pipelines[FAST].id, "SLA sales-by-nine")
        assert (logical_at, partition) == (None, None)
        if self.failures:
            raise self.failures.pop(0)
        self.made[str(idempotency_key)] = dict(parameters)
        return await self._story.world.run(self._story.pipelines[FAST], str(idempotency_key))

    async def retry(self, run_id: int) -> Any:
        self.retried.append(run_id)
        return await self._story.world.run(
            self._story.pipelines[MARTS], "again", RunState.RUNNING, queued_at=self._story.now
        )


@pytest.fixture
def orders(story) -> Orders:
    return Orders(story)


async def missed(story: Story, *actions: SlaAction) -> None:
    """It is a minute past nine, and nothing has come."""
    await story.pipeline()
    await story.pipeline(FAST)
    await story.sla(actions=actions)
    await story.look()
    await story.look("2026-05-05T09:01")


async def outcomes(story: Story) -> list[tuple[str, str | None]]:
    found = await story.judged()
    async with story.database.read() as session:
        done = await sla_actions.of_evaluations(session, [one.id for one in found.values()])
    return [(one.state.value, one.outcome) for some in done.values() for one in some]


async def test_a_pipeline_is_triggered_once_for_each_key(story, orders):
    await missed(story, ON_MISSED)
    actions = Actions(story.database, orders, story.clock)
    for _ in range(2):
        await actions.look()
        await story.look(story.now + timedelta(minutes=10))
    (key,) = orders.made
    assert (orders.calls, orders.made[key]) == (1, {"mode": "catch-up"})
    assert await outcomes(story) == [("DONE", f"airflow/fast was triggered: {key}")]
    await story.look("2026-05-06T09:01")
    await actions.look()
    assert len(orders.made) == 2, "another day is another key"


async def test_whoever_dies_after_sending_another_sends_the_same_order(story, orders):
    """It has the same key, so it makes no second run."""
    await missed(story, ON_MISSED)
    async with story.database.write() as session:
        ((evaluation, place),) = await sla_actions.due(session, story.now, 10)
        one = await sla_actions.claim(session, (evaluation, place), story.now, HELD)
    assert one is not None
    dying = Actions(story.database, orders, story.clock)
    await dying._do((await story.known()), one)
    await Actions(story.database, orders, story.clock).look()
    assert orders.calls == 1, "somebody has it"
    story.now += HELD
    await Actions(story.database, orders, story.clock).look()
    assert (orders.calls, len(orders.made)) == (2, 1)


async def test_an_orchestrator_that_is_away_is_asked_again_and_given_up_in_the_end(story, orders):
    await missed(story, ON_MISSED)
    actions = Actions(story.database, orders, story.clock)
    orders.failures = [Unavailable("airflow: gone")] * 2
    await actions.look()
    await actions.look()
    assert orders.calls == 1, "it waits a little"
    assert await outcomes(story) == [("PENDING", "airflow: gone")]
    story.now += PATIENCE + timedelta(minutes=1)
    await actions.look()
    assert await outcomes(story) == [("FAILED", "airflow: gone")]


async def test_what_nobody_expected_holds_no_other_action_up(story, orders):
    await missed(story, ON_MISSED, SlaAction(SlaState.MISSED, notify="boss"))
    orders.failures = [ValueError("env:AIRFLOW_PASSWORD is not set")]
    await Actions(story.database, orders, story.clock).look()
    assert await outcomes(story) == [
        ("PENDING", "env:AIRFLOW_PASSWORD is not set"),
        ("DONE", "told with its incident"),
    ]


async def test_what_is_refused_is_not_asked_again(story, orders):
    await missed(story, ON_MISSED)
    orders.failures = [ConflictError("fast is paused.")]
    await Actions(story.database, orders, story.clock).look()
    assert await outcomes(story) == [("FAILED", "fast is paused.")]


async def test_a_failed_run_is_retried_and_no_other(story, orders):
    await story.pipeline()
    await story.pipeline(FAST)
    await story.sla(actions=(SlaAction(SlaState.MISSED, retry=True),))
    await story.look()
    run = await story.ran("2026-05-05T08:00", "2026-05-05T08:10", RunState.FAILED)
    await story.look("2026-05-05T09:01")
    actions = Actions(story.database, orders, story.clock)
    await actions.look()
    assert orders.retried == [run.id]
    await story.look("2026-05-06T09:01")
    await actions.look()
    assert orders.retried == [run.id], "it runs already"
    assert [outcome for _, outcome in await outcomes(story)] == [
        f"{run.external_id} was retried",
        "there is no failed run to retry",
    ]


async def test_what_came_in_time_asks_for_nothing(story, orders):
    await story.pipeline()
    await story.pipeline(FAST)
    await story.sla(actions=(ON_MISSED,))
    await story.look()
    await story.ran("2026-05-05T08:00", "2026-05-05T08:10")
    await story.look("2026-05-05T09:01")
    await Actions(story.database, orders, story.clock).look()
    assert (orders.calls, await outcomes(story)) == (0, [])
