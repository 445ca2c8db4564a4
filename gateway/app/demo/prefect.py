"""A real Prefect server, and a process that serves its sample flows."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.app.demo import environments
from gateway.app.demo.local import PATIENCE, SAMPLES, answers, fetch
from gateway.app.demo.postgres import free_port
from gateway.app.demo.processes import ChildProcess


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
    port: int = field(default_factory=free_port)
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    kind: str = "prefect"
    name: str = "prefect-demo"
    _processes: list[ChildProcess] = field(default_factory=list[ChildProcess])

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
        """Start server and flows, and wait until every deployment is known."""
        self.start_server()
        environment = environments.install("prefect")
        for flows in self.flows:
            command = [environment.program("python"), str(flows)]
            log = self.folder / f"{flows.stem}.log"
            runner = ChildProcess(f"Prefect flows ({flows.name})", command, log, self._env())
            runner.start()
            self._processes.append(runner)
        self._processes[-1].wait_until(lambda: self._deployments() >= len(self.flows), within=PATIENCE)

    def start_server(self) -> None:
        """Start the server alone, e.g. after it was stopped to see what happens."""
        environment = environments.install("prefect")
        command = [environment.program("prefect"), "server", "start", "--no-ui", "--host", "127.0.0.1"]
        command += ["--port", str(self.port)]
        server = ChildProcess("Prefect server", command, self.folder / "server.log", self._env(), cwd=self._home())
        server.start()
        self._processes.insert(0, server)
        server.wait_until(lambda: answers(f"{self.url}/api/health", self._headers()), within=PATIENCE)

    def stop_server(self) -> None:
        """Stop the server alone; its flows' process keeps trying to reach it."""
        self._processes.pop(0).stop()

    def stop(self) -> None:
        """End all its processes."""
        while self._processes:
            self._processes.pop().stop()

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

    def _deployments(self) -> int:
        body = fetch(f"{self.url}/api/deployments/filter", method="POST", body=b"{}", headers=self._headers())
        return len(json.loads(body)) if body else 0
