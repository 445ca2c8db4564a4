"""A pretend Dagster: the answers to the documents that read and launch runs, over real HTTP, with faults on demand."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvicorn

from adapters.dagster.adapter import DagsterAdapter, Options
from adapters.dagster.auth import Auth
from adapters.sdk.protocol import Clock, Connection, utc_now
from adapters.sdk.redaction import Redactor

#: Status and body (JSON, or bytes as they are), and headers besides the type of the content.
Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]
#: A connection that breaks in the middle of the body, and one that is never answered.
BROKEN: Answer = (200, b'{"data": {"runsOrErr', {"content-length": "5000"})
SILENT: Answer = (0, None)


@dataclass
class PretendDagster:
    """Runs in the order of their creation, and what happens to the next requests."""

    url: str = ""
    runs: list[dict[str, Any]] = field(default_factory=list)
    #: Keys of the partitions of every job.
    partitions: list[str] = field(default_factory=list)
    #: Names of the operations asked for so far.
    asked: list[str] = field(default_factory=list)
    #: By operation: answers (status and body) given instead of the real ones, first to last.
    instead: dict[str, list[Answer]] = field(default_factory=dict)
    #: By operation: how it is answered, where the test knows better.
    answers: dict[str, Callable[[dict[str, Any]], Any]] = field(default_factory=dict)
    #: Awaited after a launch has made its run and before it is answered.
    before_launch_is_answered: Callable[[], Awaitable[None]] | None = None

    def add(self, at: float, **changes: Any) -> dict[str, Any]:
        """A run created at ``at``, seconds since 1970."""
        run = {
            "__typename": "Run",
            "runId": f"run-{len(self.asked)}-{len(self.runs)}-{at}",
            "jobName": "etl",
            "status": "STARTED",
            "creationTime": at,
            "startTime": at,
            "endTime": None,
            "updateTime": at,
            "parentRunId": None,
            "runConfig": {},
            "tags": [],
            "repositoryOrigin": {"repositoryLocationName": "shop", "repositoryName": "__repository__"},
            "stepStats": [],
            "stepKeysToExecute": [],
            "executionPlan": None,
        } | changes
        self.runs.append(run)
        return run

    async def answer(self, operation: str, variables: dict[str, Any]) -> Answer:
        """What Dagster would say."""
        self.asked.append(operation)
        if self.instead.get(operation):
            return self.instead[operation].pop(0)
        if operation in self.answers:
            return 200, {"data": self.answers[operation](variables)}
        return 200, {"data": await getattr(self, f"_{operation.lower()}")(variables)}

    async def _runs(self, variables: dict[str, Any]) -> dict[str, Any]:
        wanted = variables["filter"]
        newest_first = [run for run in reversed(self.runs) if _matches(run, wanted)]
        if variables["cursor"]:
            order = [run["runId"] for run in self.runs]
            if variables["cursor"] not in order:
                newest_first = []
            else:
                older = set(order[: order.index(variables["cursor"])])
                newest_first = [run for run in newest_first if run["runId"] in older]
        return {"runsOrError": {"__typename": "Runs", "results": newest_first[: variables["limit"]]}}

    async def _run(self, variables: dict[str, Any]) -> dict[str, Any]:
        for run in self.runs:
            if run["runId"] == variables["run"]:
                return {"runOrError": run}
        return {"runOrError": {"__typename": "RunNotFoundError", "message": "no such run"}}

    _runexists = _steps = _run

    async def _partitionkeys(self, variables: dict[str, Any]) -> dict[str, Any]:
        keys = {"partitionKeys": self.partitions}
        return {"pipelineOrError": {"__typename": "Pipeline", "partitionKeysOrError": keys}}

    async def _launch(self, variables: dict[str, Any]) -> dict[str, Any]:
        params = variables["params"]
        run = self.add(1.0 + len(self.runs), tags=params["executionMetadata"]["tags"], status="QUEUED")
        if self.before_launch_is_answered:
            await self.before_launch_is_answered()
        return {"launchRun": {"__typename": "LaunchRunSuccess", "run": run}}

    async def _reexecute(self, variables: dict[str, Any]) -> dict[str, Any]:
        parent = variables["params"]["parentRunId"]
        tags = [{"key": "dagster/parent_run_id", "value": parent}]
        run = self.add(1.0 + len(self.runs), tags=tags, status="QUEUED", parentRunId=parent)
        if self.before_launch_is_answered:
            await self.before_launch_is_answered()
        return {"launchRunReexecution": {"__typename": "LaunchRunSuccess", "run": run}}

    async def _terminate(self, variables: dict[str, Any]) -> dict[str, Any]:
        (run,) = [run for run in self.runs if run["runId"] == variables["run"]]
        may_end = (
            {"QUEUED", "STARTED"} if variables["policy"] == "SAFE_TERMINATE" else {"QUEUED", "STARTED", "STARTING"}
        )
        if run["status"] not in may_end:
            return {"terminateRun": {"__typename": "TerminateRunFailure", "message": f"it is {run['status']}"}}
        run["status"] = "CANCELED"
        return {"terminateRun": {"__typename": "TerminateRunSuccess"}}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        asked = orjson.loads(body)
        name = re.match(r"\s*(?:query|mutation) (\w+)", asked["query"])
        answer = await self.answer(name[1] if name else "", asked["variables"])
        if answer is SILENT:
            await receive()  # until the client goes away
            return
        status, content, *more = answer
        given = {"content-type": "application/json"} | (more[0] if more else {})
        headers = [(key.encode(), value.encode()) for key, value in given.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {"type": "http.response.body", "body": content if isinstance(content, bytes) else orjson.dumps(content)}
        )


def _matches(run: dict[str, Any], wanted: dict[str, Any]) -> bool:
    tags = {(tag["key"], tag["value"]) for tag in run["tags"]}
    return (
        run["updateTime"] > wanted.get("updatedAfter", 0.0)
        and all((tag["key"], tag["value"]) in tags for tag in wanted.get("tags", ()))
        and wanted.get("pipelineName") in {None, run["jobName"]}
    )


class Switchboard:
    """One server for all tests, each with a pretend Dagster of its own."""

    def __init__(self) -> None:
        self.url = ""
        self.dagster = PretendDagster()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        await self.dagster(scope, receive, send)


@asynccontextmanager
async def switchboard() -> AsyncGenerator[Switchboard]:
    """Serves on a free port of the loopback."""
    board = Switchboard()
    config = uvicorn.Config(board, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    board.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield board
    finally:
        server.should_exit = True
        await serving


def adapter_for(
    url: str, *, clock: Clock = utc_now, timeout: float = 5.0, auth: Auth | None = None, **options: Any
) -> DagsterAdapter:
    """An adapter of a server at ``url``."""
    secrets = [secret.get_secret_value() for secret in (auth.token, auth.password) if secret] if auth else []
    connection = Connection(
        name="dagster",
        url=url,
        auth=auth or Auth(),
        options=Options(**options),
        redactor=Redactor(secrets),
        clock=clock,
        timeout=timeout,
    )
    return DagsterAdapter(connection)
