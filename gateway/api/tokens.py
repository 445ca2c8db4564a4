"""API tokens: ``podium_<prefix>_<secret>``. The prefix finds a token; only a hash of the whole is stored."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.domain.access import Role
from gateway.store.database import WriteSession
from gateway.store.repository import tokens

MARK = "podium"
PREFIX_LENGTH = 12
SECRET_LENGTH = 48
#: A token is 192 random bits, which no guessing finds; the hash need not be slow, and must not be hungry.
_HASHER = PasswordHasher(time_cost=2, memory_cost=8 * 1024, parallelism=1)


class NameTakenError(ValueError):
    """There is, or was, a token of that name."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token in the one moment in which it is known; its repr hides it."""

    text: str
    prefix: str
    hashed: str

    def __repr__(self) -> str:
        return f"NewToken({self.prefix})"


def generate() -> NewToken:
    """A new random token."""
    prefix = secrets.token_hex(PREFIX_LENGTH // 2)
    text = f"{MARK}_{prefix}_{secrets.token_hex(SECRET_LENGTH // 2)}"
    return NewToken(text, prefix, _HASHER.hash(text))


async def issue(session: WriteSession, name: str, role: Role, now: datetime) -> str:
    """Make a token, store its hash and return it. NameTakenError."""
    made = generate()
    stored = await tokens.create(session, name=name, role=role, prefix=made.prefix, hashed=made.hashed, now=now)
    if stored is None:
        raise NameTakenError(f"There is, or was, a token named {name!r}.")
    return made.text


def prefix_of(text: str) -> str | None:
    """The public part, None for a text that cannot be a token."""
    parts = text.split("_")
    is_token = len(parts) == 3 and parts[0] == MARK and len(parts[1]) == PREFIX_LENGTH
    return parts[1] if is_token and len(parts[2]) == SECRET_LENGTH and text.isascii() and text.isprintable() else None


def matches(text: str, hashed: str) -> bool:
    """Whether a token has this hash, in a time that does not depend on where they differ. It takes milliseconds."""
    try:
        return _HASHER.verify(hashed, text)
    except (VerificationError, InvalidHashError):
        return False
