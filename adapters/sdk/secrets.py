"""Secret references: ``env:NAME`` and ``file:PATH``, resolved at the moment of use and kept nowhere."""

import os
from pathlib import Path
from typing import Protocol

SCHEMES = ("env:", "file:")


class SecretError(ValueError):
    """A reference that leads nowhere; the message names it and says what to do."""


class Secrets(Protocol):
    """Where the secrets of one connection come from."""

    def is_pointer(self, value: str, *, is_secret: bool) -> bool:
        """Whether a value of ``auth`` points to what is meant; ``is_secret``: the field holds a secret."""
        ...

    def resolve(self, pointer: str) -> str:
        """What a pointer leads to. SecretError."""
        ...

    def shown(self, pointer: str) -> str:
        """A pointer as messages name it."""
        ...


class References:
    """Of podium.yaml: whoever can write that file may refer to any variable and file."""

    def is_pointer(self, value: str, *, is_secret: bool) -> bool:  # noqa: ARG002
        """References may stand in every field."""
        return is_reference(value)

    def resolve(self, pointer: str) -> str:
        """SecretError where it leads nowhere."""
        return resolve(pointer)

    def shown(self, pointer: str) -> str:
        """As it was written."""
        return pointer


def is_reference(value: str) -> bool:
    """Whether ``value`` points to a secret rather than being one."""
    return value.startswith(SCHEMES)


def resolve(reference: str) -> str:
    """The secret behind a reference. SecretError where the variable is unset or the file cannot be read."""
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        return from_environment(name)
    if scheme == "file":
        return from_file(name)
    raise SecretError(f"{scheme!r} is not a known kind of reference; use env:NAME or file:PATH.")


def from_environment(name: str) -> str:
    """A variable's value. SecretError where there is none."""
    value = os.environ.get(name)
    if not value:
        raise SecretError(f"env:{name} is not set; export {name} before starting Podium.")
    return value


def from_file(name: str) -> str:
    """A file's text without the space around it. SecretError where there is none."""
    try:
        value = Path(name).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(f"file:{name} cannot be read ({error}); create it or correct the path.") from None
    if not value:
        raise SecretError(f"file:{name} is empty; write the secret into it.")
    return value
