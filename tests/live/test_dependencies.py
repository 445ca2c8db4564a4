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
slas:
  - {name: marts-are-quick, pipeline: dagster/shop/marts, kind: duration, limit: 30m}
  - {name: marts-are-there, pipeline: dagster/shop/marts, kind: deadline, deadline: "47:00"}
"""
DAY = "2026-03-07"
START = """mutation($input: TriggerPipelineInput!) { triggerPipeline(input: $input) { id state } }"""
STATE = "query($id: ID!) { node(id: $id) { ... on Run { state } } }"
FIRINGS = """{ firings { totalCount edges { node { key state attempts lastError idempotencyKey
  satisfied { isSatisfied by { id } } run { id partition state pipeline { key } } } } } }"""
KEPT = """{ slas { edges { node { name kind evaluations { edges { node { state reason run { id } } } } } } } }"""
DEFINE = "mutation($input: DependencyInput!) { createDependency(input: $input) { name } }"
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
        (waiting,) = await eventually(lambda: firings(http), within=60)
        assert (waiting["state"], [by["isSatisfied"] for by in waiting["satisfied"]]) == ("WAITING", [True, False])
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
        promised = {"marts-are-quick", "marts-are-there"}
        await eventually(lambda: kept_by(http, firing["run"]["id"]), lambda kept: kept == promised, within=60)


async def test_what_airflow_starts_by_itself_closes_a_cycle(gateways):
    """``handing_on`` triggers ``by_hand``, says Airflow."""
    async with httpx.AsyncClient(base_url=gateways[0].url, timeout=60) as http:
        for key in ("by_hand", "handing_on"):
            await known(http, "airflow", key)
        upstream = [{"pipeline": {"orchestrator": "airflow", "key": "by_hand"}}]
        back = {"name": "back", "upstream": upstream, "target": {"orchestrator": "airflow", "key": "handing_on"}}

        async def refused() -> str:
            answer = await http.post("/graphql", json={"query": DEFINE, "variables": {"input": back}})
            return answer.json()["errors"][0]["message"]

        assert "it closes a cycle: airflow/handing_on -> airflow/by_hand -> airflow/handing_on" in await refused()


async def kept_by(http: httpx.AsyncClient, run: str) -> set[str]:
    """Names of promises that are kept, of durations by this run: the day's marts may have been there before."""
    found = [edge["node"] for edge in (await ask(http, KEPT))["slas"]["edges"]]
    return {
        sla["name"]
        for sla in found
        for edge in sla["evaluations"]["edges"]
        if edge["node"]["state"] == "MET" and (sla["kind"] == "DEADLINE" or edge["node"]["run"]["id"] == run)
    }


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
