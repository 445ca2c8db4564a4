"""The recorded answers of a real Dagster."""

from pathlib import Path
from typing import Any

import orjson

CAPTURES = Path(__file__).with_name("captures")


def recorded(name: str, field: str | None = None) -> Any:
    """The ``data`` of a recorded answer, or one field of it."""
    data = orjson.loads((CAPTURES / f"{name}.json").read_bytes())["data"]
    return data if field is None else data[field]
