"""Dependencies that people define through the API: checked as those in a file are, all or nothing."""

from adapters.sdk.protocol import Clock
from gateway.coordination.soundness import cycle_fault, cycle_in, faults_of, unknown_pipelines
from gateway.domain.dependencies import Dependency, DependencySpec
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.store.database import Database, ReadSession, WriteSession
from gateway.store.repository import dependencies, pipelines
from lineage.cycles import cycle_of
from lineage.loading import Landscape, read_joins
from lineage.service import Lineage

#: Marks what a mutation made.
API = "API"


class Definitions:
    """Raises RequestError kinds: InvalidInputError with the first fault, ConflictError for what a file defines."""

    def __init__(self, database: Database, lineage: Lineage, clock: Clock) -> None:
        self._database = database
        self._lineage = lineage
        self._clock = clock

    async def create(self, spec: DependencySpec) -> Dependency:
        """A new dependency."""
        async with self._database.write() as session:
            known = await dependencies.by_name(session, spec.name)
            if known is not None:
                raise ConflictError(f"There is a dependency {spec.name!r} already.", remedy="Use another name.")
            return await self._define(session, spec)

    async def update(self, dependency_id: int, spec: DependencySpec) -> Dependency:
        """Let it be so from now on; it keeps its name and its firings."""
        async with self._database.write() as session:
            known = await _changeable(session, dependency_id)
            if spec.name != known.spec.name:
                message = f"input.name: {spec.name!r} is not {known.spec.name!r}, and firings hang on the name."
                raise InvalidInputError(message, remedy="Send the name it has, or make a new dependency.")
            return await self._define(session, spec)

    async def delete(self, dependency_id: int) -> None:
        """Let it no longer hold; its firings stay."""
        async with self._database.write() as session:
            known = await _changeable(session, dependency_id)
            await dependencies.remove(session, known.spec.name, self._clock())

    async def check(self, session: ReadSession, spec: DependencySpec) -> None:
        """Whether it could hold. InvalidInputError."""
        for fault in faults_of(spec):
            raise InvalidInputError(f"{_field(fault.path)}: {fault.message}")
        known = await pipelines.listed_keys(session, {ref.orchestrator for ref in spec.pipelines()})
        for name in sorted({ref.orchestrator for ref in spec.pipelines()} - known.keys()):
            raise InvalidInputError(f"There is no orchestrator {name!r}.", remedy="`orchestrators` lists them.")
        for fault in unknown_pipelines(spec, {name: keys for name, keys in known.items() if keys is not None}):
            raise InvalidInputError(f"{_field(fault.path)}: {fault.message}")
        others = [one.spec for one in await dependencies.active(session) if one.spec.name != spec.name]
        cycle = cycle_in([*others, spec])
        if cycle is not None:
            raise InvalidInputError(f"These would start each other for ever: {' -> '.join(cycle)}.")
        cycle = None if spec.allow_cycle else cycle_of(await self._landscape(session), others, spec)
        if cycle is not None:
            raise InvalidInputError(f"input: {cycle_fault(cycle)}")

    async def _landscape(self, session: ReadSession) -> Landscape:
        """With pipelines as they are listed now: the graph's own view of them is some seconds old."""
        known, joins = await read_joins(session)
        return Landscape(await self._lineage.graph(), joins, known)

    async def _define(self, session: WriteSession, spec: DependencySpec) -> Dependency:
        await self.check(session, spec)
        identity = await dependencies.define(session, spec, API, self._clock())
        return (await dependencies.by_ids(session, [identity]))[identity]


async def _changeable(session: WriteSession, dependency_id: int) -> Dependency:
    known = await dependencies.by_id(session, dependency_id)
    if known is None:
        raise NotFoundError("There is no such dependency.")
    if known.origin != API:
        raise ConflictError(
            f"{known.spec.name} comes from podium.yaml.", remedy="Change it there, and apply the file again."
        )
    return known


def _field(path: tuple[str | int, ...]) -> str:
    return "input" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
