"""Starting runs without an idempotency key at the vendor.

Dagster starts a new run for every launch. So there is one launch of a key at a time in this process; each run carries
its key as a tag; the tag is looked up before the launch and, where the outcome is unclear, after it. Another process
may still launch at the same moment: after each launch the tag is looked up once more, and the launcher whose run is
not the oldest ends it. Every launcher looks after its own run exists, so the later one always sees the earlier.

What remains, and why the manifest says at-least-once: a launch that Dagster takes up only after we gave up waiting,
while the caller asks again; and the moments a surplus run may live.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import structlog

from adapters.dagster import queries
from adapters.dagster.client import DagsterClient
from adapters.dagster.execution import execution_params
from adapters.dagster.keys import job_address
from adapters.dagster.mapping.runs import KEY_TAG, PARENT_TAG, RunMapper
from adapters.dagster.payloads import Run
from adapters.dagster.shapes import known_shape
from adapters.sdk.errors import AdapterError, RateLimited, Rejected, Unavailable
from gateway.domain.observation import ObservedRun, RunRef, Triggered, TriggerRequest

log = structlog.get_logger(__name__)

#: Neither queued nor started.
STARTING = frozenset({"NOT_STARTED", "STARTING", "MANAGED"})
#: How often a run that is coming up is looked at, and the seconds in between.
COMING_UP = 30
BETWEEN = 0.5
#: Seconds before each look for a run whose launch had an unclear outcome.
LOOKS = (0.2, 0.5, 1.0, 2.0, 4.0)
#: Seconds for all looks together, however slowly they are answered.
LOOK_BACK = 20.0
#: Runs that one key or one parent can have; more are not looked at.
MOST = 100


@dataclass(frozen=True, slots=True)
class Launches:
    """Launches, re-executions and terminations of one connection."""

    client: DagsterClient
    mapper: RunMapper
    _locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(
        default_factory=WeakValueDictionary[tuple[str, str], asyncio.Lock], init=False, repr=False
    )

    async def trigger(self, request: TriggerRequest) -> Triggered:
        """Start a run for a key, or return the one that it has made."""
        async with self._only_one(request.pipeline_key, request.idempotency_key):
            if known := await self.find(request.pipeline_key, request.idempotency_key):
                return Triggered(known, is_new=False)
            address = job_address(request.pipeline_key, self.mapper.only_location)
            params = await execution_params(self.client, request, address)

            async def find() -> ObservedRun | None:
                return await self.find(request.pipeline_key, request.idempotency_key)

            launched = await self._launch(queries.LAUNCH, "launchRun", params, find)
            return await self._settle(request, launched)

    async def find(self, key: str, idempotency_key: str) -> ObservedRun | None:
        """The oldest run that carries the key; re-executions inherit tags, so only runs without a parent count."""
        address = job_address(key, self.mapper.only_location)
        found = await self._tagged(KEY_TAG, idempotency_key, job=address.job)
        own = [run for run in found if run.pipeline_key == key and run.parent_external_id is None]
        return own[-1] if own else None

    async def retry(self, ref: RunRef) -> ObservedRun:
        """Re-execute a run from its failed steps, or wholly where none failed; a retry under way is returned as is."""
        async with self._only_one("retry", ref.external_id):
            raw = self.client.expect(await self.client.query(queries.STEPS, run=ref.external_id), "runOrError", "Run")
            before = await self._children(ref)
            if under_way := next((run for run in before if not run.state.is_terminal), None):
                return under_way
            strategy = _strategy(raw, ref)
            known = {run.external_id for run in before}

            async def find() -> ObservedRun | None:
                return next((run for run in await self._children(ref) if run.external_id not in known), None)

            params = {"parentRunId": ref.external_id, "strategy": strategy}
            return await self._launch(queries.REEXECUTE, "launchRunReexecution", params, find)

    async def cancel(self, ref: RunRef) -> None:
        """Ask for a run's end. NotFound; Rejected where it has ended or Dagster refuses otherwise.

        Dagster terminates only what is queued or started, so a run that is coming up is waited for. One that does not
        come up is marked as canceled, which its process heeds should it still appear. Not earlier: a process that has
        just read the run's state would start it all the same.
        """
        before = ""
        for _ in range(COMING_UP):
            try:
                await self._terminate(ref, "SAFE_TERMINATE")
            except Rejected:
                run = await self._run(ref)
                if run.native_state == "CANCELING":
                    return
                # Refused twice in one state is final; refused once may mean that it came up just now.
                if run.native_state not in STARTING and (run.state.is_terminal or run.native_state == before):
                    raise
                before = run.native_state
                await asyncio.sleep(BETWEEN)
            else:
                return
        await self._terminate(ref, "MARK_AS_CANCELED_IMMEDIATELY")

    async def _run(self, ref: RunRef) -> ObservedRun:
        answer = await self.client.query(queries.RUN, run=ref.external_id)
        return self.mapper.run(self.client.expect(answer, "runOrError", "Run"))

    async def _terminate(self, ref: RunRef, policy: str) -> None:
        answer = await self.client.mutate(queries.TERMINATE, run=ref.external_id, policy=policy)
        self.client.expect(answer, "terminateRun", "TerminateRunSuccess")

    async def _launch(
        self, document: str, name: str, params: Mapping[str, Any], find: Callable[[], Awaitable[ObservedRun | None]]
    ) -> ObservedRun:
        try:
            answer = await self.client.mutate(document, params=params)
            launched = self.client.expect(answer, name, "LaunchRunSuccess")
        except Unavailable as error:
            return await self._look_back(find, error)
        with known_shape("A launched run"):
            return self.mapper.run(launched["run"])

    async def _look_back(self, find: Callable[[], Awaitable[ObservedRun | None]], cause: Unavailable) -> ObservedRun:
        """The run of a launch whose outcome is unclear; Unavailable where it does not show up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_BACK):
                for seconds in LOOKS:
                    await asyncio.sleep(seconds)
                    with suppress(Unavailable, RateLimited):
                        if run := await find():
                            return run
        raise Unavailable(
            f"{cause.message} Whether it has started a run is unknown: none has shown up.",
            remedy="Ask again with the same key.",
        ) from cause

    async def _settle(self, request: TriggerRequest, launched: ObservedRun) -> Triggered:
        """After a launch: the oldest run of the key is the one; end ours where it is not."""
        try:
            oldest = await self.find(request.pipeline_key, request.idempotency_key)
        except AdapterError as error:
            log.warning("dagster.not_verified", run=launched.external_id, reason=str(error))
            return Triggered(launched, is_new=True)
        if oldest is None or oldest.external_id == launched.external_id:
            return Triggered(oldest or launched, is_new=True)
        log.warning("dagster.surplus_run", run=launched.external_id, kept=oldest.external_id)
        try:
            await self.cancel(launched.ref)
        except AdapterError as error:
            log.warning("dagster.surplus_run_goes_on", run=launched.external_id, reason=str(error))
        return Triggered(oldest, is_new=False)

    async def _children(self, ref: RunRef) -> list[ObservedRun]:
        return await self._tagged(PARENT_TAG, ref.external_id)

    async def _tagged(self, tag: str, value: str, job: str | None = None) -> list[ObservedRun]:
        """Runs with a tag, newest first."""
        wanted: dict[str, Any] = {"tags": [{"key": tag, "value": value}]}
        if job is not None:
            wanted["pipelineName"] = job
        answer = await self.client.query(queries.RUNS, filter=wanted, cursor=None, limit=MOST)
        with known_shape("A page of runs"):
            results: list[Run] = self.client.expect(answer, "runsOrError", "Runs")["results"]
            return [self.mapper.run(run) for run in results]

    def _only_one(self, key: str, idempotency_key: str) -> asyncio.Lock:
        return self._locks.setdefault((key, idempotency_key), asyncio.Lock())


@known_shape("A run's list of steps")
def _strategy(raw: Mapping[str, Any], ref: RunRef) -> str:
    status = raw["status"]
    if status == "SUCCESS":
        raise Rejected(
            f"Run {ref.external_id} has succeeded: nothing in it can be retried.", remedy="Trigger a new run."
        )
    if status not in {"FAILURE", "CANCELED"}:
        raise Rejected(f"Run {ref.external_id} is {status}: it can be retried when it has ended.")
    has_failed_step = any(step["status"] == "FAILURE" for step in raw["stepStats"])
    return "FROM_FAILURE" if status == "FAILURE" and has_failed_step else "ALL_STEPS"
