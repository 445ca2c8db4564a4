"""The reference documents say what the code says."""

from pathlib import Path
from typing import Any

import pytest

from gateway.app.cli.entry import build
from gateway.app.cli.reference import documents

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(documents()))
def test_a_reference_document_is_what_the_code_writes(name: str):
    remedy = "run `python -m gateway.app.cli.reference`"
    assert (DOCS / name).read_text(encoding="utf-8") == documents()[name], remedy


def commands(path: str, command: Any) -> list[tuple[str, Any]]:
    inner = getattr(command, "commands", {})
    return [(path, command), *(one for name in inner for one in commands(f"{path} {name}", inner[name]))]


@pytest.mark.parametrize(("path", "command"), commands("podium", build()))
def test_every_command_has_a_help_text_and_every_option_a_meaning(path: str, command: Any):
    assert command.help
    assert command.help.strip().endswith(".")
    assert [one.name for one in command.params if not one.help] == []


@pytest.mark.parametrize(("path", "command"), commands("podium", build()))
def test_every_command_shows_an_example_that_is_a_call_of_it(path: str, command: Any):
    if not getattr(command, "commands", None) or path == "podium":
        assert command.epilog
        assert command.epilog.startswith("Example: ")
        assert path in command.epilog
