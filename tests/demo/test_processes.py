"""Children never outlive us: not when they ignore us, not when we are killed; and what goes wrong shows why."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from gateway.app.demo.processes import ChildProcess, ProcessFailedError
from tests.house.source import ROOT

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print("grandchild", grandchild.pid, flush=True)
time.sleep(600)
"""


def python(code: str, log: Path, **options) -> ChildProcess:
    return ChildProcess("sample", [sys.executable, "-c", textwrap.dedent(code)], log, **options)


def pids_in(log: Path) -> list[int]:
    return [int(word) for word in log.read_text().split() if word.isdigit()] if log.exists() else []


def is_gone(pid: int, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_what_ends_before_it_is_ready_shows_the_end_of_its_log(tmp_path):
    child = python("print('the port is taken'); raise SystemExit(3)", tmp_path / "log")
    child.start()
    with pytest.raises(ProcessFailedError, match=r"sample ended \(exit code 3\)[\s\S]*the port is taken[\s\S]*log"):
        child.wait_until(lambda: False, within=20)


def test_what_is_never_ready_is_given_up(tmp_path):
    child = python("import time; print('still loading', flush=True); time.sleep(600)", tmp_path / "log")
    child.start()
    child.wait_until(lambda: (tmp_path / "log").stat().st_size > 0, within=20)
    with pytest.raises(ProcessFailedError, match=r"not ready within 0.2 s[\s\S]*still loading"):
        child.wait_until(lambda: False, within=0.2)
    child.stop()


def test_one_that_ignores_us_is_killed_with_all_it_has_started(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.app.demo.processes.GRACE", 0.5)
    log = tmp_path / "log"
    child = python(STUBBORN, log)
    child.start()
    child.wait_until(lambda: bool(pids_in(log)), within=20)
    pid, grandchild = child.pid, pids_in(log)[0]
    child.stop()
    assert pid is not None
    assert is_gone(pid)
    assert is_gone(grandchild)
    child.stop()  # once more does nothing


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a child ask to die with its parent")
def test_killing_us_ends_the_child(tmp_path):
    log = tmp_path / "log"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(f"""
            import sys, time
            from pathlib import Path
            from gateway.app.demo.processes import ChildProcess
            code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
            ChildProcess("sample", [sys.executable, "-c", code], Path({str(log)!r})).start()
            time.sleep(600)
            """),
        ],
        cwd=ROOT,
    )
    deadline = time.monotonic() + 20
    while not pids_in(log):
        assert time.monotonic() < deadline, "the child has not started"
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert is_gone(pids_in(log)[0])
