"""A small orchestrator in memory, spoken to through an adapter like any other: it can be slow, down and inconsistent.

What real ones do is shown by the live tests. This one makes happen at will what real ones do rarely.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from adapters.sdk.errors import AdapterError, NotFound
from adapters.sdk.manifest import Manifest
from gateway.domain.observation import (
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
from gateway.domain.states import Capability, RunState, TaskRunState, TriggerGuarantee

T0 = datetime(2026, 5, 1, 7, tzinfo=UTC)
CAPABILITIES = frozenset(Capability) - {Capability.ASSETS}


@dataclass
class Clock:
    """Stands still until moved."""

    now: datetime = T0

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Vendor:
    """The orchestrator itself: runs in the order they last changed."""

    pipelines: dict[str, ObservedPipeline] = field(default_factory=dict)
    runs: dict[str, ObservedRun] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    task_runs: dict[str, list[ObservedTaskRun]] = field(default_factory=dict)
    page_size: int = 2
    #: Raised by every call while set.
    trouble: AdapterError | None = None
    #: Raised by the n-th page of runs from now.
    trouble_at_page: dict[int, AdapterError] = field(default_factory=dict)
    #: Raised by the n-th page of pipelines from now.
    trouble_in_list: dict[int, AdapterError] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def add_pipeline(self, key: str) -> None:
        self.pipelines[key] = ObservedPipeline(key, key, revision="v1")

    def put(self, external_id: str, state: RunState = RunState.RUNNING, pipeline: str = "ingest", **more: Any) -> None:
        known = self.runs.get(external_id) or ObservedRun(pipeline, external_id, state, state.lower(), queued_at=T0)
        self.runs[external_id] = replace(known, state=state, native_state=state.lower(), **more)
        self.changed.append(external_id)


class NoAuth(BaseModel):
    model_config = ConfigDict(extra="forbid")


class VendorAdapter:
    """Reads the vendor's log of changes; the cursor is a position in it."""

    manifest: ClassVar[Manifest] = Manifest(
        "memory", "In memory", ("1",), CAPABILITIES, TriggerGuarantee.EXACTLY_ONCE, "A dictionary."
    )
    Auth: ClassVar[type[BaseModel]] = NoAuth
    Options: ClassVar[type[BaseModel]] = NoAuth

    def __init__(self, vendor: Any, /) -> None:
        self.vendor: Vendor = vendor
        self.is_closed = False

    def _called(self, what: str) -> None:
        self.vendor.calls.append(what)
        if self.vendor.trouble is not None:
            raise self.vendor.trouble

    async def probe(self) -> Probe:
        self._called("probe")
        return Probe("1.0", CAPABILITIES)

    async def pipelines(self):
        self._called("pipelines")
        listed = list(self.vendor.pipelines.values())
        size = self.vendor.page_size
        for number, first in enumerate(range(0, len(listed), size), start=1):
            if error := self.vendor.trouble_in_list.pop(number, None):
                raise error
            yield listed[first : first + size]

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        self._called("structure")
        return PipelineStructure((ObservedTask("extract", "extract"),), frozenset())

    async def runs(self, cursor: str | None, since: datetime):
        self._called("runs")
        position = int(cursor or 0)
        number = 0
        while True:
            number += 1
            if error := self.vendor.trouble_at_page.pop(number, None):
                raise error
            ids = self.vendor.changed[position : position + self.vendor.page_size]
            position += len(ids)
            yield RunPage([self.vendor.runs[external_id] for external_id in ids], str(position))
            if not ids:
                return

    async def run(self, ref: RunRef) -> ObservedRun:
        self._called("run")
        if ref.external_id not in self.vendor.runs:
            raise NotFound(f"There is no run {ref.external_id}.")
        return self.vendor.runs[ref.external_id]

    async def task_runs(self, ref: RunRef) -> Sequence[ObservedTaskRun]:
        self._called("task_runs")
        return self.vendor.task_runs.get(ref.external_id, [ObservedTaskRun("extract", TaskRunState.RUNNING, "running")])

    async def log(self, ref: RunRef, task_run: ObservedTaskRun, *, tail: int) -> str:
        self._called("log")
        return "one line"

    async def trigger(self, request: TriggerRequest) -> Triggered:
        self._called("trigger")
        is_new = request.idempotency_key not in self.vendor.keys
        if is_new:
            external_id = f"run-{len(self.vendor.runs)}"
            self.vendor.keys[request.idempotency_key] = external_id
            self.vendor.put(external_id, RunState.QUEUED, request.pipeline_key, parameters=request.parameters)
        return Triggered(self.vendor.runs[self.vendor.keys[request.idempotency_key]], is_new)

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        self._called("find_triggered")
        return self.vendor.runs.get(self.vendor.keys.get(idempotency_key, ""))

    async def cancel(self, ref: RunRef) -> ObservedRun:
        self._called("cancel")
        self.vendor.put(ref.external_id, RunState.CANCELLED)
        return self.vendor.runs[ref.external_id]

    async def retry(self, ref: RunRef) -> ObservedRun:
        self._called("retry")
        self.vendor.put(ref.external_id, RunState.QUEUED)
        return self.vendor.runs[ref.external_id]

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        self._called("set_paused")
        self.vendor.pipelines[pipeline_key] = replace(self.vendor.pipelines[pipeline_key], is_paused=paused)

    async def assets(self):
        for page in ():
            yield page

    async def asset_events(self, cursor: str | None, since: datetime):
        for page in ():
            yield page

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:
        return [RunRef(body["pipeline"], body["run"])]

    async def aclose(self) -> None:
        self.is_closed = True
