"""Tries connections: who answers, what we may do there, and how quick it is."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from adapters.sdk.errors import AdapterError
from adapters.sdk.protocol import Adapter
from adapters.sdk.registry import OF_A_FILE, ConfigurationError, adapter_class, open_adapter
from adapters.sdk.secrets import Secrets
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
    #: What to do about the fault, if that is known.
    remedy: str | None = None
    #: The key that the fault is about, e.g. ("auth", "password"), where it is about one.
    at: tuple[str | int, ...] = field(default=())

    @property
    def complaint(self) -> str | None:
        """Fault and remedy in one."""
        return " ".join(part for part in (self.fault, self.remedy) if part) or None

    def as_json(self) -> dict[str, Any]:
        """For programs; ``ok`` says whether it works."""
        told = {name: value for name, value in asdict(self).items() if name not in {"remedy", "at"}}
        return told | {"fault": self.complaint, "ok": self.fault is None}


async def probe_all(definitions: Sequence[OrchestratorDefinition], *, patience: float = 10.0) -> list[Report]:
    """Reports in the order of the definitions; ``patience`` is in seconds, for each request."""
    return list(await asyncio.gather(*(probe(definition, patience) for definition in definitions)))


async def probe(definition: OrchestratorDefinition, patience: float, secrets: Secrets = OF_A_FILE) -> Report:
    """Open a connection and ask who answers; ``patience`` as above. It raises nothing that the other side causes."""
    try:
        adapter = open_adapter(spec_of(definition), timeout=patience, secrets=secrets)
    except ConfigurationError as error:
        told = " ".join(f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in error.faults)
        return _faulty(definition, told, at=error.faults[0].path)
    try:
        async with asyncio.timeout(patience * ATTEMPTS):
            return await _ask(definition, adapter)
    except AdapterError as error:
        return _faulty(definition, error.message.removeprefix(f"{definition.name}: "), error.remedy)
    except TimeoutError:
        return _faulty(definition, f"{definition.url} did not answer in time.", "Check the url, or allow more time.")
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


def _faulty(
    definition: OrchestratorDefinition, fault: str, remedy: str | None = None, at: tuple[str | int, ...] = ()
) -> Report:
    return Report(
        name=definition.name, kind=definition.kind, url=definition.url, fault=fault, remedy=remedy, at=tuple(at)
    )
