"""What every test may ask for, and who runs beside whom."""

import pytest

pytest_plugins = ["tests.postgres"]


@pytest.hookimpl(tryfirst=True)  # before the groups are looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of two workers, one waits for orchestrators while the other does all the rest; each starts its servers once."""
    for item in items:
        is_live = item.get_closest_marker("live") is not None
        item.add_marker(pytest.mark.xdist_group("live" if is_live else "rest"))
