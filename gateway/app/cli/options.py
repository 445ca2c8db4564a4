"""Options that several commands share, and what they mean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.app.cli.failures import CliError, usage
from gateway.domain.durations import DurationError, parse_duration

if TYPE_CHECKING:
    from datetime import timedelta

    from gateway.app.settings import Settings

DEFAULT_FILE = Path("podium.yaml")

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file", "-f", help="The podium.yaml to read; else PODIUM_CONFIG, else podium.yaml here.", show_default=False
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database-url", help="The database; else PODIUM_DATABASE_URL.", show_default=False),
]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Show at most this many.")]


def settings(**options: object) -> "Settings":
    """The settings, with options of the command line over the environment's. CliError."""
    from gateway.app.settings import SettingsError, load_settings

    try:
        return load_settings(**options)
    except SettingsError as error:
        raise CliError(str(error)) from None


def config_file(option: Path | None, from_settings: Path | None) -> Path:
    """Which podium.yaml is meant. CliError where none is named and none is here."""
    chosen = option or from_settings
    if chosen is not None:
        return chosen
    if not DEFAULT_FILE.exists():
        usage("there is no podium.yaml in this folder.", "Name one with -f FILE or PODIUM_CONFIG.")
    return DEFAULT_FILE


def duration(text: str, option: str) -> "timedelta":
    """A duration that an option gives. CliError."""
    try:
        return parse_duration(text)
    except DurationError as error:
        usage(f"{option}: {error}")


def instant(text: str, option: str) -> datetime:
    """An instant, given as such (UTC where it has no offset) or as a duration before now. CliError."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        try:
            return datetime.now(UTC) - parse_duration(text)
        except (DurationError, OverflowError):
            usage(f"{option}: {text!r} is no time; write 2h for two hours ago, or 2026-05-01T07:00:00Z.")
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def later(text: str, option: str) -> datetime:
    """An instant, given as such (UTC where it has no offset) or as a duration from now. CliError."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        try:
            return datetime.now(UTC) + parse_duration(text)
        except (DurationError, OverflowError):
            usage(f"{option}: {text!r} is no time; write 3d for three days from now, or 2026-05-01T07:00:00Z.")
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def split_key(text: str) -> tuple[str, str]:
    """``ORCHESTRATOR/KEY`` as its two parts; the key may hold slashes. CliError."""
    orchestrator, slash, key = text.partition("/")
    if not (orchestrator and slash and key):
        usage(f"{text!r} is no pipeline; write ORCHESTRATOR/KEY, as `podium pipelines` lists it.")
    return orchestrator, key
