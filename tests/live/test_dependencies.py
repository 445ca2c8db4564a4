"""A dependency across three real orchestrators, with two gateways, one of which is killed: one run for one key."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.prefect import LocalPrefect
from tests.app.server import Server, serving
from tests.live.test_chain import PIPELINE, ask
from tests.waiting import eventually

pytestmark = [pytest.mark.live, pytest.mark.postgres, pytest.mark.timeout(600)]

DEPENDENCY = """\
dependencies:
  - name: marts-after-both
    keyed_by: day
    upstream: [airflow/by_hand, prefect/shop/by-hand]
    target: dagster/shop/marts
    partition: "{{ upstream[0].run.parameters.day }}"
"""
DAY = "2026-03-07"
START = """mutation($input: TriggerPipelineInput!) { triggerPipeline(input: $input) { id state } }"""
STATE = "query($id: ID!) { node(id: $id) { ... on Run { state } } }"
FIRINGS = """{ firings { totalCount edges { node { key state attempts lastError idempotencyKey
  satisfied { isSatisfied by { id } } run { id partition state pipeline { key } } } } } }"""
RUNS = """query($pipeline: ID!) { runs(filter: {pipelines: [$pipeline]}) { edges { node { id partition } } } }"""


@pytest.fixture
def gateways(
    airflow3_server: LocalAirflow,
    prefect_server: LocalPrefect,
    dagster_server: LocalDagster,
    tmp_path: Path,
    postgres_url: str,
) -> Iterator[list[Server]]:
    auth = "auth: {username: admin, password: env:AIRFLOW_PASSWORD}"
    text = (
        "orchestrators:\n"
        f"  - {{name: airflow, kind: airflow, url: '{airflow3_server.url}', poll: 1s, {auth}}}\n"
        f"  - {{name: prefect, kind: prefect, url: '{prefect_server.url}', poll: 1s}}\n"
        f"  - {{name: dagster, kind: dagster, url: '{dagster_server.url}', poll: 1s}}\n"
    )
    variables = {"AIRFLOW_PASSWORD": airflow3_server.auth["password"], "PODIUM_DATABASE_URL": postgres_url}
    with ExitStack() as stack:
        running: list[Server] = []
        for name in ("one", "other"):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "podium.yaml").write_text(text + DEPENDENCY)
            running.append(stack.enter_context(serving(folder, "--config", "podium.yaml", **variables)))
        yield running


async def test_both_are_done_and_the_third_runs_once(gateways):
    one, other = gateways
    async with httpx.AsyncClient(base_url=other.url, timeout=60) as http:
        marts = await known(http, "dagster", "shop/marts")
        before = await runs_of(http, marts)
        await run_to_its_end(http, "airflow", "by_hand", parameters={"day": DAY})
        waiting = await firings(http)
        assert [(one["state"], [by["isSatisfied"] for by in one["satisfied"]]) for one in waiting] == [
            ("WAITING", [True, False])
        ]
        one.process.kill()
        await run_to_its_end(http, "prefect", "shop/by-hand")
        (firing,) = await eventually(lambda: firings(http), lambda told: told[0]["state"] == "SUCCEEDED", within=120)
        assert firing["run"]["partition"] == DAY
        assert firing["run"]["pipeline"]["key"] == "shop/marts"
        assert firing["attempts"] == 1
        await run_to_its_end(http, "prefect", "shop/by-hand")
        await run_to_its_end(http, "airflow", "by_hand", parameters={"day": DAY})
        assert [(again["state"], again["run"]["id"]) for again in await firings(http)] == [
            ("SUCCEEDED", firing["run"]["id"])
        ]
        assert (await runs_of(http, marts)) - before == {firing["run"]["id"]}


async def firings(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    return [edge["node"] for edge in (await ask(http, FIRINGS))["firings"]["edges"]]


async def runs_of(http: httpx.AsyncClient, pipeline: str) -> set[str]:
    found = await ask(http, RUNS, pipeline=pipeline)
    return {edge["node"]["id"] for edge in found["runs"]["edges"]}


async def known(http: httpx.AsyncClient, orchestrator: str, key: str) -> str:
    async def look() -> Any:
        found = (await ask(http, PIPELINE, orchestrator=orchestrator, key=key))["pipeline"]
        return found and found["isActive"] and found["id"]

    return await eventually(look, within=120, every=0.5)


async def run_to_its_end(http: httpx.AsyncClient, orchestrator: str, key: str, **more: Any) -> None:
    pipeline = await known(http, orchestrator, key)
    started = await ask(http, START, input={"pipeline": pipeline, **more})
    assert "errors" not in started, started
    run = started["triggerPipeline"]["id"]

    async def state() -> str:
        return (await ask(http, STATE, id=run))["node"]["state"]

    assert await eventually(state, lambda told: told not in {"QUEUED", "RUNNING"}, within=180, every=0.5) == "SUCCESS"
