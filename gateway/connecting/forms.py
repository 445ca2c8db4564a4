"""What each kind of orchestrator wants to be told, drawn from its adapter's own models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import structlog
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from adapters.sdk.manifest import Manifest
from adapters.sdk.registry import adapter_class, kinds, secret_fields

log = structlog.get_logger(__name__)


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    CHOICE = "CHOICE"
    #: Anything else: JSON.
    OTHER = "OTHER"


_TYPES = {
    "string": FieldType.TEXT,
    "integer": FieldType.INTEGER,
    "number": FieldType.NUMBER,
    "boolean": FieldType.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One key of ``auth`` or ``options``."""

    name: str
    title: str
    help: str | None
    type: FieldType
    is_secret: bool
    is_required: bool
    default: Any
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    #: Fields of one way of logging in go together, and exclude those of other ways.
    way: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """A kind that can be connected."""

    manifest: Manifest
    auth: tuple[FormField, ...]
    options: tuple[FormField, ...]


@cache
def forms() -> tuple[Form, ...]:
    """Every installed kind, by title; one whose adapter cannot be loaded is left out, and logged."""
    return tuple(sorted(_loadable(), key=lambda form: form.manifest.title))


def _loadable() -> Iterator[Form]:
    for kind in kinds():
        try:
            adapter = adapter_class(kind)
        except ImportError as error:
            log.warning("an adapter cannot be loaded", kind=kind, reason=str(error))
            continue
        yield Form(adapter.manifest, _fields(adapter.Auth), _fields(adapter.Options))


def _fields(model: type[BaseModel]) -> tuple[FormField, ...]:
    schema: Mapping[str, Any] = model.model_json_schema().get("properties", {})
    secret = secret_fields(model)
    return tuple(
        _field(name, info, schema.get(name, {}), is_secret=name in secret) for name, info in model.model_fields.items()
    )


def _field(name: str, info: FieldInfo, schema: Mapping[str, Any], *, is_secret: bool) -> FormField:
    ways: list[Mapping[str, Any]] = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    shape: Mapping[str, Any] = ways[0] if len(ways) == 1 else {}
    choices = tuple(str(one) for one in shape.get("enum", ()))
    kind = _TYPES.get(str(shape.get("type")), FieldType.OTHER)
    return FormField(
        name=name,
        title=info.title or name.replace("_", " ").capitalize(),
        help=info.description,
        type=FieldType.CHOICE if choices else kind,
        is_secret=is_secret,
        is_required=info.is_required(),
        default=None if is_secret or info.is_required() else schema.get("default"),
        choices=choices,
        minimum=shape.get("minimum"),
        maximum=shape.get("maximum"),
        way=schema.get("way"),
    )
