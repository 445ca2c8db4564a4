"""OpenLineage's own Python client, pointed at a real Podium as anybody would point it there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    Dataset,
    DatasetEvent,
    InputDataset,
    Job,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
    StaticDataset,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    job_type_job,
    ownership_dataset,
    parent_run,
    schema_dataset,
    symlinks_dataset,
)
from openlineage.client.transport.http import ApiKeyTokenProvider, HttpCompression, HttpConfig, HttpTransport
from openlineage.client.uuid import generate_new_uuid

from tests.app.server import Server, serving
from tests.waiting import eventually

START = datetime(2026, 5, 1, 7, tzinfo=UTC)
PRODUCER = "https://example.com/nightly"
WAREHOUSE = "postgres://warehouse:5432"
ASK = """{
  lineage(start: {dataset: {namespace: "postgres://warehouse:5432", name: "shop.public.totals"}}) {
    nodes { __typename ... on Dataset { id name owners aliases { name } fields { name type } }
            ... on LineageJob { id name type latestState parent { name } } }
    edges { source target kind } }
  columnLineage(dataset: {namespace: "postgres://warehouse:5432", name: "shop.public.totals"}) {
    nodes { id field dataset { name } } edges { source target transformations { subtype masking } } } }"""


@pytest.fixture(scope="module")
def podium(tmp_path_factory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("client")) as server:
        yield server


@pytest.fixture(params=[None, HttpCompression.GZIP], ids=["plain", "gzip"])
def client(request, podium) -> OpenLineageClient:
    config = HttpConfig(
        url=podium.url,
        endpoint="api/v1/lineage",
        auth=ApiKeyTokenProvider({"apiKey": "none is needed"}),
        compression=request.param,
    )
    return OpenLineageClient(transport=HttpTransport(config))


def emit_a_night(client: OpenLineageClient) -> None:
    """A job of two steps: one loads orders from files, the other sums them up."""
    whole = Run(str(generate_new_uuid()))
    orders = Dataset(WAREHOUSE, "shop.public.orders")
    of_total = column_lineage_dataset.ColumnLineageDatasetFacet(
        fields={
            "total": column_lineage_dataset.Fields(
                inputFields=[
                    column_lineage_dataset.InputField(
                        WAREHOUSE,
                        orders.name,
                        "amount",
                        [column_lineage_dataset.Transformation("DIRECT", "AGGREGATION", masking=False)],
                    )
                ]
            )
        }
    )
    schema = schema_dataset.SchemaDatasetFacet([schema_dataset.SchemaDatasetFacetFields("total", "numeric")])
    steps = [
        ("load", [InputDataset("s3://lake", "raw/orders")], [OutputDataset(orders.namespace, orders.name)]),
        (
            "sum",
            [InputDataset(orders.namespace, orders.name)],
            [OutputDataset(WAREHOUSE, "shop.public.totals", facets={"schema": schema, "columnLineage": of_total})],
        ),
    ]
    for number, (name, inputs, outputs) in enumerate(steps):
        parent = parent_run.ParentRunFacet(
            run=parent_run.Run(whole.runId), job=parent_run.Job(namespace="nights", name="night")
        )
        run = Run(str(generate_new_uuid()), facets={"parent": parent})
        kind = job_type_job.JobTypeJobFacet(processingType="BATCH", integration="PYTHON", jobType="STEP")
        job = Job("nights", f"night.{name}", facets={"jobType": kind})
        for minute, state in enumerate((RunState.START, RunState.COMPLETE)):
            at = (START + timedelta(minutes=2 * number + minute)).isoformat()
            sides: dict[str, Any] = {"inputs": inputs, "outputs": outputs} if state is RunState.COMPLETE else {}
            client.emit(RunEvent(eventTime=at, producer=PRODUCER, eventType=state, run=run, job=job, **sides))
    described = StaticDataset(
        WAREHOUSE,
        "shop.public.totals",
        facets={
            "ownership": ownership_dataset.OwnershipDatasetFacet([ownership_dataset.Owner("finance")]),
            "symlinks": symlinks_dataset.SymlinksDatasetFacet(
                [symlinks_dataset.Identifier(namespace="hive://metastore:9083", name="shop.totals", type="TABLE")]
            ),
        },
    )
    client.emit(DatasetEvent(eventTime=START.isoformat(), producer=PRODUCER, dataset=described))


async def test_a_night_is_seen_edge_by_edge(podium, client):
    emit_a_night(client)
    async with httpx.AsyncClient(base_url=podium.url) as http:

        async def look() -> dict[str, Any]:
            return (await http.post("/graphql", json={"query": ASK})).json()

        def is_whole(answer: dict[str, Any]) -> bool:
            graph = (answer.get("data") or {}).get("lineage") or {"nodes": [], "edges": []}
            return len(graph["edges"]) >= 4 and any(node.get("owners") for node in graph["nodes"])

        found = (await eventually(look, is_whole))["data"]
    nodes = {node.pop("id"): node for node in found["lineage"]["nodes"]}
    named = {node["name"]: node for node in nodes.values()}
    assert {(nodes[one["source"]]["name"], nodes[one["target"]]["name"]) for one in found["lineage"]["edges"]} == {
        ("raw/orders", "night.load"),
        ("night.load", "shop.public.orders"),
        ("shop.public.orders", "night.sum"),
        ("night.sum", "shop.public.totals"),
    }
    assert named["shop.public.totals"] == {
        "__typename": "Dataset",
        "name": "shop.public.totals",
        "owners": ["finance"],
        "aliases": [{"name": "shop.totals"}],
        "fields": [{"name": "total", "type": "numeric"}],
    }
    assert named["night.sum"] == {
        "__typename": "LineageJob",
        "name": "night.sum",
        "type": "STEP",
        "latestState": "SUCCESS",
        "parent": {"name": "night"},
    }
    columns = {node["id"]: f"{node['dataset']['name']}.{node['field']}" for node in found["columnLineage"]["nodes"]}
    assert [
        (columns[edge["source"]], columns[edge["target"]], edge["transformations"])
        for edge in found["columnLineage"]["edges"]
    ] == [
        ("shop.public.orders.amount", "shop.public.totals.total", [{"subtype": "AGGREGATION", "masking": False}]),
    ]
