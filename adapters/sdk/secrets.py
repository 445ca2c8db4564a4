"""Secret references: ``env:NAME`` and ``file:PATH``, resolved at the moment of use and kept nowhere."""

import os
from pathlib import Path

SCHEMES = ("env:", "file:")


class SecretError(ValueError):
    """A reference that leads nowhere; the message names it and says what to do."""


def is_reference(value: str) -> bool:
    """Whether ``value`` points to a secret rather than being one."""
    return value.startswith(SCHEMES)


def resolve(reference: str) -> str:
    """The secret behind a reference. SecretError where the variable is unset or the file cannot be read."""
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        return _from_environment(name)
    if scheme == "file":
        return _from_file(name)
    raise SecretError(f"{scheme!r} is not a known kind of reference; use env:NAME or file:PATH.")


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SecretError(f"env:{name} is not set; export {name} before starting Podium.")
    return value


def _from_file(name: str) -> str:
    try:
        value = Path(name).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(f"file:{name} cannot be read ({error}); create it or correct the path.") from None
    if not value:
        raise SecretError(f"file:{name} is empty; write the secret into it.")
    return value
