"""Pausing a job: Dagster has no switch for a job, so its schedules and sensors are stopped and started."""

from typing import Any

from adapters.dagster import queries
from adapters.dagster.client import DagsterClient
from adapters.dagster.keys import JobAddress
from adapters.dagster.mapping.pipelines import RUNNING, Instigators, instigators
from adapters.dagster.shapes import known_shape
from adapters.sdk.errors import NotFound, Rejected

#: Times that all is looked at: a daemon in the middle of a tick writes back the state that it began with.
LOOKS = 3


async def set_paused(client: DagsterClient, address: JobAddress, *, paused: bool) -> None:
    """Stop or start everything that starts the job by itself. NotFound; Rejected where there is nothing."""
    for _ in range(LOOKS):
        changes = _changes(await _instigators(client, address, paused=paused), address, paused=paused)
        if not changes:
            return
        for document, name, types, variables in changes:
            client.expect(await client.mutate(document, **variables), name, *types)


async def _instigators(client: DagsterClient, address: JobAddress, *, paused: bool) -> Instigators:
    """What starts the job by itself; there is something."""
    answer = await client.query(queries.JOB_INSTIGATORS, repository=address.repository_selector())
    repository = client.expect(answer, "repositoryOrError", "Repository")
    with known_shape("A repository"):
        is_there = any(job["name"] == address.job for job in repository["jobs"])
    if not is_there:
        raise NotFound(f"Dagster has no job {address.job!r} in {address.repository_path}.")
    found = instigators(repository, address.job)
    if not found:
        wanted = "pause" if paused else "resume"
        raise Rejected(f"Job {address.job} has no schedule and no sensor, so there is nothing to {wanted}.")
    return found


def _changes(
    found: Instigators, address: JobAddress, *, paused: bool
) -> list[tuple[str, str, tuple[str, ...], dict[str, Any]]]:
    """The mutations that are needed: document, field of the answer, types that mean success, variables."""
    changes: list[tuple[str, str, tuple[str, ...], dict[str, Any]]] = []
    for schedule in found.schedules:
        state = schedule["scheduleState"]
        if paused is (state["status"] == RUNNING):
            selector = address.repository_selector() | {"scheduleName": schedule["name"]}
            changes.append(
                (queries.STOP_SCHEDULE, "stopRunningSchedule", ("ScheduleStateResult",), {"id": state["id"]})
                if paused
                else (queries.START_SCHEDULE, "startSchedule", ("ScheduleStateResult",), {"selector": selector})
            )
    for sensor in found.sensors:
        state = sensor["sensorState"]
        if paused is (state["status"] == RUNNING):
            selector = address.repository_selector() | {"sensorName": sensor["name"]}
            changes.append(
                (queries.STOP_SENSOR, "stopSensor", ("StopSensorMutationResult",), {"id": state["id"]})
                if paused
                else (queries.START_SENSOR, "startSensor", ("Sensor",), {"selector": selector})
            )
    return changes
