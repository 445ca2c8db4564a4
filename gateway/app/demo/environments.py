"""One virtual environment per orchestrator, made once and kept in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

REQUIREMENTS = Path(__file__).parent / "requirements"


class InstallError(RuntimeError):
    """An environment could not be made; the message shows what the installer said."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A finished virtual environment."""

    path: Path

    def program(self, name: str) -> str:
        """The path of a program in it."""
        return str(self.path / "bin" / name)


def home() -> Path:
    """Where environments and the demo's data are kept: PODIUM_DEMO_HOME, or the user's cache folder."""
    return Path(os.environ.get("PODIUM_DEMO_HOME") or user_cache_path("podium", appauthor=False))


def install(name: str) -> Environment:
    """The environment of ``requirements/NAME.txt``, made now where it is missing.

    A marker is written when it is complete, so that an interrupted install is never taken for a finished one (scripts
    hold their own path, so it cannot be built elsewhere and moved); a second process waits for the first. InstallError.
    """
    requirements = REQUIREMENTS / f"{name}.txt"
    stamp = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    final = home() / "environments" / f"{name}-{stamp}"
    final.parent.mkdir(parents=True, exist_ok=True)
    with _lock(final.with_suffix(".lock")):
        if not (final / "complete").exists():
            _build(final, requirements)
    return Environment(final)


def _build(final: Path, requirements: Path) -> None:
    shutil.rmtree(final, ignore_errors=True)  # what an interrupted install has left; scripts hold their path
    _run([_uv(), "venv", "--quiet", "--python", sys.executable, str(final)])
    _run([_uv(), "pip", "install", "--quiet", "--python", str(final / "bin" / "python"), "-r", str(requirements)])
    (final / "complete").touch()


def _uv() -> str:
    found = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise InstallError("uv is needed to install the demo's orchestrators; install it with: pip install uv")
    return found


def _run(command: list[str]) -> None:
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=_clean_environment())
    if answer.returncode != 0:
        raise InstallError(f"{' '.join(command[:3])} failed:\n{(answer.stderr or answer.stdout).strip()[-2000:]}")


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "UV_PROJECT"}}


@contextmanager
def _lock(path: Path) -> Generator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
