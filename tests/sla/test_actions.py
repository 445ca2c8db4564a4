"""What SLAs ask for is done once for each key, by the executor that everybody uses."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.sdk.errors import Rejected, Unavailable
from gateway.coordination.executor import Executor
from gateway.domain.dependencies import PipelineRef
from gateway.domain.slas import SlaAction, SlaState
from gateway.domain.states import RunState
from gateway.sla.acting import HELD, LONGEST_WAIT, PATIENCE, Actions
from gateway.store.repository import sla_actions
from gateway.sync.connections import Connections
from tests.sla.conftest import Story
from tests.sync.vendor import Vendor, VendorAdapter

FAST = PipelineRef("airflow", "fast")
ON_MISSED = SlaAction(
    SlaState.MISSED, trigger=FAST, parameters={"mode": "catch-up", "day": ["{{ key }}", "{{ sla }} {{ state }}"]}
)


@pytest.fixture
def vendor() -> Vendor:
    """Both orchestrators of the story: it makes one run for one key."""
    return Vendor()


@pytest.fixture
def actions(story, vendor) -> Actions:
    connections = Connections(opener=lambda _spec, **_options: VendorAdapter(vendor))
    return Actions(story.database, Executor(story.database, connections, story.clock), story.clock)


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


async def test_a_pipeline_is_triggered_once_for_each_key(story, actions, vendor):
    await missed(story, ON_MISSED)
    for _ in range(2):
        await actions.look()
        await story.look(story.now + timedelta(minutes=10))
    (run,) = vendor.runs.values()
    assert run.pipeline_key == "fast"
    assert run.parameters == {"mode": "catch-up", "day": ["2026-05-05", "sales-by-nine missed"]}
    assert vendor.calls.count("trigger") == 1
    assert await outcomes(story) == [("DONE", f"airflow/fast was triggered: {run.external_id}")]
    await story.look("2026-05-06T09:01")
    await actions.look()
    assert len(vendor.runs) == 2, "another day is another key"


async def test_whoever_dies_after_sending_another_sends_the_same_order(story, actions, vendor):
    """It has the same key, so it makes no second run."""
    await missed(story, ON_MISSED)
    async with story.database.write() as session:
        (identity,) = await sla_actions.due(session, story.now, 10)
        one = await sla_actions.claim(session, identity, story.now, HELD)
    assert one is not None
    outcome, _ = await actions._do(await story.known(), one)  # and it dies before it is written down
    await actions.look()
    assert await outcomes(story) == [("PENDING", None)], "somebody has it"
    story.now += HELD
    await actions.look()
    assert await outcomes(story) == [("DONE", outcome)]
    assert len(vendor.runs) == 1


async def test_an_orchestrator_that_is_away_is_asked_again_and_given_up_in_the_end(story, actions, vendor):
    await missed(story, ON_MISSED)
    vendor.trouble = Unavailable("airflow: gone")
    await actions.look()
    asked = len(vendor.calls)
    await actions.look()
    assert len(vendor.calls) == asked, "it waits a little"
    assert await outcomes(story) == [("PENDING", "airflow: gone")]
    story.now += PATIENCE + timedelta(minutes=1)
    await actions.look()
    assert await outcomes(story) == [("FAILED", "airflow: gone")]


async def test_one_that_comes_back_is_asked_once_more(story, actions, vendor):
    await missed(story, ON_MISSED)
    vendor.trouble = Unavailable("airflow: gone")
    await actions.look()
    vendor.trouble = None
    story.now += LONGEST_WAIT
    await actions.look()
    (run,) = vendor.runs
    assert await outcomes(story) == [("DONE", f"airflow/fast was triggered: {run}")]


async def test_what_nobody_expected_holds_no_other_action_up(story, vendor):
    def unable(_spec: Any, **_options: Any) -> Any:
        raise ValueError("env:AIRFLOW_PASSWORD is not set")

    await missed(story, ON_MISSED, SlaAction(SlaState.MISSED, notify="boss"))
    executor = Executor(story.database, Connections(opener=unable), story.clock)
    await Actions(story.database, executor, story.clock).look()
    assert await outcomes(story) == [
        ("PENDING", "env:AIRFLOW_PASSWORD is not set"),
        ("DONE", "told with its incident"),
    ]


async def test_what_is_refused_is_not_asked_again(story, actions, vendor):
    await missed(story, ON_MISSED)
    vendor.trouble = Rejected("fast is paused.")
    await actions.look()
    vendor.trouble = None
    story.now += LONGEST_WAIT
    await actions.look()
    assert await outcomes(story) == [("FAILED", "fast is paused.")]


async def test_a_failed_run_is_retried_and_no_other(story, actions, vendor):
    await story.pipeline()
    await story.pipeline(FAST)
    await story.sla(actions=(SlaAction(SlaState.MISSED, retry=True),))
    await story.look()
    run = await story.ran("2026-05-05T08:00", "2026-05-05T08:10", RunState.FAILED)
    vendor.put(run.external_id, RunState.FAILED, "marts", queued_at=run.queued_at)
    await story.look("2026-05-05T09:01")
    await actions.look()
    assert vendor.runs[run.external_id].state is RunState.QUEUED
    await story.look("2026-05-06T09:01")
    await actions.look()
    assert vendor.calls.count("retry") == 1, "it runs already"
    assert [outcome for _, outcome in await outcomes(story)] == [
        f"{run.external_id} was retried",
        "there is no failed run to retry",
    ]


async def test_what_came_in_time_asks_for_nothing(story, actions, vendor):
    await story.pipeline()
    await story.pipeline(FAST)
    await story.sla(actions=(ON_MISSED,))
    await story.look()
    await story.ran("2026-05-05T08:00", "2026-05-05T08:10")
    await story.look("2026-05-05T09:01")
    await actions.look()
    assert (vendor.calls, await outcomes(story)) == ([], [])
