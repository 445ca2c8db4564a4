"""``podium serve`` above real orchestrators: what a person sees of all of them in one place."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.local import LocalOrchestrator
from gateway.app.demo.prefect import LocalPrefect
from gateway.app.demo.stack import podium_yaml, secrets_of
from tests.app.server import Server, environment, serving
from tests.live import elsewhere
from tests.waiting import eventually

pytestmark = pytest.mark.live

ORCHESTRATORS = "{ orchestrators { kind status version } }"
PIPELINE = """query($name: String!, $key: String!) { pipeline(orchestrator: $name, key: $key) {
  url tasks { key } taskEdges { upstream downstream }
  runs(first: 50) { edges { node { externalId state trigger startedAt endedAt url taskRuns { task state } } } } } }"""


@pytest.fixture(scope="module")
def servers(
    airflow3_server: LocalAirflow, prefect_server: LocalPrefect, dagster_server: LocalDagster
) -> dict[str, LocalOrchestrator]:
    return {"airflow": airflow3_server, "prefect": prefect_server, "dagster": dagster_server}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, servers) -> Path:
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "podium.yaml").write_text(podium_yaml(servers.values()))
    return folder


@pytest.fixture(scope="module")
def gateway(folder, servers) -> Iterator[Server]:
    with serving(folder, "--config", "podium.yaml", **secrets_of(servers.values())) as server:
        yield server


@pytest.fixture
async def http(gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as client:
        yield client


async def ask(http: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = (await http.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer
    return answer["data"]


def check(folder: Path, **secrets: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "gateway.app.cli", "check", "--json", "--timeout", "60"]
    env = environment(folder, **secrets)
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_check_tells_what_answers(folder, servers):
    done = check(folder, **secrets_of(servers.values()))
    assert done.returncode == 0, done.stderr
    told = {one["kind"]: one for one in json.loads(done.stdout)}
    assert {kind: one["version"].split(".")[0] for kind, one in told.items()} == {
        "airflow": "3",
        "prefect": "3",
        "dagster": "1",
    }
    assert all(one["ok"] and one["fault"] is None and "TRIGGER" in one["capabilities"] for one in told.values())


def test_check_names_the_reference_of_a_wrong_password(folder, servers):
    done = check(folder, DEMO_AIRFLOW_PASSWORD="mistyped")
    assert done.returncode == 1
    assert "mistyped" not in done.stdout + done.stderr
    faults = {one["kind"]: one["fault"] for one in json.loads(done.stdout)}
    assert "refused user 'admin'. Check the credentials (password from env:DEMO_AIRFLOW_PASSWORD)" in faults["airflow"]
    assert (faults["prefect"], faults["dagster"]) == (None, None)


async def test_all_are_healthy(http):
    async def are_healthy() -> bool:
        found = (await ask(http, ORCHESTRATORS))["orchestrators"]
        return {one["kind"] for one in found if one["status"] == "HEALTHY" and one["version"]} == {*elsewhere.QUICK}

    assert await eventually(are_healthy, within=120, every=0.5)


@pytest.mark.parametrize("kind", ["airflow", "prefect", "dagster"])
async def test_a_run_that_somebody_starts_at_the_orchestrator_is_seen(http, servers, kind):
    server = servers[kind]
    async with httpx.AsyncClient(timeout=60) as direct:
        external_id = await elsewhere.start(direct, server)

    async def seen() -> dict[str, Any]:
        found = (await ask(http, PIPELINE, name=server.name, key=elsewhere.QUICK[kind]))["pipeline"]
        if found is None:  # healthy is known before everything is read
            return {"run": None}
        runs = {edge["node"]["externalId"]: edge["node"] for edge in found.pop("runs")["edges"]}
        return found | {"run": runs.get(external_id), "others": {name: run["state"] for name, run in runs.items()}}

    def is_complete(found: dict[str, Any]) -> bool:
        """The run is at its end, and so is every task of the graph, which Prefect only knows by the runs."""
        if not found["run"] or found["run"]["state"] != "SUCCESS":
            return False
        states = {task["task"]: task["state"] for task in found["run"]["taskRuns"]}
        return bool(states) and states == dict.fromkeys((task["key"] for task in found["tasks"]), "SUCCESS")

    found = await eventually(seen, is_complete, within=120, every=0.2)
    assert found["run"]["startedAt"] <= found["run"]["endedAt"]
    assert found["run"]["url"].startswith(server.url)
    tasks = {task["key"] for task in found["tasks"]}
    assert {end for edge in found["taskEdges"] for end in edge.values()} <= tasks
