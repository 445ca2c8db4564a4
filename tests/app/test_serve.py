"""``podium serve`` as a process: small, closed to strangers, quiet at its end."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import text

from gateway.store import migrations
from gateway.store.database import Database
from gateway.store.migrations import runner
from tests.app.conftest import Podium
from tests.app.server import environment, serving, start
from tests.waiting import eventually

pytestmark = pytest.mark.slow
QUERY = {"query": "{ orchestrators { name status } }"}


def refused(tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway.app.cli", "serve", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_on_an_empty_folder_it_serves_and_stays_small(tmp_path: Path):
    with serving(tmp_path) as server:
        assert server.memory <= 200 * 2**20
        assert httpx.post(f"{server.url}/graphql", json=QUERY).json() == {"data": {"orchestrators": []}}
        children = psutil.Process(server.process.pid).children(recursive=True)
        assert server.stop() == 0
    assert [child for child in children if child.is_running()] == []
    events = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert [event["event"] for event in events if event["level"] not in {"info", "debug"}] == []
    assert (tmp_path / "data" / "podium.sqlite").exists()


def test_ctrl_c_ends_it_without_a_fault(tmp_path: Path):
    with serving(tmp_path) as server:
        assert server.stop(signal.SIGINT) == 0
        assert "Traceback" not in server.log.read_text()


@pytest.mark.postgres
async def test_who_ends_it_while_it_waits_for_its_database_need_not_wait(tmp_path: Path, empty_postgres_url: str):
    database = Database(empty_postgres_url)
    plain = empty_postgres_url.replace("+asyncpg", "")
    async with database.write() as session:
        await session.execute(text(f"SELECT pg_advisory_xact_lock({runner.ADVISORY_LOCK})"))
        process = start(tmp_path, "--port", "0", env=environment(tmp_path, PODIUM_DATABASE_URL=plain))

        async def is_waiting():
            assert process.poll() is None, (tmp_path / "serve.log").read_text()
            waits = text("""SELECT 1 FROM pg_locks WHERE NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""")
            return await session.first(waits) is not None

        await eventually(is_waiting, within=30)
        process.terminate()
        assert await asyncio.to_thread(process.wait, 60) == 0
    assert (tmp_path / "serve.log").read_text() == ""
    assert await migrations.current(database) is None
    await database.aclose()


def test_it_does_not_open_to_other_machines_while_anybody_could_use_it(tmp_path: Path, podium: Podium):
    closed = refused(tmp_path, "--host", "0.0.0.0", "--port", "0")
    assert closed.returncode == 1
    assert closed.stderr == (
        "podium: 0.0.0.0 can be reached from other machines, and anybody could use Podium there.\n"
        "Make a token first, `podium token create --name NAME --role admin`, or serve on 127.0.0.1.\n"
    )
    token = podium("token", "create", "--name", "me", "--role", "viewer").out.strip()
    with serving(tmp_path, "--host", "0.0.0.0") as server:
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        assert httpx.post(f"{url}/graphql", json=QUERY).status_code == 401
        answer = httpx.post(f"{url}/graphql", json=QUERY, headers={"authorization": f"Bearer {token}"})
        assert answer.json() == {"data": {"orchestrators": []}}
        assert token not in server.log.read_text()


def test_a_token_made_while_it_runs_closes_it_within_seconds(tmp_path: Path, podium: Podium):
    with serving(tmp_path) as server:
        assert httpx.post(f"{server.url}/graphql", json=QUERY).status_code == 200
        podium("token", "create", "--name", "me", "--role", "viewer")
        deadline = time.monotonic() + 10
        while httpx.post(f"{server.url}/graphql", json=QUERY).status_code != 401:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_taken_port_is_told_before_anything_else_happens(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = refused(tmp_path, "--port", str(port))
    assert outcome.returncode == 1
    assert outcome.stderr == (
        f"podium: 127.0.0.1:{port} cannot be listened on (Address already in use).\n"
        "Stop what listens there, or choose another --port or --host.\n"
    )
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine_is_told(tmp_path: Path):
    outcome = refused(tmp_path, "--host", "192.0.2.1", "--port", "0")
    assert (outcome.returncode, outcome.stderr.count("\n")) == (1, 2)
    assert outcome.stderr.startswith("podium: 192.0.2.1:0 cannot be listened on (")


def test_a_faulty_podium_yaml_keeps_it_from_starting(tmp_path: Path):
    (tmp_path / "podium.yaml").write_text("orchestrators: [{name: a, kind: airlfow, url: 'http://a'}]\n")
    outcome = refused(tmp_path, "--port", "0", "--config", "podium.yaml")
    assert outcome.returncode == 1
    assert "podium.yaml:1: orchestrators[0].kind: 'airlfow' is not a known kind" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"PODIUM_DATABASE_URL": "sqlite:////proc/nowhere/x.sqlite"}, "podium: the database sqlite:////proc/nowhere"),
        ({"PODIUM_DATABASE_URL": "postgresql://a:hunter22@127.0.0.1:1/x"}, "podium: the database postgresql://a:***@"),
        ({"OTEL_TRACES_EXPORTER": "jaeger"}, "podium: OTEL_TRACES_EXPORTER=jaeger is not known here; use otlp, cons"),
    ],
)
def test_what_it_stands_on_is_told_where_it_is_missing(tmp_path: Path, more: dict[str, str], told: str):
    outcome = refused(tmp_path, "--port", "0", **more)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(told)
    assert "Traceback" not in outcome.stderr
    assert "hunter22" not in outcome.stderr
