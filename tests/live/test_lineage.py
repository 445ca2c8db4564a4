"""Real lineage: Airflow's own OpenLineage provider pointed at a real Podium; Dagster's assets as Podium sees them."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from tests.app.server import Server, serving
from tests.waiting import eventually

pytestmark = pytest.mark.live

GRAPH = """query($name: String!, $granularity: LineageGranularity!) {
  lineage(start: {dataset: {namespace: "postgres://warehouse:5432", name: $name}}, granularity: $granularity) {
    nodes { __typename ... on Dataset { id name } ... on Pipeline { id key }
      ... on LineageJob { id namespace name integration type pipeline { key orchestrator { name } } task { key }
                          parent { name } latestState } }
    edges { source target kind } } }"""
COLUMNS = """{ columnLineage(dataset: {namespace: "postgres://warehouse:5432", name: "shop.public.totals"}) {
  nodes { id field dataset { name } } edges { source target transformations { type subtype } } } }"""
WRITER = """{ dataset(namespace: "postgres://warehouse:5432", name: "shop.public.totals") {
  fields { name type } lastWriter { externalId state pipeline { key } } } }"""
START = """mutation($pipeline: ID!, $key: String!) {
  triggerPipeline(input: {pipeline: $pipeline, idempotencyKey: $key}) { externalId } }"""
PIPELINE = """query($orchestrator: String!) {
  pipeline(orchestrator: $orchestrator, key: "traced_orders") { id isActive tasks { key } } }"""


@pytest.fixture(scope="module", params=["airflow3_server", "airflow2_server"])
def airflow(request) -> LocalAirflow:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def gateway(airflow, tmp_path_factory, lineage_port) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("lineage")
    name = f"airflow{airflow.major}"
    (folder / "podium.yaml").write_text(
        f"orchestrators:\n  - {{name: {name}-live, kind: airflow, url: '{airflow.url}', poll: 1s, "
        f"lineage_namespaces: [{name}], auth: {{username: admin, password: env:AIRFLOW_PASSWORD}}}}\n"
    )
    secrets = {"AIRFLOW_PASSWORD": airflow.auth["password"]}
    with serving(folder, "--config", "podium.yaml", "--port", str(lineage_port), **secrets) as server:
        yield server


@pytest.fixture
async def http(gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as client:
        yield client


async def ask(http: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = (await http.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def test_a_dag_is_seen_edge_by_edge_down_to_a_column(http, airflow):
    orchestrator = f"airflow{airflow.major}-live"

    async def known() -> Any:
        found = (await ask(http, PIPELINE, orchestrator=orchestrator))["pipeline"]
        return found and found["tasks"] and found["isActive"] and found

    pipeline = await eventually(known, within=120, every=0.5)
    run = await ask(http, START, pipeline=pipeline["id"], key=f"traced-{airflow.major}")
    external_id = run["triggerPipeline"]["externalId"]

    async def look() -> dict[str, Any]:
        dataset = (await ask(http, WRITER))["dataset"]
        return (dataset or {}) | {"told": (await ask(http, '{ search(text: "traced") { __typename } }'))["search"]}

    def is_whole(found: dict[str, Any]) -> bool:
        return bool(found.get("lastWriter") and found["lastWriter"]["state"] == "SUCCESS")

    written = await eventually(look, is_whole, within=180, every=0.5)
    assert written["lastWriter"] == {
        "externalId": external_id,
        "state": "SUCCESS",
        "pipeline": {"key": "traced_orders"},
    }
    assert written["fields"] == [{"name": "total", "type": "numeric"}]

    async def drawn() -> dict[str, Any]:
        return (await ask(http, GRAPH, name="shop.public.totals", granularity="JOB"))["lineage"]

    graph = await eventually(drawn, are_all_done, within=60, every=0.5)
    names = {node["id"]: node["name"] for node in graph["nodes"]}
    data = {(names[one["source"]], names[one["target"]]) for one in graph["edges"] if one["kind"] == "DATA"}
    assert data == {
        ("/srv/shop/raw_orders.csv", "traced_orders.clean"),
        ("traced_orders.clean", "/srv/shop/orders.csv"),
        ("/srv/shop/orders.csv", "traced_orders.summarize"),
        ("traced_orders.summarize", "shop.public.totals"),
    }
    jobs = {node["name"]: node for node in graph["nodes"] if node["__typename"] == "LineageJob"}
    assert jobs["traced_orders.summarize"] == jobs["traced_orders.summarize"] | {
        "namespace": f"airflow{airflow.major}",
        "integration": "AIRFLOW",
        "type": "TASK",
        "pipeline": {"key": "traced_orders", "orchestrator": {"name": orchestrator}},
        "task": {"key": "summarize"},
        "parent": {"name": "traced_orders"},
        "latestState": "SUCCESS",
    }

    rolled_up = (await ask(http, GRAPH, name="shop.public.totals", granularity="PIPELINE"))["lineage"]["nodes"]
    assert sorted(node.get("key") or node["name"] for node in rolled_up) == [
        "/srv/shop/orders.csv",
        "/srv/shop/raw_orders.csv",
        "shop.public.totals",
        "traced_orders",
    ]

    columns = (await ask(http, COLUMNS))["columnLineage"]
    assert [(node["dataset"]["name"], node["field"]) for node in columns["nodes"]] == [
        ("shop.public.totals", "total"),
        ("/srv/shop/orders.csv", "amount"),
    ]
    assert [edge["transformations"] for edge in columns["edges"]] == [[{"type": "DIRECT", "subtype": "AGGREGATION"}]]


def are_all_done(graph: dict[str, Any]) -> bool:
    """Whether both tasks have told of their end: that comes after what the orchestrator says of it."""
    states = {node["name"]: node["latestState"] for node in graph["nodes"] if node["__typename"] == "LineageJob"}
    return states.get("traced_orders.clean") == states.get("traced_orders.summarize") == "SUCCESS"


ASSET = """query($name: String!) { dataset(namespace: "dagster-live", name: $name) {
  name aliases { name } lastWriter { externalId state pipeline { key } }
  producers { name isDerived pipeline { key } task { key } } versions { totalCount } } }"""
UPSTREAM = """{ lineage(start: {dataset: {namespace: "dagster-live", name: "revenue_by_store"}}, direction: UPSTREAM) {
  nodes { ... on Dataset { id name } ... on LineageJob { id name } } edges { source target } } }"""
MARTS = """{ pipeline(orchestrator: "dagster-live", key: "shop/marts") { id isActive tasks { key } } }"""
START_MARTS = """mutation($pipeline: ID!, $partition: String!) {
  triggerPipeline(input: {pipeline: $pipeline, partition: $partition}) { externalId } }"""


@pytest.fixture(scope="module")
def above_dagster(dagster_server: LocalDagster, tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("derived")
    (folder / "podium.yaml").write_text(
        f"orchestrators:\n  - {{name: dagster-live, kind: dagster, url: '{dagster_server.url}', poll: 1s}}\n"
    )
    with serving(folder, "--config", "podium.yaml") as server:
        yield server


async def test_dagsters_assets_are_lineage_without_an_emitter(above_dagster):
    async with httpx.AsyncClient(base_url=above_dagster.url, timeout=60) as http:

        async def known() -> Any:
            found = (await ask(http, MARTS))["pipeline"]
            return found and found["tasks"] and found["isActive"] and found

        pipeline = await eventually(known, within=120, every=0.5)
        started = await ask(http, START_MARTS, pipeline=pipeline["id"], partition="2026-03-04")
        external_id = started["triggerPipeline"]["externalId"]

        async def look() -> dict[str, Any]:
            return (await ask(http, ASSET, name="revenue_by_store"))["dataset"] or {}

        def is_whole(found: dict[str, Any]) -> bool:
            writer = found.get("lastWriter")
            return bool(writer and writer["externalId"] == external_id and writer["state"] == "SUCCESS")

        found = await eventually(look, is_whole, within=180, every=0.5)
        assert found["producers"] == [
            {
                "name": "marts.revenue_by_store",
                "isDerived": True,
                "pipeline": {"key": "shop/marts"},
                "task": {"key": "revenue_by_store"},
            }
        ]
        assert found["versions"]["totalCount"] >= 1
        graph = (await ask(http, UPSTREAM))["lineage"]
        names = {node["id"]: node["name"] for node in graph["nodes"]}
        raw = (await ask(http, ASSET, name="raw_orders"))["dataset"]
        assert {raw["name"], *(alias["name"] for alias in raw["aliases"])} == {"raw_orders", "shop.public.orders"}
        assert {(names[edge["source"]], names[edge["target"]]) for edge in graph["edges"]} == {
            ("marts.raw_orders", raw["name"]),
            (raw["name"], "marts.clean_orders"),
            ("marts.clean_orders", "clean_orders"),
            ("clean_orders", "marts.revenue_by_store"),
            ("marts.revenue_by_store", "revenue_by_store"),
        }
