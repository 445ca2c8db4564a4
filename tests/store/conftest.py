"""Each test runs on both databases, each time on a fresh copy of what the real migrations make."""

from collections.abc import AsyncIterator

import pytest

from gateway.store.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request) -> AsyncIterator[Database]:
    database = Database(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))
    yield database
    await database.aclose()
