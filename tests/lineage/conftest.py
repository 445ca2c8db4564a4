"""Each test that asks for a database runs on both, each time on a fresh one that the real migrations have made."""

from collections.abc import AsyncIterator

import pytest

from gateway.store import migrations
from gateway.store.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request, tmp_path) -> AsyncIterator[Database]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/podium.sqlite" if is_sqlite else request.getfixturevalue("postgres_url")
    database = Database(url)
    await migrations.upgrade(database)
    yield database
    await database.aclose()
