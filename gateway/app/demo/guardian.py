"""Runs one program and outlives nobody: ``python guardian.py STOP_SIGNAL GRACE USER PROGRAM [ARGUMENT ...]``.

Its standard input is a pipe that its parent holds. When that closes, because the parent wants it to or because the
parent is gone, even by kill -9, the program gets STOP_SIGNAL, has GRACE seconds to end, and is then killed with all its
descendants; those are also killed when the program ends by itself. USER is who to run it as, "" for ourselves. It ends
with the program's exit code (128 + N where signal N ended it, 127 where it could not be started).

It is run by path in an isolated interpreter, so it imports the standard library only and starts in milliseconds.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

PR_SET_CHILD_SUBREAPER = 36
#: Seconds in which what has been killed is gone, unless the kernel holds it.
KILLED = 10.0


class _Ending(BaseException):
    """Whoever wants the program has gone, or wants it no longer."""


def main() -> int:
    """Run the program of the command line; returns the exit code."""
    _adopt_orphans()
    stop_signal, grace, user, *command = sys.argv[1:]
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    program: subprocess.Popen[bytes] | None = None
    try:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, user=user or None, start_new_session=True)
        threading.Thread(target=_wait_for_parent, daemon=True).start()
        code = program.wait()
    except OSError as error:
        os.write(2, f"{command[0]} could not be started: {error}\n".encode())
        code = 127
    except _Ending:
        code = _stop(program, int(stop_signal), float(grace)) if program else 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if program:
            _kill_group(program.pid)
        _kill_descendants()
    return code if code >= 0 else 128 - code


def _adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none can hide by forking twice (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise _Ending


def _wait_for_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _stop(program: subprocess.Popen[bytes], stop_signal: int, grace: float) -> int:
    program.send_signal(stop_signal)
    with contextlib.suppress(subprocess.TimeoutExpired):
        return program.wait(grace)
    program.kill()
    return program.wait(KILLED)


def _kill_group(group: int) -> None:
    """Where orphans are not ours (macOS), those that have stayed in the program's group are still found by it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _kill_descendants() -> None:
    """Kill and reap until none is left: one may have forked between being seen and being killed."""
    deadline = time.monotonic() + KILLED
    while (alive := descendants(os.getpid())) and time.monotonic() < deadline:
        for pid in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.02)


def descendants(ancestor: int) -> list[int]:
    """The process ids of children, grandchildren and so on."""
    parents = _parents()
    found = [ancestor]
    for parent in found:  # grows while it is read
        found += [pid for pid, its_parent in parents.items() if its_parent == parent]
    return found[1:]


def _parents() -> dict[int, int]:
    """Parent's id by process id."""
    if sys.platform != "linux":
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        return {int(row[0]): int(row[1]) for row in rows if not row[2].startswith("ps -axo")}
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit():
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[1]
                )
    return parents


if __name__ == "__main__":
    sys.exit(main())
