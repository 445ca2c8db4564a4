"""A gateway that has been told of lineage, and how its picture is found; fixtures for all stories about it."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from gateway.domain.states import RunState
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually

#: Job -> what it reads and writes. The pipelines of west are a chain of which `clean_orders` has failed.
JOBS = {
    "ingest_orders": (["raw.orders"], ["lake.orders"]),
    "clean_orders": (["lake.orders"], ["sales.orders"]),
    "daily_sales": (["sales.orders", "crm.customers"], ["marts.daily_sales"]),
    "forecast": (["marts.daily_sales"], ["marts.forecast"]),
    "board_report": (["marts.forecast"], ["reports.board"]),
}
COLUMNS = {
    "sales.orders": ["id", "amount"],
    "marts.daily_sales": ["day", "total"],
    "marts.forecast": ["day", "expected"],
}
#: Dataset -> a column of it, and the dataset and column that it is made from.
MADE = {
    "marts.daily_sales": ("total", "sales.orders", "amount"),
    "marts.forecast": ("expected", "marts.daily_sales", "total"),
}
NAMESPACE = "postgres://warehouse:5432"


def dataset(name: str) -> dict[str, Any]:
    """As events name it, with its columns and what they are made from."""
    facets: dict[str, Any] = {}
    if name in COLUMNS:
        facets["schema"] = facet("SchemaDatasetFacet", fields=[{"name": one, "type": "text"} for one in COLUMNS[name]])
    if name in MADE:
        field, of, column = MADE[name]
        made = {"type": "DIRECT", "subtype": "AGGREGATION", "description": "", "masking": False}
        source = {"namespace": NAMESPACE, "name": of, "field": column, "transformations": [made]}
        facets["columnLineage"] = facet("ColumnLineageDatasetFacet", fields={field: {"inputFields": [source]}})
    return {"namespace": NAMESPACE, "name": name, "facets": facets}


def facet(kind: str, **more: Any) -> dict[str, Any]:
    """One facet of a dataset."""
    version = "1-2-0" if kind.startswith("Column") else "1-1-1"
    url = f"https://openlineage.io/spec/facets/{version}/{kind}.json#/$defs/{kind}"
    return {"_producer": "https://example.com/job", "_schemaURL": url, **more}


def event(job: str, kind: str = "COMPLETE", hours: int = 2) -> dict[str, Any]:
    """How a run of a job ended, some hours ago."""
    inputs, outputs = JOBS[job]
    return {
        "eventType": kind,
        "eventTime": (datetime.now(UTC) - timedelta(hours=hours)).isoformat(),
        "producer": "https://example.com/job",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": str(uuid4())},
        "job": {"namespace": "west", "name": job},
        "inputs": [dataset(name) for name in inputs],
        "outputs": [dataset(name) for name in outputs],
    }


@pytest.fixture(scope="module")
def west() -> Iterator[StageServer]:
    """An orchestrator that runs all of the chain."""
    stage = Stage()
    for job in JOBS:
        stage.add_pipeline(job, owners=["ada"])
        stage.put(f"{job}-1", RunState.FAILED if job == "clean_orders" else RunState.SUCCESS, job)
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
async def traced(tmp_path_factory, west: StageServer) -> AsyncIterator[GatewayProcess]:
    """A gateway that has been told what reads and writes what."""
    process = GatewayProcess(tmp_path_factory.mktemp("traced"))
    await process.start(config_of(entry("west", west.url)))
    async with httpx.AsyncClient() as client:
        earlier = {**event("daily_sales", hours=6), "inputs": [dataset("sales.orders")]}
        for told in (earlier, *map(event, JOBS), event("clean_orders", "FAIL", hours=1)):
            (await client.post(f"{process.url}/api/v1/lineage", json=told)).raise_for_status()
    await eventually(lambda: is_joined(process.url), within=30, every=0.5)
    yield process
    await process.stop()


async def is_joined(url: str) -> bool:
    """Whether each pipeline is known to be one of the jobs; the graph looks for new ones every ten seconds."""
    start = '{pipeline: {orchestrator: "west", key: "clean_orders"}}'
    query = f"{{lineage(start: {start}, granularity: PIPELINE) {{nodes {{__typename}}}}}}"
    async with httpx.AsyncClient() as client:
        said = (await client.post(f"{url}/graphql", json={"query": query})).json()
    found = [node["__typename"] for node in (said["data"] or {"lineage": {"nodes": []}})["lineage"]["nodes"]]
    return found.count("Pipeline") == len(JOBS)


async def find(page: Page, gateway: GatewayProcess, text: str) -> None:
    """Search for something, and see its graph."""
    await page.goto(f"{gateway.url}/lineage")
    await expect(page.get_by_role("region", name="Begin with a pipeline")).to_be_visible()
    await page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Search datasets, pipelines and jobs")
    await expect(search).to_be_focused()
    await search.press_sequentially(text)
    await page.get_by_role("option", name=text).first.click()
    await expect(node(page, text)).to_be_visible()


def node(page: Page, name: str) -> Locator:
    """A node of the picture."""
    return page.get_by_role("group", name="Lineage graph").get_by_role(
        "button", name=re.compile(f"^{re.escape(name)},")
    )
