"""What the contract's tests do to an orchestrator again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

import pytest

from adapters.sdk.contract.proxy import FaultyProxy
from adapters.sdk.contract.subject import SECRET, Start, Subject
from adapters.sdk.protocol import Adapter
from adapters.sdk.registry import ConnectionSpec, open_adapter
from gateway.domain.observation import ObservedRun, TriggerRequest
from gateway.domain.states import RunState

T = TypeVar("T")
#: Seconds for a run to come to where a test wants it; a busy machine is slow.
PATIENCE = 180.0


class Workbench:
    """A subject, an adapter that is connected to it, and a proxy before it for those that shall meet faults."""

    def __init__(self, subject: Subject, proxy: FaultyProxy, stack: AsyncExitStack) -> None:
        self.subject = subject
        self.proxy = proxy
        self._stack = stack
        self.since = datetime.now(UTC) - timedelta(minutes=5)
        self.adapter = self.connect()

    def connect(
        self, url: str | None = None, *, secret: str | None = None, timeout: float = 30.0, has_small_pages: bool = True
    ) -> Adapter:
        """A new adapter; it is closed when all is done."""
        options = {**self.subject.options, **(self.subject.small_pages if has_small_pages else {})}
        spec = ConnectionSpec("contract", self.subject.kind, url or self.subject.url, self.subject.auth, options)
        with pytest.MonkeyPatch.context() as variables:
            variables.setenv(SECRET, secret or self.subject.secret or "")
            adapter = open_adapter(spec, timeout=timeout)
        self._stack.push_async_callback(adapter.aclose)
        return adapter

    def connect_by_proxy(self, *, timeout: float = 30.0) -> Adapter:
        """A new adapter whose requests all go through the proxy."""
        return self.connect(self.proxy.url, timeout=timeout)

    def request(self, start: Start) -> TriggerRequest:
        """A request under a key that nobody has used."""
        return TriggerRequest(start.pipeline, f"contract-{uuid4()}", dict(start.parameters))

    async def start(self, start: Start) -> ObservedRun:
        """A new run."""
        return (await self.adapter.trigger(self.request(start))).run

    async def reached(self, run: ObservedRun, *states: RunState) -> ObservedRun:
        """The run once it is in one of these states."""

        async def look() -> ObservedRun | None:
            found = await self.adapter.run(run.ref)
            return found if found.state in states else None

        return await until(look)

    async def ended(self, run: ObservedRun) -> ObservedRun:
        """The run at its end."""
        return await self.reached(run, *(state for state in RunState if state.is_terminal))

    async def read(self, adapter: Adapter, cursor: str | None = None) -> list[tuple[dict[str, ObservedRun], str]]:
        """Each page of one reading: its runs by id, and its cursor."""
        return [
            ({run.external_id: run for run in page.runs}, page.cursor)
            async for page in adapter.runs(cursor, self.since)
        ]


def runs_in(pages: list[tuple[dict[str, ObservedRun], str]]) -> dict[str, ObservedRun]:
    """All runs by id, as they were read last."""
    return {name: run for runs, _ in pages for name, run in runs.items()}


async def until(look: Callable[[], Awaitable[T | None]], *, within: float = PATIENCE, every: float = 0.3) -> T:
    """The first answer that is one; AssertionError after ``within`` seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while not (answer := await look()):
        assert asyncio.get_running_loop().time() < deadline, f"not within {within:g} s"
        await asyncio.sleep(every)
    return answer
