"""Reads definitions from the database and brings it in line with a file, in one transaction."""

from datetime import datetime, timedelta

from gateway.app.config.faults import ConfigError
from gateway.app.config.load import PodiumFile
from gateway.app.config.plan import CONFIG, Change, Stored, plan
from gateway.coordination.soundness import cycle_fault
from gateway.domain.dependencies import DependencySpec
from gateway.domain.records import LINEAGE_FORWARD, Definition, OrchestratorDefinition
from gateway.domain.slas import SlaSpec
from gateway.sla.soundness import named
from gateway.store.database import Database, ReadSession, WriteSession
from gateway.store.repository import definitions, dependencies, lineage_log, orchestrators, pipelines, slas
from gateway.store.repository.lineage_log import forwarding
from lineage.cycles import cycle_of
from lineage.loading import read_landscape

#: An older list of an orchestrator's pipelines says nothing of what it lacks: somebody may have added that since.
LISTING_HOLDS = timedelta(minutes=10)


async def plan_file(database: Database, file: PodiumFile, now: datetime) -> list[Change]:
    """What ``apply_file`` would change now. ConfigError where the file asks for what cannot be done."""
    async with database.read() as session:
        changes = plan(file, await _stored(session, file, now))
    await _check_cycles(database, file)
    return changes


async def apply_file(database: Database, file: PodiumFile, now: datetime) -> list[Change]:
    """Make the database's definitions equal to the file's, all of them or none; returns what changed. ConfigError."""
    await _check_cycles(database, file)  # reads the whole graph, so not while others must wait
    async with database.write() as session:
        changes = plan(file, await _stored(session, file, now))
        for change in changes:
            await _make(session, change, now)
    return changes


async def _check_cycles(database: Database, file: PodiumFile) -> None:
    """ConfigError where a dependency closes a cycle with lineage, or with what orchestrators trigger themselves."""
    concerned = [(place, spec) for place, spec in enumerate(file.dependencies) if not spec.allow_cycle]
    if not concerned:
        return
    async with database.read() as session:
        landscape = await read_landscape(session)
        by_api = [one.spec for one in await dependencies.active(session) if one.origin != CONFIG]
    specs = [*file.dependencies, *by_api]
    cycles = [(place, cycle_of(landscape, specs, spec)) for place, spec in concerned]
    faults = [file.fault_at(("dependencies", place), cycle_fault(cycle)) for place, cycle in cycles if cycle]
    if faults:
        raise ConfigError(file.source, faults)


async def _stored(session: ReadSession, file: PodiumFile, now: datetime) -> Stored:
    refs = [ref for spec in file.dependencies for ref in spec.pipelines()]
    refs += [ref for spec in file.slas for _, ref in named(spec)]
    known = await orchestrators.everything(session)
    moved = {(one.name, one.url) for one in file.orchestrators} - {(one.name, one.definition.url) for one in known}
    asked = {ref.orchestrator for ref in refs} - {name for name, _ in moved}
    listed = await pipelines.listed_keys(session, asked, now - LISTING_HOLDS)
    return Stored(
        orchestrators=known,
        others=await definitions.everything(session),
        dependencies=await dependencies.active(session),
        slas=await slas.active(session),
        pipelines={name: keys for name, keys in listed.items() if keys is not None},
    )


async def _make(session: WriteSession, change: Change, now: datetime) -> None:
    match change.definition:
        case OrchestratorDefinition():
            await orchestrators.define(session, change.definition, CONFIG, now)
        case Definition():
            await definitions.save(session, change.definition)
            if change.definition.section == LINEAGE_FORWARD:
                await lineage_log.begin(session, forwarding(change.definition.name))
        case DependencySpec():
            await dependencies.define(session, change.definition, CONFIG, now)
        case SlaSpec():
            await slas.define(session, change.definition, CONFIG, now)
        case None:
            await _remove(session, change, now)


async def _remove(session: WriteSession, change: Change, now: datetime) -> None:
    match change.removed:
        case DependencySpec():
            await dependencies.remove(session, change.removed.name, now)
        case SlaSpec():
            await slas.remove(session, change.removed.name, now)
        case Definition():
            await definitions.remove(session, change.removed.section, change.removed.name)
            if change.removed.section == LINEAGE_FORWARD:
                await lineage_log.forget(session, forwarding(change.removed.name))
        case None:
            await orchestrators.remove(session, change.name, now)
