"""Prefect 3 as Podium sees it: a pipeline is a deployment, keyed ``flow-name/deployment-name``.

Flow runs without a deployment (called by a flow, or made by a script) belong to a pipeline keyed by their flow's name.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict, Field

from adapters.prefect.addresses import locate
from adapters.prefect.assets import Assets
from adapters.prefect.auth import Auth
from adapters.prefect.catalog import Catalog
from adapters.prefect.client import LARGEST_PAGE, PrefectClient
from adapters.prefect.commands import Commands
from adapters.prefect.feed import RunFeed
from adapters.prefect.greeting import greet
from adapters.prefect.ids import is_id
from adapters.prefect.listing import Listing
from adapters.prefect.logs import tail_of
from adapters.prefect.mapping import understanding
from adapters.prefect.payloads import State, TaskRun
from adapters.prefect.pushes import run_refs
from adapters.prefect.tasks import observe_task_runs, structure
from adapters.sdk.errors import NotFound
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

#: Task runs read at most for one graph; a loop of more shows the same tasks again.
GRAPH_TASK_RUNS = 5_000
#: Histories of repeatedly tried tasks read at most; the attempts of others are counted, and only the last is shown.
HISTORIES = 50

_NO_STRUCTURE = PipelineStructure((), frozenset())


class Options(BaseModel):
    """``options:`` of a Prefect connection."""

    model_config = ConfigDict(extra="forbid")

    ui_url: str | None = Field(
        None, title="UI URL", description="Where people open Prefect, if that is not the URL without /api."
    )
    page_size: int = Field(
        LARGEST_PAGE,
        ge=1,
        le=LARGEST_PAGE,
        description="Rows asked for at once; at most what the server allows (PREFECT_SERVER_API_DEFAULT_LIMIT).",
    )
    sweep_seconds: float = Field(
        60.0,
        ge=0.0,
        description="Seconds between two readings of all runs that wait to start; lately due ones are read every time.",
    )


class PrefectAdapter:
    """See ``adapters.sdk.protocol.Adapter`` for what each method promises."""

    manifest: ClassVar[Manifest] = load_manifest("adapters.prefect")
    Auth: ClassVar[type[BaseModel]] = Auth
    Options: ClassVar[type[BaseModel]] = Options

    def __init__(self, connection: Connection) -> None:
        options = cast("Options", connection.options)
        size = options.page_size
        self._connection = connection
        self._page_size = size
        self._addresses = locate(connection.url, options.ui_url)
        self._client = PrefectClient(connection, self._addresses, cast("Auth", connection.auth))
        self._catalog = Catalog(self._client, self._addresses, size)
        self._listing = Listing(self._client, self._catalog, self._addresses, connection.clock, size)
        sweep_every = timedelta(seconds=options.sweep_seconds)
        self._feed = RunFeed(self._client, self._catalog, connection.clock, size, sweep_every)
        self._commands = Commands(connection.name, self._client, self._catalog, connection.redactor)
        self._assets = Assets(self._client, self._catalog, connection.clock, size)

    async def probe(self) -> Probe:
        """Ask for the version, and whether events are there."""
        return await greet(self._client, self._addresses, self._connection, self.manifest, self._page_size)

    def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        """Deployments, then flows that run without one."""
        return self._listing.pipelines()

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        """The graph that the latest complete run has shown, else the latest run; empty before any.

        Prefect learns edges from the data that tasks pass on: a task that returns a plain number passes none.
        """
        if "/" in pipeline_key:
            deployment = await self._commands.deployment(pipeline_key)
            latest = await self._listing.latest_run("deployment_id", deployment["id"])
        else:
            flow = await self._client.flow(pipeline_key)
            latest = await self._listing.latest_run("flow_id", flow["id"])
        if latest is None:
            return _NO_STRUCTURE
        rows = await self._task_rows(latest["id"], GRAPH_TASK_RUNS)
        with understanding("a task run"):
            return structure(rows)

    def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        """Runs new or changed; runs planned for later are left out until their time comes."""
        return self._feed.read(cursor, since)

    async def run(self, ref: RunRef) -> ObservedRun:
        """One run, found by its id alone; the answer tells its pipeline."""
        return await self._commands.run(self._id(ref))

    async def task_runs(self, ref: RunRef) -> Sequence[ObservedTaskRun]:
        """Every attempt of every task. Prefect reports some a few seconds after their run has ended: read again."""
        rows = await self._task_rows(self._id(ref), None)
        if not rows:
            await self._client.flow_run(ref.external_id)
        histories = await self._histories(rows)
        with understanding("a task run"):
            return observe_task_runs(rows, histories, self._addresses)

    async def log(self, ref: RunRef, task_run: ObservedTaskRun, *, tail: int) -> str:
        """The last lines of a task run's log, all its attempts in one; without its id, of the flow run's log."""
        if task_run.external_id and is_id(task_run.external_id):
            where = {"task_run_id": {"any_": [task_run.external_id]}}
        else:
            where = {"flow_run_id": {"any_": [self._id(ref)]}}
        return await tail_of(self._client, where, tail, self._page_size)

    async def trigger(self, request: TriggerRequest) -> Triggered:
        """Start a run of a deployment, once for its key."""
        return await self._commands.trigger(request)

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        """The run that a key has made."""
        return await self._commands.find_triggered(pipeline_key, idempotency_key)

    async def cancel(self, ref: RunRef) -> ObservedRun:
        """Ask for the run's end."""
        return await self._commands.cancel(self._id(ref))

    async def retry(self, ref: RunRef) -> ObservedRun:
        """Start the same run again."""
        return await self._commands.retry(self._id(ref))

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        """Switch a deployment's schedules off or on; Prefect still starts runs that are asked for by hand."""
        await self._commands.set_paused(pipeline_key, paused=paused)

    def assets(self) -> AsyncIterator[Sequence[ObservedAsset]]:
        """Every asset that events have told of."""
        return self._assets.listed()

    def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        """Successful materializations."""
        return self._assets.events(cursor, since)

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:  # noqa: ARG002
        """What an automation posts; ``adapters.prefect.pushes`` has the body to set."""
        return run_refs(body)

    async def aclose(self) -> None:
        """Close the HTTP client."""
        await self._client.aclose()

    async def _task_rows(self, run_id: str, most: int | None) -> list[TaskRun]:
        rows: dict[str, TaskRun] = {}
        offset = 0
        while most is None or offset < most:
            page = await self._client.task_runs(
                {"flow_run_id": {"any_": [run_id]}}, limit=self._page_size, offset=offset
            )
            with understanding("a task run"):
                rows.update((row["id"], row) for row in page)
            if len(page) < self._page_size:
                break
            offset += len(page)
        return list(rows.values())

    async def _histories(self, rows: Sequence[TaskRun]) -> dict[str, Sequence[State]]:
        """What earlier attempts came to, for task runs that were tried more than once."""
        tried_again = [row["id"] for row in rows if (row.get("run_count") or 0) > 1]
        return {one: await self._client.task_run_states(one) for one in tried_again[:HISTORIES]}

    def _id(self, ref: RunRef) -> str:
        if not is_id(ref.external_id):
            raise NotFound(f"{self._connection.name}: there is no flow run {ref.external_id!r}.")
        return ref.external_id
