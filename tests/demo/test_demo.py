"""The demo from a user's side, with the orchestrator that starts quickest: it shows runs, and ends without a trace."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from gateway.app.demo import environments
from gateway.app.demo.postgres import free_port
from tests.house.source import ROOT

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]

PATIENCE = 300.0
RUNS = "{ runs(first: 50) { edges { node { state pipeline { orchestrator { name } } } } } }"


class RunningDemo:
    """``podium demo`` as a process; everything that descends from it is known by a variable in its environment."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{free_port()}"
        self.output = home / "output"

    def start(self) -> None:
        variables = {"PODIUM_DEMO_HOME": str(self.home), "PODIUM_PORT": self.url.rpartition(":")[2]}
        command = [sys.executable, "-m", "gateway.app.cli", "demo", "--only", "dagster"]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | variables, stdout=output, stderr=subprocess.STDOUT
            )

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while words not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.2)

    def states(self) -> set[str]:
        answer = httpx.post(f"{self.url}/graphql", json={"query": RUNS}, timeout=30).raise_for_status().json()
        return {edge["node"]["state"] for edge in answer["data"]["runs"]["edges"]}

    def family(self) -> list[psutil.Process]:
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def is_gone(self, within: float = 60.0) -> bool:
        deadline = time.monotonic() + within
        while self.family():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True

    def _is_ours(self, one: psutil.Process) -> bool:
        try:
            is_alive = one.status() != psutil.STATUS_ZOMBIE
            return is_alive and one.environ().get("PODIUM_DEMO_HOME") == str(self.home)
        except psutil.Error:
            return False


@pytest.fixture
def demo(tmp_path) -> Iterator[RunningDemo]:
    environments.install("dagster")
    (tmp_path / "environments").symlink_to(environments.home() / "environments")
    demo = RunningDemo(tmp_path)
    yield demo
    for left in demo.family():
        left.kill()


def test_it_shows_runs_and_leaves_nothing_behind(demo: RunningDemo):
    demo.start()
    demo.wait_for("Ready after")
    assert "SUCCESS" in demo.states()
    assert len(demo.family()) > 3
    demo.process.send_signal(signal.SIGKILL)
    demo.process.wait()
    assert demo.is_gone(), [one.cmdline() for one in demo.family()]

    demo.start()  # what was killed can be started again, and remembers
    demo.wait_for("Ready after")
    assert {"SUCCESS", "FAILED"} <= demo.states()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0
    assert "Stopping" in demo.output.read_text()
    assert [one.cmdline() for one in demo.family()] == []


def test_a_second_one_in_the_same_place_is_refused(demo: RunningDemo):
    demo.start()
    demo.wait_for("Dagster")
    again = subprocess.run(
        [sys.executable, "-m", "gateway.app.cli", "demo", "--only", "dagster"],
        cwd=ROOT,
        env=os.environ | {"PODIUM_DEMO_HOME": str(demo.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert "running already" in again.stdout
    demo.process.send_signal(signal.SIGTERM)  # in the middle of its start
    assert demo.process.wait(60) == 0
    assert [one.cmdline() for one in demo.family()] == []
