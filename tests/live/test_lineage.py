"""Real emitters' lineage: Airflow's own OpenLineage provider, pointed at a real Podium."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from gateway.app.demo.airflow import LocalAirflow
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

    graph = (await ask(http, GRAPH, name="shop.public.totals", granularity="JOB"))["lineage"]
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
