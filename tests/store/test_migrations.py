"""One chain of migrations makes, on both databases, the tables the code works with."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from gateway.store import alert_tables, coordination_tables, lineage_tables, migrations, sla_tables
from gateway.store.database import Database
from gateway.store.migrations.runner import NewerDatabaseError

#: Every module with tables: they add them to one description.
DESCRIBED = (alert_tables, coordination_tables, lineage_tables, sla_tables)


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), DESCRIBED[0].metadata)


# SQLite tells of such an index only how it was spelt.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
async def test_the_migrated_database_is_what_the_code_expects(database):
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    assert await migrations.current(database) == migrations.head()


async def test_migrating_again_changes_nothing(database):
    await migrations.upgrade(database)
    assert await migrations.current(database) == migrations.head()


async def test_a_newer_database_is_left_alone(database):
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError, match="9999.*Install the newer version"):
        await migrations.upgrade(database)


@pytest.mark.postgres
async def test_replicas_that_start_together_migrate_once(empty_postgres_url):
    replicas = [Database(empty_postgres_url) for _ in range(4)]
    await asyncio.gather(*(migrations.upgrade(replica) for replica in replicas))
    assert await migrations.current(replicas[0]) == migrations.head()
    for replica in replicas:
        await replica.aclose()
