"""Fills in what people write into definitions, in a sandbox: templates see what they are given, and nothing else."""

from collections.abc import Mapping
from typing import Any, cast

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

#: Characters that one text may grow to.
LONGEST = 10_000
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


class TemplateFaultError(ValueError):
    """A template that cannot be filled in; ``field`` is where it stands."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


def filled(value: Any, field: str, context: Mapping[str, Any]) -> Any:
    """A value with all texts in it filled in. TemplateFaultError."""
    if isinstance(value, str):
        return _text(value, field, context)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [filled(item, f"{field}[{place}]", context) for place, item in enumerate(items)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: filled(member, f"{field}.{name}", context) for name, member in members.items()}
    return value


def _text(template: str, field: str, context: Mapping[str, Any]) -> str:
    if "{" not in template:
        return template
    try:
        text = _environment.from_string(template).render(context)
    except TemplateError as error:
        raise TemplateFaultError(field, f"{template!r} cannot be filled in: {error}.") from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateFaultError(field, f"{template!r} cannot be filled in: {error!r}.") from None
    if len(text) > LONGEST:
        raise TemplateFaultError(field, f"{template!r} becomes longer than {LONGEST} characters.")
    return text
