"""A pretend Dagster for each test, and adapters that are closed after it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from adapters.dagster.adapter import DagsterAdapter
from tests.adapters.dagster.pretend import PretendDagster, Switchboard, adapter_for, switchboard


@pytest.fixture(scope="session")
async def board() -> AsyncIterator[Switchboard]:
    """The server behind every pretend Dagster."""
    async with switchboard() as served:
        yield served


@pytest.fixture
def dagster(board: Switchboard) -> PretendDagster:
    """A new one for each test."""
    board.dagster = PretendDagster(url=board.url)
    return board.dagster


@pytest.fixture
async def connect(dagster: PretendDagster) -> AsyncIterator[Callable[..., DagsterAdapter]]:
    """Opens adapters of the pretend Dagster; see ``adapter_for``."""
    opened: list[DagsterAdapter] = []

    def opener(**options: Any) -> DagsterAdapter:
        opened.append(adapter_for(dagster.url, **options))
        return opened[-1]

    yield opener
    for adapter in opened:
        await adapter.aclose()
