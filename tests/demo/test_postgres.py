"""A PostgreSQL of one's own, from the system's programs or a package's, its data kept or thrown away."""

import os
import shutil
from pathlib import Path

import asyncpg
import psutil
import pytest

from gateway.app.demo import postgres as module
from gateway.app.demo.postgres import PostgresServer, find_programs, free_port
from gateway.app.demo.processes import ProcessFailedError

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(tmp_path):
    server = PostgresServer(tmp_path / "postgres")
    yield server
    server.stop()
    server.remove()


async def ask(url: str, query: str):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def serving(port: int) -> list[psutil.Process]:
    return [one for one in psutil.process_iter(["cmdline"]) if ["-p", str(port)] == (one.info["cmdline"] or [])[3:5]]


async def test_each_test_has_a_database_of_its_own(postgres):
    first, second = postgres.create_database(), postgres.create_database()
    await ask(first, "CREATE TABLE t ()")
    assert await ask(second, "SELECT to_regclass('t')") is None
    assert await ask(first, "SELECT to_regclass('t')::text") == "t"


def test_a_named_database_is_made_once(postgres):
    assert postgres.create_database("shop") == postgres.create_database("shop")


async def test_data_outlive_a_stop(server):
    assert server.start()
    await ask(server.create_database("kept"), "CREATE TABLE t AS SELECT 42 AS answer")
    server.stop()
    assert serving(server.port) == []
    assert not server.start()
    assert await ask(server.create_database("kept"), "SELECT answer FROM t") == 42
    server.stop()
    shutil.rmtree(server.folder)
    assert server.start(), "whoever deletes the folder begins anew, wherever the data are"
    assert await ask(server.create_database("kept"), "SELECT to_regclass('t')") is None


def test_what_an_interrupted_start_has_left_is_not_used(server, monkeypatch):
    """As when initdb is killed: a folder that looks like data, and is not."""
    initialize = module._initialize

    def interrupted(programs, data, user):
        initialize(programs, data, user)
        data.rename(data.with_suffix(".new"))
        shutil.rmtree(data.with_suffix(".new") / "global")
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_initialize", interrupted)
    with pytest.raises(KeyboardInterrupt):
        server.start()
    monkeypatch.undo()
    assert server.start()


def test_it_listens_to_this_machine_only(server):
    server.start()
    addresses = {
        connection.laddr.ip
        for process in serving(server.port)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


async def test_a_package_brings_it_where_the_system_has_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PODIUM_POSTGRES_BIN", str(module._carried_by_package()))
    server = PostgresServer(tmp_path / "postgres")
    try:
        server.start()
        assert "PostgreSQL" in await ask(server.create_database(), "SELECT version()")
    finally:
        server.stop()
        server.remove()


def test_a_folder_without_postgres_is_said_to_be_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PODIUM_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(ProcessFailedError, match=f"PODIUM_POSTGRES_BIN: {tmp_path} does not hold PostgreSQL 15"):
        find_programs()


def test_a_postgres_that_is_too_old_is_passed_over(tmp_path, monkeypatch):
    for name in ("postgres", "psql"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 9.6.24'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert find_programs() != Path(tmp_path)


def test_a_second_server_on_the_same_data_is_refused_by_name(server, tmp_path):
    server.start()
    with pytest.raises(ProcessFailedError, match=r"PostgreSQL ended[\s\S]*lock file"):
        PostgresServer(tmp_path / "postgres").start()


def test_the_wanted_port_is_taken_unless_somebody_listens_there(server):
    server.start()
    assert free_port(server.port) != server.port
    server.stop()
    assert free_port(server.port) == server.port
