"""Real orchestrators for the live tests: each is installed and started at its first use, once for the whole run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.app.demo.airflow import LocalAirflow, emitting_lineage
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.local import SAMPLES
from gateway.app.demo.postgres import free_port
from gateway.app.demo.prefect import LocalPrefect

PIPELINES = Path(__file__).parent / "pipelines"


def own(kind: str) -> list[Path]:
    """Pipelines that only the tests need."""
    return sorted((PIPELINES / kind).glob("*.py"))


@pytest.fixture(scope="session")
def lineage_port() -> int:
    """Where a test that wants to see lineage lets Podium listen."""
    return free_port()


@pytest.fixture(scope="session")
def airflow3_server(postgres, tmp_path_factory, lineage_port) -> Iterator[LocalAirflow]:
    yield from _running(_airflow(3, tmp_path_factory.mktemp("airflow3"), postgres.create_database(), lineage_port))


@pytest.fixture(scope="session")
def airflow2_server(postgres, tmp_path_factory, lineage_port) -> Iterator[LocalAirflow]:
    yield from _running(_airflow(2, tmp_path_factory.mktemp("airflow2"), postgres.create_database(), lineage_port))


def _airflow(major: int, folder: Path, database_url: str, lineage_port: int) -> LocalAirflow:
    """Only DAGs that ask for it tell of their lineage: elsewhere nobody listens, and each try would cost time."""
    env = emitting_lineage(f"http://127.0.0.1:{lineage_port}", f"airflow{major}")
    env["AIRFLOW__OPENLINEAGE__SELECTIVE_ENABLE"] = "True"
    return LocalAirflow(folder, database_url, major, [SAMPLES / "airflow", PIPELINES / "airflow"], env=env)


@pytest.fixture(scope="session")
def prefect_server(postgres, tmp_path_factory) -> Iterator[LocalPrefect]:
    flows = [SAMPLES / "prefect" / "flows.py", *own("prefect")]
    folder = tmp_path_factory.mktemp("prefect")
    yield from _running(LocalPrefect(folder, postgres.create_database(), flows, has_pages=True))


@pytest.fixture(scope="session")
def prefect_auth_server(postgres, tmp_path_factory) -> Iterator[LocalPrefect]:
    """A server that asks for user name and password; it serves no flows."""
    folder = tmp_path_factory.mktemp("prefect-auth")
    server = LocalPrefect(folder, postgres.create_database(), flows=(), auth_string="podium:prefect-secret")
    server.install()
    server.start_server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dagster_server(tmp_path_factory) -> Iterator[LocalDagster]:
    definitions = {"shop": SAMPLES / "dagster" / "definitions.py"}
    definitions |= {f"tests_{path.stem}": path for path in own("dagster")}
    yield from _running(LocalDagster(tmp_path_factory.mktemp("dagster"), definitions))


def _running(server):
    server.install()
    try:
        server.start()
        yield server
    finally:
        server.stop()
