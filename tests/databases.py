"""Real databases for the tests: one PostgreSQL server for the whole run, and for each test a database of its own.

The real migrations make one of each kind; the others are copies of it, which takes a fraction of the time.
"""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.app.demo.postgres import PostgresServer
from gateway.store import migrations
from gateway.store.database import Database


@pytest.fixture(scope="session")
def postgres(tmp_path_factory) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()
    server.remove()


@pytest.fixture(scope="session")
def migrated_postgres(postgres) -> str:
    """The name of a database that the migrations have made, to be copied."""
    url = postgres.create_database("migrated")
    _migrate(driven(url))
    return "migrated"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    """A database that the migrations have made, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "podium.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_url(postgres, migrated_postgres) -> str:
    return driven(postgres.create_database(template=migrated_postgres))


@pytest.fixture
def sqlite_url(migrated_sqlite, tmp_path) -> str:
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path)}"


@pytest.fixture
def empty_postgres_url(postgres) -> str:
    """One that no migration has seen."""
    return driven(postgres.create_database())


def driven(url: str) -> str:
    """With the driver that Podium uses."""
    return url.replace("postgresql://", "postgresql+asyncpg://")


def _migrate(url: str) -> None:
    """In a thread: whoever asks may be in an event loop."""

    async def upgrade() -> None:
        database = Database(url)
        await migrations.upgrade(database)
        await database.aclose()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade()).result()
