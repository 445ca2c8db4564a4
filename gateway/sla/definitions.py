"""SLAs that people define through the API: checked as those in a file are."""

from adapters.sdk.protocol import Clock
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.domain.slas import Sla, SlaSpec
from gateway.sla.soundness import Path, faults_of, named, unknown_pipelines
from gateway.store.database import Database, WriteSession
from gateway.store.repository import pipelines, slas

#: Marks what a mutation made.
API = "API"


class SlaDefinitions:
    """Raises RequestError kinds: InvalidInputError with the first fault, ConflictError for what a file defines."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def create(self, spec: SlaSpec) -> Sla:
        """A new SLA."""
        async with self._database.write() as session:
            if await slas.by_name(session, spec.name) is not None:
                raise ConflictError(f"There is an SLA {spec.name!r} already.", remedy="Use another name.")
            return await self._define(session, spec)

    async def update(self, sla_id: int, spec: SlaSpec) -> Sla:
        """Let it be so from now on; it keeps its name and how it was judged."""
        async with self._database.write() as session:
            known = await _changeable(session, sla_id)
            if spec.name != known.spec.name:
                message = f"input.name: {spec.name!r} is not {known.spec.name!r}, and its history hangs on the name."
                raise InvalidInputError(message, remedy="Send the name it has, or make a new SLA.")
            return await self._define(session, spec)

    async def delete(self, sla_id: int) -> None:
        """Let it no longer hold; how it was judged stays."""
        async with self._database.write() as session:
            known = await _changeable(session, sla_id)
            await slas.remove(session, known.spec.name, self._clock())

    async def _define(self, session: WriteSession, spec: SlaSpec) -> Sla:
        for fault in faults_of(spec):
            raise InvalidInputError(f"{_field(fault.path)}: {fault.message}")
        wanted = {ref.orchestrator for _, ref in named(spec)}
        known = await pipelines.listed_keys(session, wanted)
        for name in sorted(wanted - known.keys()):
            raise InvalidInputError(f"There is no orchestrator {name!r}.", remedy="`orchestrators` lists them.")
        for fault in unknown_pipelines(spec, {name: keys for name, keys in known.items() if keys is not None}):
            raise InvalidInputError(f"{_field(fault.path)}: {fault.message}")
        identity = await slas.define(session, spec, API, self._clock())
        return (await slas.by_ids(session, [identity]))[identity]


async def _changeable(session: WriteSession, sla_id: int) -> Sla:
    known = await slas.by_id(session, sla_id)
    if known is None:
        raise NotFoundError("There is no such SLA.")
    if known.origin != API:
        raise ConflictError(
            f"{known.spec.name} comes from podium.yaml.", remedy="Change it there, and apply the file again."
        )
    return known


def _field(path: Path) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{_camel(part)}" for part in path]
    return "input" + "".join(parts)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
