"""Prefect's ids are UUIDs; it answers 422 instead of 404 where something else is asked for."""

import re

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def is_id(text: str) -> bool:
    """Whether Prefect could have given this id to anything."""
    return _UUID.fullmatch(text) is not None
