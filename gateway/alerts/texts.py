"""What people read: a title and a text, from our templates or a receiver's own, filled in with the document."""

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import structlog
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from gateway.domain.suggestions import did_you_mean

log = structlog.get_logger(__name__)

#: Characters; what is longer is cut.
LONGEST_TITLE, LONGEST_TEXT = 1_024, 10_000
TITLE = (
    "{{ {'resolved': 'Resolved: ', 'acknowledged': 'Acknowledged: ', 'escalated': 'Not acknowledged: ',"
    " 'test': 'Test: '}.get(event, '') }}{{ incident.title }}"
)
TEXT = """\
{% if event == 'test' %}
This is a test: nothing is wrong.
{% elif incident.mergedInto %}
It is a part of {{ incident.mergedInto }} now.
{% elif event == 'resolved' %}
All is well again since {{ incident.resolvedAt }}.
{% elif incident.rootCause %}
Cause: {{ incident.rootCause.message }}
{% endif %}
{% if incident.acknowledgedBy %}
{{ incident.acknowledgedBy }} takes care of it.
{% endif %}
{% for kind, names in incident.impact.items() if names %}
{{ kind }}: {{ names | join(', ') }}
{% endfor %}
{% if incident.signalCount > 1 %}
{{ incident.signalCount }} signals:
{% for one in incident.signals[:10] %}
- {{ one.message }}{{ ' (no longer)' if one.endedAt }}
{% endfor %}
{% endif %}
"""
USUAL = {"title": TITLE, "text": TEXT}
#: Whatever a template can raise that is its own fault.
_FAULTS = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)
#: What no receiver can show, and halves of characters, which cannot be sent.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Texts:
    """``title`` is one line and never empty."""

    title: str
    text: str


class TemplateFaultError(ValueError):
    """A template that cannot be filled in; ``line`` is the template's own."""

    def __init__(self, line: int | None, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}" if line else reason)


class _Unknown(StrictUndefined):
    """What a template names and the document does not have."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        if self._undefined_obj is missing or isinstance(self._undefined_obj, Mapping):
            known = list(ROOT if self._undefined_obj is missing else cast("Mapping[str, Any]", self._undefined_obj))
            if not known:
                return f"{name!r} need not be there; write .get({name!r}) instead"
            return f"{name!r} is not known; there are {', '.join(known)}{did_you_mean(name, known)}"
        if self._undefined_obj is None:
            return f"{name!r} is asked of what can be null; ask for it within {{% if ... %}}"
        return super()._undefined_message


#: The keys of a document.
ROOT = ("version", "event", "key", "receiver", "sequence", "incident", "timeline")
_environment = ImmutableSandboxedEnvironment(undefined=_Unknown, autoescape=False, trim_blocks=True, lstrip_blocks=True)


def texts_of(told: Mapping[str, Any], templates: Mapping[str, str]) -> Texts:
    """By the receiver's templates; one that fails must not cost the message, so that ours is taken instead."""
    return Texts(_said("title", told, templates), _said("text", told, templates))


def fault_in(field: str, template: str, examples: Iterator[Mapping[str, Any]]) -> TemplateFaultError | None:
    """The first thing that would go wrong with one of the examples."""
    for example in examples:
        try:
            _filled(field, template, example)
        except TemplateFaultError as error:
            return error
    return None


def _said(field: str, told: Mapping[str, Any], templates: Mapping[str, str]) -> str:
    if field in templates:
        try:
            return _filled(field, templates[field], told)
        except TemplateFaultError as error:
            receiver = told.get("receiver")
            log.warning("a template failed; the usual text is sent", receiver=receiver, field=field, reason=str(error))
    return _filled(field, USUAL[field], told)


def _filled(field: str, template: str, told: Mapping[str, Any]) -> str:
    try:
        filled = _UNSEEN.sub("", _compiled(template).render(told))
    except TemplateSyntaxError as error:
        reason = (error.message or "it is no template").rstrip(".")
        raise TemplateFaultError(error.lineno, f"{reason}; write it in Jinja, like {{{{ incident.title }}}}") from None
    except _FAULTS as error:
        reason = str(error) if isinstance(error, TemplateError) else repr(error)
        raise TemplateFaultError(_line(error), reason.rstrip(".")) from None
    if field == "text":
        return cut(filled.strip(), LONGEST_TEXT)
    title = " ".join(filled.split())
    if not title and template != TITLE:
        raise TemplateFaultError(None, "it is empty, and a message needs a title")
    return cut(title, LONGEST_TITLE) or "Podium"


def cut(text: str, longest: int) -> str:
    """So many characters of it, with a mark where any are left out."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    return _environment.from_string(template)


def _line(error: BaseException) -> int | None:
    frames = traceback.extract_tb(error.__traceback__)
    return next((one.lineno for one in reversed(frames) if one.filename == "<template>"), None)
