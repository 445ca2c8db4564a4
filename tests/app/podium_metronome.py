"""A third party's adapter, for the made-up orchestrator of ``tests.app.metronome_server``."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from adapters.sdk.errors import Drift, NotFound
from adapters.sdk.http import HttpClient, RetryPolicy, basic_auth
from adapters.sdk.manifest import Manifest
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
from gateway.domain.states import Capability, RunState, RunTrigger, TaskRunState, TriggerGuarantee

STATES = {
    "playing": RunState.RUNNING,
    "done": RunState.SUCCESS,
    "broken": RunState.FAILED,
    "stopped": RunState.CANCELLED,
}


class Auth(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str = "podium"
    password: SecretStr


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tempo: int = Field(default=120, ge=20, le=300)
    mood: Literal["calm", "lively"] = "calm"


class MetronomeAdapter:
    manifest = Manifest(
        kind="metronome",
        title="Metronome",
        supported_versions=(">=1",),
        capabilities=frozenset(
            {
                Capability.TRIGGER,
                Capability.CANCEL,
                Capability.RETRY,
                Capability.PAUSE,
                Capability.TASKS,
                Capability.LOGS,
            }
        ),
        trigger=TriggerGuarantee.EXACTLY_ONCE,
        trigger_note="The key is the run's id.",
    )
    Auth = Auth
    Options = Options

    def __init__(self, connection: Connection) -> None:
        auth = connection.auth
        assert isinstance(auth, Auth)
        self._url = connection.url
        self._http = HttpClient(
            connection,
            product="Metronome",
            auth=basic_auth(auth.username, auth.password.get_secret_value(), connection.redactor),
            retry=RetryPolicy(attempts=2, longest_wait=0.01),
        )

    async def probe(self) -> Probe:
        said = await self._http.read("GET", "version")
        if not isinstance(said, dict) or "beats" not in said:
            raise Drift("That is no metronome.")
        return Probe(
            version=said["version"],
            capabilities=frozenset(Capability(name) for name in said["can"]),
            warnings=() if len(said["can"]) > 2 else ("It runs a little fast: wind it less.",),
        )

    async def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        listed = await self._http.read("GET", "pipelines")
        yield [
            ObservedPipeline(
                key=one["key"],
                name=one["key"].title(),
                owners=("conductor",),
                tags=("music",),
                schedule="0 9 * * *",
                is_paused=one["paused"],
                url=f"{self._url}/sheet/{one['key']}",
            )
            for one in listed
        ]

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        return PipelineStructure((), frozenset())

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        page = await self._http.read("GET", f"changed/{cursor or 0}")
        yield RunPage([self._observed(run) for run in page["runs"]], str(page["at"]))

    async def run(self, ref: RunRef) -> ObservedRun:
        return self._observed(await self._http.read("GET", f"runs/{quote(ref.external_id)}"))

    async def task_runs(self, ref: RunRef) -> Sequence[ObservedTaskRun]:
        run = await self.run(ref)
        return [
            ObservedTaskRun(
                task=task,
                state=TaskRunState(run.state.value),
                native_state=run.native_state,
                attempt=attempt,
                started_at=run.started_at,
                ended_at=run.ended_at,
            )
            for task in ("tick", "tock")
            for attempt in range(1, (run.attempt or 1) + 1)
        ]

    async def log(self, ref: RunRef, task_run: ObservedTaskRun, *, tail: int) -> str:
        lines = [f"{task_run.task} {number}" for number in range(1, 6)]
        return "\n".join(lines[-tail:])

    async def trigger(self, request: TriggerRequest) -> Triggered:
        known = await self.find_triggered(request.pipeline_key, request.idempotency_key)
        wanted = {
            "pipeline": request.pipeline_key,
            "key": request.idempotency_key,
            "parameters": dict(request.parameters),
        }
        return Triggered(self._observed(await self._http.write("POST", "play", json=wanted)), is_new=known is None)

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        try:
            return await self.run(RunRef(pipeline_key, idempotency_key))
        except NotFound:
            return None

    async def cancel(self, ref: RunRef) -> ObservedRun:
        return self._observed(await self._http.write("POST", "stop", json={"id": ref.external_id}))

    async def retry(self, ref: RunRef) -> ObservedRun:
        return self._observed(await self._http.write("POST", "again", json={"id": ref.external_id}))

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        await self._http.write("POST", "pause", json={"key": pipeline_key, "paused": paused})

    async def assets(self) -> AsyncIterator[Sequence[ObservedAsset]]:
        yield []

    async def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        yield AssetEventPage([], cursor or "")

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:
        return []

    async def aclose(self) -> None:
        await self._http.aclose()

    def _observed(self, run: Any) -> ObservedRun:
        return ObservedRun(
            pipeline_key=run["pipeline"],
            external_id=run["id"],
            state=STATES[run["state"]],
            native_state=run["state"],
            trigger=RunTrigger.API,
            started_at=datetime.fromtimestamp(run["started"], UTC),
            ended_at=datetime.fromtimestamp(run["ended"], UTC) if run["ended"] else None,
            parameters=run["parameters"],
            attempt=run["attempt"],
            url=f"{self._url}/play/{run['id']}",
        )
