"""Push: an orchestrator tells that something has happened, and the run in question is read at once."""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from adapters.sdk.errors import AdapterError
from gateway.domain.observation import RunRef
from gateway.domain.records import Orchestrator
from gateway.store.database import Database
from gateway.store.repository import orchestrators
from gateway.sync import metrics
from gateway.sync.supervisor import Supervisor

log = structlog.get_logger(__name__)

#: Seconds between further looks at a run of which a message told nothing new: some orchestrators send it before they
#: have stored what it tells of.
LATER_LOOKS = (1.0, 3.0, 10.0)


class UnknownOrchestratorError(LookupError):
    """No configured orchestrator has the name in the webhook's address."""


class Webhooks:
    """Receives pushed messages. They are hints: what counts is what the orchestrator answers when asked."""

    def __init__(self, database: Database, supervisor: Supervisor) -> None:
        self._database = database
        self._supervisor = supervisor
        self._looking: dict[tuple[int, RunRef], asyncio.Task[None]] = {}

    async def receive(self, orchestrator: str, headers: Mapping[str, str], body: Any) -> int:
        """Read the runs that a message is about; returns how many.

        UnknownOrchestratorError; Rejected for a message that says nothing the adapter understands; and whatever the
        reading raises, so that the sender tries again.
        """
        async with self._database.read() as session:
            record = await orchestrators.by_name(session, orchestrator)
        if record is None:
            raise UnknownOrchestratorError(f"There is no orchestrator named {orchestrator!r}.")
        metrics.WEBHOOKS.labels(record.name).inc()
        reader = self._supervisor.reader(record)
        refs = reader.adapter.webhook(headers, body)
        for ref in await reader.read_again(refs):
            self._begin_to_look(record, ref)
        return len(refs)

    async def aclose(self) -> None:
        """Give up what was to be looked at again; polling sees it."""
        looking = list(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    def _begin_to_look(self, orchestrator: Orchestrator, ref: RunRef) -> None:
        key = (orchestrator.id, ref)
        if key not in self._looking:
            task = asyncio.create_task(self._look_again(orchestrator, ref), name=f"{orchestrator.name}/pushed")
            self._looking[key] = task
            task.add_done_callback(lambda _: self._looking.pop(key))

    async def _look_again(self, orchestrator: Orchestrator, ref: RunRef) -> None:
        for pause in LATER_LOOKS:
            await asyncio.sleep(pause)
            try:
                if not await self._supervisor.reader(orchestrator).read_again([ref]):
                    return
            except AdapterError as error:
                log.debug("a pushed run could not be read", orchestrator=orchestrator.name, reason=str(error))
