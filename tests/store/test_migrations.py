"""One chain of migrations makes, on both databases, the tables the code works with."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from gateway.store import alert_tables, coordination_tables, lineage_tables, migrations, sla_tables
from gateway.store.database import Database
from gateway.store.migrations import runner
from gateway.store.migrations.runner import NewerDatabaseError
from tests.waiting import eventually

#: Every module with tables: they add them to one description.
DESCRIBED = (alert_tables, coordination_tables, lineage_tables, sla_tables)


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """What finds parts of runs' ids is each database's own."""
    return not ((kind == "table" and str(name).startswith("run_ids")) or name == "ix_runs_external_id_trigrams")


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": False, "include_name": is_described}
    return compare_metadata(MigrationContext.configure(connection, opts=options), DESCRIBED[0].metadata)


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


@pytest.mark.postgres
async def test_a_replica_waits_for_another_that_migrates_however_long_it_takes(empty_postgres_url, monkeypatch):
    monkeypatch.setattr(runner, "LOCK_TIMEOUT", "1ms")
    first, second = Database(empty_postgres_url), Database(empty_postgres_url)
    async with first.write() as session:
        await session.execute(text(f"SELECT pg_advisory_xact_lock({runner.ADVISORY_LOCK})"))
        migrating = asyncio.create_task(migrations.upgrade(second))

        async def has_waited():
            since = text("""SELECT 1 FROM pg_locks WHERE NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND clock_timestamp() - waitstart > interval '0.2 s'""")
            return await session.first(since) is not None

        await eventually(has_waited)
        assert not migrating.done()
    await migrating
    assert await migrations.current(second) == migrations.head()
    await first.aclose()
    await second.aclose()


@pytest.fixture
async def tenant(empty_postgres_url) -> AsyncIterator[tuple[Database, Database]]:
    """A database, and the same one for somebody who may create tables in it, but no extension."""
    owner = Database(empty_postgres_url)
    async with owner.write() as session:
        await session.execute(text("CREATE ROLE tenant LOGIN"))
        await session.execute(text("GRANT CREATE, USAGE ON SCHEMA public TO tenant"))
    tenant = Database(make_url(empty_postgres_url).set(username="tenant").render_as_string(hide_password=False))
    yield owner, tenant
    await tenant.aclose()
    async with owner.write() as session:
        await session.execute(text("DROP OWNED BY tenant"))
        await session.execute(text("DROP ROLE tenant"))
    await owner.aclose()


async def has_trigrams(database: Database) -> bool:
    async with database.read() as session:
        indexes = text("SELECT 1 FROM pg_indexes WHERE indexname = 'ix_runs_external_id_trigrams'")
        return await session.first(indexes) is not None


@pytest.mark.postgres
async def test_whoever_may_not_create_an_extension_goes_without(tenant):
    _, restricted = tenant
    with capture_logs() as logs:
        await migrations.upgrade(restricted)
    assert await migrations.current(restricted) == migrations.head()
    assert not await has_trigrams(restricted)
    assert [line["log_level"] for line in logs] == ["warning"]
    assert "permission denied to create extension" in logs[0]["reason"]
    assert "administrator run in this database: CREATE EXTENSION" in logs[0]["remedy"]


@pytest.mark.postgres
async def test_an_extension_that_somebody_created_elsewhere_is_used(tenant):
    owner, restricted = tenant
    async with owner.write() as session:
        await session.execute(text('CREATE SCHEMA "Extra tools"'))
        await session.execute(text('GRANT USAGE ON SCHEMA "Extra tools" TO tenant'))
        await session.execute(text('CREATE EXTENSION pg_trgm SCHEMA "Extra tools"'))
    await migrations.upgrade(restricted)
    assert await has_trigrams(restricted)


@pytest.mark.postgres
async def test_what_fails_for_another_reason_changes_nothing(empty_postgres_url):
    database = Database(empty_postgres_url)
    async with database.write() as session:
        await session.execute(text("CREATE TABLE ix_runs_external_id_trigrams (id int)"))
    with pytest.raises(DBAPIError, match="ix_runs_external_id_trigrams.*already exists"):
        await migrations.upgrade(database)
    assert await migrations.current(database) is None
    await database.aclose()
