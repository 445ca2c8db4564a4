"""Puts the commands together, runs one, and turns whatever goes wrong into a message and an exit code."""

import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Annotated, Any

import typer
from typer import TyperException
from typer.main import get_command

from gateway.app.cli import (
    access,
    acting,
    alerting,
    coordinating,
    database,
    definitions,
    lineage,
    measuring,
    promising,
    reading,
    server,
)
from gateway.app.cli.failures import FAULT, CliError

INTERRUPTED = 130


def build() -> Any:
    """The whole command line, ready to be called."""
    app = typer.Typer(
        name="podium",
        help="Podium: one model, one API, one page above Airflow, Prefect, Dagster and whatever comes next.",
        epilog="Example: podium serve --config podium.yaml",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_everywhere)
    for part in (server, definitions, reading, coordinating, promising, measuring, alerting, lineage, acting):
        part.register(app)
    app.add_typer(access.app, name="token")
    app.add_typer(database.app, name="db")
    command = get_command(app)
    _name_values(command)
    return command


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Only a bug raises."""
    given = [argument for argument in arguments if argument != "--debug"]
    try:
        outcome: Any = build().main(args=given, prog_name="podium", standalone_mode=False)
    except CliError as error:
        return _tell(str(error), error.exit_code)
    except TyperException as error:
        return _tell(_usage(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT
    return outcome if isinstance(outcome, int) else 0


def report_bug(kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    """Tell of a bug without a traceback."""
    text = str(error).splitlines()
    _tell(
        f"this is a bug in Podium: {kind.__name__}{f': {text[0]}' if text else ''}\n"
        "Run the command again with --debug for the details, and please report them.",
        FAULT,
    )


def _name_values(command: Any) -> None:
    """Say ``--port PORT`` and ``--json`` in help texts, where typer would say ``<int>`` and ``<bool>``."""
    for parameter in command.params:
        is_choice = parameter.type_descriptor.is_choice  # typer lists the choices
        if parameter.param_type_name == "option" and parameter.metavar is None and not is_choice:
            words = parameter.name.removeprefix("as_").split("_")
            parameter.metavar = "" if parameter.is_flag else words[-1].upper()
    for inner in getattr(command, "commands", {}).values():
        _name_values(inner)


def _version(on: bool) -> None:  # typer hands the value over by position
    if on:
        from importlib.metadata import version

        typer.echo(f"podium {version('podium')}")
        raise typer.Exit


def _everywhere(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback where a bug ends the command.")] = False,
) -> None:
    """Options of every command."""
    del version, debug  # --version acts by its callback, --debug before anything is parsed


def _tell(message: str, exit_code: int) -> int:
    typer.echo(f"podium: {message}", err=True)
    return exit_code


def _usage(error: TyperException) -> str:
    """The parser's complaint on one line, and where to read on."""
    message = " ".join(error.format_message().split()).replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "podium"
    return f"{message.rstrip('.')}{'' if message.endswith('?') else '.'}\nSee {command} --help."
