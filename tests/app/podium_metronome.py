"""A third party's adapter, for the made-up orchestrator of ``tests.app.metronome_server``."""

from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from adapters.sdk.errors import Drift, NotFound, Rejected, Unavailable
from adapters.sdk.http import HttpClient, RetryPolicy, basic_auth
from adapters.sdk.manifest import Manifest
from adapters.sdk.protocol import Connection
from adapters.sdk.timestamps import parse_epoch
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
    page_size: int = Field(default=100, ge=1, le=1000)


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
        options = connection.options
        assert isinstance(auth, Auth)
        assert isinstance(options, Options)
        self._page_size = options.page_size
        self._url = connection.url
        self._http = HttpClient(
            connection,
            product="Metronome",
            auth=basic_auth(auth.username, auth.password.get_secret_value(), connection.redactor),
            retry=RetryPolicy(attempts=2, longest_wait=0.01),
        )

    async def probe(self) -> Probe:
        said = await self._http.read("GET", "version")
        with understanding("who is there"):
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
        first, second = await self._http.read("GET", f"score/{pipeline_key}")
        return PipelineStructure(
            (ObservedTask(first, first), ObservedTask(second, second)), frozenset({(first, second)})
        )

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        is_last = False
        while not is_last:
            page = await self._http.read("GET", f"changed/{cursor or 0}/{self._page_size}")
            with understanding("a page of runs"):
                observed = [self._observed(run) for run in page["runs"]]
                cursor, is_last = str(page["at"]), page["is_last"]
            yield RunPage(observed, cursor)

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
        if task_run.state is TaskRunState.FAILED:
            lines.append("the spring broke")
        return "\n".join(lines[-tail:])

    async def trigger(self, request: TriggerRequest) -> Triggered:
        known = await self.find_triggered(request.pipeline_key, request.idempotency_key)
        wanted = {
            "pipeline": request.pipeline_key,
            "key": request.idempotency_key,
            "parameters": dict(request.parameters),
        }
        try:
            made = self._observed(await self._http.write("POST", "play", json=wanted))
        except Unavailable:
            made = await self.find_triggered(request.pipeline_key, request.idempotency_key)
            if made is None:
                raise
        return Triggered(made, is_new=known is None)

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
        match body:
            case {"pipeline": str(pipeline), "id": str(run_id)}:
                return [RunRef(pipeline, run_id)]
            case _:
                raise Rejected("A metronome tells of a pipeline and an id.")

    async def aclose(self) -> None:
        await self._http.aclose()

    def _observed(self, run: Any) -> ObservedRun:
        return ObservedRun(
            pipeline_key=run["pipeline"],
            external_id=run["id"],
            state=STATES.get(run["state"], RunState.UNKNOWN),
            native_state=run["state"],
            trigger=RunTrigger.API,
            started_at=parse_epoch(run["started"]),
            ended_at=parse_epoch(run["ended"]),
            parameters=run["parameters"],
            attempt=run["attempt"],
            url=f"{self._url}/play/{run['id']}",
        )


class ForgetfulAdapter(MetronomeAdapter):
    """For one that knows no keys: whatever is sent makes a run, and nothing says which was for which key."""

    manifest = replace(
        MetronomeAdapter.manifest,
        kind="forgetful",
        trigger=TriggerGuarantee.AT_LEAST_ONCE,
        trigger_note="It knows no keys.",
    )

    async def trigger(self, request: TriggerRequest) -> Triggered:
        wanted = {"pipeline": request.pipeline_key, "key": f"run-{uuid4()}", "parameters": dict(request.parameters)}
        return Triggered(self._observed(await self._http.write("POST", "play", json=wanted)), is_new=True)

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        return None


@contextmanager
def understanding(what: str) -> Generator[None]:
    """Turn an answer that lacks what a metronome always sends into Drift."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise Drift(f"That is no metronome: {what} is not as it should be ({error!r}).") from None
