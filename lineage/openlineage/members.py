"""Reading JSON that a schema has judged: an object or list that is missing or null is an empty one."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

_NOTHING: Mapping[str, Any] = {}


def part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object in an object."""
    return cast("Mapping[str, Any]", of.get(name) or _NOTHING)


def items(of: Mapping[str, Any], name: str) -> Sequence[Any]:
    """A list in an object."""
    return cast("Sequence[Any]", of.get(name) or ())
