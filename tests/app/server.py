"""A real ``podium serve`` in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).parents[2]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Nobody else's settings, a data folder of its own, and the adapter in ``folder/site`` if there is one."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PODIUM_", "OTEL_"))}
    python = {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder / 'site'}", "PYTHONUNBUFFERED": "1"}
    return {**own, **python, "PODIUM_DATA_DIR": str(folder / "data"), **more}


@dataclass(eq=False)
class Server:
    process: "subprocess.Popen[str]"
    log: Path
    url: str = ""
    #: Seconds of the wall clock, and of CPU, until it was ready.
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def memory(self) -> int:
        """Resident bytes."""
        return psutil.Process(self.process.pid).memory_info().rss

    def busy(self) -> float:
        """Seconds of CPU so far."""
        spent = psutil.Process(self.process.pid).cpu_times()
        return spent.user + spent.system

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; returns its exit code."""
        self.process.send_signal(how)
        return self.process.wait(60)


def start(folder: Path, *arguments: str, env: Mapping[str, str]) -> "subprocess.Popen[str]":
    with (folder / "serve.log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "gateway.app.cli", "serve", *arguments],
            cwd=folder,
            env=dict(env),
            stdout=log,
            stderr=log,
            text=True,
        )


@contextmanager
def serving(folder: Path, *arguments: str, **more: str) -> Generator[Server]:
    """Started, on a free port unless ``--port`` is given, and ready; ended at the end."""
    began = time.monotonic()
    env = environment(folder, PODIUM_LOG_FORMAT="json", **more)
    port = () if "--port" in arguments else ("--port", "0")
    server = Server(start(folder, *port, *arguments, env=env), folder / "serve.log")
    try:
        _wait_until_ready(server, began + 180)
        server.seconds = time.monotonic() - began
        server.cpu = server.busy()
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def _wait_until_ready(server: Server, deadline: float) -> None:
    while time.monotonic() < deadline and server.process.poll() is None:
        text = server.log.read_text()
        if not server.url and '"event":"Podium is ready"' in text:
            server.url = text.partition('"url":"')[2].partition('"')[0]
        if server.url and httpx.get(f"{server.url}/readyz").status_code == 200:
            return
        time.sleep(0.02)
    raise AssertionError(f"podium serve is not ready: {server.log.read_text()}")
