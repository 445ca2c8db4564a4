"""A real Airflow, 2.11 or 3, with sample DAGs."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.app.demo import environments
from gateway.app.demo.environments import Environment
from gateway.app.demo.local import PATIENCE, SAMPLES, fetch, write
from gateway.app.demo.postgres import free_port
from gateway.app.demo.processes import ChildProcess, ProcessFailedError

PASSWORDS = {"admin": "admin-secret", "viewer": "viewer-secret"}
BASIC_AUTH = "airflow.providers.fab.auth_manager.api.auth.backend.basic_auth,airflow.api.auth.backend.session"


@dataclass(slots=True)
class LocalAirflow:
    """Airflow on PostgreSQL: on SQLite, concurrent triggers are lost and schedulers stop."""

    folder: Path
    #: ``postgresql://...`` of an empty or earlier database.
    database_url: str
    major: int = 3
    #: Folders whose files are copied into the DAGs folder.
    dags: Sequence[Path] = (SAMPLES / "airflow",)
    port: int = field(default_factory=free_port)
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    kind: str = "airflow"
    name: str = "airflow-demo"
    _processes: list[ChildProcess] = field(default_factory=list[ChildProcess])
    _ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))

    @property
    def title(self) -> str:
        """For people."""
        return f"Airflow {self.major}"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def auth(self) -> Mapping[str, str]:
        """The administrator's user name and password."""
        return {"username": "admin", "password": PASSWORDS["admin"]}

    def install(self) -> None:
        """Make its environment where it is missing."""
        self._environment()

    def start(self) -> None:
        """Prepare the database at first start, run everything, and wait until every DAG is known."""
        self._place_dags()
        if not (self.folder / "migrated").exists():
            self._prepare()
            (self.folder / "migrated").touch()
        self.start_server()
        for program in ("scheduler", "dag-processor") if self.major == 3 else ("scheduler",):
            self._run(program).start()
        self._processes[-1].wait_until(self._has_loaded, within=PATIENCE)

    def start_server(self) -> None:
        """Start the API server alone, e.g. after it was stopped to see what happens."""
        server = self._run("api-server") if self.major == 3 else self._run("webserver", "--workers", "2")
        server.start()
        server.wait_until(lambda: self._get("health") is not None, within=PATIENCE)

    def stop_server(self) -> None:
        """Stop the API server alone; the scheduler goes on."""
        self._processes.pop(0).stop()
        (self.folder / "home" / "airflow-webserver.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """End all its processes."""
        while self._processes:
            self._processes.pop().stop()
        for left in (self.folder / "home").glob("*.pid"):
            left.unlink()

    def _environment(self) -> Environment:
        return environments.install(f"airflow{self.major}")

    def _run(self, program: str, *arguments: str) -> ChildProcess:
        command = [self._environment().program("airflow"), program, *arguments]
        process = ChildProcess(f"{self.title} {program}", command, self.folder / f"{program}.log", self._env())
        is_server = program in {"api-server", "webserver"}
        self._processes.insert(0 if is_server else len(self._processes), process)
        return process

    def _place_dags(self) -> None:
        for folder in self.dags:
            shutil.copytree(folder, self._dags_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def _dags_folder(self) -> Path:
        return self.folder / "dags"

    def _prepare(self) -> None:
        write(self.folder / "home" / "passwords.json", json.dumps(PASSWORDS))
        self._airflow("db", "migrate")
        if self.major == 2:
            account = ["-u", "admin", "-p", PASSWORDS["admin"], "-r", "Admin", "-e", "admin@example.com"]
            self._airflow("users", "create", *account, "-f", "Ada", "-l", "Admin")

    def _airflow(self, *arguments: str) -> None:
        command = [self._environment().program("airflow"), *arguments]
        env = {**os.environ, **self._env()}
        answer = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise ProcessFailedError(f"airflow {' '.join(arguments[:2])} failed:\n{answer.stderr.strip()[-3000:]}")

    def _env(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        common = {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self.database_url.replace("postgresql://", "postgresql+psycopg2://"),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self._dags_folder),
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(self._ports[0]),
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(self._ports[1]),
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AIRFLOW__OPENLINEAGE__DISABLED": "True",
            "DO_NOT_TRACK": "1",
        }
        return {**common, **(self._env3(home) if self.major == 3 else self._env2()), **self.env}

    def _env3(self, home: Path) -> dict[str, str]:
        return {
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,viewer:viewer",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": "only-for-this-machine-" * 3,
            "AIRFLOW__API_AUTH__JWT_SECRET": "only-for-this-machine-" * 3,
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "5",
        }

    def _env2(self) -> dict[str, str]:
        return {
            "AIRFLOW__API__AUTH_BACKENDS": BASIC_AUTH,
            "AIRFLOW__WEBSERVER__WEB_SERVER_HOST": "127.0.0.1",
            "AIRFLOW__WEBSERVER__WEB_SERVER_PORT": str(self.port),
            "AIRFLOW__WEBSERVER__BASE_URL": self.url,
            "AIRFLOW__WEBSERVER__SECRET_KEY": "only-for-this-machine",
            "AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL": "5",
            "AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL": "5",
        }

    def _has_loaded(self) -> bool:
        body = self._get("dags?limit=100")
        known = json.loads(body).get("total_entries", 0) if body else 0
        return known >= sum(len(list(folder.glob("*.py"))) for folder in self.dags)

    def _get(self, path: str) -> bytes | None:
        if self.major == 2:
            return fetch(f"{self.url}/api/v1/{path}", headers={"authorization": _basic("admin")})
        if path == "health":
            return fetch(f"{self.url}/api/v2/version")
        return fetch(f"{self.url}/api/v2/{path}", headers={"authorization": f"Bearer {self._token()}"})

    def _token(self) -> str:
        body = json.dumps(self.auth).encode()
        answer = fetch(f"{self.url}/auth/token", method="POST", body=body, headers={"content-type": "application/json"})
        return json.loads(answer or b"{}").get("access_token", "")


def _basic(user: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{PASSWORDS[user]}".encode()).decode()
