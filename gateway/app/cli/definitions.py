"""``podium plan``, ``apply`` and ``check``: podium.yaml against the database and against the orchestrators."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.app.cli import database, options
from gateway.app.cli.failures import CliError
from gateway.app.cli.output import console, print_json

if TYPE_CHECKING:
    from gateway.app.config.load import PodiumFile
    from gateway.app.config.plan import Change
    from gateway.sync.probing import Report

_SIGNS = {"create": ("+", "green"), "restore": ("+", "green"), "update": ("~", "yellow"), "remove": ("-", "red")}
_NOTES = {"restore": "comes back, with its history", "remove": "no longer followed; its history stays"}


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog="Example: podium plan -f podium.yaml")(plan)
    app.command(epilog="Example: podium apply -f podium.yaml")(apply)
    app.command(epilog="Example: podium check -f podium.yaml")(check)


def plan(
    *,
    file: options.FileOption = None,
    database_url: options.DatabaseOption = None,
    as_json: options.JsonFlag = False,
) -> None:
    """Show what `podium apply` would change. Exit code 2 where there is something to change."""
    settings = options.settings(database_url=database_url)
    loaded = load(options.config_file(file, settings.config))

    async def work() -> list["Change"]:
        from gateway.app.config.apply import plan_file
        from gateway.app.config.plan import Stored, plan
        from gateway.store import migrations

        async with database.connect(settings) as opened:
            if await migrations.current(opened) is None:
                return plan(loaded, Stored())
        async with database.ready(settings) as opened:
            return await plan_file(opened, loaded, datetime.now(UTC))

    changes = run_on_database(work(), settings)
    _show(changes, as_json=as_json, applied=False)
    if changes:
        raise typer.Exit(2)


def apply(
    *,
    file: options.FileOption = None,
    database_url: options.DatabaseOption = None,
    as_json: options.JsonFlag = False,
) -> None:
    """Make the database's definitions equal to the file's, all of them or none.

    A running server follows within seconds.
    """
    settings = options.settings(database_url=database_url)
    loaded = load(options.config_file(file, settings.config))

    async def work() -> list["Change"]:
        from gateway.app.config.apply import apply_file

        async with database.ready(settings) as opened:
            return await apply_file(opened, loaded, datetime.now(UTC))

    _show(run_on_database(work(), settings), as_json=as_json, applied=True)


def check(
    *,
    file: options.FileOption = None,
    timeout: Annotated[float, typer.Option("--timeout", min=1, help="Seconds to wait for each answer.")] = 10.0,
    as_json: options.JsonFlag = False,
) -> None:
    """Check the file and try each connection: version, rights, what is missing. Exit code 1 on any fault."""
    settings = options.settings()
    loaded = load(options.config_file(file, settings.config))
    from gateway.sync.probing import probe_all

    with console(error=True).status(f"Asking {len(loaded.orchestrators)} orchestrators..."):
        reports = asyncio.run(probe_all(loaded.orchestrators, patience=timeout))
    if as_json:
        print_json([report.as_json() for report in reports])
    else:
        _show_reports(reports, loaded.source)
    if any(report.fault for report in reports):
        raise typer.Exit(1)


def load(path: Path) -> "PodiumFile":
    """A sound podium.yaml. CliError lists every fault."""
    from gateway.app.config.faults import ConfigError
    from gateway.app.config.load import load_file

    try:
        return load_file(path)
    except ConfigError as error:
        raise refused(error) from None


def refused(error: Any) -> CliError:
    """A ConfigError as the end of a command: what was tried, then one line for each fault."""
    count = len(error.faults)
    heading = f"{error.source} has {count} faults:" if count > 1 else f"{error.source} has a fault:"
    return CliError(f"{heading}\n{error}")


def run_on_database(work: Any, settings: Any) -> Any:
    """As ``database.run``, for work that reads a podium.yaml. CliError lists what the file asks for in vain."""
    from gateway.app.config.faults import ConfigError

    try:
        return database.run(work, settings)
    except ConfigError as error:
        raise refused(error) from None


def _show(changes: Sequence["Change"], *, as_json: bool, applied: bool) -> None:
    from gateway.app.config.plan import summary

    if as_json:
        print_json({"applied": applied, "changes": [_as_json(change) for change in changes]})
        return
    out = console()
    for change in changes:
        _show_change(change)
    if not changes:
        out.print("Nothing to change: the database says what the file says.")
    else:
        out.print(f"{'Applied' if applied else 'Plan'}: {summary(changes)}.", markup=False)


def _show_change(change: "Change") -> None:
    from rich.text import Text

    out = console()
    sign, style = _SIGNS[change.action]
    title = Text(f"{sign} {change.name}", style=style)
    if (note := _NOTES.get(change.action)) and change.is_history_kept:
        title.append(f"  {note}", style="dim")
    out.print(title)
    width = max((len(field.field) for field in change.fields), default=0)
    for field in change.fields:
        value = " → ".join(side for side in (field.before, field.after) if side is not None)
        if field.after is None:
            value += " → (not set)"
        elif field.before is None and change.action == "update":
            value = f"(not set) → {value}"
        out.print(Text(f"    {field.field:<{width}}  {value}"))


def _as_json(change: "Change") -> dict[str, Any]:
    return {
        "action": change.action.value,
        "name": change.name,
        "fields": [{"field": field.field, "before": field.before, "after": field.after} for field in change.fields],
    }


def _show_reports(reports: Sequence["Report"], source: str) -> None:
    from rich.text import Text

    out = console()
    for report in reports:
        if report.fault:
            out.print(Text(f"✗ {report.name}", style="bold red").append(f"  {report.kind}", style="dim"))
            out.print(Text(f"    {report.complaint}"))
            continue
        out.print(
            Text(f"✓ {report.name}", style="green").append(
                f"  {report.kind} {report.version}  {report.milliseconds:.0f} ms", style="dim"
            )
        )
        out.print(Text(f"    can: {', '.join(report.capabilities).lower() or 'nothing'}"))
        if report.missing:
            out.print(Text(f"    cannot here: {', '.join(report.missing).lower()}", style="yellow"))
        for warning in report.warnings:
            out.print(Text(f"    ! {warning}", style="yellow"))
    bad = sum(1 for report in reports if report.fault)
    total = len(reports)
    out.print(f"{source} is sound; {total - bad} of {total} connections work.", markup=False)
