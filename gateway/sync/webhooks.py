"""Push: an orchestrator tells that something has happened, and the run in question is read at once."""

from collections.abc import Mapping
from typing import Any

from gateway.store.database import Database
from gateway.store.repository import orchestrators
from gateway.sync import metrics
from gateway.sync.supervisor import Supervisor


class UnknownOrchestratorError(LookupError):
    """No configured orchestrator has the name in the webhook's address."""


class Webhooks:
    """Receives pushed messages. They are hints: what counts is what the orchestrator answers when asked."""

    def __init__(self, database: Database, supervisor: Supervisor) -> None:
        self._database = database
        self._supervisor = supervisor

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
        await reader.read_again(refs)
        return len(refs)
