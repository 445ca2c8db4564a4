"""Label matchers in Prometheus Alertmanager's words: ``severity="critical"``, ``owner=~"fin.*"``, ``!=``, ``!~``."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_WRITTEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*(.*?)\s*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 1_000


class MatcherError(ValueError):
    """A matcher that cannot be used; the message says how to write one."""


class MatchOperator(StrEnum):
    """How a label is compared; an expression must match the whole value."""

    EQ = "="
    NEQ = "!="
    RE = "=~"
    NRE = "!~"


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one label. A label that is not there is as an empty one."""

    label: str
    operator: MatchOperator
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels fulfil it."""
        found = labels.get(self.label, "")
        match self.operator:
            case MatchOperator.EQ:
                return found == self.value
            case MatchOperator.NEQ:
                return found != self.value
            case MatchOperator.RE:
                return _compiled(self.value).fullmatch(found) is not None
            case MatchOperator.NRE:
                return _compiled(self.value).fullmatch(found) is None

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.operator.value}"{escaped}"'


def matcher(label: str, operator: MatchOperator, value: str) -> Matcher:
    """One that can be used. MatcherError."""
    if not _NAME.fullmatch(label):
        raise MatcherError(f"{label!r} is no name of a label; it has letters, digits and _ and starts with no digit.")
    if len(value) > _LONGEST:
        raise MatcherError(f"the value for {label} has more than {_LONGEST} characters.")
    if operator in (MatchOperator.RE, MatchOperator.NRE):
        try:
            _compiled(value)
        except re.error as error:
            raise MatcherError(f"{value!r} is no regular expression ({error}).") from None
    return Matcher(label, operator, value)


def parse_matcher(text: str) -> Matcher:
    """From ``label="value"``; quotes may be left out. MatcherError."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise MatcherError(f'{text!r} is no matcher; write it like severity="critical" or owner=~"finance.*".')
    label, operator, value = written.groups()
    return matcher(label, MatchOperator(operator), _unquoted(value, text))


def all_match(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether labels fulfil every one."""
    return all(one.matches(labels) for one in matchers)


def _unquoted(value: str, text: str) -> str:
    if not value.startswith('"'):
        if '"' in value:
            raise MatcherError(f"{text!r} has a quote within its value; put the whole value in quotes.")
        return value
    if len(value) < 2 or not value.endswith('"'):
        raise MatcherError(f"{text!r} has a quote that is not closed.")
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value[1:-1], flags=re.DOTALL)


@lru_cache(1_000)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
