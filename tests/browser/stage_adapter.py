"""The adapter for ``tests.browser.stage``, installed into the gateway as a third party's is: by entry point."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter

from adapters.sdk.errors import NotFound, Rejected
from adapters.sdk.http import HttpClient, RetryPolicy, basic_auth
from adapters.sdk.manifest import Manifest
from adapters.sdk.protocol import Connection
from gateway.domain.observation import (
    AssetEventPage,
    ObservedAsset,
    ObservedPipeline,
    ObservedRun,
    ObservedTask,
    ObservedTaskRun,
    PipelineStructure,
    Probe,
    RunPage,
    RunRef,
    Triggered,
    TriggerRequest,
)
from gateway.domain.states import Capability, TriggerGuarantee

CAPABILITIES = frozenset(Capability) - {Capability.ASSETS, Capability.PUSH}
RUN = TypeAdapter(ObservedRun)
RUNS = TypeAdapter(list[ObservedRun])
PIPELINES = TypeAdapter(list[ObservedPipeline])
TASKS = TypeAdapter(list[ObservedTask])
TASK_RUNS = TypeAdapter(list[ObservedTaskRun])


class Auth(BaseModel):
    """HTTP basic authentication."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str = "podium"
    password: SecretStr


class Options(BaseModel):
    """There are none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StageAdapter:
    """Reads the stage's list of changes; the cursor is a position in it."""

    manifest = Manifest("stage", "Stage", ("4",), CAPABILITIES, TriggerGuarantee.EXACTLY_ONCE, "It keeps the keys.")
    Auth = Auth
    Options = Options

    def __init__(self, connection: Connection) -> None:
        auth = connection.auth
        assert isinstance(auth, Auth)
        credentials: httpx.Auth = basic_auth(auth.username, auth.password.get_secret_value(), connection.redactor)
        retry = RetryPolicy(attempts=1)
        self._http = HttpClient(connection, product=self.manifest.title, auth=credentials, retry=retry)

    async def probe(self) -> Probe:
        return Probe((await self._http.read("GET", "version"))["version"], CAPABILITIES)

    async def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        yield PIPELINES.validate_python(await self._http.read("GET", "pipelines"))

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        said = await self._http.read("GET", "structure")
        return PipelineStructure(TASKS.validate_python(said["tasks"]), frozenset((a, b) for a, b in said["edges"]))

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        position = int(cursor or 0)
        while True:
            said = await self._http.read("GET", "changes", params={"from": position})
            position = said["next"]
            yield RunPage(RUNS.validate_python(said["runs"]), str(position))
            if not said["runs"]:
                return

    async def run(self, ref: RunRef) -> ObservedRun:
        return RUN.validate_python(await self._http.read("GET", f"runs/{ref.external_id}"))

    async def task_runs(self, ref: RunRef) -> Sequence[ObservedTaskRun]:
        return TASK_RUNS.validate_python(await self._http.read("GET", f"runs/{ref.external_id}/tasks"))

    async def log(self, ref: RunRef, task_run: ObservedTaskRun, *, tail: int) -> str:
        path = f"runs/{ref.external_id}/log/{task_run.task}/{task_run.attempt}"
        return "\n".join((await self._http.read("GET", path))["text"].splitlines()[-tail:])

    async def trigger(self, request: TriggerRequest) -> Triggered:
        wanted = {"key": request.idempotency_key, "pipeline": request.pipeline_key, "parameters": request.parameters}
        said = await self._http.write("POST", "trigger", json=wanted)
        return Triggered(RUN.validate_python(said["run"]), said["is_new"])

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        try:
            return RUN.validate_python(await self._http.read("GET", f"triggered/{idempotency_key}"))
        except NotFound:
            return None

    async def cancel(self, ref: RunRef) -> ObservedRun:
        return RUN.validate_python(await self._http.write("POST", f"runs/{ref.external_id}/cancel"))

    async def retry(self, ref: RunRef) -> ObservedRun:
        return RUN.validate_python(await self._http.write("POST", f"runs/{ref.external_id}/retry"))

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        await self._http.write("POST", f"pipelines/{pipeline_key}/paused", json={"paused": paused})

    async def assets(self) -> AsyncIterator[Sequence[ObservedAsset]]:
        for page in ():
            yield page

    async def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        for page in ():
            yield page

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:
        raise Rejected("The stage does not push.")

    async def aclose(self) -> None:
        await self._http.aclose()


class AsAirflow(StageAdapter):
    """Plays Airflow in pictures."""

    manifest = replace(StageAdapter.manifest, kind="airflow", title="Airflow")


class AsPrefect(StageAdapter):
    """Plays Prefect in pictures."""

    manifest = replace(StageAdapter.manifest, kind="prefect", title="Prefect")


class AsDagster(StageAdapter):
    """Plays Dagster in pictures."""

    manifest = replace(StageAdapter.manifest, kind="dagster", title="Dagster")
