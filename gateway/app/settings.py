"""Settings: what the environment says (``PODIUM_...``), overridden by the command line's options.

What is connected and what is watched is no setting: that is podium.yaml.
"""

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.sdk import secrets
from gateway.domain.suggestions import closest
from gateway.sync.vault import is_key

PREFIX = "PODIUM_"
DATABASE_FILE = "podium.sqlite"
_BOUNDS = {"port": (0, 65535), "lineage_keep_days": (1, 36_500), "history_keep_days": (1, 36_500)}
_DATABASES = ("sqlite", "postgresql", "postgres")


class LogLevel(StrEnum):
    """From this level on, messages are logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a log line looks."""

    CONSOLE = "console"
    JSON = "json"


class SettingsError(ValueError):
    """Settings that cannot be used; every fault is one line that names variable, value and remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _default_data_dir() -> Path:
    return user_data_path("podium", appauthor=False)


def _default_database_url(given: dict[str, Any]) -> str:
    folder = given.get("data_dir") or _default_data_dir()
    return f"sqlite:///{folder / DATABASE_FILE}"


class Settings(BaseSettings):
    """One frozen value for the whole process; make it with ``load_settings``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Folder for what Podium keeps on this machine; the embedded database is in it.",
        json_schema_extra={"default": "the user's data folder, e.g. `~/.local/share/podium`"},
    )
    database_url: str = Field(
        default_factory=_default_database_url,
        description="The database: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`; "
        "`file:PATH` reads it from a file.",
        json_schema_extra={"default": f"SQLite, `{DATABASE_FILE}` in the data folder"},
        repr=False,
    )
    config: Path | None = Field(
        default=None,
        description="The podium.yaml that `plan`, `apply` and `check` read and that `serve` applies when it starts.",
        json_schema_extra={"default": "`podium.yaml` in the current folder; `serve` applies none"},
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on. Other than loopback needs an API token to exist: `podium token create`.",
    )
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    log_level: LogLevel = Field(default=LogLevel.INFO, description="Log messages from this level on.")
    log_format: LogFormat = Field(
        default=LogFormat.CONSOLE, description="`console` for people, `json` for machines: one object a line."
    )
    public_url: str | None = Field(
        default=None,
        description="Where people reach Podium's pages, for links in notifications, e.g. `https://podium.example.com`.",
    )
    lineage_keep_days: int = Field(
        default=90,
        ge=1,
        le=36_500,
        description="Days that lineage events, runs and versions are kept; the current graph stays whole.",
    )
    history_keep_days: int = Field(
        default=400,
        ge=1,
        le=36_500,
        description="Days that incidents are kept once they are over, and how SLAs were judged.",
    )
    secret_keys: SecretStr | None = Field(
        default=None,
        description="Keys, with commas between, that encrypt the secrets which people type in when they connect an "
        "orchestrator; the first encrypts, each decrypts. `podium secret-key` prints one; "
        "`file:PATH` reads them from a file.",
        json_schema_extra={"default": "with SQLite, a key file beside the database; with PostgreSQL, none"},
    )
    secrets_dir: Path | None = Field(
        default=None,
        description="Folder whose files may be named as `file:NAME` when an orchestrator is connected through the API.",
        json_schema_extra={"default": "none: no file may"},
    )
    url: str = Field(
        default="http://127.0.0.1:8080", description="Where the command line finds Podium, as a client of it."
    )
    token: SecretStr | None = Field(
        default=None,
        description="API token that the command line shows as a client; from `podium token create`, or `file:PATH`.",
    )

    @field_validator("database_url", "secret_keys", "token", mode="before")
    @classmethod
    def _from_file(cls, value: Any) -> Any:
        """Environments are shown by process lists and inspection; files can be closed."""
        if not isinstance(value, str) or not value.startswith("file:"):
            return value
        try:
            return secrets.from_file(value.removeprefix("file:"))
        except secrets.SecretError as error:
            raise ValueError(str(error).rstrip(".")) from None

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _ignore_case(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("data_dir", "config", "secrets_dir")
    @classmethod
    def _expand_home(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value is not None else None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.partition("://")[0].partition("+")[0] not in _DATABASES:
            raise ValueError("use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")
        return value

    @field_validator("secret_keys")
    @classmethod
    def _keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(map(is_key, _split(value.get_secret_value()))):
            raise ValueError("use what `podium secret-key` prints, several with commas between")
        return value

    @property
    def keys(self) -> tuple[str, ...]:
        """Of ``secret_keys``, in their order."""
        return tuple(_split(self.secret_keys.get_secret_value())) if self.secret_keys else ()

    @field_validator("url", "public_url")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.match(r"https?://[^/\s]", value):
            raise ValueError("use http://HOST:PORT or https://HOST")
        return value.rstrip("/")


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",")]


def load_settings(**options: Any) -> Settings:
    """Settings from the environment; ``options`` (the command line's, None where not given) win. SettingsError."""
    given = {name: value for name, value in options.items() if value is not None}
    faults = _mistyped(os.environ)
    try:
        settings = Settings(**given)
    except ValidationError as error:
        faults += [_fault(item, given) for item in error.errors(include_url=False)]
    else:
        if not faults:
            return settings
    raise SettingsError(faults)


def _mistyped(environment: Mapping[str, str]) -> list[str]:
    """Variables that are almost settings. Others may hold secrets that podium.yaml refers to, and are let be."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    faults: list[str] = []
    for variable in sorted(environment):
        name = variable.upper()
        if not name.startswith(PREFIX) or name in known:
            continue
        meant = closest(name.removeprefix(PREFIX), [setting.removeprefix(PREFIX) for setting in known], nearness=0.85)
        if meant:
            faults.append(f"{variable} is not a setting; did you mean {PREFIX}{meant}? Rename or unset it.")
    return faults


def _fault(item: Any, given: Mapping[str, Any]) -> str:
    name = str(item["loc"][0])
    where = f"--{name.replace('_', '-')}" if name in given else PREFIX + name.upper()
    value = _shown(name, item["input"])
    if name == "port" and str(item["input"]).startswith("tcp://"):
        remedy = (
            "use a number from 0 to 65535. Kubernetes sets this variable for a service named podium: "
            "set enableServiceLinks: false in the pod, or PODIUM_PORT itself"
        )
    else:
        remedy = _remedy(item)
    return f"{where}={value}: {remedy}."


def _remedy(item: Any) -> str:
    context = item.get("ctx", {})
    match item["type"]:
        case "value_error":
            return str(context["error"])
        case "enum":
            return f"use one of {context['expected'].replace(' or ', ', ').replace(chr(39), '')}"
        case "int_parsing" | "greater_than_equal" | "less_than_equal" | "int_type":
            lowest, highest = _BOUNDS[str(item["loc"][0])]
            return f"use a number from {lowest} to {highest}"
        case "string_too_short":
            return "use an address such as 127.0.0.1"
        case _:
            return str(item["msg"])


def _shown(name: str, value: Any) -> str:
    """The value as an error may show it: without the secrets it may hold."""
    if name in {"token", "secret_keys"}:
        return "***"
    return hide_password(str(value))


def hide_password(url: str) -> str:
    """A URL with ``***`` for its password, and for the values of its query, which may hold one too."""
    hidden = re.sub(r"(://[^/@:]*):.*@", r"\1:***@", url)
    return re.sub(r"([?&][^=&]*pass[^=&]*)=[^&]*", r"\1=***", hidden, flags=re.IGNORECASE)
