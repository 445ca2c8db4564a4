"""Secrets of orchestrators that people connect through the API.

Whoever may connect one also says where its secrets are sent. So a reference leads to no other variable than those of
one prefix and to no file outside of one folder, and what was typed in is stored encrypted, bound to the server it is
for.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from adapters.sdk.registry import OF_A_FILE
from adapters.sdk.secrets import SecretError, Secrets, from_environment, from_file, is_reference

#: The only variables that a reference through the API may name. No setting begins so.
ENVIRONMENT_PREFIX = "PODIUM_CONNECT_"
#: Where definitions come from; see ``gateway.domain.records.Orchestrator``.
API = "API"
_SEALED = "sealed:"
_TYPED = "typed:"
#: What stands for a typed secret wherever people read of it.
TYPED_IN = "what was typed in"
_HOW_TO_MAKE_A_KEY = (
    "Set PODIUM_SECRET_KEYS, the same on every replica, to what `podium secret-key` prints; "
    f"or give a reference, env:{ENVIRONMENT_PREFIX}NAME or file:NAME."
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a form may offer: how secrets can be given through the API."""

    #: Why nothing can be typed in, with the remedy; None where it can.
    why_not_typed: str | None
    environment_prefix: str
    #: Whether there is a folder for references to files.
    has_folder: bool


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts and decrypts what is typed in, and keeps references within bounds.

    ``keys``: Fernet's; the first encrypts, each decrypts. ``key_file`` is made at first use where there are no keys.
    """

    keys: Sequence[str] = field(default=(), repr=False)
    key_file: Path | None = None
    folder: Path | None = None

    def rules(self) -> Rules:
        """How secrets can be given."""
        can_seal = bool(self.keys) or self.key_file is not None
        why_not = None if can_seal else f"Podium has no key to encrypt secrets with. {_HOW_TO_MAKE_A_KEY}"
        return Rules(why_not, ENVIRONMENT_PREFIX, self.folder is not None)

    def secrets_of(self, origin: str, url: str) -> Secrets:
        """What the connection of that origin, to that url, may use."""
        return OfTheApi(self, url) if origin == API else OF_A_FILE

    def seal(self, text: str, url: str) -> str:
        """What is stored instead of ``text``; it opens for the same server only. SecretError without a key."""
        if (why_not := self.rules().why_not_typed) is not None:
            raise SecretError(why_not)
        document = orjson.dumps({"for": server_of(url), "secret": text})
        return _SEALED + self._fernet(make=True).encrypt(document).decode()

    def unseal(self, sealed: str, url: str) -> str:
        """The text again. SecretError where no key fits, or it is meant for another server."""
        try:
            document = orjson.loads(self._fernet(make=False).decrypt(sealed.removeprefix(_SEALED)))
        except InvalidToken:
            message = "what was typed in cannot be decrypted with the keys at hand"
            where = "PODIUM_SECRET_KEYS" if self.keys or self.key_file is None else str(self.key_file)
            raise SecretError(f"{message}; restore the key in {where}, or type it in again.") from None
        if document["for"] != server_of(url):
            message = f"what was typed in is for {document['for']} and is not sent to {server_of(url)}"
            raise SecretError(f"{message}; type it in again.")
        return str(document["secret"])

    def read_file(self, name: str) -> str:
        """A file of the folder, also through links within it. SecretError for every other."""
        if self.folder is None:
            raise SecretError(
                f"file:{name} is not open to the API; set PODIUM_SECRETS_DIR to the folder whose files may be used."
            )
        folder = self.folder.resolve()
        try:
            path = (folder / name).resolve()
        except (OSError, RuntimeError, ValueError):
            path = None
        if path is None or not path.is_relative_to(folder):
            raise SecretError(
                f"file:{name} is not below PODIUM_SECRETS_DIR; put the file there, or type the secret in."
            )
        return from_file(str(path))

    def _fernet(self, *, make: bool) -> MultiFernet:
        keys = self.keys
        if not keys and self.key_file is not None:
            keys = [_key_in(self.key_file, make=make)]
        if not keys:
            raise SecretError(f"what was typed in cannot be decrypted. {_HOW_TO_MAKE_A_KEY}")
        return MultiFernet([Fernet(key) for key in keys])


@dataclass(frozen=True, slots=True)
class OfTheApi:
    """Secrets of a connection that was made through the API. Only fields for secrets are looked up."""

    vault: Vault
    url: str
    #: Typed in for a trial, by field: stored nowhere.
    typed: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    def is_pointer(self, value: str, *, is_secret: bool) -> bool:
        """Elsewhere than in a secret's field, a value is what it is: what it led to would be shown."""
        return is_secret and (is_reference(value) or value.startswith((_SEALED, _TYPED)))

    def resolve(self, pointer: str) -> str:
        """SecretError for what the API may not reach."""
        scheme, _, name = pointer.partition(":")
        if f"{scheme}:" == _SEALED:
            return self.vault.unseal(pointer, self.url)
        if f"{scheme}:" == _TYPED and name in self.typed:
            return self.typed[name]
        if scheme == "file":
            return self.vault.read_file(name)
        if not name.startswith(ENVIRONMENT_PREFIX):
            raise SecretError(
                f"{pointer} is not open to the API; use a variable whose name begins with {ENVIRONMENT_PREFIX}."
            )
        return from_environment(name)

    def shown(self, pointer: str) -> str:
        """A reference as it is; no ciphertext."""
        return pointer if is_reference(pointer) else TYPED_IN


def on_trial(name: str) -> str:
    """The pointer to what was typed into a field; see ``OfTheApi.typed``."""
    return _TYPED + name


def is_sealed(value: object) -> bool:
    """Whether a stored value was typed in."""
    return isinstance(value, str) and value.startswith(_SEALED)


def server_of(url: str) -> str:
    """Scheme, host and port: whoever answers there gets the secret."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def new_key() -> str:
    """A key for PODIUM_SECRET_KEYS."""
    return Fernet.generate_key().decode()


def is_key(text: str) -> bool:
    """Whether it could be one."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def _key_in(path: Path, *, make: bool) -> str:
    try:
        return _read_key(path)
    except FileNotFoundError:
        if not make:
            raise SecretError(
                f"what was typed in cannot be decrypted, because {path} is gone; restore it, or type it in again."
            ) from None
    # It comes to its name whole, with a mode that lets nobody else read it, or not at all.
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w") as file:
                file.write(new_key() + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was quicker: its key counts
        finally:
            Path(draft).unlink(missing_ok=True)
        return _read_key(path)
    except OSError as error:
        raise SecretError(f"{path} cannot be made ({error.strerror}). {_HOW_TO_MAKE_A_KEY}") from None


def _read_key(path: Path) -> str:
    """FileNotFoundError where there is none. SecretError where it is no key."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError):
        text = ""
    if not is_key(text):
        raise SecretError(f"{path} cannot be read as a key; restore it, or remove it and type all secrets in again.")
    return text
