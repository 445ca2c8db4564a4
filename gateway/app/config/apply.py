"""Reads definitions from the database and brings it in line with a file, in one transaction."""

from datetime import datetime

from gateway.app.config.load import PodiumFile
from gateway.app.config.plan import Change, plan
from gateway.store.database import Database
from gateway.store.repository import orchestrators

#: Marks what came from a file; the API shows it as such and does not change it.
ORIGIN = "CONFIG"


async def plan_file(database: Database, file: PodiumFile) -> list[Change]:
    """What ``apply_file`` would change now. ConfigError where the file asks for what cannot be done."""
    async with database.read() as session:
        return plan(file, await orchestrators.everything(session))


async def apply_file(database: Database, file: PodiumFile, now: datetime) -> list[Change]:
    """Make the database's definitions equal to the file's, all of them or none; returns what changed. ConfigError."""
    async with database.write() as session:
        changes = plan(file, await orchestrators.everything(session))
        for change in changes:
            if change.definition is None:
                await orchestrators.remove(session, change.name, now)
            else:
                await orchestrators.define(session, change.definition, ORIGIN, now)
    return changes
