"""Parts that the tests of settings, podium.yaml and command line share."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.sdk import registry
from gateway.app.cli.entry import run


@dataclass(frozen=True)
class Outcome:
    exit_code: int
    out: str
    err: str


Podium = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting of the person who runs the tests reaches them; the working directory is empty."""
    for variable in os.environ:
        if variable.upper().startswith(("PODIUM_", "OTEL_")):
            monkeypatch.delenv(variable)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("PODIUM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(home)
    return home


def install_metronome(site: Path) -> Path:
    """Put a third party's adapter into a folder as pip does: a dist-info with an entry point."""
    info = site / "podium_metronome-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: podium-metronome\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[podium.adapters]\nmetronome = tests.app.podium_metronome:MetronomeAdapter\n"
        "forgetful = tests.app.podium_metronome:ForgetfulAdapter\nbroken = not_there:Adapter\n"
    )
    return site


@pytest.fixture
def metronome(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The third party's adapter is installed for this process."""
    monkeypatch.syspath_prepend(str(install_metronome(tmp_path / "site")))
    registry.adapter_class.cache_clear()
    yield
    registry.adapter_class.cache_clear()


@pytest.fixture
def podium(capsys: pytest.CaptureFixture[str]) -> Podium:
    """Runs a command in this process, as the ``podium`` program does."""

    def call(*arguments: str | Path) -> Outcome:
        exit_code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(exit_code, printed.out, printed.err)

    return call
