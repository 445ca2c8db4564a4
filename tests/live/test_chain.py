"""One table's way through three real tools: loaded by Prefect, used by Airflow, and what Dagster makes of it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.prefect import LocalPrefect
from tests.app.server import Server, serving
from tests.waiting import eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]

STARTED = {
    "prefect": ("crm-sync/hourly", None),
    "airflow": ("ingest_sales", None),
    "dagster": ("shop/marts", "2026-03-05"),
}
PIPELINE = """query($orchestrator: String!, $key: String!) {
  pipeline(orchestrator: $orchestrator, key: $key) { id isActive } }"""
START = """mutation($pipeline: ID!, $partition: String) {
  triggerPipeline(input: {pipeline: $pipeline, partition: $partition}) { externalId } }"""
CHAIN = """{
  lineage(start: {dataset: {namespace: "dagster", name: "revenue_by_store"}}, direction: UPSTREAM) {
    nodes { ... on Dataset { id name aliases { name } }
            ... on LineageJob { id name pipeline { orchestrator { name } } } }
    edges { source target } }
  columnLineage(dataset: {namespace: "dagster", name: "revenue_by_store"}, field: "revenue") {
    nodes { field dataset { name aliases { name } } } } }"""


@pytest.fixture
def gateway(
    airflow3_server: LocalAirflow, prefect_server: LocalPrefect, dagster_server: LocalDagster, tmp_path
) -> Iterator[Server]:
    auth = "auth: {username: admin, password: env:AIRFLOW_PASSWORD}"
    (tmp_path / "podium.yaml").write_text(
        "orchestrators:\n"
        f"  - {{name: airflow, kind: airflow, url: '{airflow3_server.url}', poll: 1s, {auth}}}\n"
        f"  - {{name: prefect, kind: prefect, url: '{prefect_server.url}', poll: 1s}}\n"
        f"  - {{name: dagster, kind: dagster, url: '{dagster_server.url}', poll: 1s}}\n"
    )
    password = airflow3_server.auth["password"]
    with serving(tmp_path, "--config", "podium.yaml", AIRFLOW_PASSWORD=password) as server:
        yield server


async def ask(http: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = (await http.post("/graphql", json={"query": query, "variables": variables})).json()
    return answer["data"] if "errors" not in answer else answer


async def test_a_table_is_followed_through_all_three(gateway):
    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as http:
        for orchestrator, (key, partition) in STARTED.items():

            async def known(orchestrator: str = orchestrator, key: str = key) -> Any:
                found = (await ask(http, PIPELINE, orchestrator=orchestrator, key=key))["pipeline"]
                return found and found["isActive"] and found["id"]

            pipeline = await eventually(known, within=120, every=0.5)
            started = await ask(http, START, pipeline=pipeline, partition=partition)
            assert "errors" not in started, started
        found = await eventually(lambda: ask(http, CHAIN), is_whole, within=240, every=1)
    assert ("revenue", "revenue_by_store") in columns_of(found)
    assert ("amount", "shop.public.orders") in columns_of(found)
    nodes = {node["id"]: node for node in found["lineage"]["nodes"]}
    writers = {
        (nodes[edge["source"]]["pipeline"]["orchestrator"]["name"], name)
        for edge in found["lineage"]["edges"]
        if nodes[edge["source"]].get("pipeline")
        for name in names_of(nodes[edge["target"]])
    }
    assert {
        ("prefect", "shop.public.customers"),
        ("airflow", "shop.public.orders"),
        ("dagster", "clean_orders"),
        ("dagster", "revenue_by_store"),
    } <= writers


def is_whole(found: dict[str, Any]) -> bool:
    """Whether the chain reaches from Dagster to Prefect, down to a column."""
    if "errors" in found:
        assert found["errors"][0]["extensions"]["code"] == "NOT_FOUND", found
        return False
    jobs = [node["pipeline"] for node in found["lineage"]["nodes"] if node.get("pipeline")]
    is_through = {job["orchestrator"]["name"] for job in jobs} == set(STARTED)
    return is_through and ("amount", "shop.public.orders") in columns_of(found)


def columns_of(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(node["field"], name) for node in found["columnLineage"]["nodes"] for name in names_of(node["dataset"])}


def names_of(node: dict[str, Any]) -> set[str]:
    return {node["name"], *(alias["name"] for alias in node.get("aliases", ()))}
