"""What those hear of firings that events are sent on to: runs of the dependency, with what each waited for."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import orjson
import pytest

from gateway.domain.dependencies import FiringState
from gateway.domain.records import LINEAGE_FORWARD, Definition
from gateway.domain.states import RunState
from gateway.store.repository import definitions, firings, lineage_log
from lineage.deriver import SEEN, Deriver
from lineage.intake import Intake
from tests.coordination.parts import CRM, DAILY, DAY, INGEST, MARTS, Parts
from tests.store.conftest import database

__all__ = ["database"]  # on both

JOINED = {"namespace": "dagster", "name": "marts"}


@pytest.fixture
async def parts(parts, database) -> Parts:
    """Somebody is sent events."""
    await parts.define(DAILY)
    async with database.write() as session:
        await definitions.save(session, Definition(LINEAGE_FORWARD, "marquez", {"url": "http://127.0.0.1:9"}))
    return parts


async def told(parts: Parts) -> list[dict[str, Any]]:
    """The dependency's events in the log."""
    parts.clock.forward(SEEN)
    intake = Intake(parts.database, parts.clock)
    receiving = asyncio.create_task(intake.run())
    while await Deriver(parts.database, intake, "here", parts.clock).step():
        pass
    receiving.cancel()
    async with parts.database.read() as session:
        logged = [orjson.loads(one.body) for one in await lineage_log.after(session, 0, 100)]
    return [one for one in logged if one["job"]["namespace"] == "podium"]


async def test_a_firing_is_told_with_the_runs_it_joins(parts):
    await parts.ran(INGEST, "i1", DAY)
    assert await told(parts) == []
    await parts.ran(CRM, str(crm := uuid.UUID(int=5)), DAY)
    (begun,) = await told(parts)
    assert (begun["eventType"], begun["job"]["name"]) == ("START", "marts-after-ingest")
    facet = begun["run"]["facets"]["jobDependencies"]
    assert facet["trigger_rule"] == "ALL_SUCCESS"
    assert [one["job"] for one in facet["upstream"]] == [
        {"namespace": "airflow", "name": "ingest"},
        {"namespace": "prefect", "name": "crm"},
    ]
    assert facet["upstream"][1]["run"] == {"runId": str(crm)}
    assert {one["status_trigger_rule"] for one in facet["upstream"]} == {"EXECUTE_ON_SUCCESS"}
    (started,) = facet["downstream"]
    assert started["job"] == JOINED
    assert uuid.UUID(started["run"]["runId"])


async def test_how_it_ended_is_told_of_the_same_run(parts):
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    (made,) = [run for run in parts.vendor.runs.values() if run.pipeline_key == MARTS.key]
    await parts.ran(MARTS, made.external_id, DAY, RunState.FAILED)
    events = await told(parts)
    assert [one["eventType"] for one in events] == ["START", "FAIL"]
    assert events[0]["run"]["runId"] == events[1]["run"]["runId"]
    assert await told(parts) == events


async def test_without_anybody_to_send_it_to_nothing_is_told(parts):
    async with parts.database.write() as session:
        await definitions.remove(session, LINEAGE_FORWARD, "marquez")
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    assert await told(parts) == []


async def test_a_step_that_another_clock_made_later_is_not_passed_over(parts):
    await parts.ran(INGEST, "i1", DAY)
    await parts.ran(CRM, "c1", DAY)
    (firing,) = await parts.firings()
    async with parts.database.write() as session:
        for state, seconds in ((FiringState.FAILED, 60), (FiringState.SUCCEEDED, 0)):
            at = parts.clock.now + timedelta(seconds=seconds)
            assert await firings.step(session, firing.id, state, "its run ended", at)
    assert [one["eventType"] for one in await told(parts)] == ["START"]
    parts.clock.forward(timedelta(seconds=60))
    assert [one["eventType"] for one in await told(parts)] == ["START", "FAIL", "COMPLETE"]
