"""What every test may ask for, and the order of their files."""

import gc
import signal

import pytest

from gateway.app.cli import GARBAGE

pytest_plugins = ["tests.databases"]
gc.set_threshold(*GARBAGE)
# As Ctrl-C, which a shell does not hand on to what it runs in the background: what was started is stopped.
signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(trylast=True)  # once the tests have all their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first: else, at the end, one of them would go on while nothing runs beside it."""
    first = {item.path: 2 for item in items}
    for item in items:
        rank = 0 if item.get_closest_marker("slow") else 1 if item.get_closest_marker("browser") else 2
        first[item.path] = min(first[item.path], rank)
    items.sort(key=lambda item: first[item.path])
