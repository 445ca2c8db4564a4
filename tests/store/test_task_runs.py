"""Task runs of a run: what was seen of a task before it was known to run several times."""

from datetime import UTC, datetime

import pytest

from gateway.domain.observation import ObservedRun, ObservedTaskRun
from gateway.domain.records import OrchestratorDefinition
from gateway.domain.states import RunState, TaskRunState
from gateway.store.repository import orchestrators, task_runs
from gateway.sync.apply import apply_runs

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)


@pytest.fixture
async def run_id(database) -> int:
    definition = OrchestratorDefinition("prefect", "prefect", "http://127.0.0.1:1", {}, {})
    async with database.write() as session:
        identity = await orchestrators.define(session, definition, "CONFIG", NOW)
    async with database.write() as session:
        (orchestrator,) = [one for one in await orchestrators.active(session) if one.id == identity]
        observed = [ObservedRun("wide/hourly", "r1", RunState.RUNNING, "Running")]
        (changed,) = (await apply_runs(session, orchestrator, observed, NOW, NOW)).changed
    return changed


async def kept(database, run_id, *observed):
    async with database.write() as session:
        await task_runs.save(session, run_id, observed, NOW)
    async with database.read() as session:
        found = (await task_runs.of_runs(session, [run_id]))[run_id]
    return sorted((one.task, one.map_index, one.attempt, one.state) for one in found)


def seen(task, state, map_index=None, attempt=1):
    return ObservedTaskRun(task, state, state.capitalize(), attempt=attempt, map_index=map_index)


async def test_a_task_that_turns_out_to_be_mapped_leaves_no_ghost(database, run_id):
    running, success = TaskRunState.RUNNING, TaskRunState.SUCCESS
    assert await kept(database, run_id, seen("part", running)) == [("part", None, 1, running)]
    mapped = await kept(database, run_id, seen("part", success, 0), seen("part", running, 1), seen("sum", running))
    assert mapped == [("part", 0, 1, success), ("part", 1, 1, running), ("sum", None, 1, running)]


async def test_earlier_attempts_stay(database, run_id):
    failed, success = TaskRunState.FAILED, TaskRunState.SUCCESS
    await kept(database, run_id, seen("load", failed))
    both = [("load", None, 1, failed), ("load", None, 2, success)]
    assert await kept(database, run_id, seen("load", success, attempt=2)) == both
