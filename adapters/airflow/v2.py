"""Airflow 3: API v2, requests built by the official client."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from airflow_client.client.api.asset_api import AssetApi
from airflow_client.client.api.dag_api import DAGApi
from airflow_client.client.api.dag_run_api import DagRunApi
from airflow_client.client.api.dag_version_api import DagVersionApi
from airflow_client.client.api.monitor_api import MonitorApi
from airflow_client.client.api.task_api import TaskApi
from airflow_client.client.api.task_instance_api import TaskInstanceApi
from airflow_client.client.models.clear_task_instances_body import ClearTaskInstancesBody
from airflow_client.client.models.clear_task_instances_body_task_ids_inner import ClearTaskInstancesBodyTaskIdsInner
from airflow_client.client.models.dag_patch_body import DAGPatchBody
from airflow_client.client.models.dag_run_mutable_states import DagRunMutableStates
from airflow_client.client.models.dag_run_patch_body import DAGRunPatchBody
from airflow_client.client.models.trigger_dag_run_post_body import TriggerDAGRunPostBody

from adapters.airflow.auth import Auth, for_api_v2
from adapters.airflow.dialect import RunsPage
from adapters.airflow.links import Links
from adapters.airflow.mapping import log_lines, understanding
from adapters.airflow.paging import Listed, by_offset
from adapters.airflow.payloads import (
    Asset,
    AssetEvent,
    Component,
    Dag,
    DagRun,
    DagTask,
    DagVersion,
    Scheduling,
    TaskInstance,
)
from adapters.airflow.requests import api_client
from adapters.sdk.http import HttpClient
from adapters.sdk.protocol import Connection
from gateway.domain.observation import TriggerRequest

EVERY_DAG = "~"


class ApiV2:
    """See ``adapters.airflow.dialect.Dialect``."""

    def __init__(self, connection: Connection, auth: Auth, version: str) -> None:
        self.version = version
        self.links = Links(connection.url.rstrip("/"), 3)
        self._http = HttpClient(connection, product="Airflow 3", auth=for_api_v2(auth, connection))
        client = api_client(connection.url)
        self._dags = DAGApi(client)
        self._runs = DagRunApi(client)
        self._versions = DagVersionApi(client)
        self._monitor = MonitorApi(client)
        self._tasks = TaskApi(client)
        self._instances = TaskInstanceApi(client)
        self._assets = AssetApi(client)
        self._has_cursors = True  # until the server shows that it is too old to have them
        self._seen_versions: dict[str, str] = {}
        #: The latest version of each DAG that a run was seen with, as far as anybody has asked.
        self._used_versions: dict[str, str] = {}

    async def health(self) -> Mapping[str, Component]:
        return await self._read(self._monitor.get_health_without_preload_content())

    async def dags(self, offset: int, limit: int) -> Listed[Dag]:
        request = self._dags.get_dags_without_preload_content(
            limit=limit, offset=offset, exclude_stale=True, order_by=["dag_id"]
        )
        return listed(await self._read(request), "dags")

    async def revisions(self, limit: int) -> dict[str, str]:
        """Reads versions from the newest back to those it has seen: usually one short page.

        Airflow writes a changed graph into the latest version itself as long as no run has used that: such a version
        tells nothing, and is left out.
        """

        async def newest(offset: int) -> Listed[DagVersion]:
            request = self._versions.get_dag_versions_without_preload_content(
                EVERY_DAG, limit=limit, offset=offset, order_by=["-id"]
            )
            return listed(await self._read(request), "dag_versions")

        fresh: dict[str, str] = {}
        async with aclosing(by_offset(newest, lambda version: version["id"])) as pages:
            async for page in pages:
                with understanding("a DAG version"):
                    latest = [(version["dag_id"], version["id"]) for version in page.rows]
                fresh = dict(reversed(latest)) | fresh
                if any(self._seen_versions.get(dag_id) == version for dag_id, version in latest):
                    break
        self._seen_versions |= fresh
        used = self._used_versions
        return {dag_id: version for dag_id, version in self._seen_versions.items() if used.get(dag_id) == version}

    async def scheduling(self) -> Scheduling | None:
        """What Airflow's own page of dependencies shows; API v2 has nothing like it."""
        return await self._http.read("GET", "ui/dependencies")

    async def tasks(self, dag_id: str) -> list[DagTask]:
        await self._learn_used_version(dag_id)  # first: what is read after it is of this version, or later
        return (await self._read(self._tasks.get_tasks_without_preload_content(dag_id)))["tasks"]

    async def runs_updated_since(self, since: datetime, *, cursor: str, offset: int, limit: int) -> RunsPage:
        if self._has_cursors:
            request = self._runs.get_dag_runs_without_preload_content(
                EVERY_DAG, updated_at_gte=since, order_by=["updated_at"], limit=limit, cursor=cursor
            )
            response = await self._http.repeat(_request(request))
            body = self._http.decode(response)
            with understanding("a page of runs"):
                if "next_cursor" in body:
                    return RunsPage(Listed(body["dag_runs"], None), body["next_cursor"], True, server_time(response))
                self._has_cursors = "dag_runs" not in body
        request = self._runs.get_dag_runs_without_preload_content(
            EVERY_DAG, updated_at_gte=since, order_by=["id"], limit=limit, offset=offset
        )
        response = await self._http.repeat(_request(request))
        return RunsPage(listed(self._http.decode(response), "dag_runs"), None, False, server_time(response))

    async def dag_run(self, dag_id: str, run_id: str) -> DagRun:
        return await self._read(self._runs.get_dag_run_without_preload_content(dag_id, run_id))

    async def task_instances(self, dag_id: str, run_id: str, offset: int, limit: int) -> Listed[TaskInstance]:
        request = self._instances.get_task_instances_without_preload_content(
            dag_id, run_id, limit=limit, offset=offset, order_by=["id"]
        )
        return listed(await self._read(request), "task_instances")

    async def tries(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> list[TaskInstance]:
        request = self._instances.get_task_instance_tries_without_preload_content(
            dag_id, run_id, task_id, map_index=map_index
        )
        return (await self._read(request))["task_instances"]

    async def log(self, dag_id: str, run_id: str, task_id: str, map_index: int, attempt: int) -> list[str]:
        request = self._instances.get_log_without_preload_content(
            dag_id, run_id, task_id, attempt, full_content=True, map_index=map_index, accept="application/json"
        )
        with understanding("a log"):
            return log_lines((await self._read(request))["content"])

    async def trigger(self, run_id: str, request: TriggerRequest) -> DagRun:
        body = TriggerDAGRunPostBody(dag_run_id=run_id, logical_date=request.logical_at, conf=dict(request.parameters))
        if request.partition is not None:
            body.partition_key = request.partition
        return await self._write(self._runs.trigger_dag_run_without_preload_content(request.pipeline_key, body))

    async def fail_run(self, dag_id: str, run_id: str, note: str) -> None:
        body = DAGRunPatchBody(state=DagRunMutableStates.FAILED, note=note)
        await self._write(
            self._runs.patch_dag_run_without_preload_content(dag_id, run_id, body, update_mask=["state", "note"])
        )

    async def set_note(self, dag_id: str, run_id: str, note: str) -> None:
        body = DAGRunPatchBody(note=note)
        await self._write(self._runs.patch_dag_run_without_preload_content(dag_id, run_id, body, update_mask=["note"]))

    async def clear(self, dag_id: str, run_id: str, tasks: Sequence[TaskInstance]) -> None:
        chosen = [task["task_id"] if task["map_index"] < 0 else [task["task_id"], task["map_index"]] for task in tasks]
        body = ClearTaskInstancesBody(
            dry_run=False,
            dag_run_id=run_id,
            only_failed=False,
            reset_dag_runs=True,
            task_ids=[ClearTaskInstancesBodyTaskIdsInner(one) for one in chosen],
        )
        await self._write(self._instances.post_clear_task_instances_without_preload_content(dag_id, body))

    async def clear_failed(self, dag_id: str, run_id: str) -> int:
        body = ClearTaskInstancesBody(dry_run=False, dag_run_id=run_id, only_failed=True, reset_dag_runs=True)
        answer = await self._write(self._instances.post_clear_task_instances_without_preload_content(dag_id, body))
        with understanding("what was cleared"):
            return len(answer["task_instances"])

    async def set_paused(self, dag_id: str, *, paused: bool) -> None:
        await self._write(self._dags.patch_dag_without_preload_content(dag_id, DAGPatchBody(is_paused=paused)))

    async def assets(self, offset: int, limit: int) -> Listed[Asset]:
        request = self._assets.get_assets_without_preload_content(limit=limit, offset=offset, order_by=["id"])
        return listed(await self._read(request), "assets")

    async def asset_events(self, since: datetime, offset: int, limit: int) -> Listed[AssetEvent]:
        request = self._assets.get_asset_events_without_preload_content(
            timestamp_gte=since, order_by=["timestamp"], limit=limit, offset=offset
        )
        return listed(await self._read(request), "asset_events")

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _learn_used_version(self, dag_id: str) -> None:
        request = self._runs.get_dag_runs_without_preload_content(dag_id, limit=1, order_by=["-id"])
        body = await self._read(request)
        with understanding("a page of runs"):
            used = [version["id"] for run in body["dag_runs"] for version in run.get("dag_versions") or ()]
        if used:
            self._used_versions[dag_id] = max(used)

    async def _read(self, prepared: object) -> Any:
        return self._http.decode(await self._http.repeat(_request(prepared)))

    async def _write(self, prepared: object) -> Any:
        return self._http.decode(await self._http.send(_request(prepared)))


def listed(body: Any, rows: str) -> Listed[Any]:
    """One page of a list out of an answer; both API versions send it alike."""
    with understanding(f"a page of {rows.replace('_', ' ')}"):
        total, limit = int(body["total_entries"]), body.get("total_entries_limit")
        return Listed(body[rows], None if limit is not None and total >= limit else total)


def server_time(response: httpx.Response) -> datetime | None:
    """The server's clock by its Date header, to the second below; None where there is none, or several."""
    try:
        told = parsedate_to_datetime(response.headers["date"])
    except (KeyError, ValueError):
        return None
    return told if told.tzinfo else None


def _request(prepared: object) -> httpx.Request:
    """The generated methods are typed to return an answer; with our builder it is the request."""
    if not isinstance(prepared, httpx.Request):
        raise TypeError("the official client has sent a request by itself")
    return prepared
