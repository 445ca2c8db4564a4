"""A real Dagster: web server, daemon and sample definitions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.app.demo import environments
from gateway.app.demo.local import PATIENCE, SAMPLES, fetch, write
from gateway.app.demo.postgres import free_port
from gateway.app.demo.processes import ChildProcess, ProcessFailedError, ProcessGroup

#: Runs start in the daemon's or server's own child without waiting for the queue's round of 5 s.
INSTANCE = """\
run_coordinator:
  module: dagster.core.run_coordinator
  class: DefaultRunCoordinator
telemetry: {enabled: false}
"""
LOADED = """{workspaceOrError{... on Workspace{locationEntries{
  name loadStatus locationOrLoadError{... on PythonError{message}}}}}}"""

SERVER = "Dagster web server"


@dataclass(slots=True)
class LocalDagster:
    """Dagster with one code location per definitions file."""

    folder: Path
    #: Python files by the name of the code location they make.
    definitions: Mapping[str, Path] = field(default_factory=lambda: {"shop": SAMPLES / "dagster" / "definitions.py"})
    port: int = field(default_factory=free_port)
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    kind: str = "dagster"
    name: str = "dagster-demo"
    _processes: ProcessGroup = field(default_factory=ProcessGroup)

    @property
    def title(self) -> str:
        """Product and version, for people."""
        return "Dagster"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def auth(self) -> Mapping[str, str]:
        """Open-source Dagster has no authentication."""
        return {}

    def install(self) -> None:
        """Make its environment where it is missing."""
        environments.install("dagster")

    def start(self) -> None:
        """Start web server and daemon, and wait until every code location is loaded."""
        self.start_server()
        self._run("Dagster daemon", "dagster-daemon", "run", "-w", str(self._workspace()))

    def start_server(self) -> None:
        """Start the web server alone, e.g. after it was stopped to see what happens."""
        workspace = str(self._workspace())
        write(self.folder / "home" / "dagster.yaml", INSTANCE)
        server = self._run(SERVER, "dagster-webserver", "-h", "127.0.0.1", "-p", str(self.port), "-w", workspace)
        server.wait_until(self._is_loaded, within=PATIENCE)

    def stop_server(self) -> None:
        """Stop the web server alone."""
        self._processes.stop(SERVER)

    def check(self) -> None:
        """ProcessFailedError where web server or daemon have ended by themselves."""
        self._processes.check()

    def stop(self) -> None:
        """End all its processes."""
        self._processes.stop()

    def _run(self, title: str, program: str, *arguments: str) -> ChildProcess:
        command = [environments.install("dagster").program(program), *arguments]
        env = {"DAGSTER_HOME": str(self.folder / "home"), "DO_NOT_TRACK": "1", **self.env}
        return self._processes.start(ChildProcess(title, command, self.folder / f"{program}.log", env, cwd=self.folder))

    def _workspace(self) -> Path:
        entries = [
            f"  - python_file: {{relative_path: {json.dumps(str(path))}, location_name: {location}}}"
            for location, path in self.definitions.items()
        ]
        return write(self.folder / "workspace.yaml", "load_from:\n" + "\n".join(entries) + "\n")

    def _is_loaded(self) -> bool:
        body = json.dumps({"query": LOADED}).encode()
        answer = fetch(f"{self.url}/graphql", method="POST", body=body, headers={"content-type": "application/json"})
        if not answer:
            return False
        entries = json.loads(answer).get("data", {}).get("workspaceOrError", {}).get("locationEntries", [])
        for entry in entries:
            error: dict[str, str] = entry["locationOrLoadError"] or {}
            if message := error.get("message"):
                raise ProcessFailedError(f"Dagster cannot load {entry['name']}: {message}")
        return len(entries) == len(self.definitions) and all(entry["loadStatus"] == "LOADED" for entry in entries)
