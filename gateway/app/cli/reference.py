"""Writes the reference documents from the code: ``python -m gateway.app.cli.reference [FOLDER]``, by default docs/."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from gateway.app.cli.entry import build
from gateway.app.settings import PREFIX, Settings

_NOTICE = "<!-- Written by `python -m gateway.app.cli.reference`. Change the code, then run it again. -->"


def documents() -> dict[str, str]:
    """File name -> text of each reference document."""
    return {"settings.md": settings_reference(), "cli.md": cli_reference()}


def settings_reference() -> str:
    """Every setting: variable, default, meaning."""
    rows = [f"| `{PREFIX}{name.upper()}` | {_default(info)} | {info.description} |" for name, info in _settings()]
    return "\n".join(
        [
            "# Settings",
            _NOTICE,
            "",
            "Settings come from the environment; options of the command line win over them. A variable that is almost",
            "a setting is refused with the one that was meant, a value that cannot be used with what can.",
            "What is connected is no setting: see [podium.yaml](configuration.md).",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
            *rows,
            "",
            "Traces are switched on by OpenTelemetry's own variables, e.g. `OTEL_EXPORTER_OTLP_ENDPOINT`, and need the",
            "packages of the extra `podium[otel]`.",
            "",
        ]
    )


def cli_reference() -> str:
    """Every command: usage, meaning, options, example."""
    sections = [section for path, command in _commands("podium", build()) for section in _section(path, command)]
    return "\n".join(["# Command line", _NOTICE, "", *sections])


def _settings() -> Iterator[tuple[str, Any]]:
    yield from Settings.model_fields.items()


def _default(info: Any) -> str:
    told = cast("dict[str, str]", info.json_schema_extra or {}).get("default")
    if told:
        return told
    return "" if info.default is None else f"`{getattr(info.default, 'value', info.default)}`"


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(f"{path} {name}", inner)


def _section(path: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    given = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    usage = " ".join([path, *(_placeholder(one) for one in arguments), *(["[OPTIONS]"] if given else [])])
    if getattr(command, "commands", None):
        usage += " COMMAND"
    yield f"## `{path}`"
    yield f"```\n{usage}\n```"
    yield re.sub(r"[ \t]*\n[ \t]*", "\n", (command.help or "").strip())
    yield ""
    rows = [f"| `{_placeholder(one)}` | {_meaning(one)} |" for one in arguments]
    rows += [f"| `{_spelling(one)}` | {_meaning(one)} |" for one in given]
    if rows:
        yield from ["| | |", "|---|---|", *rows, ""]
    if command.epilog:
        yield f"{command.epilog.replace('Example: ', 'Example: `', 1)}`"
        yield ""


def _placeholder(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _spelling(option: Any) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    value = option.name.upper() if option.metavar is None else option.metavar
    return f"{names} {value}".rstrip()


def _meaning(parameter: Any) -> str:
    text = (parameter.help or "").replace("|", "\\|")
    choices = getattr(parameter.type_descriptor, "choices", None)
    if choices:
        text += f" One of {', '.join(str(choice.value).lower() for choice in choices)}."
    if parameter.required:
        text += " Required."
    elif parameter.default not in {None, False, ()} and parameter.show_default is not False:
        text += f" Default: {getattr(parameter.default, 'value', parameter.default)}."
    return text


def main() -> None:
    """Write the documents."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
