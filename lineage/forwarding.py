"""Sends the events in the log on to further consumers; each target has its place in it.

An event is sent at least once: after a crash some are sent again. Those of one run go in the order in which they came,
those of different runs side by side. One replica sends to a target at a time.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import orjson
import structlog
from pydantic import BaseModel

from adapters.sdk import secrets
from adapters.sdk.errors import AdapterError, RateLimited, Rejected
from adapters.sdk.http import HttpClient
from adapters.sdk.protocol import Clock, Connection
from adapters.sdk.redaction import Redactor
from gateway.domain.records import LINEAGE_FORWARD, Definition
from gateway.store import leases
from gateway.store.database import Database
from gateway.store.repository import definitions, lineage_log
from gateway.store.repository.lineage_log import LoggedEvent, forwarding
from lineage import metrics

log = structlog.get_logger(__name__)

#: Events of one step, and how many are under way at once: those of one run never are, as consumers may mind the order.
PORTION = 50
AT_ONCE = 8
#: Seconds between two looks for new events, and for changed targets.
EVERY = 1.0
LONGEST_PAUSE = 60.0
#: After this a dead replica's targets are another's. One that is merely slow then sends some events twice.
HELD = timedelta(seconds=15)
TIMEOUT = 10.0


class _Nothing(BaseModel):
    """A target has no options."""


class Forwarding:
    """``run`` it in a task: it follows the targets that are defined."""

    def __init__(self, database: Database, replica: str, clock: Clock) -> None:
        self._database = database
        self._replica = replica
        self._clock = clock
        self._running: dict[str, tuple[Definition, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Look for ever."""
        try:
            while True:
                try:
                    await self._look()
                except Exception:  # the loop's own net: whatever it is, the next look is due
                    if await self._database.is_reachable():  # else readiness says so
                        log.exception("the targets of lineage events could not be read")
                await asyncio.sleep(EVERY)
        finally:
            await self._end(list(self._running))

    async def _look(self) -> None:
        async with self._database.read() as session:
            wanted = {one.name: one for one in await definitions.of(session, LINEAGE_FORWARD)}
        running = self._running.items()
        await self._end([name for name, (known, task) in running if wanted.get(name) != known or task.done()])
        for name in wanted.keys() - self._running.keys():
            target = Target(self._database, wanted[name], self._replica, self._clock)
            self._running[name] = wanted[name], asyncio.create_task(target.run(), name=f"forward/{name}")

    async def _end(self, names: Sequence[str]) -> None:
        tasks = {name: self._running.pop(name)[1] for name in names}
        for task in tasks.values():
            task.cancel()
        for name, result in zip(tasks, await asyncio.gather(*tasks.values(), return_exceptions=True), strict=True):
            if isinstance(result, Exception):
                log.error("forwarding lineage events broke off", target=name, exc_info=result)


class Target:
    """One consumer, and how far it has got."""

    def __init__(self, database: Database, definition: Definition, replica: str, clock: Clock) -> None:
        self._database = database
        self._name = definition.name
        self._url = str(definition.document["url"])
        self._token: str | None = definition.document.get("token")
        self._replica = replica
        self._clock = clock
        self._failures = 0

    async def run(self) -> None:
        """Send what comes, for ever."""
        redactor = Redactor()
        connection = Connection(self._name, self._url, _Nothing(), _Nothing(), redactor, self._clock, TIMEOUT)
        client = HttpClient(connection, product="an OpenLineage consumer")
        try:
            while True:
                pause = await self.step(client, redactor)
                await asyncio.sleep(pause)
        finally:
            await client.aclose()

    async def step(self, client: HttpClient, redactor: Redactor) -> float:
        """Send the next events; returns the seconds until the next step."""
        try:
            if not await self._is_mine():
                return EVERY
            async with self._database.read() as session:
                position = await lineage_log.position(session, forwarding(self._name))
                events = await lineage_log.after(session, position, PORTION)
            await self._send(client, self._headers(redactor), events)
            if events:
                async with self._database.write() as session:
                    await lineage_log.advance_from(session, forwarding(self._name), position, events[-1].number)
        except (AdapterError, secrets.SecretError) as error:
            return self._failed(error)
        except Exception as error:  # the loop's own net: whatever it is, the next step is due
            if await self._database.is_reachable():  # else readiness says so
                log.exception("lineage events could not be forwarded", target=self._name)
            return self._failed(error)
        if self._failures:
            log.info("lineage events are forwarded again", target=self._name)
        self._failures = 0
        metrics.FORWARDED.labels(self._name).inc(len(events))
        return 0 if len(events) == PORTION else EVERY

    async def _send(self, client: HttpClient, headers: dict[str, str], events: Sequence[LoggedEvent]) -> None:
        """Returns when all are taken, or refused for good. AdapterError."""
        runs: dict[Any, list[LoggedEvent]] = {}
        for event in events:
            runs.setdefault(_run_of(event), []).append(event)
        gate = asyncio.Semaphore(AT_ONCE)

        async def send_run(of_run: Sequence[LoggedEvent]) -> None:
            async with gate:
                for event in of_run:
                    await self._send_one(client, httpx.Request("POST", self._url, content=event.body, headers=headers))

        results = await asyncio.gather(*map(send_run, runs.values()), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _send_one(self, client: HttpClient, request: httpx.Request) -> None:
        try:
            await client.send(request)
        except Rejected as error:  # it will never take this one
            metrics.FORWARD_REFUSED.labels(self._name).inc()
            log.warning("a lineage event was refused by its target", target=self._name, reason=str(error))

    def _headers(self, redactor: Redactor) -> dict[str, str]:
        headers = {"content-type": "application/json"}
        if self._token is not None:
            token = secrets.resolve(self._token)
            redactor.add(token)
            headers["authorization"] = f"Bearer {token}"
        return headers

    def _failed(self, error: Exception) -> float:
        if not self._failures:
            log.warning("lineage events cannot be forwarded", target=self._name, reason=str(error))
        self._failures += 1
        metrics.FORWARD_FAILED.labels(self._name).inc()
        asked = error.retry_after if isinstance(error, RateLimited) else None
        return min(asked or 0.5 * 2 ** min(self._failures, 10), LONGEST_PAUSE)

    async def _is_mine(self) -> bool:
        async with self._database.write() as session:
            lease = f"lineage-forward {self._name}"
            return await leases.acquire(session, lease, self._replica, self._clock(), HELD) is not None


def _run_of(event: LoggedEvent) -> Any:
    body = orjson.loads(event.body)
    return body["run"]["runId"] if "run" in body else event.digest
