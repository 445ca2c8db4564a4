"""Airflow 2.11 and 3 as Podium sees them: a pipeline is a DAG, keyed by its id. The version is found by asking."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict, Field

from adapters.airflow import feeds, mapping
from adapters.airflow.auth import Auth
from adapters.airflow.dialect import Dialect
from adapters.airflow.notes import with_cancelled_note, without_cancelled_note
from adapters.airflow.paging import Listed, by_offset, in_no_order, instance_name
from adapters.airflow.payloads import Component, DagRun, TaskInstance
from adapters.airflow.v1 import ApiV1
from adapters.airflow.v2 import ApiV2
from adapters.sdk.errors import AdapterError, Drift, NotFound, Rejected, Unauthorized, Unavailable
from adapters.sdk.http import HttpClient
from adapters.sdk.manifest import Manifest, load_manifest
from adapters.sdk.protocol import Connection
from gateway.domain.observation import (
    AssetEventPage,
    ObservedAsset,
    ObservedPipeline,
    ObservedRun,
    ObservedTaskRun,
    PipelineStructure,
    Probe,
    RunPage,
    RunRef,
    Triggered,
    TriggerRequest,
)
from gateway.domain.states import RunState

#: Attempts of repeatedly tried tasks that are asked for at once.
AT_ONCE = 4


class Options(BaseModel):
    """``options:`` of an Airflow connection."""

    model_config = ConfigDict(extra="forbid")

    page_size: int = Field(
        100,
        ge=2,
        le=1000,
        description="Rows asked for at once; at most what the deployment allows ([api] maximum_page_limit).",
    )
    overlap_seconds: float = Field(
        30.0,
        ge=0.0,
        description="Seconds that two readings overlap, for transactions that were open at the first one.",
    )


class AirflowAdapter:
    """See ``adapters.sdk.protocol.Adapter`` for what each method promises."""

    manifest: ClassVar[Manifest] = load_manifest("adapters.airflow")
    Auth: ClassVar[type[BaseModel]] = Auth
    Options: ClassVar[type[BaseModel]] = Options

    def __init__(self, connection: Connection) -> None:
        options = cast("Options", connection.options)
        self._connection = connection
        self._auth = cast("Auth", connection.auth)
        self._size = options.page_size
        self._overlap = timedelta(seconds=options.overlap_seconds)
        self._dialect: Dialect | None = None
        self._asking = asyncio.Lock()

    async def probe(self) -> Probe:
        """Ask for the version, prove the credentials, and look whether the scheduler lives."""
        dialect = await self._known()
        await dialect.dags(0, 1)
        health = await dialect.health()
        with mapping.understanding("its health"):
            warnings = _warnings(health)
        return Probe(dialect.version, self.manifest.capabilities, warnings)

    async def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        """Every active DAG."""
        dialect = await self._known()
        revisions = await dialect.revisions(self._size)
        upstream = await _upstream(dialect)
        async for page in by_offset(lambda offset: dialect.dags(offset, self._size), lambda dag: dag["dag_id"]):
            with mapping.understanding("a DAG"):
                yield [
                    mapping.pipeline(
                        dag, dialect.links, revisions.get(dag["dag_id"]), upstream.get(dag["dag_id"], frozenset())
                    )
                    for dag in page.rows
                ]

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        """The DAG's tasks and edges."""
        dialect = await self._known()
        tasks = await dialect.tasks(pipeline_key)
        with mapping.understanding("a task"):
            return mapping.structure(pipeline_key, tasks, dialect.links)

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        """Runs by the time of their last update. A running one shows in every reading."""
        dialect = await self._known()
        pages = feeds.runs(dialect, cursor, since, size=self._size, overlap=self._overlap, clock=self._connection.clock)
        async for page in pages:
            yield page

    async def run(self, ref: RunRef) -> ObservedRun:
        """One run as it is now."""
        _, run = await self._run(await self._known(), ref)
        return run

    async def task_runs(self, ref: RunRef) -> Sequence[ObservedTaskRun]:
        """Every attempt of every task."""
        dialect = await self._known()
        current = await self._task_instances(dialect, ref)
        gate = asyncio.Semaphore(AT_ONCE)

        async def attempts(instance: TaskInstance) -> list[ObservedTaskRun]:
            earlier: Sequence[TaskInstance] = ()
            if instance["try_number"] > 1 or mapping.is_cleared(instance):
                async with gate:
                    earlier = await dialect.tries(
                        ref.pipeline_key, ref.external_id, instance["task_id"], instance["map_index"]
                    )
            return mapping.task_runs(ref.pipeline_key, ref.external_id, instance, earlier, dialect.links)

        with mapping.understanding("a task run"):
            found = await asyncio.gather(*map(attempts, current))
        return [attempt for group in found for attempt in group]

    async def log(self, ref: RunRef, task_run: ObservedTaskRun, *, tail: int) -> str:
        """The last lines of one attempt's log; empty where it has not started."""
        dialect = await self._known()
        map_index = mapping.UNMAPPED if task_run.map_index is None else task_run.map_index
        try:
            lines = await dialect.log(ref.pipeline_key, ref.external_id, task_run.task, map_index, task_run.attempt)
        except NotFound:
            return ""
        return "\n".join(lines[-tail:])

    async def trigger(self, request: TriggerRequest) -> Triggered:
        """Make a run whose id is the key. Airflow refuses a second one, which is then read back."""
        dialect = await self._known()
        run_id = run_id_of(request.idempotency_key)
        try:
            raw = await dialect.trigger(run_id, request)
        except (Unavailable, Rejected) as error:
            known = await self.find_triggered(request.pipeline_key, request.idempotency_key)
            if known is None:
                raise self._explained(error, request) from error
            return Triggered(known, is_new=isinstance(error, Unavailable))
        with mapping.understanding("a run"):
            return Triggered(mapping.run(raw, dialect.links), is_new=True)

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        """The run whose id is the key."""
        try:
            return await self.run(RunRef(pipeline_key, run_id_of(idempotency_key)))
        except NotFound:
            return None

    async def cancel(self, ref: RunRef) -> ObservedRun:
        """End the run as failed, with a note that says why; its processes end some seconds later."""
        dialect = await self._known()
        raw, run = await self._run(dialect, ref)
        if run.state.is_terminal:
            raise Rejected(f"{self._connection.name}: run {ref.external_id} has already ended ({run.native_state}).")
        await dialect.fail_run(ref.pipeline_key, ref.external_id, with_cancelled_note(raw))
        ended, _ = await self._run(dialect, ref)
        note = with_cancelled_note(ended)
        if note != ended["note"]:  # it began meanwhile
            await dialect.set_note(ref.pipeline_key, ref.external_id, note)
        return mapping.run({**ended, "note": note}, dialect.links)

    async def retry(self, ref: RunRef) -> ObservedRun:
        """Let the same run go on: what failed, and what could not run because of it, runs again.

        Of a run that was cancelled, and of one in which nothing has failed, all that has not succeeded runs again:
        Airflow skips what has not begun when a run is ended from outside or takes too long. (What a branch had skipped
        is skipped once more.)
        """
        dialect = await self._known()
        raw, run = await self._run(dialect, ref)
        if run.state not in {RunState.FAILED, RunState.CANCELLED}:
            raise Rejected(f"{self._connection.name}: run {ref.external_id} has not failed ({run.native_state}).")
        was_cancelled = run.state is RunState.CANCELLED
        if was_cancelled or await dialect.clear_failed(ref.pipeline_key, ref.external_id) == 0:
            instances = await self._task_instances(dialect, ref)
            unfinished = [instance for instance in instances if instance["state"] != "success"]
            await dialect.clear(ref.pipeline_key, ref.external_id, unfinished or instances)
        if was_cancelled:
            await dialect.set_note(ref.pipeline_key, ref.external_id, without_cancelled_note(raw["note"]))
        return await self.run(ref)

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        """Pause or unpause the DAG. While it is paused, triggered runs wait too."""
        await (await self._known()).set_paused(pipeline_key, paused=paused)

    async def assets(self) -> AsyncIterator[Sequence[ObservedAsset]]:
        """Every asset, with the tasks that write it and the DAGs and tasks that read it."""
        dialect = await self._known()
        async for page in by_offset(lambda offset: dialect.assets(offset, self._size), lambda asset: asset["uri"]):
            with mapping.understanding("an asset"):
                yield [mapping.asset(raw) for raw in page.rows]

    async def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        """Writes of assets."""
        dialect = await self._known()
        async for page in feeds.asset_events(dialect, cursor, since, size=self._size, overlap=self._overlap):
            yield page

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:  # noqa: ARG002
        """What a callback or listener posts: ``{"dag_id": ..., "run_id": ...}``, or a list of such."""
        messages: list[Any] = cast("list[Any]", body) if isinstance(body, list) else [body]
        refs: list[RunRef] = []
        for message in messages:
            fields: Mapping[str, Any] = cast("Mapping[str, Any]", message) if isinstance(message, dict) else {}
            dag_id, run_id = fields.get("dag_id"), fields.get("run_id") or fields.get("dag_run_id")
            if not isinstance(dag_id, str) or not isinstance(run_id, str):
                raise Rejected(
                    "An Airflow message needs dag_id and run_id.", remedy='Post {"dag_id": ..., "run_id": ...}.'
                )
            refs.append(RunRef(dag_id, run_id))
        return refs

    async def aclose(self) -> None:
        """Close the HTTP client."""
        if self._dialect is not None:
            await self._dialect.aclose()

    async def _known(self) -> Dialect:
        async with self._asking:
            if self._dialect is None:
                self._dialect = await self._ask()
            return self._dialect

    async def _ask(self) -> Dialect:
        """Which API answers. Drift where neither does."""
        http = HttpClient(self._connection, product="Airflow")
        try:
            for path, dialect in (("api/v2/version", ApiV2), ("api/v1/version", ApiV1)):
                try:
                    answer = await http.read("GET", path)
                except NotFound as error:
                    missing: AdapterError = error
                    continue
                version = answer.get("version") if isinstance(answer, dict) else None  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
                if isinstance(version, str):
                    return dialect(self._connection, self._auth, version)
                missing = Drift(f"{self._connection.name}: {self._connection.url}/{path} tells no version.")
        finally:
            await http.aclose()
        raise Drift(missing.message, remedy=f"Is {self._connection.url} really Airflow?")

    async def _run(self, dialect: Dialect, ref: RunRef) -> tuple[DagRun, ObservedRun]:
        raw = await dialect.dag_run(ref.pipeline_key, ref.external_id)
        with mapping.understanding("a run"):
            return raw, mapping.run(raw, dialect.links)

    async def _task_instances(self, dialect: Dialect, ref: RunRef) -> list[TaskInstance]:
        def fetch(offset: int) -> Awaitable[Listed[TaskInstance]]:
            return dialect.task_instances(ref.pipeline_key, ref.external_id, offset, self._size)

        return await in_no_order(fetch, instance_name)

    def _explained(self, error: AdapterError, request: TriggerRequest) -> AdapterError:
        if isinstance(error, Rejected) and error.status == 409 and request.logical_at is not None:
            return Rejected(
                f"{self._connection.name}: DAG {request.pipeline_key} already has a run for {request.logical_at}.",
                remedy="Airflow makes one run for a logical date: retry that run, or leave logicalAt out.",
                status=409,
            )
        return error


async def _upstream(dialect: Dialect) -> dict[str, frozenset[str]]:
    """What starts what. Nothing where Airflow has no such page, or not for us: everything else works without it."""
    try:
        scheduling = await dialect.scheduling()
        with mapping.understanding("what starts what"):
            return mapping.upstream(scheduling)
    except (NotFound, Unauthorized, Drift):
        return {}


def run_id_of(idempotency_key: str) -> str:
    """The id of the run that a key makes."""
    return mapping.RUN_ID_PREFIX + idempotency_key


def _warnings(health: Mapping[str, Component]) -> tuple[str, ...]:
    sick = [name for name, part in health.items() if part.get("status") == "unhealthy"]
    return tuple(f"Airflow's {name.replace('_', ' ')} is unhealthy: runs may not move." for name in sick)
