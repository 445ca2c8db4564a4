"""Acting on orchestrators through the API."""

import asyncio

import pytest

from adapters.sdk.errors import Drift, NotFound, RateLimited, Rejected, Unauthorized, Unavailable
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.states import RunState, TaskRunState
from gateway.store.repository import runs
from tests.sync.vendor import Vendor

TRIGGER = """mutation ($input: TriggerPipelineInput!) { triggerPipeline(input: $input) {
  id externalId state parameters pipeline { key orchestrator { name } }
} }"""


@pytest.fixture
async def pipeline(api, world) -> str:
    await world.pipeline(await world.orchestrator("memory-1"), "ingest")
    data = await api.ask('{ pipeline(orchestrator: "memory-1", key: "ingest") { id } }')
    return data["pipeline"]["id"]


async def test_a_trigger_makes_one_run_for_its_key_and_shows_it(api, pipeline, vendor):
    wanted = {"pipeline": pipeline, "parameters": {"day": "2026-05-01"}, "idempotencyKey": "key-1"}
    first, again = await asyncio.gather(api.ask(TRIGGER, input=wanted), api.ask(TRIGGER, input=wanted))
    run = first["triggerPipeline"]
    assert again["triggerPipeline"] == run
    assert vendor.calls.count("trigger") == 1
    assert run["state"] == "QUEUED"
    assert run["parameters"] == {"day": "2026-05-01"}
    assert run["pipeline"] == {"key": "ingest", "orchestrator": {"name": "memory-1"}}
    found = await api.ask("query ($id: ID!) { node(id: $id) { ... on Run { externalId } } }", id=run["id"])
    assert found["node"] == {"externalId": run["externalId"]}


async def test_a_key_that_was_used_for_something_else_is_a_conflict(api, pipeline):
    wanted = {"pipeline": pipeline, "idempotencyKey": "key-1"}
    await api.ask(TRIGGER, input=wanted)
    error = await api.error(TRIGGER, input={**wanted, "parameters": {"other": True}})
    assert error["extensions"]["code"] == "CONFLICT"
    error = await api.error(TRIGGER, input={**wanted, "idempotencyKey": "not a key"})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "'not a key'" in error["message"]


async def test_cancel_retry_and_pause(api, pipeline):
    run = (await api.ask(TRIGGER, input={"pipeline": pipeline}))["triggerPipeline"]["id"]
    data = await api.ask("mutation ($id: ID!) { cancelRun(id: $id) { id state } }", id=run)
    assert data["cancelRun"] == {"id": run, "state": "CANCELLED"}
    data = await api.ask("mutation ($id: ID!) { retryRun(id: $id) { id state attempt } }", id=run)
    assert data["retryRun"] == {"id": run, "state": "QUEUED", "attempt": 2}
    for paused in (True, False):
        data = await api.ask(
            "mutation ($id: ID!, $paused: Boolean!) { setPipelinePaused(id: $id, paused: $paused) { id isPaused } }",
            id=pipeline,
            paused=paused,
        )
        assert data["setPipelinePaused"] == {"id": pipeline, "isPaused": paused}


async def test_what_one_mutation_changed_the_next_one_sees(api, pipeline):
    run = (await api.ask(TRIGGER, input={"pipeline": pipeline}))["triggerPipeline"]["id"]
    data = await api.ask(
        "mutation ($id: ID!) { first: cancelRun(id: $id) { pipeline { latestRun { state } } history { state } }"
        " second: retryRun(id: $id) { pipeline { latestRun { state } } history { state } } }",
        id=run,
    )
    assert data["first"] == {
        "pipeline": {"latestRun": {"state": "CANCELLED"}},
        "history": [{"state": "QUEUED"}, {"state": "CANCELLED"}],
    }
    assert data["second"]["pipeline"] == {"latestRun": {"state": "QUEUED"}}
    assert len(data["second"]["history"]) == 3


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Unavailable("memory-1 does not answer.", remedy="Is it up?"), "UPSTREAM_UNAVAILABLE"),
        (Unauthorized("memory-1 refuses the password from env:PASSWORD."), "UPSTREAM_UNAVAILABLE"),
        (RateLimited("memory-1 is busy.", retry_after=3), "UPSTREAM_UNAVAILABLE"),
        (Drift("memory-1 answered with HTML."), "UPSTREAM_UNAVAILABLE"),
        (NotFound("memory-1 has no such pipeline."), "NOT_FOUND"),
        (Rejected("memory-1: day is missing.", remedy="Give a day."), "BAD_USER_INPUT"),
    ],
)
async def test_what_the_orchestrator_says_reaches_the_caller(api, pipeline, vendor: Vendor, trouble, code):
    vendor.trouble = trouble
    error = await api.error(TRIGGER, input={"pipeline": pipeline})
    assert error["message"] == trouble.message
    assert error["extensions"].get("remedy") == trouble.remedy
    assert error["extensions"]["code"] == code


async def test_what_is_refused_for_its_state_is_a_conflict(api, pipeline, vendor: Vendor, world):
    run = (await api.ask(TRIGGER, input={"pipeline": pipeline}))["triggerPipeline"]["id"]
    vendor.trouble = Rejected("The run has already ended.")
    for action in ("cancelRun", "retryRun"):
        error = await api.error(f"mutation ($id: ID!) {{ {action}(id: $id) {{ id }} }}", id=run)
        assert error["extensions"]["code"] == "CONFLICT"
        assert error["message"] == "The run has already ended."


async def test_what_does_not_exist_is_not_found(api, pipeline, world):
    error = await api.error('mutation { cancelRun(id: "UnVuOjk5OTk") { id } }')
    assert error["extensions"]["code"] == "NOT_FOUND"
    error = await api.error(TRIGGER, input={"pipeline": "UGlwZWxpbmU6OTk5OQ"})
    assert error["extensions"]["code"] == "NOT_FOUND"


async def test_a_log_that_cannot_be_read_says_why_and_leaves_the_rest(api, pipeline, vendor, world):
    run = (await api.ask(TRIGGER, input={"pipeline": pipeline}))["triggerPipeline"]
    assert run["state"] == RunState.QUEUED
    async with world.database.read() as session:
        stored = await runs.by_ids(session, [1])
    await world.task_runs(stored[1], ObservedTaskRun("extract", TaskRunState.RUNNING, "running"))
    vendor.trouble = Unavailable("memory-1 does not answer.")
    answer = (
        await api.send(
            "query ($id: ID!) { node(id: $id) { ... on Run { externalId taskRuns { task log } } } }", id=run["id"]
        )
    ).json()
    assert answer["data"]["node"] == {
        "externalId": run["externalId"],
        "taskRuns": [{"task": "extract", "log": None}],
    }
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UPSTREAM_UNAVAILABLE"]
