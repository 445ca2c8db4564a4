"""Names with {placeholders}, as a person writes them in a rule.

``{table}`` stands for text without a dot or slash, ``{path*}`` for any text. Each must stand for something.
"""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE)


class PatternError(ValueError):
    """A pattern that cannot be used; ``part`` is "namespace" or "name"."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


class NamePattern:
    """Matches a dataset's namespace and name. PatternError."""

    def __init__(self, namespace: str, name: str) -> None:
        self._known: list[str] = []
        self._namespace = re.compile(self._expression("namespace", namespace), re.DOTALL)
        self._name = re.compile(self._expression("name", name), re.DOTALL)

    def match(self, namespace: str, name: str) -> Mapping[str, str] | None:
        """What the placeholders stand for, or None where it is another name."""
        one = self._namespace.fullmatch(namespace)
        other = self._name.fullmatch(name) if one else None
        return None if one is None or other is None else {**one.groupdict(), **other.groupdict()}

    def check(self, namespace: str, name: str) -> None:
        """PatternError where a template has a placeholder that this pattern knows nothing of."""
        for part, template in (("namespace", namespace), ("name", name)):
            for inside in _placeholders(part, template):
                if inside not in self._known:
                    known = ", ".join(f"{{{one}}}" for one in self._known) or "none"
                    raise PatternError(part, f"{{{inside}}} is not in from; its placeholders are: {known}.")

    def _expression(self, part: str, pattern: str) -> str:
        expression, end = "", 0
        inside = iter(_placeholders(part, pattern))
        for found in _PLACEHOLDER.finditer(pattern):
            name = next(inside)
            plain = name.removesuffix("*")
            if plain in self._known:
                raise PatternError(part, f"{{{plain}}} stands there twice; give one of them another name.")
            self._known.append(plain)
            expression += re.escape(pattern[end : found.start()])
            expression += f"(?P<{plain}>{'.+' if name.endswith('*') else '[^./]+'})"
            end = found.end()
        return expression + re.escape(pattern[end:])


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled in."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)


def _placeholders(part: str, pattern: str) -> list[str]:
    names = [found[1] for found in _PLACEHOLDER.finditer(pattern)]
    if re.search(r"[{}]", _PLACEHOLDER.sub("", pattern)):
        raise PatternError(part, f"{pattern!r} has a brace without its other half; write placeholders as {{table}}.")
    for name in names:
        if not _NAME.fullmatch(name.removesuffix("*")):
            raise PatternError(part, f"{{{name}}} is not a placeholder; use letters, digits and _, as in {{table}}.")
    return names
