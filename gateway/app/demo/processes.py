"""Child processes that never outlive us, whatever happens to them or to us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
#: Seconds a process has to end by itself before it is killed.
GRACE = 10.0
LOG_LINES = 25


class ProcessFailedError(RuntimeError):
    """A child ended, or was not ready in time; the message shows the end of its log and where the rest is."""


@dataclass(slots=True)
class ChildProcess:
    """One server process with its descendants, in a process group of its own, writing to a log file."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    cwd: Path | None = None
    #: Run as this user, where we may (PostgreSQL refuses to run as root).
    user: str | None = None
    #: What the process takes for "end now, and well".
    stop_signal: signal.Signals = signal.SIGTERM
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns at once."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                list(self.command),
                env={**os.environ, **self.env},
                cwd=self.cwd,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  # only calls prctl
            )

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self.is_running and self._process else None

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], *, within: float) -> None:
        """Poll until it is ready. ProcessFailedError where it ends first, or ``within`` seconds pass."""
        deadline = time.monotonic() + within
        while True:
            if not self.is_running:
                code = self._process.returncode if self._process else "never started"
                raise ProcessFailedError(f"{self.name} ended (exit code {code}).\n{self.log_tail()}")
            if is_ready():
                return
            if time.monotonic() > deadline:
                raise ProcessFailedError(f"{self.name} was not ready within {within:g} s.\n{self.log_tail()}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it and everything it has started, first kindly, then surely. Does nothing where it has ended."""
        process = self._process
        if process is None:
            return
        family = _family(process.pid)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._process = None

    def log_tail(self) -> str:
        """The end of its log, and where the rest is."""
        try:
            with self.log.open(encoding="utf-8", errors="replace") as lines:
                tail = "".join(deque(lines, LOG_LINES)).rstrip()
        except FileNotFoundError:
            tail = "(it has written nothing)"
        return f"{tail}\nThe whole log: {self.log}"


def _family(pid: int) -> list[psutil.Process]:
    """A process's descendants, also those that have left its group."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def _die_with_parent() -> None:
    """Ask Linux to end this child when we die, even by kill -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
