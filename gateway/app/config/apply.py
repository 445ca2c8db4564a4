"""Reads definitions from the database and brings it in line with a file, in one transaction."""

from datetime import datetime

from gateway.app.config.load import PodiumFile
from gateway.app.config.plan import Change, plan
from gateway.domain.records import LINEAGE_FORWARD, Definition, OrchestratorDefinition
from gateway.store.database import Database, WriteSession
from gateway.store.repository import definitions, lineage_log, orchestrators
from gateway.store.repository.lineage_log import forwarding

#: Marks what came from a file; the API shows it as such and does not change it.
ORIGIN = "CONFIG"


async def plan_file(database: Database, file: PodiumFile) -> list[Change]:
    """What ``apply_file`` would change now. ConfigError where the file asks for what cannot be done."""
    async with database.read() as session:
        return plan(file, await orchestrators.everything(session), await definitions.everything(session))


async def apply_file(database: Database, file: PodiumFile, now: datetime) -> list[Change]:
    """Make the database's definitions equal to the file's, all of them or none; returns what changed. ConfigError."""
    async with database.write() as session:
        changes = plan(file, await orchestrators.everything(session), await definitions.everything(session))
        for change in changes:
            await _make(session, change, now)
    return changes


async def _make(session: WriteSession, change: Change, now: datetime) -> None:
    match change.definition:
        case OrchestratorDefinition():
            await orchestrators.define(session, change.definition, ORIGIN, now)
        case Definition():
            await definitions.save(session, change.definition)
            if change.definition.section == LINEAGE_FORWARD:
                await lineage_log.begin(session, forwarding(change.definition.name))
        case None if change.removed is not None:
            await definitions.remove(session, change.removed.section, change.removed.name)
            if change.removed.section == LINEAGE_FORWARD:
                await lineage_log.forget(session, forwarding(change.removed.name))
        case None:
            await orchestrators.remove(session, change.name, now)
