"""A throwaway PostgreSQL on this machine: fast, trusting, on loopback only."""

import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from gateway.app.demo import environments
from gateway.app.demo.processes import ChildProcess, ProcessFailedError

#: Speed over safety: the data is made anew, or not worth a crash.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "listen_addresses": "127.0.0.1",
}
SUPERUSER = "podium"


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(slots=True)
class PostgresServer:
    """One server in ``folder``; its data stay there and are used again at the next start."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: ChildProcess | None = None
    _sockets: Path | None = None

    def start(self) -> None:
        """Make the data folder where it is missing and start. ProcessFailedError."""
        programs = find_programs()
        user = _unprivileged_user()
        data = _data_folder(self.folder, user)
        if not (data / "PG_VERSION").exists():
            _initialize(programs, data, user)
        self._sockets = Path(tempfile.mkdtemp(prefix="podium-pg-", dir="/tmp"))
        if user:
            shutil.chown(self._sockets, user)
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(self.port), "-k", str(self._sockets)]
        command += [f"-c{name}={value}" for name, value in OPTIONS.items()]
        self._process = ChildProcess(
            "PostgreSQL", command, self.folder / "postgres.log", user=user, stop_signal=signal.SIGINT
        )
        self._process.start()
        self._process.wait_until(lambda: self._answers(programs), within=60)

    def stop(self) -> None:
        """End it, disconnecting everybody."""
        if self._process is not None:
            self._process.stop()
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def remove(self) -> None:
        """Delete the data of a stopped server."""
        shutil.rmtree(_data_folder(self.folder, _unprivileged_user()), ignore_errors=True)

    def create_database(self, name: str | None = None) -> str:
        """The URL of a database, created where it is missing: ``postgresql://podium@127.0.0.1:PORT/NAME``."""
        name = name or f"podium_{secrets.token_hex(6)}"
        if name not in self._psql("postgres", "SELECT datname FROM pg_database").split():
            self._psql("postgres", f'CREATE DATABASE "{name}"')
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{name}"

    def _psql(self, database: str, statement: str) -> str:
        command = [str(find_programs() / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER]
        answer = subprocess.run(
            [*command, "-d", database, "-tAc", statement], capture_output=True, text=True, check=False
        )
        if answer.returncode != 0:
            raise ProcessFailedError(f"PostgreSQL refused: {answer.stderr.strip()}")
        return answer.stdout

    def _answers(self, programs: Path) -> bool:
        command = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER]
        return subprocess.run([*command, "-d", "postgres"], capture_output=True, check=False).returncode == 0


def find_programs() -> Path:
    """The folder of PostgreSQL's programs, version 15 or later.

    PODIUM_POSTGRES_BIN, else the newest of the system's, else those that a Python package carries.
    """
    if given := os.environ.get("PODIUM_POSTGRES_BIN"):
        return Path(given)
    installed = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")),
        key=lambda path: int(path.parent.name),
        reverse=True,
    )
    for folder in installed:
        if int(folder.parent.name) >= 15:
            return folder
    if (found := shutil.which("postgres")) and (Path(found).parent / "psql").exists():
        return Path(found).resolve().parent
    return _carried_by_package()


def _carried_by_package() -> Path:
    packages = environments.install("postgres").path
    carried = next(packages.rglob("pginstall/bin/postgres"), None)
    if carried is None:
        raise ProcessFailedError(
            "No PostgreSQL 15 or later was found; install it, or point PODIUM_POSTGRES_BIN at its programs."
        )
    return carried.parent


def _initialize(programs: Path, data: Path, user: str | None) -> None:
    data.mkdir(parents=True, exist_ok=True)
    if user:
        shutil.chown(data, user)
    command = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", SUPERUSER, "-E", "UTF8", "--no-sync"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, user=user, cwd="/")
    if answer.returncode != 0:
        raise ProcessFailedError(f"initdb failed:\n{answer.stderr.strip()}")


def _data_folder(folder: Path, user: str | None) -> Path:
    """Where the data live: in ``folder``, or, as another user may not enter root's folders, in one of its own."""
    if user is None:
        return folder / "data"
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return Path("/var/tmp/podium-postgres") / name  # noqa: S108  # made for this user alone, closed to others


def _unprivileged_user() -> str | None:
    """Whom to run as where we are root, which PostgreSQL refuses; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise ProcessFailedError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")
