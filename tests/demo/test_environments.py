"""Environments are made once; one whose making was interrupted is made anew."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.app.demo import environments
from gateway.app.demo.environments import InstallError, install
from tests.house.source import ROOT


@pytest.fixture
def small(tmp_path, monkeypatch):
    """An environment that takes a second to make."""
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    (requirements / "small.txt").write_text("typing-extensions==4.15.0\n")
    (requirements / "impossible.txt").write_text("typing-extensions==0.0.0.1\n")
    monkeypatch.setattr(environments, "REQUIREMENTS", requirements)
    monkeypatch.setenv("PODIUM_DEMO_HOME", str(tmp_path / "home"))
    return tmp_path


def works(environment) -> bool:
    command = [environment.program("python"), "-c", "import typing_extensions"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_an_interrupted_install_is_not_taken_for_a_finished_one(small):
    environment = install("small")
    assert works(environment)
    (environment.path / "complete").unlink()
    (environment.path / "bin" / "python").unlink()
    assert works(install("small"))


def test_two_at_once_make_one(small):
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(install, ["small", "small"])
    assert first == second
    assert works(first)


def test_what_cannot_be_installed_says_why(small):
    with pytest.raises(
        InstallError, match=r"uv pip install of impossible[\s\S]*typing-extensions[\s\S]*The whole log: "
    ):
        install("impossible")


def test_a_killed_install_is_made_anew(small):
    """Where it stood when it was killed does not matter, so it is killed as soon as there is something of it."""
    code = "from gateway.app.demo import environments; from pathlib import Path; import sys\n"
    code += "environments.REQUIREMENTS = Path(sys.argv[1]); environments.install('small')"
    installing = subprocess.Popen([sys.executable, "-c", code, str(small / "requirements")], cwd=ROOT)
    deadline = time.monotonic() + 30
    while not list((small / "home").glob("environments/small-*/pyvenv.cfg")):
        assert time.monotonic() < deadline, "the install has not begun"
        time.sleep(0.001)
    installing.send_signal(signal.SIGKILL)
    installing.wait()
    assert works(install("small"))


def test_an_install_can_be_interrupted(small, monkeypatch):
    slow = small / "uv"
    slow.write_text("#!/bin/sh\necho resolving\nexec sleep 600\n")
    slow.chmod(0o755)
    with monkeypatch.context() as meanwhile, ThreadPoolExecutor(1) as threads:
        meanwhile.setenv("UV", str(slow))
        installing = threads.submit(install, "small")
        try:
            deadline = time.monotonic() + 30
            while not any("resolving" in log.read_text() for log in small.glob("home/environments/*.log")):
                assert time.monotonic() < deadline, "the install has not begun"
                time.sleep(0.01)
        finally:
            environments.interrupt()
        with pytest.raises(InstallError, match="resolving"):
            installing.result(timeout=30)
    assert works(install("small"))
