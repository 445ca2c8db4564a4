"""Environments are made once; one whose making was interrupted is made anew."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.app.demo import environments
from gateway.app.demo.environments import InstallError, install


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
    with pytest.raises(InstallError, match=r"uv pip install failed[\s\S]*typing-extensions"):
        install("impossible")
