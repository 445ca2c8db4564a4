"""The same orchestrator in memory as the tests of sync have."""

from tests.sync.conftest import clock, connections, database, vendor

__all__ = ["clock", "connections", "database", "vendor"]
