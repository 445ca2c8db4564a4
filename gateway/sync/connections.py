"""Open adapters, one per orchestrator, shared by everything in this process that talks to it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from adapters.sdk.protocol import Adapter, Clock, utc_now
from adapters.sdk.registry import ConnectionSpec, open_adapter
from adapters.sdk.secrets import Secrets
from gateway.domain.records import Orchestrator, OrchestratorDefinition
from gateway.sync import metrics
from gateway.sync.vault import Vault


class Opener(Protocol):
    """Makes an adapter from a spec; ``adapters.sdk.registry.open_adapter`` is the one in use."""

    def __call__(
        self,
        spec: ConnectionSpec,
        /,
        *,
        clock: Clock,
        timeout: float,
        on_call: Callable[[str, float], None],
        secrets: Secrets,
    ) -> Adapter: ...


@dataclass(slots=True)
class _Open:
    definition: OrchestratorDefinition
    origin: str
    adapter: Adapter


class Connections:
    """Opens an adapter at first use, again when its definition has changed, and closes it when told."""

    def __init__(
        self,
        clock: Clock = utc_now,
        timeout: float = 30.0,
        opener: Opener = open_adapter,
        vault: Vault | None = None,
    ) -> None:
        self._vault = vault or Vault()
        self._clock = clock
        self._timeout = timeout
        self._opener = opener
        self._open: dict[int, _Open] = {}

    def get(self, orchestrator: Orchestrator) -> Adapter:
        """The adapter of an orchestrator. adapters.sdk.registry.ConfigurationError where it cannot be opened."""
        known = self._open.get(orchestrator.id)
        wanted = (orchestrator.definition, orchestrator.origin)
        if known is not None and (known.definition, known.origin) == wanted:
            return known.adapter
        adapter = self._opener(
            spec_of(orchestrator.definition),
            clock=self._clock,
            timeout=self._timeout,
            on_call=partial(_observe_call, orchestrator.name),
            secrets=self._vault.secrets_of(orchestrator.origin, orchestrator.definition.url),
        )
        self._open[orchestrator.id] = _Open(*wanted, adapter)
        return adapter

    async def drop(self, orchestrator_id: int) -> None:
        """Close an adapter; the next use opens it anew, with secrets read afresh."""
        known = self._open.pop(orchestrator_id, None)
        if known is not None:
            await known.adapter.aclose()

    async def aclose(self) -> None:
        """Close all."""
        for orchestrator_id in list(self._open):
            await self.drop(orchestrator_id)


def spec_of(definition: OrchestratorDefinition) -> ConnectionSpec:
    """The part of a definition that an adapter is opened with."""
    return ConnectionSpec(definition.name, definition.kind, definition.url, definition.auth, definition.options)


def _observe_call(orchestrator: str, outcome: str, seconds: float) -> None:
    metrics.CALLS.labels(orchestrator, outcome).observe(seconds)
