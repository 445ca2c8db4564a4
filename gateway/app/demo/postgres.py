"""A throwaway PostgreSQL on this machine: fast, trusting, on loopback only."""

import hashlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
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
    "unix_socket_directories": "",
}
SUPERUSER = "podium"
OLDEST = 15
#: Where another user than root finds what it needs when root starts it: root's own folders are closed to it.
SHARED = Path("/var/tmp/podium-postgres")  # noqa: S108  # made by root, and nobody else may write there


def free_port(wanted: int = 0) -> int:
    """A port of the loopback interface that nobody listens on now: the wanted one, if that is so."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(slots=True)
class PostgresServer:
    """One server in ``folder``; its data stay there and are used again at the next start."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: ChildProcess | None = None

    def start(self) -> bool:
        """Make the data folder where it is missing and start; returns whether it was. ProcessFailedError."""
        user = _unprivileged_user()
        programs = find_programs()
        data = _data_folder(self.folder, user)
        if not self.folder.exists():
            shutil.rmtree(data, ignore_errors=True)  # kept elsewhere, for a folder that has been deleted since
        is_new = not data.exists()
        if is_new:
            _initialize(programs, data, user)
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(self.port)]
        command += [f"-c{name}={value}" for name, value in OPTIONS.items()]
        log = self.folder / "postgres.log"
        self._process = ChildProcess("PostgreSQL", command, log, user=user, cwd=Path("/"), stop_signal=signal.SIGINT)
        self._process.start()
        self._process.wait_until(lambda: self._answers(programs), within=60)
        return is_new

    def stop(self) -> None:
        """End it, disconnecting everybody."""
        if self._process is not None:
            self._process.stop()

    def remove(self) -> None:
        """Delete the data of a stopped server."""
        shutil.rmtree(_data_folder(self.folder, _unprivileged_user()), ignore_errors=True)

    def create_database(self, name: str | None = None, template: str = "template1") -> str:
        """The URL of a database, created where it is missing: ``postgresql://podium@127.0.0.1:PORT/NAME``.

        Without a name it is a new one. It is made as a copy of ``template``, which nobody may be connected to.
        """
        is_there = name is not None and name in self._psql("postgres", "SELECT datname FROM pg_database").split()
        name = name or f"podium_{secrets.token_hex(6)}"
        if not is_there:
            self._psql("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{name}"

    def _psql(self, database: str, statement: str) -> str:
        return run_sql(f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}", statement)

    def _answers(self, programs: Path) -> bool:
        command = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER]
        return subprocess.run([*command, "-d", "postgres"], capture_output=True, check=False).returncode == 0


def find_programs() -> Path:
    """The folder of PostgreSQL's programs, version 15 or later. ProcessFailedError where that is not one.

    PODIUM_POSTGRES_BIN, else the newest of the system's, else those that a Python package carries.
    """
    if given := os.environ.get("PODIUM_POSTGRES_BIN"):
        if not _is_usable(Path(given)):
            raise ProcessFailedError(f"PODIUM_POSTGRES_BIN: {given} does not hold PostgreSQL {OLDEST} or later.")
        return Path(given)
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted((path.parent for path in installed), key=_version, reverse=True)
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    return next(filter(_is_usable, found), None) or _carried_by_package()


def _is_usable(programs: Path) -> bool:
    return (programs / "psql").exists() and _version(programs) >= OLDEST


def _version(programs: Path) -> int:
    """The major version, 0 where it cannot be told."""
    try:
        said = subprocess.run([str(programs / "postgres"), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    number = re.search(r"\d+", said.stdout)  # "postgres (PostgreSQL) 16.4 (Debian 16.4-1)"
    return int(number.group()) if number else 0


def _carried_by_package() -> Path:
    folder = _shared_folder() if _unprivileged_user() else None
    carried = next(environments.install("postgres", folder).path.rglob("pginstall/bin/postgres"), None)
    if carried is None:
        raise ProcessFailedError(
            f"No PostgreSQL {OLDEST} or later was found; install it, or point PODIUM_POSTGRES_BIN at its programs."
        )
    return carried.parent


def _initialize(programs: Path, data: Path, user: str | None) -> None:
    """Make the data folder beside its place and move it there: what an interruption leaves is never used."""
    unfinished = data.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    if user:
        shutil.chown(unfinished, user)
    command = [str(programs / "initdb"), "-D", str(unfinished), "-A", "trust", "-U", SUPERUSER, "-E", "UTF8"]
    answer = subprocess.run(
        [*command, "--locale=C", "--no-sync"], capture_output=True, text=True, check=False, user=user, cwd="/"
    )
    if answer.returncode != 0:
        raise ProcessFailedError(f"initdb failed:\n{answer.stderr.strip()}")
    unfinished.rename(data)


def _data_folder(folder: Path, user: str | None) -> Path:
    """Where the data live: in ``folder``, or, as another user may not enter root's folders, in one of its own.

    Servers of another major version cannot read them, so that it is part of the name.
    """
    data = f"data-{_version(find_programs())}"
    if user is None:
        return folder / data
    return _shared_folder() / f"{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}-{data}"


def _shared_folder() -> Path:
    SHARED.mkdir(mode=0o755, exist_ok=True)
    if SHARED.stat().st_uid != 0:
        raise ProcessFailedError(f"{SHARED} belongs to somebody else; remove it.")
    return SHARED


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


def run_sql(database_url: str, statement: str, **variables: str) -> str:
    """What PostgreSQL's own ``psql`` prints; it puts variables in for ``:'name'``. ProcessFailedError on a refusal."""
    given = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
    command = [str(find_programs() / "psql"), "-d", database_url, "-XtAq", "-v", "ON_ERROR_STOP=1", *given]
    answer = subprocess.run(command, input=statement, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise ProcessFailedError(f"PostgreSQL refused: {answer.stderr.strip()}")
    return answer.stdout
