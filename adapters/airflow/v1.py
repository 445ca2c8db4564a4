"""Airflow 2.11: API v1."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from adapters.airflow.auth import Auth, for_api_v1
from adapters.airflow.dialect import RunsPage
from adapters.airflow.links import Links
from adapters.airflow.mapping import understanding
from adapters.airflow.paging import Listed, in_no_order, instance_name
from adapters.airflow.payloads import Asset, AssetEvent, Component, Dag, DagRun, DagTask, Scheduling, TaskInstance
from adapters.airflow.v2 import listed, server_time
from adapters.sdk.errors import Rejected
from adapters.sdk.http import HttpClient
from adapters.sdk.protocol import Connection
from adapters.sdk.timestamps import parse_instant
from gateway.domain.observation import TriggerRequest

#: What Airflow makes of a run's tasks that had not ended when the run is ended from outside.
ENDED_FROM_OUTSIDE = {"failed", "skipped"}
#: A process that has not told its number by then was never started. (Seconds between two looks, and how many.)
BETWEEN_LOOKS = 0.25
MOST_LOOKS = 20
#: Task instances that are asked for at once.
PAGE = 100


class ApiV1:
    """See ``adapters.airflow.dialect.Dialect``."""

    def __init__(self, connection: Connection, auth: Auth, version: str) -> None:
        self.version = version
        self.links = Links(connection.url.rstrip("/"), 2)
        base = f"{connection.url.rstrip('/')}/api/v1"
        self._http = HttpClient(connection, product="Airflow 2", base_url=base, auth=for_api_v1(auth, connection))

    async def health(self) -> Mapping[str, Component]:
        return await self._http.read("GET", "health")

    async def dags(self, offset: int, limit: int) -> Listed[Dag]:
        params = {"limit": limit, "offset": offset, "order_by": "dag_id", "only_active": "true"}
        return listed(await self._http.read("GET", "dags", params=params), "dags")

    async def revisions(self, limit: int) -> dict[str, str]:  # noqa: ARG002
        """Airflow 2 keeps no versions."""
        return {}

    async def scheduling(self) -> Scheduling | None:
        """Airflow 2 shows it on a page for people only."""
        return None

    async def tasks(self, dag_id: str) -> list[DagTask]:
        return (await self._http.read("GET", f"dags/{_part(dag_id)}/tasks"))["tasks"]

    async def runs_updated_since(self, since: datetime, *, cursor: str, offset: int, limit: int) -> RunsPage:  # noqa: ARG002
        # By time, Airflow 2 has no second key: runs of one instant would come in any order on each page.
        params = {"updated_at_gte": since.isoformat(), "order_by": "id", "limit": limit, "offset": offset}
        response = await self._http.repeat(self._http.request("GET", "dags/~/dagRuns", params=params))
        return RunsPage(listed(self._http.decode(response), "dag_runs"), None, False, server_time(response))

    async def dag_run(self, dag_id: str, run_id: str) -> DagRun:
        return await self._http.read("GET", _run(dag_id, run_id))

    async def task_instances(self, dag_id: str, run_id: str, offset: int, limit: int) -> Listed[TaskInstance]:
        params = {"limit": limit, "offset": offset}  # it takes no order
        answer = await self._http.read("GET", f"{_run(dag_id, run_id)}/taskInstances", params=params)
        return listed(answer, "task_instances")

    async def tries(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> list[TaskInstance]:
        return (await self._http.read("GET", f"{_instance(dag_id, run_id, task_id, map_index)}/tries"))[
            "task_instances"
        ]

    async def log(self, dag_id: str, run_id: str, task_id: str, map_index: int, attempt: int) -> list[str]:
        where = f"{_run(dag_id, run_id)}/taskInstances/{_part(task_id)}/logs/{attempt}"
        params = {"full_content": "true", "map_index": map_index}
        # As JSON, Airflow 2 sends a Python repr.
        return (await self._http.read_text("GET", where, params=params, accept="text/plain")).splitlines()

    async def trigger(self, run_id: str, request: TriggerRequest) -> DagRun:
        if request.partition is not None:
            raise Rejected("Airflow 2 has no partitions.", remedy="Give logicalAt, or parameters.")
        body: dict[str, Any] = {"dag_run_id": run_id, "conf": dict(request.parameters)}
        if request.logical_at is not None:
            body["logical_date"] = request.logical_at.isoformat()
        return await self._http.write("POST", f"dags/{_part(request.pipeline_key)}/dagRuns", json=body)

    async def fail_run(self, dag_id: str, run_id: str, note: str) -> None:
        """The same as often as a task's process undoes it.

        Such a process writes the run back as it was when the process began: it runs again, and succeeds, for its last
        tasks are skipped by then. It does so once, when it tells its number: till then there is something to wait for.
        """
        await self.set_note(dag_id, run_id, note)  # first, so that nobody sees it failed without the note
        await self._set_failed(dag_id, run_id)
        for _ in range(MOST_LOOKS):
            is_settled = not await self._is_task_beginning(dag_id, run_id)
            run = await self.dag_run(dag_id, run_id)
            with understanding("a run"):
                is_undone = run["state"] != "failed"
            if is_undone:
                await self._set_failed(dag_id, run_id)
            elif is_settled:
                return
            await asyncio.sleep(BETWEEN_LOOKS)

    async def _set_failed(self, dag_id: str, run_id: str) -> None:
        await self._http.write("PATCH", _run(dag_id, run_id), json={"state": "failed"})

    async def _is_task_beginning(self, dag_id: str, run_id: str) -> bool:
        """Whether a task of a run that has been ended was handed to a worker, and has not told its process's number."""

        def fetch(offset: int) -> Awaitable[Listed[TaskInstance]]:
            return self.task_instances(dag_id, run_id, offset, PAGE)

        with understanding("a task instance"):
            ended = [one for one in await in_no_order(fetch, instance_name) if one["state"] in ENDED_FROM_OUTSIDE]
        return any(one.get("queued_when") and one.get("pid") is None for one in ended)

    async def set_note(self, dag_id: str, run_id: str, note: str) -> None:
        await self._http.write("PATCH", f"{_run(dag_id, run_id)}/setNote", json={"note": note})

    async def clear(self, dag_id: str, run_id: str, tasks: Sequence[TaskInstance]) -> None:
        """Airflow 2 takes no map index: of a mapped task, all instances run again."""
        names = sorted({task["task_id"] for task in tasks})
        await self._clear(dag_id, {"dag_run_id": run_id, "only_failed": False, "task_ids": names})

    async def clear_failed(self, dag_id: str, run_id: str) -> int:
        return await self._clear(dag_id, {"dag_run_id": run_id, "only_failed": True})

    async def _clear(self, dag_id: str, wanted: Mapping[str, Any]) -> int:
        body = {"dry_run": False, "reset_dag_runs": True, "only_running": False, **wanted}
        answer = await self._http.write("POST", f"dags/{_part(dag_id)}/clearTaskInstances", json=body)
        with understanding("what was cleared"):
            return len(answer["task_instances"])

    async def set_paused(self, dag_id: str, *, paused: bool) -> None:
        await self._http.write("PATCH", f"dags/{_part(dag_id)}", json={"is_paused": paused})

    async def assets(self, offset: int, limit: int) -> Listed[Asset]:
        params = {"limit": limit, "offset": offset, "order_by": "id"}
        return listed(await self._http.read("GET", "datasets", params=params), "datasets")

    async def asset_events(self, since: datetime, offset: int, limit: int) -> Listed[AssetEvent]:
        """Newest first, as there is no filter by time; the list ends where they are older than ``since``."""
        params = {"limit": limit, "offset": offset, "order_by": "-timestamp"}
        page: Listed[AssetEvent] = listed(
            await self._http.read("GET", "datasets/events", params=params), "dataset_events"
        )
        with understanding("an asset event"):
            fresh = [event for event in page.rows if (parse_instant(event["timestamp"]) or since) >= since]
        return page if len(fresh) == len(page.rows) else Listed(fresh, offset + len(fresh))

    async def aclose(self) -> None:
        await self._http.aclose()


def _part(text: str) -> str:
    return quote(text, safe="~")


def _run(dag_id: str, run_id: str) -> str:
    return f"dags/{_part(dag_id)}/dagRuns/{_part(run_id)}"


def _instance(dag_id: str, run_id: str, task_id: str, map_index: int) -> str:
    mapped = f"/{map_index}" if map_index >= 0 else ""
    return f"{_run(dag_id, run_id)}/taskInstances/{_part(task_id)}{mapped}"
