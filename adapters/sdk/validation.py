"""pydantic's errors in words for the person who wrote the configuration."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from gateway.domain.suggestions import did_you_mean

_WANTED = {
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
}
#: Characters of a faulty value that a message quotes.
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a configuration; ``path`` leads to it, e.g. ("auth", "password")."""

    path: tuple[str | int, ...]
    message: str


def faults_of(
    error: ValidationError, model: type[BaseModel], *, at: Sequence[str | int] = (), show_values: bool = True
) -> list[Fault]:
    """One fault for each error, its path starting with ``at``. ``show_values=False``: the values may be secrets."""
    return [
        Fault((*at, *item["loc"]), _message(item, model, show_values=show_values))
        for item in error.errors(include_url=False)
    ]


def shown(value: Any) -> str:
    """A value as a message quotes it, in the spelling of YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


def _message(item: Any, model: type[BaseModel], *, show_values: bool) -> str:
    kind: str = item["type"]
    location: tuple[str | int, ...] = item["loc"]
    if kind == "missing":
        return "is missing; add it."
    if kind == "extra_forbidden":
        return unknown_key(str(location[-1]), _keys_at(model, location[:-1]))
    if kind == "value_error":
        return _sentence(str(item["ctx"]["error"]))
    wanted = _wanted(item)
    return f"{shown(item['input'])} is wrong: it {wanted}." if show_values else f"{wanted}."


def unknown_key(key: str, known: Sequence[str]) -> str:
    """What to tell of a key that nothing reads."""
    if not known:
        return "unknown key; none is known here."
    return f"unknown key; known keys are {', '.join(known)}{did_you_mean(key, known)}."


def _wanted(item: Any) -> str:
    context = item.get("ctx", {})
    match item["type"]:
        case "enum" | "literal_error":
            return f"must be one of {context['expected'].replace(' or ', ', ').replace(chr(39), '')}"
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "greater_than":
            return f"must be more than {context['gt']}"
        case "less_than":
            return f"must be less than {context['lt']}"
        case kind if kind in _WANTED:
            return _WANTED[kind]
        case _:
            message = str(item["msg"])
            return message[:1].lower() + message[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", ")")) else f"{text}."


def _keys_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    here: type[BaseModel] | None = model
    for step in location:
        if isinstance(step, str) and here is not None:
            info = here.model_fields.get(step)
            here = _model_in(info.annotation) if info else None
    return list(here.model_fields) if here else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside ``X``, ``X | None`` or ``list[X]``."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((model for argument in get_args(annotation) if (model := _model_in(argument))), None)
