"""The lineage explorer: from a name to the graph, along it, and back to it by its address."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Locator, Page, Route, expect

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE, Complaints, accessibility_faults
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


async def test_from_a_name_along_the_graph_and_back_by_its_address(page: Page, traced: GatewayProcess):
    await find(page, traced, "sales.orders")
    await page.get_by_role("radio", name="2 steps", exact=True).click()
    await expect(node(page, "marts.daily_sales")).to_be_visible()
    await expect(node(page, "marts.forecast")).to_have_count(0)
    last = node(page, "marts.daily_sales")
    await expect(last).to_have_accessible_name(re.compile("1 not shown"))

    await last.click()
    about = page.get_by_role("complementary", name="About marts.daily_sales")
    await expect(about).to_contain_text("2 datasets, 2 pipelines")
    await expect(about).to_contain_text("clean_orders, 3 steps above")
    await about.get_by_role("button", name="Expand").click()
    await expect(node(page, "forecast")).to_be_visible()
    await about.get_by_role("button", name="total").click()
    await expect(about).to_contain_text("amount of sales.orders")
    await expect(about).to_contain_text("aggregation")

    await page.reload()
    await expect(node(page, "forecast")).to_be_visible()
    await expect(last).to_have_attribute("aria-pressed", "true")
    await expect(about).to_contain_text("amount of sales.orders")
    await expect(page).to_have_title("Lineage of sales.orders · Podium")


async def test_a_column_is_followed_through_the_picture(page: Page, traced: GatewayProcess):
    await find(page, traced, "marts.daily_sales")
    about = page.get_by_role("complementary", name="About marts.daily_sales")
    picture = page.get_by_role("group", name="Lineage graph")
    await expect(about.get_by_role("button", name="total")).to_be_visible()
    links = picture.locator("g:has(> title)")
    await expect(links).to_have_count(0)
    await about.get_by_role("button", name="total").click()
    await expect(links).to_have_count(2)
    ways = {
        "amount of sales.orders to total of marts.daily_sales",
        "total of marts.daily_sales to expected of marts.forecast",
    }
    assert set(await links.locator("title").all_text_contents()) == ways
    for name, column in (("sales.orders", "amount"), ("marts.daily_sales", "total"), ("marts.forecast", "expected")):
        await expect(node(page, name)).to_have_accessible_name(re.compile(f", columns {column}$"))
        row, card = await picture.get_by_text(column, exact=True).bounding_box(), await node(page, name).bounding_box()
        assert row
        assert card
        assert card["y"] < row["y"] < row["y"] + row["height"] < card["y"] + card["height"]
    drawn = await links.first.bounding_box()
    assert drawn
    assert drawn["width"] > 50
    standing_back = picture.locator("[data-role=aside]")
    for name, count in (("crm.customers", 1), ("daily_sales", 0)):
        one = page.get_by_role("button", name=re.compile(f"^{re.escape(name)},"))
        await expect(standing_back.filter(has=one)).to_have_count(count)
    await about.get_by_role("button", name="total").click()
    await expect(links).to_have_count(0)


async def test_all_that_is_hurt_is_shown_however_far_away(page: Page, traced: GatewayProcess):
    await find(page, traced, "raw.orders")
    about = page.get_by_role("complementary", name="About raw.orders")
    await expect(node(page, "reports.board")).to_have_count(0)
    await expect(about).to_contain_text("of them are not in the picture")
    await about.get_by_role("button", name="Show all of it").click()
    await expect(node(page, "reports.board")).to_be_visible()
    await expect(node(page, "crm.customers")).to_have_count(0)
    await expect(about).not_to_contain_text("not in the picture")
    await expect(page.get_by_role("radio", name="All steps")).to_be_checked()


async def test_a_click_in_the_overview_moves_the_picture(page: Page, traced: GatewayProcess):
    await find(page, traced, "sales.orders")
    await page.get_by_role("radio", name="All steps").click()
    last = node(page, "reports.board")
    await expect(last).to_be_visible()
    await expect(last).not_to_be_in_viewport()
    overview = page.locator("[data-overview]")
    box = await overview.bounding_box()
    assert box
    await overview.click(position={"x": box["width"] - 10, "y": box["height"] / 2})
    await expect(last).to_be_in_viewport()
    await expect(node(page, "raw.orders")).not_to_be_in_viewport()


async def test_the_legend_explains_what_is_in_sight(page: Page, traced: GatewayProcess):
    await find(page, traced, "marts.forecast")
    legend = page.get_by_role("list", name="Legend")
    await page.get_by_role("radio", name="1 step", exact=True).click()
    await expect(node(page, "sales.orders")).to_have_count(0)
    await expect(legend).to_contain_text("Data flows")
    await expect(legend).not_to_contain_text("Waits for it")
    await expect(legend).not_to_contain_text("Failed")
    await page.get_by_role("radio", name="All steps").click()
    await expect(legend).to_contain_text(re.compile("Failed|Open incident"))


async def test_the_keyboard_goes_along_the_edges(page: Page, traced: GatewayProcess):
    await find(page, traced, "lake.orders")
    await page.get_by_role("radio", name="1 step", exact=True).click()
    await expect(node(page, "sales.orders")).to_have_count(0)
    await node(page, "lake.orders").focus()
    await page.keyboard.press("ArrowRight")
    await expect(node(page, "clean_orders")).to_be_focused()
    await expect(page.get_by_role("complementary", name="About clean_orders")).to_contain_text("clean_orders-1")
    await page.keyboard.press("Enter")
    await expect(node(page, "sales.orders")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(node(page, "sales.orders")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await expect(node(page, "ingest_orders")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary")).to_have_count(0)


async def test_a_pipeline_leads_to_its_lineage_and_back(page: Page, traced: GatewayProcess):
    await page.goto(traced.url)
    await page.get_by_role("region", name="Pipelines").get_by_role("link", name="daily_sales").click()
    await page.get_by_role("main").get_by_role("link", name="Lineage").click()
    about = page.get_by_role("complementary", name="About daily_sales")
    await expect(about.get_by_role("link", name="west")).to_have_attribute(
        "href", "https://stage.example.com/daily_sales"
    )
    await page.get_by_role("radio", name="Upstream", exact=True).click()
    await expect(node(page, "raw.orders")).to_have_count(0)
    await page.get_by_role("radio", name="All steps").click()
    await expect(node(page, "raw.orders")).to_be_visible()
    await expect(node(page, "marts.daily_sales")).to_have_count(0)
    await page.get_by_role("radio", name="Colour by health").click()
    await expect(node(page, "clean_orders")).to_have_accessible_name(re.compile("incident|Failed"))
    await page.get_by_role("radio", name="Jobs").click()
    await expect(node(page, "clean_orders")).to_have_accessible_name(re.compile(", job, "))

    await page.get_by_role("radio", name="List").click()
    words = page.get_by_role("region", name="Lineage list")
    chosen = page.get_by_role("button", name="clean_orders", exact=True)
    await expect(words.get_by_role("listitem").filter(has=chosen)).to_contain_text("to sales.orders")
    await chosen.click()
    await page.get_by_role("complementary").get_by_role("link", name="clean_orders", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="clean_orders")).to_be_visible()


async def test_the_graph_is_taken_away_as_a_file(page: Page, traced: GatewayProcess, tmp_path: Path):
    await find(page, traced, "sales.orders")
    files = {}
    for kind in ("PNG", "SVG", "JSON"):
        await page.get_by_role("button", name="Export").click()
        async with page.expect_download() as begun:
            await page.get_by_role("menuitem", name=f"Export as {kind}").click()
        files[kind] = tmp_path / kind
        await (await begun.value).save_as(files[kind])
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    assert "clean_orders" in files["SVG"].read_text()
    told = json.loads(files["JSON"].read_text())
    assert {one["name"] for one in told["nodes"]} >= {"clean_orders", "sales.orders", "daily_sales"}
    assert told["source"] == page.url


async def test_before_there_was_anything_there_is_nothing(page: Page, traced: GatewayProcess):
    await find(page, traced, "sales.orders")
    await page.get_by_label("Exactly").fill("2020-01-01T00:00")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("asOf=2019-12-31T23"))
    await expect(node(page, "clean_orders")).to_have_count(0)
    await page.get_by_role("button", name="Back to now").click()
    await expect(node(page, "clean_orders")).to_be_visible()


async def test_a_slider_goes_back_in_time_and_what_came_later_is_gone(page: Page, traced: GatewayProcess):
    await find(page, traced, "marts.daily_sales")
    await expect(node(page, "crm.customers")).to_be_visible()
    slider = page.get_by_role("slider", name="As of")
    await expect(slider).to_have_attribute("aria-valuetext", "Now")
    await slider.focus()
    for _ in range(14):  # an hour by five minutes, then by hours
        await slider.press("ArrowLeft")
    await expect(slider).to_have_attribute("aria-valuetext", re.compile("3 h ago"))
    await expect(node(page, "crm.customers")).to_have_count(0)
    await expect(node(page, "daily_sales")).to_be_visible()
    await expect(node(page, "marts.forecast")).to_have_count(0)
    banner = page.get_by_role("status").filter(has_text="As of")
    await expect(banner).to_contain_text("3 h ago")
    about = page.get_by_role("complementary", name="About marts.daily_sales")
    await expect(about).to_contain_text("Nothing that Podium knows.")
    await expect(about).not_to_contain_text("What is wrong before it")

    await page.reload()
    await expect(banner).to_contain_text("3 h ago")
    await expect(node(page, "crm.customers")).to_have_count(0)
    await slider.focus()
    await slider.press("ArrowRight")
    await slider.press("ArrowRight")
    await expect(node(page, "crm.customers")).to_be_visible()
    await expect(about).to_contain_text("2 datasets, 2 pipelines")
    await page.get_by_role("button", name="Back to now").click()
    await expect(banner).to_have_count(0)
    await expect(slider).to_have_attribute("aria-valuetext", "Now")


async def test_while_another_time_is_asked_for_the_picture_stays(page: Page, traced: GatewayProcess):
    await find(page, traced, "marts.daily_sales")
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        if '"asOf":"' in (route.request.post_data or ""):
            await go_on.wait()
        await route.continue_()

    await page.route("**/graphql", hold)
    await page.get_by_role("button", name="Yesterday").click()
    stage = page.locator("[aria-busy=true]")
    await expect(stage.get_by_role("group", name="Lineage graph")).to_be_visible()
    await expect(node(page, "crm.customers")).to_be_visible()
    go_on.set()
    await expect(node(page, "crm.customers")).to_have_count(0)
    await expect(stage).to_have_count(0)
    await expect(page.get_by_text("Nothing was known of its lineage yet")).to_be_visible()


async def test_what_cannot_be_asked_says_why_and_how_to_go_on(
    page: Page, traced: GatewayProcess, complaints: Complaints
):
    complaints.expect("502")
    await find(page, traced, "marts.daily_sales")
    broken = {"SearchLineage", "ColumnTrail", "LineageSpread"}

    async def fail(route: Route) -> None:
        asked = route.request.post_data or ""
        if any(f"query {name}(" in asked for name in broken):
            await route.fulfill(status=502, body="Bad gateway")
        else:
            await route.continue_()

    await page.route("**/graphql", fail)
    about = page.get_by_role("complementary", name="About marts.daily_sales")
    await about.get_by_role("button", name="total").click()
    trail = about.get_by_role("listitem").filter(has=page.get_by_role("alert"))
    await expect(trail.get_by_role("button", name="Retry")).to_be_visible()
    search = page.get_by_role("combobox", name="Search datasets, pipelines and jobs")
    await search.press_sequentially("sales.orders")
    header = page.locator("header").filter(has=search)
    await expect(header.get_by_role("alert")).to_be_visible()
    assert await accessibility_faults(page) == []
    broken.clear()
    await header.get_by_role("button", name="Retry").click()
    await expect(header.get_by_role("alert")).to_have_count(0)
    await trail.get_by_role("button", name="Retry").click()
    await expect(about).to_contain_text("amount of sales.orders")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_everyone_can_use_it(page: Page, traced: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    await page.goto(f"{traced.url}/lineage")
    await expect(page.get_by_role("button", name="clean_orders")).to_be_visible()
    assert await accessibility_faults(page) == []
    await page.get_by_role("button", name="clean_orders").click()
    await expect(page.get_by_role("complementary")).to_contain_text("What comes after it")
    if size is NARROW:
        await page.get_by_role("button", name="More", exact=True).click()
    for _ in range(2):
        assert await accessibility_faults(page) == []
        too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(too_wide) == 0
        await page.get_by_role("radio", name="List").click()
        await expect(page.get_by_role("region", name="Lineage list")).to_be_visible()


async def test_an_empty_podium_teaches_how_to_send_lineage(page: Page, tmp_path: Path):
    gateway = GatewayProcess(tmp_path)
    await gateway.start()
    try:
        await page.goto(gateway.url)
        await page.get_by_role("navigation").get_by_role("link", name="Lineage").click()
        await expect(page.get_by_text("No lineage yet")).to_be_visible()
        await expect(page.get_by_role("region", name="Settings")).to_contain_text(f"OPENLINEAGE_URL={gateway.url}")
        await page.goto("about:blank")
    finally:
        await gateway.stop()
