"""A scripted Airflow, and an adapter that is connected to it."""

from collections.abc import AsyncIterator

import pytest

from adapters.sdk.protocol import Adapter
from tests.adapters.airflow.scripted import ScriptedAirflow, serving


@pytest.fixture
async def airflow() -> AsyncIterator[ScriptedAirflow]:
    async with serving(ScriptedAirflow()) as scripted:
        yield scripted


@pytest.fixture
async def adapter(airflow, monkeypatch) -> AsyncIterator[Adapter]:
    from tests.adapters.airflow.test_faults import connect  # noqa: PLC0415  # its assertions are rewritten at its own turn

    opened = connect(airflow, monkeypatch)
    yield opened
    await opened.aclose()
