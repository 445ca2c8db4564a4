"""Brings a database to the schema this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from gateway.store.database import Database

#: Replicas that start together wait here for the first of them; any number that nobody else uses.
ADVISORY_LOCK = 7_063_486
#: A table that somebody else holds for longer: whoever uses it would have to wait as long for the migration.
LOCK_TIMEOUT = "10s"


class NewerDatabaseError(RuntimeError):
    """The database was written by a newer Podium; an older one must not touch it."""


async def upgrade(database: Database) -> None:
    """Apply what is missing, all of it or nothing. NewerDatabaseError where the database is ahead of this version."""
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def current(database: Database) -> str | None:
    """The revision the database is at; None for an empty one."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_revision)


def head() -> str:
    """The revision this version needs."""
    revision = _scripts().get_current_head()
    if revision is None:
        raise RuntimeError("there are no migrations")
    return revision


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # another's migration may take its time
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    at = _revision(connection)
    if at is not None and at not in {script.revision for script in _scripts().walk_revisions()}:
        raise NewerDatabaseError(
            f"The database is at revision {at}, which this version of Podium does not know. Install the newer version."
        )
    command.upgrade(_config(connection), "head")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
