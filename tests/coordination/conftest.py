"""The same orchestrator in memory as the tests of sync have, and one dependency's upstreams and target in it."""

import pytest

from tests.coordination.parts import Parts
from tests.sync.conftest import clock, connections, database, vendor

__all__ = ["clock", "connections", "database", "vendor"]


@pytest.fixture
async def parts(database, connections, clock, vendor) -> Parts:
    parts = Parts(database, connections, clock, vendor)
    await parts.connect()
    return parts
