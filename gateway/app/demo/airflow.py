"""A real Airflow, 2.11 or 3, with sample DAGs."""

import base64
import hashlib
import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.app.demo import environments
from gateway.app.demo.environments import Environment
from gateway.app.demo.local import PATIENCE, SAMPLES, fetch, write
from gateway.app.demo.postgres import free_port, run_sql
from gateway.app.demo.processes import ChildProcess, ProcessFailedError, ProcessGroup

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
    _processes: ProcessGroup = field(default_factory=ProcessGroup)
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
        self._prepare()
        for left in (self.folder / "home").glob("*.pid"):
            left.unlink()
        self.start_server()
        for program in ("scheduler", "dag-processor") if self.major == 3 else ("scheduler",):
            self._processes.start(self._process(program))
        self._processes.wait_until(lambda: self._has_loaded() and self._is_well(), within=PATIENCE)

    def start_server(self) -> None:
        """Start the API server alone, e.g. after it was stopped to see what happens."""
        arguments = () if self.major == 3 else ("--workers", "2")
        server = self._processes.start(self._process(self._server, *arguments))
        server.wait_until(lambda: self._get("health") is not None, within=PATIENCE)

    def stop_server(self) -> None:
        """Stop the API server alone; the scheduler goes on."""
        self._processes.stop(self._process(self._server).name)
        (self.folder / "home" / "airflow-webserver.pid").unlink(missing_ok=True)

    def check(self) -> None:
        """ProcessFailedError where one of its processes has ended by itself."""
        self._processes.check()

    def stop(self) -> None:
        """End all its processes."""
        self._processes.stop()

    @property
    def _server(self) -> str:
        return "api-server" if self.major == 3 else "webserver"

    def _environment(self) -> Environment:
        return environments.install(f"airflow{self.major}")

    def _process(self, program: str, *arguments: str) -> ChildProcess:
        command = [self._environment().program("airflow"), program, *arguments]
        log = self.folder / f"{program}.log"
        return ChildProcess(f"{self.title} {program}", command, log, self._env(), cwd=self.folder)

    def _place_dags(self) -> None:
        shutil.rmtree(self._dags_folder, ignore_errors=True)
        for folder in self.dags:
            shutil.copytree(folder, self._dags_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def _dags_folder(self) -> Path:
        return self.folder / "dags"

    def _prepare(self) -> None:
        """Migrate the database, once for each version of Airflow and database."""
        prepared = self.folder / "prepared"
        done_for = f"{self._environment().path.name} {self.database_url.rpartition('/')[2]}"
        if prepared.exists() and prepared.read_text() == done_for:
            return
        write(self.folder / "home" / "passwords.json", json.dumps(PASSWORDS))
        self._processes.finish(self._process("db", "migrate"), within=PATIENCE)
        if self.major == 2:
            account = ["-u", "admin", "-p", PASSWORDS["admin"], "-r", "Admin", "-e", "admin@example.com"]
            create = self._process("users", "create", *account, "-f", "Ada", "-l", "Admin")
            self._processes.finish(create, within=PATIENCE)
            quick = _quick_hash(PASSWORDS["admin"])
            run_sql(self.database_url, "UPDATE ab_user SET password = :'quick'", quick=quick)
        write(prepared, done_for)

    def _env(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        common = {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self.database_url.replace("postgresql://", "postgresql+psycopg2://"),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self._dags_folder),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(SAMPLES / "airflow_plugins"),
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
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "60",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        }

    def _env2(self) -> dict[str, str]:
        return {
            "AIRFLOW__API__AUTH_BACKENDS": BASIC_AUTH,
            "AIRFLOW__WEBSERVER__WEB_SERVER_HOST": "127.0.0.1",
            "AIRFLOW__WEBSERVER__WEB_SERVER_PORT": str(self.port),
            "AIRFLOW__WEBSERVER__BASE_URL": self.url,
            "AIRFLOW__WEBSERVER__SECRET_KEY": "only-for-this-machine",
            "AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL": "60",
            "AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL": "60",
        }

    def _has_loaded(self) -> bool:
        """Whether every file's DAGs are known. ProcessFailedError where one cannot be imported."""
        for error in self._listed("importErrors", "import_errors"):
            raise ProcessFailedError(f"{self.title} cannot import {error['filename']}:\n{error['stack_trace']}")
        known = {Path(str(dag["fileloc"])).name for dag in self._listed("dags", "dags")}
        return known >= {path.name for folder in self.dags for path in folder.glob("*.py") if _holds_dags(path)}

    def _is_well(self) -> bool:
        """Whether all its parts have given a sign of life since they were started."""
        body = self._get("monitor/health" if self.major == 3 else "health")
        return body is not None and all(part["status"] in {"healthy", None} for part in json.loads(body).values())

    def _listed(self, path: str, key: str) -> list[dict[str, Any]]:
        body = self._get(f"{path}?limit=100")
        return json.loads(body).get(key, []) if body else []

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


def emitting_lineage(podium_url: str, namespace: str) -> dict[str, str]:
    """Variables that make Airflow's own OpenLineage provider tell Podium of every run."""
    transport = {"type": "http", "url": podium_url, "endpoint": "api/v1/lineage", "timeout": 5}
    return {
        "AIRFLOW__OPENLINEAGE__DISABLED": "False",
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
        "AIRFLOW__OPENLINEAGE__NAMESPACE": namespace,
    }


def _holds_dags(path: Path) -> bool:
    """Airflow's own test of whether to look into a file."""
    text = path.read_text(encoding="utf-8").lower()
    return "airflow" in text and "dag" in text


def _quick_hash(password: str) -> str:
    """As Werkzeug reads it. Airflow 2 hashes the password with every request: its own way takes 0.15 s of CPU."""
    salt = secrets.token_hex(8)
    return f"pbkdf2:sha256:1${salt}${hashlib.pbkdf2_hmac('sha256', password.encode(), salt.encode(), 1).hex()}"


def _basic(user: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{PASSWORDS[user]}".encode()).decode()
