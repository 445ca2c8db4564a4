"""All that the API stands on; the composition root fills it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from gateway.connecting.connecting import Connecting
from gateway.domain.records import Pipeline, Run
from gateway.sla.acting import Starter
from gateway.store.database import Database
from lineage.service import Lineage


class Executor(Starter, Protocol):
    """Acts at orchestrators. Raises adapter errors and those of ``gateway.domain.errors``."""

    async def cancel(self, run_id: int) -> Run: ...

    async def set_paused(self, pipeline_id: int, *, paused: bool) -> Pipeline: ...

    async def log(self, run_id: int, task: str, map_index: int | None, attempt: int, tail: int) -> str | None: ...


class Webhooks(Protocol):
    """Receives what orchestrators push."""

    async def receive(self, orchestrator: str, headers: Mapping[str, str], body: Any) -> int:
        """How many runs the message was about; raises as the executor does."""
        ...


class Readiness(Protocol):
    """Knows whether every part works."""

    async def check(self) -> Mapping[str, str]:
        """Part -> ``ok`` or what is wrong with it, free of secrets."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What the API calls."""

    database: Database
    executor: Executor
    connecting: Connecting
    webhooks: Webhooks
    readiness: Readiness
    lineage: Lineage
    clock: Callable[[], datetime]
    #: The built UI; None where there is none.
    web_root: Path | None
    #: Whether Podium listens on loopback only: while no token exists, whoever reaches it from this machine is admin.
    is_open: bool
