"""A real PostgreSQL for the tests: one server for the whole run, a database of its own for each test."""

from collections.abc import Iterator

import pytest

from gateway.app.demo.postgres import PostgresServer


@pytest.fixture(scope="session")
def postgres(tmp_path_factory) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()
    server.remove()


@pytest.fixture
def postgres_url(postgres) -> str:
    return postgres.create_database().replace("postgresql://", "postgresql+asyncpg://")
