"""An orchestrator that the tests direct: a small HTTP server whose pipelines and runs change when told to.

What the gateway makes of the three real ones is shown by the live tests. Here the page is what is tested, and it needs
an orchestrator that fails, stays silent or finishes at the moment a story wants it to.
"""

import base64
import json
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import TypeAdapter

from gateway.domain.observation import ObservedPipeline, ObservedRun, ObservedTask, ObservedTaskRun
from gateway.domain.states import RunState, RunTrigger, TaskRunState

PASSWORD = "encore"
PIPELINES = TypeAdapter(list[ObservedPipeline])
RUNS = TypeAdapter(list[ObservedRun])
TASKS = TypeAdapter(list[ObservedTask])
TASK_RUNS = TypeAdapter(list[ObservedTaskRun])
TASK_KEYS = ("extract", "transform", "check", "load")
EDGES = [("extract", "transform"), ("extract", "check"), ("transform", "load"), ("check", "load")]
ONGOING = {RunState.QUEUED, RunState.RUNNING}


@dataclass
class Stage:
    """Pipelines, runs, and the order in which runs changed."""

    version: str = "4.2"
    pipelines: dict[str, ObservedPipeline] = field(default_factory=dict)
    runs: dict[str, ObservedRun] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    #: What a task has written, whatever the run; 300 lines where nothing is said.
    logs: dict[str, str] = field(default_factory=dict)
    #: Of each pipeline.
    tasks: list[ObservedTask] = field(default_factory=lambda: [ObservedTask(key, key) for key in TASK_KEYS])
    edges: list[tuple[str, str]] = field(default_factory=lambda: list(EDGES))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add_pipeline(self, key: str, **more: Any) -> None:
        """A pipeline of four tasks."""
        self.pipelines[key] = ObservedPipeline(key, key, revision="1", url=f"https://stage.example.com/{key}", **more)

    def put(self, external_id: str, state: RunState, pipeline: str | None = None, **more: Any) -> ObservedRun:
        """A new run, or a new state of a known one; times that are not given follow the state."""
        with self.lock:
            now = datetime.now(UTC)
            known = self.runs.get(external_id)
            if known is None:
                assert pipeline is not None
                url = f"https://stage.example.com/{pipeline}/{external_id}"
                known = ObservedRun(pipeline, external_id, state, state.lower(), queued_at=now, attempt=1, url=url)
            if state is not RunState.QUEUED and known.started_at is None:
                known = replace(known, started_at=now)
            ended = None if state in ONGOING else known.ended_at or now
            run = replace(known, state=state, native_state=state.lower(), ended_at=ended)
            self.runs[external_id] = replace(run, **more)
            self.changed.append(external_id)
            return self.runs[external_id]

    def task_runs(self, run: ObservedRun) -> list[ObservedTaskRun]:
        """As far as the run has come; a failed one failed twice in its third task."""
        began = run.started_at
        if began is None:
            return []
        reached = {RunState.RUNNING: 2, RunState.FAILED: 3}.get(run.state, 4)
        found = [_task_run(task, number, began) for number, task in enumerate(TASK_KEYS[:reached])]
        if run.state is RunState.RUNNING:
            found[-1] = replace(found[-1], state=TaskRunState.RUNNING, native_state="running", ended_at=None)
        if run.state is RunState.FAILED:
            second = _task_run(found[-1].task, 4, began)
            again = replace(second, attempt=2, state=TaskRunState.FAILED, native_state="failed")
            found[-1] = replace(found[-1], state=TaskRunState.UP_FOR_RETRY, native_state="up_for_retry")
            found += [again, ObservedTaskRun("load", TaskRunState.UPSTREAM_FAILED, "upstream_failed")]
        return found

    def trigger(self, wanted: dict[str, Any]) -> tuple[ObservedRun, bool]:
        """The run of a key, new where the key is."""
        with self.lock:
            key = wanted["key"]
            is_new = key not in self.keys
            if is_new:
                self.keys[key] = f"manual-{len(self.runs)}"
                more = {"trigger": RunTrigger.API, "parameters": wanted["parameters"]}
                self.put(self.keys[key], RunState.QUEUED, wanted["pipeline"], **more)
            return self.runs[self.keys[key]], is_new


def _task_run(task: str, number: int, began: datetime) -> ObservedTaskRun:
    start = began + timedelta(seconds=4 * number)
    url = f"https://stage.example.com/logs/{task}"
    return ObservedTaskRun(
        task, TaskRunState.SUCCESS, "success", started_at=start, ended_at=start + timedelta(seconds=4), url=url
    )


class StageServer:
    """Serves one stage on a free port of this machine, until stopped; it may be started again on the same port."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Answer from now on."""
        handler = type("Handler", (_Handler,), {"stage": self.stage})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Handler(BaseHTTPRequestHandler):
    stage: Stage

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
        """Tests print only what they mean to."""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self._answer(json.loads(self.rfile.read(length) or b"{}"))

    def _answer(self, body: dict[str, Any]) -> None:
        said = base64.b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()
        if said != f"podium:{PASSWORD}":
            self._send(401, {"error": "Who are you?"})
            return
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        answer = _Answers(self.stage).to(parts.path.strip("/").split("/"), query, body)
        self._send(404 if answer is None else 200, answer)

    def _send(self, status: int, answer: Any) -> None:
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Answers:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def to(self, path: list[str], query: dict[str, str], body: dict[str, Any]) -> Any:
        """What is answered; None where nothing is known by that name."""
        with self._stage.lock:
            match path:
                case ["version"]:
                    return {"version": self._stage.version}
                case ["pipelines"]:
                    return PIPELINES.dump_json(list(self._stage.pipelines.values()))
                case ["structure"]:
                    return {"tasks": TASKS.dump_python(self._stage.tasks), "edges": self._stage.edges}
                case ["changes"]:
                    return self._changes(int(query["from"]))
                case ["trigger"]:
                    run, is_new = self._stage.trigger(body)
                    return {"run": RUNS.dump_python([run], mode="json")[0], "is_new": is_new}
                case ["triggered", key]:
                    run = self._stage.runs.get(self._stage.keys.get(key, ""))
                    return None if run is None else self._run(run, [])
                case ["pipelines", key, "paused"]:
                    self._stage.pipelines[key] = replace(self._stage.pipelines[key], is_paused=body["paused"])
                    return {}
                case ["runs", external_id, *rest]:
                    run = self._stage.runs.get(external_id)
                    return None if run is None else self._run(run, rest)
                case _:
                    return None

    def _changes(self, position: int) -> Any:
        ids = self._stage.changed[position : position + 100]
        runs = [self._stage.runs[external_id] for external_id in ids]
        return {"runs": RUNS.dump_python(runs, mode="json"), "next": position + len(ids)}

    def _run(self, run: ObservedRun, rest: list[str]) -> Any:
        match rest:
            case ["tasks"]:
                return TASK_RUNS.dump_json(self._stage.task_runs(run))
            case ["log", task, attempt]:
                lines = (f"{task} attempt {attempt}, line {line}" for line in range(1, 301))
                return {"text": self._stage.logs.get(task) or "\n".join(lines)}
            case ["cancel"]:
                run = self._stage.put(run.external_id, RunState.CANCELLED)
            case ["retry"]:
                run = self._stage.put(run.external_id, RunState.QUEUED, attempt=2)
            case _:
                pass
        return RUNS.dump_python([run], mode="json")[0]
