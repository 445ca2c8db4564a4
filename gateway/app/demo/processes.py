"""Child processes that never outlive us, whatever happens to them or to us."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GUARDIAN = Path(__file__).parent / "guardian.py"
#: Seconds a process has to end by itself before it is killed.
GRACE = 10.0
#: Seconds beyond that for its guardian to have killed everything.
MARGIN = 15.0
LOG_LINES = 25


class ProcessFailedError(RuntimeError):
    """A child ended, or was not ready in time; the message shows the end of its log and where the rest is."""


@dataclass(slots=True)
class ChildProcess:
    """One program under a guardian process that ends it, with all its descendants, when we say so or are gone."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    cwd: Path | None = None
    #: Run as this user, where we may (PostgreSQL refuses to run as root).
    user: str | None = None
    #: What the process takes for "end now, and well".
    stop_signal: signal.Signals = signal.SIGTERM
    #: File descriptors, e.g. of a lock, that its guardian keeps open until the last of its processes has gone.
    holds: Sequence[int] = ()
    _guardian: subprocess.Popen[bytes] | None = None
    #: Where this start's output begins in the log, in bytes.
    _begin: int = 0

    def start(self) -> None:
        """Start it; returns at once."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        guarded = [str(int(self.stop_signal)), str(GRACE), self.user or "", *self.command]
        with self.log.open("ab") as log:
            self._begin = log.tell()
            self._guardian = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARDIAN), *guarded],
                env={**os.environ, **self.env},
                cwd=self.cwd,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.holds,
            )

    @property
    def pid(self) -> int | None:
        """The id of the process that everything else descends from, while it runs."""
        return self._guardian.pid if self._guardian and self.is_running else None

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._guardian is not None and self._guardian.poll() is None

    def wait_until(self, is_ready: Callable[[], bool], *, within: float) -> None:
        """Poll until it is ready. ProcessFailedError where it ends first, or ``within`` seconds pass."""
        ProcessGroup({self.name: self}).wait_until(is_ready, within=within)

    def check(self) -> None:
        """ProcessFailedError where it does not run."""
        if not self.is_running:
            self.begin_to_stop()
            code = self._guardian.returncode if self._guardian else "it was stopped"
            raise ProcessFailedError(f"{self.name} ended (exit code {code}).\n{self.log_tail()}")

    def finish(self, *, within: float) -> None:
        """Wait for a program that does its work and ends. ProcessFailedError unless it ends well in time."""
        deadline = time.monotonic() + within
        while self.is_running and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.is_running:
            self.stop()
            raise ProcessFailedError(f"{self.name} took longer than {within:g} s.\n{self.log_tail()}")
        if self._guardian is None or self._guardian.returncode != 0:
            self.check()
        self.stop()

    def begin_to_stop(self) -> None:
        """Ask its guardian to end it and everything it has started; returns at once."""
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()

    def stop(self) -> None:
        """End it and everything it has started, first kindly, then surely. Does nothing where it has ended."""
        self.begin_to_stop()
        guardian, self._guardian = self._guardian, None
        if guardian is not None:
            guardian.wait(GRACE + MARGIN)

    def log_tail(self) -> str:
        """The end of what it has written since its start, and where the rest is."""
        try:
            with self.log.open("rb") as log:
                log.seek(self._begin)
                tail = b"".join(deque(log, LOG_LINES)).decode(errors="replace").rstrip()
        except FileNotFoundError:
            tail = ""
        return f"{tail or '(it has written nothing)'}\nThe whole log: {self.log}"


@dataclass(slots=True)
class ProcessGroup:
    """Processes that belong together, by name. It may be stopped from another thread than it is started from."""

    members: dict[str, ChildProcess] = field(default_factory=dict[str, ChildProcess])

    def start(self, process: ChildProcess) -> ChildProcess:
        """Start a process as a member; it takes the place of an earlier one of its name."""
        self.members[process.name] = process
        process.start()
        return process

    def finish(self, process: ChildProcess, *, within: float) -> None:
        """Run a program that does its work and ends. ProcessFailedError unless it ends well in time."""
        self.start(process).finish(within=within)
        del self.members[process.name]

    def wait_until(self, is_ready: Callable[[], bool], *, within: float) -> None:
        """Poll until all is ready. ProcessFailedError where a member ends first, or ``within`` seconds pass."""
        deadline = time.monotonic() + within
        while True:
            self.check()
            if is_ready():
                return
            if time.monotonic() > deadline:
                logs = "\n".join(member.log_tail() for member in self.members.values())
                raise ProcessFailedError(f"{', '.join(self.members)} was not ready within {within:g} s.\n{logs}")
            time.sleep(0.1)

    def check(self) -> None:
        """ProcessFailedError where a member does not run."""
        for member in list(self.members.values()):
            member.check()

    def stop(self, *names: str) -> None:
        """End the named members, or all, at the same time."""
        ending = [member for name, member in list(self.members.items()) if not names or name in names]
        for member in ending:
            member.begin_to_stop()
        for member in ending:
            member.stop()
