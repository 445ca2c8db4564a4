"""Tries each connection of a file, all at once: who answers, what we may do there, and how quick it is."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from adapters.sdk.errors import AdapterError
from adapters.sdk.protocol import Adapter
from adapters.sdk.registry import ConfigurationError, adapter_class, open_adapter
from gateway.domain.records import OrchestratorDefinition
from gateway.sync.connections import spec_of

#: An adapter repeats what failed; all its attempts together may take this many times one request's patience.
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one connection; ``fault`` is None where it works."""

    name: str
    kind: str
    url: str
    version: str | None = None
    capabilities: tuple[str, ...] = ()
    #: What the adapter can do elsewhere and not at this deployment.
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    #: From the first request to the last answer.
    milliseconds: float | None = None
    fault: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs; ``ok`` says whether it works."""
        return asdict(self) | {"ok": self.fault is None}


async def probe_all(definitions: Sequence[OrchestratorDefinition], *, patience: float = 10.0) -> list[Report]:
    """Reports in the order of the definitions; ``patience`` is in seconds, for each request."""
    return list(await asyncio.gather(*(_probe(definition, patience) for definition in definitions)))


async def _probe(definition: OrchestratorDefinition, patience: float) -> Report:
    try:
        adapter = open_adapter(spec_of(definition), timeout=patience)
    except ConfigurationError as error:
        return _faulty(definition, " ".join(f"{'.'.join(map(str, f.path))}: {f.message}" for f in error.faults))
    try:
        async with asyncio.timeout(patience * ATTEMPTS):
            return await _ask(definition, adapter)
    except AdapterError as error:
        return _faulty(definition, str(error).removeprefix(f"{definition.name}: "))
    except TimeoutError:
        return _faulty(definition, f"{definition.url} did not answer in time; check the url, or raise --timeout.")
    finally:
        await adapter.aclose()


async def _ask(definition: OrchestratorDefinition, adapter: Adapter) -> Report:
    began = time.perf_counter()
    found = await adapter.probe()
    took = (time.perf_counter() - began) * 1000
    return Report(
        name=definition.name,
        kind=definition.kind,
        url=definition.url,
        version=found.version,
        capabilities=tuple(sorted(found.capabilities)),
        missing=tuple(sorted(adapter_class(definition.kind).manifest.capabilities - found.capabilities)),
        warnings=tuple(found.warnings),
        milliseconds=round(took, 1),
    )


def _faulty(definition: OrchestratorDefinition, fault: str) -> Report:
    return Report(name=definition.name, kind=definition.kind, url=definition.url, fault=fault)
