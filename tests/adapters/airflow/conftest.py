"""A scripted Airflow, and an adapter that is connected to it."""

from collections.abc import AsyncIterator

import pytest

from adapters.sdk.protocol import Adapter
from tests.adapters.airflow.scripted import ScriptedAirflow, connect, serving


@pytest.fixture
async def airflow() -> AsyncIterator[ScriptedAirflow]:
    async with serving(ScriptedAirflow()) as scripted:
        yield scripted


@pytest.fixture
async def adapter(airflow, monkeypatch) -> AsyncIterator[Adapter]:
    opened = connect(airflow, monkeypatch)
    yield opened
    await opened.aclose()
