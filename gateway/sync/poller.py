"""Follows one orchestrator: connects, then runs its streams side by side until the connection must be renewed.

A stream that fails waits longer each time. When one has failed so often that its circuit opens, or the credentials are
refused, all streams stop and only the probe is tried, until it answers; then they go on from their cursors.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from adapters.sdk.errors import AdapterError, RateLimited
from adapters.sdk.protocol import Clock
from adapters.sdk.registry import ConfigurationError
from gateway.domain.health import Failure, FailureKind, Health, StreamHealth, judge
from gateway.domain.records import Orchestrator
from gateway.domain.states import Capability, OrchestratorStatus
from gateway.store.database import Database
from gateway.store.repository import orchestrators
from gateway.sync import metrics
from gateway.sync.connections import Connections
from gateway.sync.streams import Reader

log = structlog.get_logger(__name__)

CONNECTION = "connection"
#: A scheduler that died in front of a healthy API shows only here.
REPROBE_AT_MOST_EVERY = timedelta(seconds=30)
ASSETS_AT_MOST_EVERY = timedelta(seconds=30)
#: A stream other than runs rests at least this many times as long as it worked.
REST = 4


class _ConnectionLostError(Exception):
    """Ends all streams, so that the connection is made anew."""


@dataclass(frozen=True, slots=True)
class _Stream:
    name: str
    read: Callable[[], Awaitable[None]]
    interval: timedelta
    #: Ends the pause early.
    wake: asyncio.Event | None = None
    rests: bool = True


class Poller:
    """The loop of one orchestrator. Run ``follow`` in a task; cancelling it at any point loses nothing."""

    def __init__(self, database: Database, orchestrator: Orchestrator, connections: Connections, clock: Clock) -> None:
        self.orchestrator = orchestrator
        self.reader: Reader | None = None
        self._database = database
        self._connections = connections
        self._clock = clock
        self._streams: dict[str, StreamHealth] = {CONNECTION: StreamHealth()}
        self._shown = Health(orchestrator.status, orchestrator.status_message)
        self._log = log.bind(orchestrator=orchestrator.name, kind=orchestrator.kind)

    async def follow(self) -> None:
        """Connect and read, for ever."""
        try:
            while True:
                if await self._attempt(CONNECTION, self._connect) and self.reader is not None:
                    await self._run_streams(self.reader)
                else:
                    await self._pause(_Stream(CONNECTION, self._connect, self._interval))
                await self._connections.drop(self.orchestrator.id)
        finally:
            metrics.forget(self.orchestrator.name)

    @property
    def _interval(self) -> timedelta:
        return timedelta(seconds=self.orchestrator.definition.poll_seconds)

    async def _connect(self) -> None:
        adapter = self._connections.get(self.orchestrator)
        self.reader = Reader(self._database, self.orchestrator, adapter, self._clock)
        await self.reader.probe()

    def _planned(self, reader: Reader) -> list[_Stream]:
        able = reader.capabilities
        plan = [
            _Stream("runs", reader.read_runs, self._interval, rests=False),
            _Stream("pipelines", reader.read_pipelines, self._interval),
            _Stream(CONNECTION, reader.probe, max(self._interval, REPROBE_AT_MOST_EVERY)),
        ]
        if Capability.TASK_GRAPH in able:
            plan.append(_Stream("task graphs", reader.read_structures, self._interval))
        if Capability.TASKS in able:
            plan.append(
                _Stream("task runs", reader.read_task_runs, self._interval, wake=reader.runs_changed, rests=False)
            )
        if Capability.ASSETS in able:
            plan.append(_Stream("assets", reader.read_assets, max(self._interval, ASSETS_AT_MOST_EVERY)))
        return plan

    async def _run_streams(self, reader: Reader) -> None:
        plan = self._planned(reader)
        self._streams = {stream.name: self._streams.get(stream.name, StreamHealth()) for stream in plan}
        try:
            async with asyncio.TaskGroup() as group:
                for stream in plan:
                    group.create_task(self._repeat(stream), name=f"{self.orchestrator.name}/{stream.name}")
        except* _ConnectionLostError:
            self._log.debug("reconnecting")

    async def _repeat(self, stream: _Stream) -> None:
        if stream.name == CONNECTION:
            await self._pause(stream)
        while True:
            began = time.monotonic()
            await self._attempt(stream.name, stream.read)
            took = timedelta(seconds=time.monotonic() - began)
            health = self._streams[stream.name]
            if health.is_open or _needs_new_connection(health):
                raise _ConnectionLostError
            await self._pause(stream, took)

    async def _pause(self, stream: _Stream, took: timedelta = timedelta(0)) -> None:
        health = self._streams[stream.name]
        pause = health.pause(stream.interval, random.random())
        if health.last_failure is None:
            pause = max(pause - took, took * REST if stream.rests else timedelta(0))
        if stream.wake is None or health.last_failure is not None:
            await asyncio.sleep(pause.total_seconds())
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause.total_seconds()):
                await stream.wake.wait()
                stream.wake.clear()

    async def _attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        began = time.monotonic()
        try:
            await work()
        except AdapterError as error:
            await self._failed(name, _failure(error))
        except ConfigurationError as error:
            await self._failed(name, Failure(FailureKind.CONFIGURATION, str(error)))
        except Exception:  # noqa: BLE001  # the supervisor's own net: a fault of ours must not end the loop
            self._log.exception("sync failed on a fault of its own", stream=name)
            await self._failed(name, Failure(FailureKind.INTERNAL, "Podium failed on a fault of its own; see its log."))
        else:
            metrics.PASS_SECONDS.labels(self.orchestrator.name, name).observe(time.monotonic() - began)
            metrics.LAST_SUCCESS.labels(self.orchestrator.name, name).set(self._clock().timestamp())
            await self._record(name, self._streams[name].success(self._clock()))
            return True
        return False

    async def _failed(self, name: str, failure: Failure) -> None:
        metrics.FAILURES.labels(self.orchestrator.name, name, failure.kind).inc()
        self._log.debug("sync attempt failed", stream=name, kind=failure.kind, reason=failure.message)
        await self._record(name, self._streams[name].failure(failure))

    async def _record(self, name: str, health: StreamHealth) -> None:
        self._streams[name] = health
        metrics.CIRCUIT_OPEN.labels(self.orchestrator.name, name).set(health.is_open)
        judged = judge(self._streams, self.reader.warnings if self.reader else ())
        is_starting = judged.status is OrchestratorStatus.PENDING
        if not is_starting:
            is_up = judged.status in {OrchestratorStatus.HEALTHY, OrchestratorStatus.DEGRADED}
            metrics.UP.labels(self.orchestrator.name).set(is_up)
        if judged == self._shown or (is_starting and self._shown.status is not OrchestratorStatus.PENDING):
            return  # after a restart the last known status holds until there is news
        async with self._database.write() as session:
            moved = await orchestrators.save_health(session, self.orchestrator.id, judged, self._clock())
        self._shown = judged
        if moved:
            tell = self._log.info if judged.status is OrchestratorStatus.HEALTHY else self._log.warning
            tell("orchestrator is " + judged.status.lower(), reason=judged.message)


def _needs_new_connection(health: StreamHealth) -> bool:
    return health.last_failure is not None and health.last_failure.kind is FailureKind.UNAUTHORIZED


def _failure(error: AdapterError) -> Failure:
    retry_after = timedelta(seconds=error.retry_after) if isinstance(error, RateLimited) and error.retry_after else None
    return Failure(FailureKind(error.kind), str(error), retry_after)
