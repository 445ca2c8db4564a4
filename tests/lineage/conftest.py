"""Each test that asks for a database runs on both, as those of the store do."""

from tests.store.conftest import database

__all__ = ["database"]
