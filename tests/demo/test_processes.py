"""Children never outlive us: not when they ignore us, not when we are killed; and what goes wrong shows why."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from gateway.app.demo.processes import ChildProcess, ProcessFailedError, ProcessGroup
from tests.house.source import ROOT

pytestmark = pytest.mark.slow

#: Ignores SIGTERM, as does its child, which has left the group; that one's child has lost its parent besides.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
orphaned = "import subprocess, sys; print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid, flush=True)"
subprocess.run([sys.executable, "-c", orphaned], check=True)
print(subprocess.Popen(["sleep", "600"], start_new_session=True).pid, flush=True)
print(os.getpid(), flush=True)
time.sleep(600)
"""


def python(code: str, log: Path, **options) -> ChildProcess:
    return ChildProcess("sample", [sys.executable, "-c", textwrap.dedent(code)], log, **options)


def pids_in(log: Path, count: int) -> list[int]:
    """The process ids that have been printed, once there are as many as expected."""
    pids = [int(line) for line in log.read_text().splitlines() if line.isdigit()] if log.exists() else []
    return pids if len(pids) >= count else []


def is_gone(pid: int, within: float = 20.0) -> bool:
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


def test_only_the_last_start_is_shown(tmp_path):
    (tmp_path / "log").write_text("trouble of yesterday\n")
    child = python("raise SystemExit('trouble of today')", tmp_path / "log")
    child.start()
    with pytest.raises(ProcessFailedError, match="trouble of today") as caught:
        child.wait_until(lambda: False, within=20)
    assert "yesterday" not in str(caught.value)


def test_a_program_that_is_missing_is_named(tmp_path):
    child = ChildProcess("sample", [str(tmp_path / "no-such-program")], tmp_path / "log")
    child.start()
    with pytest.raises(ProcessFailedError, match=r"exit code 127[\s\S]*no-such-program could not be started"):
        child.wait_until(lambda: False, within=20)


def test_what_is_never_ready_is_given_up(tmp_path):
    child = python("import time; print('still loading', flush=True); time.sleep(600)", tmp_path / "log")
    child.start()
    child.wait_until(lambda: (tmp_path / "log").stat().st_size > 0, within=20)
    with pytest.raises(ProcessFailedError, match=r"not ready within 0.2 s[\s\S]*still loading"):
        child.wait_until(lambda: False, within=0.2)
    child.stop()


def test_work_that_has_to_end_well(tmp_path):
    well = python("print('done')", tmp_path / "well")
    well.start()
    well.finish(within=20)
    badly = python("raise SystemExit('no space left')", tmp_path / "badly")
    badly.start()
    with pytest.raises(ProcessFailedError, match="no space left"):
        badly.finish(within=20)
    forever = python("import time; time.sleep(600)", tmp_path / "forever")
    forever.start()
    pid = forever.pid
    with pytest.raises(ProcessFailedError, match="longer than 0.1 s"):
        forever.finish(within=0.1)
    assert pid is not None
    assert is_gone(pid)


def test_one_that_ignores_us_is_killed_with_all_it_has_started(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.app.demo.processes.GRACE", 0.5)
    log = tmp_path / "log"
    child = python(STUBBORN, log)
    child.start()
    child.wait_until(lambda: bool(pids_in(log, 3)), within=20)
    family = pids_in(log, 3)
    child.stop()
    assert [pid for pid in family if not is_gone(pid)] == []
    child.stop()  # once more does nothing


def test_what_a_program_leaves_behind_ends_with_it(tmp_path):
    log = tmp_path / "log"
    child = python(
        "import subprocess; print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid, flush=True)", log
    )
    child.start()
    child.finish(within=20)
    assert is_gone(pids_in(log, 1)[0])


def test_one_is_asked_in_the_way_it_understands_and_given_time(tmp_path):
    log = tmp_path / "log"
    patient = python(
        """
        import signal, sys, time
        signal.signal(signal.SIGINT, lambda *_: (time.sleep(0.5), print("saved", flush=True), sys.exit()))
        print("ready", flush=True)
        time.sleep(600)
        """,
        log,
        stop_signal=signal.SIGINT,
    )
    patient.start()
    patient.wait_until(lambda: "ready" in log.read_text(), within=20)
    patient.stop()
    assert log.read_text().split() == ["ready", "saved"]


def test_several_end_at_the_same_time(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.app.demo.processes.GRACE", 2.0)
    group = ProcessGroup()
    logs = [tmp_path / str(number) for number in range(3)]
    for log in logs:
        group.start(ChildProcess(log.name, [sys.executable, "-c", STUBBORN], log))
    group.wait_until(lambda: all(pids_in(log, 3) for log in logs), within=20)
    family = [pid for log in logs for pid in pids_in(log, 3)]
    began = time.monotonic()
    group.stop()
    assert time.monotonic() - began < 5, "one after the other would take six seconds and more"
    assert [pid for pid in family if not is_gone(pid)] == []


def test_waiting_for_several_ends_with_the_first_that_fails(tmp_path):
    group = ProcessGroup()
    group.start(ChildProcess("healthy", ["sleep", "600"], tmp_path / "healthy"))
    group.start(
        ChildProcess("broken", [sys.executable, "-c", "raise SystemExit('no such table')"], tmp_path / "broken")
    )
    with pytest.raises(ProcessFailedError, match=r"broken ended[\s\S]*no such table"):
        group.wait_until(lambda: False, within=20)
    group.stop("broken")
    assert group.members["healthy"].is_running
    group.stop()
    assert not group.members["healthy"].is_running


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_killing_us_ends_the_child_and_all_it_has_started(tmp_path, how):
    log = tmp_path / "log"
    starter = f"""
        import sys, time
        from pathlib import Path
        from gateway.app.demo import processes
        processes.GRACE = 0.5
        processes.ChildProcess("sample", [sys.executable, "-c", {STUBBORN!r}], Path({str(log)!r})).start()
        time.sleep(600)
        """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(starter)], cwd=ROOT)
    deadline = time.monotonic() + 20
    while not pids_in(log, 3):
        assert time.monotonic() < deadline, "the child has not started"
        time.sleep(0.05)
    parent.send_signal(how)
    parent.wait()
    assert [pid for pid in pids_in(log, 3) if not is_gone(pid)] == []
