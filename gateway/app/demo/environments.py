"""One virtual environment per orchestrator, made once and kept in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from platformdirs import user_cache_path

from gateway.app.demo.processes import ChildProcess, ProcessFailedError, ProcessGroup

REQUIREMENTS = Path(__file__).parent / "requirements"
#: Seconds for an installer; a first download over a slow line takes minutes.
PATIENCE = 1800.0
#: What would make uv look at another project than the environment it is given.
MISLEADING = ("VIRTUAL_ENV", "UV_PROJECT")

_installing = ProcessGroup()


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


def install(name: str, folder: Path | None = None) -> Environment:
    """The environment of ``requirements/NAME.txt``, in ``folder`` or home's, made now where it is missing.

    A marker is written when it is complete, so that an interrupted install is never taken for a finished one (scripts
    hold their own path, so it cannot be built elsewhere and moved); a second process waits for the first. InstallError.
    """
    requirements = REQUIREMENTS / f"{name}.txt"
    stamp = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    final = (folder or home() / "environments") / f"{name}-{stamp}"
    final.parent.mkdir(parents=True, exist_ok=True)
    with lock(final.with_suffix(".lock")) as held:
        if not (final / "complete").exists():
            _build(final, requirements, held)
    return Environment(final)


def interrupt() -> None:
    """End the installs that go on in other threads; there ``install`` raises InstallError."""
    _installing.stop()


def _build(final: Path, requirements: Path, held: int) -> None:
    shutil.rmtree(final, ignore_errors=True)  # what an interrupted install has left; scripts hold their path
    _uv(final, held, "venv", "--quiet", "--python", sys.executable, str(final))
    _uv(final, held, "pip", "install", "--quiet", "--python", str(final / "bin" / "python"), "-r", str(requirements))
    (final / "complete").touch()


def _uv(final: Path, held: int, *arguments: str) -> None:
    found = os.environ.get("UV") or shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{_path()}")
    if found is None:
        raise InstallError("uv is needed to install the demo's orchestrators; install it with: pip install uv")
    title = f"uv {' '.join(takewhile(str.isalpha, arguments))} of {final.name}"
    command = ["env", *(f"-u{name}" for name in MISLEADING), found, *arguments]
    process = ChildProcess(title, command, final.with_suffix(".log"), cwd=final.parent, holds=[held])
    try:
        _installing.finish(process, within=PATIENCE)
    except ProcessFailedError as error:
        raise InstallError(str(error)) from None


def _path() -> str:
    return os.environ.get("PATH", os.defpath)


@contextmanager
def lock(path: Path, *, is_patient: bool = True) -> Generator[int]:
    """Wait for a lock on a file; yields its descriptor: who keeps that open keeps the lock.

    BlockingIOError where somebody else has it and we are not patient.
    """
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX if is_patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file.fileno()
