"""Dagster 1.13 and later, open source or Dagster+, over its GraphQL API."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict, Field

from adapters.dagster import auth, queries
from adapters.dagster.automation import set_paused
from adapters.dagster.client import DagsterClient, base_url
from adapters.dagster.feeds import Feeds
from adapters.dagster.keys import DEFAULT_REPOSITORY, JobAddress, job_address, pipeline_key
from adapters.dagster.launches import Launches
from adapters.dagster.mapping.assets import assets, started_by_assets
from adapters.dagster.mapping.links import Links
from adapters.dagster.mapping.pipelines import pipelines, repository_selectors
from adapters.dagster.mapping.probes import probe
from adapters.dagster.mapping.runs import RunMapper
from adapters.dagster.mapping.steps import task_runs
from adapters.dagster.mapping.structure import structure
from adapters.dagster.shapes import known_shape
from adapters.dagster.step_logs import step_log
from adapters.sdk.errors import Rejected
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

#: Assets handed on at once.
ASSETS_PER_PAGE = 500


class Options(BaseModel):
    """``options:`` of a Dagster connection."""

    model_config = ConfigDict(extra="forbid")

    location: str | None = Field(
        default=None,
        title="Code location",
        description="See only this one; the keys of pipelines are then the bare names of jobs.",
    )
    page_size: int = Field(default=200, ge=1, le=1000, description="Runs, or assets, asked for at once.")
    overlap: float = Field(
        default=60.0,
        ge=0,
        description="Seconds of changes that each read repeats, for commits that show up late and clocks that differ.",
    )


class DagsterAdapter:
    """One Dagster deployment."""

    manifest: ClassVar[Manifest] = load_manifest("adapters.dagster")
    Auth: ClassVar[type[BaseModel]] = auth.Auth
    Options: ClassVar[type[BaseModel]] = Options

    def __init__(self, connection: Connection) -> None:
        options = Options.model_validate(connection.options.model_dump())
        credentials = auth.Auth.model_validate(connection.auth.model_dump())
        self._client = DagsterClient(connection, credentials)
        self._links = Links(base_url(connection.url))
        self._location = options.location
        self._mapper = RunMapper(self._links, options.location)
        self._feeds = Feeds(
            self._client, self._mapper, connection.clock, options.page_size, options.overlap, options.location
        )
        self._launches = Launches(self._client, self._mapper)

    async def probe(self) -> Probe:
        """Version, rights, and whether daemon and code locations are well."""
        return probe(await self._client.query(queries.PROBE), self.manifest.capabilities, self._location)

    async def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        """Every job of every loaded code location, one repository at a time."""
        answer = await self._client.query(queries.REPOSITORIES)
        listed = self._client.expect(answer, "repositoriesOrError", "RepositoryConnection")
        for selector in repository_selectors(listed, self._location):
            loaded = await self._client.query(queries.REPOSITORY, repository=selector)
            raw = self._client.expect(loaded, "repositoryOrError", "Repository")
            yield pipelines(raw, self._links, self._location)

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        """The job's ops, with nested graphs dissolved."""
        address = self._address(pipeline_key)
        answer = await self._client.query(queries.STRUCTURE, job=address.pipeline_selector())
        raw = self._client.expect(answer, "pipelineOrError", "Pipeline")
        groups: list[Any] = []
        if raw.get("isAssetJob"):
            answer = await self._client.query(queries.ASSET_GROUPS, job=address.pipeline_selector())
            with known_shape("A job's list of assets"):
                groups = answer["assetNodes"]
        return structure(raw, groups, address, self._links)

    def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        """Runs new or changed, newest-created first."""
        return self._feeds.runs(cursor, since)

    async def run(self, ref: RunRef) -> ObservedRun:
        """One run, found by ``external_id`` alone."""
        answer = await self._client.query(queries.RUN, run=ref.external_id)
        return self._mapper.run(self._client.expect(answer, "runOrError", "Run"))

    async def task_runs(self, ref: RunRef) -> Sequence[ObservedTaskRun]:
        """Every attempt of every step."""
        answer = await self._client.query(queries.STEPS, run=ref.external_id)
        return task_runs(self._client.expect(answer, "runOrError", "Run"), self._links)

    async def log(self, ref: RunRef, task_run: ObservedTaskRun, *, tail: int) -> str:
        """The step's own process's output, or its lines of the run's event log."""
        step_key = task_run.external_id or task_run.task
        return await step_log(self._client, ref.external_id, step_key, task_run.attempt, tail)

    async def trigger(self, request: TriggerRequest) -> Triggered:
        """Launch a job; ``execution`` says how parameters and partitions are understood."""
        return await self._launches.trigger(request)

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        """The oldest run that carries the key as a tag."""
        return await self._launches.find(pipeline_key, idempotency_key)

    async def cancel(self, ref: RunRef) -> ObservedRun:
        """Terminate a run; it may still be CANCELING in the answer."""
        await self._launches.cancel(ref)
        return await self.run(ref)

    async def retry(self, ref: RunRef) -> ObservedRun:
        """A new run whose parent is ``ref``, from the failed steps or, where none failed, from the start."""
        return await self._launches.retry(ref)

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        """Stop or start the job's schedules and sensors; a sensor of several jobs stops for all of them."""
        await set_paused(self._client, self._address(pipeline_key), paused=paused)

    async def assets(self) -> AsyncIterator[Sequence[ObservedAsset]]:
        """Every asset with a definition."""
        answer = await self._client.query(queries.ASSETS)
        with known_shape("The list of assets"):
            nodes = answer["assetNodes"]
        answer = await self._client.query(queries.MONITORED)
        monitored = self._client.expect(answer, "repositoriesOrError", "RepositoryConnection")
        observed = assets(nodes, self._links, self._location, started_by_assets(monitored, self._location))
        for start in range(0, len(observed), ASSETS_PER_PAGE):
            yield observed[start : start + ASSETS_PER_PAGE]

    def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        """Materializations and evaluations of asset checks, by runs and reported from outside."""
        return self._feeds.asset_events(cursor, since)

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:  # noqa: ARG002
        """What a run-status sensor posts; the README beside this file has the sensor.

        ``{"run_id": ..., "job_name": ..., "location": ..., "repository": ...}``; all but the id may be missing.
        """
        message: Mapping[str, Any] = cast("Mapping[str, Any]", body) if isinstance(body, dict) else {}
        run_id = message.get("run_id")
        if not (isinstance(run_id, str) and run_id):
            raise Rejected('A message from Dagster is an object with a "run_id"; see the README of the adapter.')
        return [RunRef(self._pushed_key(message), run_id)]

    async def aclose(self) -> None:
        """Close the HTTP client."""
        await self._client.aclose()

    def _address(self, key: str) -> JobAddress:
        return job_address(key, self._location)

    def _pushed_key(self, body: Mapping[str, Any]) -> str:
        """The key of the job in a message, "" where it does not say enough: the run is then found by its id."""
        location, job = body.get("location") or self._location, body.get("job_name")
        if not (isinstance(location, str) and isinstance(job, str)):
            return ""
        return pipeline_key(JobAddress(location, body.get("repository") or DEFAULT_REPOSITORY, job), self._location)
