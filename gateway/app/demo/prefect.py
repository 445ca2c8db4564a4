"""A real Prefect server, and a process that serves its sample flows."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.app.demo import environments
from gateway.app.demo.local import PATIENCE, SAMPLES, answers, fetch
from gateway.app.demo.postgres import free_port
from gateway.app.demo.processes import ChildProcess, ProcessGroup

SERVER = "Prefect server"


@dataclass(slots=True)
class LocalPrefect:
    """Prefect 3 on PostgreSQL (its SQLite answers 503 in ordinary use)."""

    folder: Path
    #: ``postgresql://...`` of an empty or earlier database.
    database_url: str
    #: Files that serve deployments when run.
    flows: Sequence[Path] = (SAMPLES / "prefect" / "flows.py",)
    #: "user:password" where the server shall ask for basic authentication.
    auth_string: str | None = None
    #: Whether to serve Prefect's own pages, which links lead to.
    has_pages: bool = False
    port: int = field(default_factory=free_port)
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    kind: str = "prefect"
    name: str = "prefect-demo"
    _processes: ProcessGroup = field(default_factory=ProcessGroup)

    @property
    def title(self) -> str:
        """Product and version, for people."""
        return "Prefect 3"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def auth(self) -> Mapping[str, str]:
        """Empty, or user name and password."""
        if self.auth_string is None:
            return {}
        username, _, password = self.auth_string.partition(":")
        return {"username": username, "password": password}

    def install(self) -> None:
        """Make its environment where it is missing."""
        environments.install("prefect")

    def start(self) -> None:
        """Start server and flows, and wait until every file's deployments are polled for."""
        self.start_server()
        python = environments.install("prefect").program("python")
        for flows in self.flows:
            log = self.folder / f"{flows.stem}.log"
            # Prefect finds a flow again by its path below the working directory.
            runner = ChildProcess(f"Prefect flows {flows}", [python, flows.name], log, self._env(), cwd=flows.parent)
            self._processes.start(runner)
        self._processes.wait_until(self._is_serving, within=PATIENCE)

    def start_server(self) -> None:
        """Start the server alone, e.g. after it was stopped to see what happens."""
        pages = "--ui" if self.has_pages else "--no-ui"
        command = [environments.install("prefect").program("prefect"), "server", "start", pages]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        server = ChildProcess(SERVER, command, self.folder / "server.log", self._env(), cwd=self._home())
        self._processes.start(server)
        server.wait_until(lambda: answers(f"{self.url}/api/health", self._headers()), within=PATIENCE)

    def stop_server(self) -> None:
        """Stop the server alone; its flows' process keeps trying to reach it."""
        self._processes.stop(SERVER)

    def check(self) -> None:
        """ProcessFailedError where server or flows have ended by themselves."""
        self._processes.check()

    def stop(self) -> None:
        """End all its processes."""
        self._processes.stop()

    def _home(self) -> Path:
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        return home

    def _env(self) -> dict[str, str]:
        secret = {"PREFECT_SERVER_API_AUTH_STRING": self.auth_string, "PREFECT_API_AUTH_STRING": self.auth_string}
        return {
            "PREFECT_HOME": str(self._home()),
            "PREFECT_API_URL": f"{self.url}/api",
            "PREFECT_API_DATABASE_CONNECTION_URL": self.database_url.replace("postgresql://", "postgresql+asyncpg://"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "PREFECT_LOGGING_TO_API_BATCH_INTERVAL": "0.5",
            "DO_NOT_TRACK": "1",
            **{name: value for name, value in secret.items() if value},
            **self.env,
        }

    def _headers(self) -> dict[str, str]:
        headers = {"content-type": "application/json"}
        if self.auth_string:
            headers["authorization"] = "Basic " + base64.b64encode(self.auth_string.encode()).decode()
        return headers

    def _is_serving(self) -> bool:
        body = fetch(f"{self.url}/api/deployments/filter", method="POST", body=b"{}", headers=self._headers())
        deployments: list[dict[str, Any]] = json.loads(body) if body else []
        polled = {str(one["entrypoint"]).partition(":")[0] for one in deployments if one["status"] == "READY"}
        return {flows.name for flows in self.flows} <= {Path(path).name for path in polled}
