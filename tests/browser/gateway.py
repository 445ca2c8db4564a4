"""A gateway in a process of its own: ``podium serve`` on a free port, with the stage's adapter installed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.browser.stage import PASSWORD
from tests.waiting import eventually

REPOSITORY = Path(__file__).parents[2]
#: A gateway ends with the tests, also where these are killed before they can end it (1 is Linux's PR_SET_PDEATHSIG).
END_WITH_PARENT = """
import ctypes, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
"""
STAGE_ADAPTERS = {"stage": "tests.browser.stage_adapter:StageAdapter"}


@dataclass
class GatewayProcess:
    """May be stopped and started again: port, data and tokens stay."""

    folder: Path
    adapters: dict[str, str] = field(default_factory=lambda: dict(STAGE_ADAPTERS))
    port: int = 0
    #: Python that the process runs first: a test may shorten times that it would have to wait for.
    hurry: str = ""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def _environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PODIUM_", "OTEL_"))}
        own = {
            "PYTHONPATH": os.pathsep.join([str(self._site()), str(REPOSITORY)]),
            "PODIUM_DATA_DIR": str(self.folder / "data"),
            "STAGE_PASSWORD": PASSWORD,
            "OLD_PASSWORD": "out of date",
        }
        return {**clean, **own}

    def _site(self) -> Path:
        """A folder with the stage's adapters installed as pip does it."""
        site = self.folder / "site"
        info = site / "podium_stage-1.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (site / "sitecustomize.py").write_text(END_WITH_PARENT + self.hurry)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: podium-stage\nVersion: 1.0\n")
        points = "".join(f"{kind} = {place}\n" for kind, place in self.adapters.items())
        (info / "entry_points.txt").write_text(f"[podium.adapters]\n{points}")
        return site

    async def start(self, config: str | None = None) -> None:
        """Serve; answers once the gateway is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "gateway.app.cli", "serve", "--port", str(self.port)]
        if config is not None:
            (self.folder / "podium.yaml").write_text(config)
            command += ["--config", str(self.folder / "podium.yaml")]
        with (self.folder / "gateway.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        async with httpx.AsyncClient() as client:
            await eventually(lambda: self._is_ready(client), within=30, every=0.1)

    async def _is_ready(self, client: httpx.AsyncClient) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"podium serve ended: {(self.folder / 'gateway.log').read_text()}")
        try:
            return (await client.get(f"{self.url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    async def stop(self, sent: signal.Signals = signal.SIGTERM) -> None:
        """End the process as an operator would, or harder."""
        if self._process is not None:
            self._process.send_signal(sent)
            await asyncio.to_thread(self._process.wait, 20)
            self._process = None

    async def podium(self, *arguments: str) -> str:
        """What a command prints, run beside the gateway on the same data."""
        command = [sys.executable, "-m", "gateway.app.cli", *arguments]
        done = await asyncio.to_thread(
            subprocess.run, command, env=self._environment, cwd=self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def entry(
    name: str, url: str, *, kind: str = "stage", password: str = "env:STAGE_PASSWORD", namespace: str | None = None
) -> str:
    """One orchestrator of a podium.yaml, polled as often as can be."""
    emits = f", lineage_namespaces: [{namespace}]" if namespace else ""
    return f"  - {{name: {name}, kind: {kind}, url: '{url}', poll: 1s, auth: {{password: '{password}'}}{emits}}}\n"


def config_of(*entries: str) -> str:
    """A podium.yaml of these orchestrators."""
    return "orchestrators:\n" + "".join(entries) if entries else "orchestrators: []\n"
