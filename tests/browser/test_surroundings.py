"""What stands around a pipeline on its page leads to its own pages; its tasks are a graph."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Locator, Page, Route, expect

from gateway.domain.observation import ObservedTask
from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE, Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.browser.staging import ask
from tests.browser.test_palette import wide
from tests.waiting import eventually

__all__ = ["wide"]

GROUPS = 20
READS = {"namespace": "postgres://warehouse:5432", "name": "raw.sales"}
WRITES = {"namespace": "postgres://warehouse:5432", "name": "mart.sales"}


async def open_pipeline(page: Page, gateway: GatewayProcess, name: str, orchestrator: str = "north") -> None:
    """Its page, once its tasks and a run of it have been read."""
    identity = await eventually(lambda: whole(gateway.url, orchestrator, name), within=30, every=0.2)
    await page.goto(f"{gateway.url}/pipelines/{identity}")
    await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


async def whole(url: str, orchestrator: str, key: str) -> str | None:
    """A pipeline's id; None until all of it is known."""
    wanted = f'pipeline(orchestrator: "{orchestrator}", key: "{key}")'
    found = (await ask(url, f"{{{wanted} {{id tasks {{key}} latestRun {{id}}}}}}"))["pipeline"]
    return found["id"] if found and found["tasks"] and found["latestRun"] else None


async def test_what_a_pipeline_names_is_a_link(page: Page, wide: GatewayProcess, north: StageServer):
    north.stage.put("failed-around", RunState.FAILED, "ingest_sales")
    await open_pipeline(page, wide, "ingest_sales")
    facts = page.get_by_role("region", name="Pipeline", exact=True)
    await expect(facts).to_contain_text("At 06:00")
    address = page.url
    for region, link, heading in (
        ("SLAs", "sales-by-nine", "sales-by-nine"),
        ("Dependencies", "geo-after-sales", "geo-after-sales"),
        ("Incident", "north/ingest_sales failed", "north/ingest_sales failed"),
    ):
        await page.get_by_role("region", name=region, exact=True).get_by_role("link", name=link).first.click()
        await expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        await page.goto(address)
    heading = page.get_by_role("main").locator("header").first
    await expect(heading).to_contain_text("Open incident")
    await heading.get_by_role("link", name="Latest run: Failed").click()
    await expect(page).to_have_url(re.compile(r"/runs/"))


async def test_a_run_is_opened_from_the_chart_by_keyboard(page: Page, wide: GatewayProcess):
    await open_pipeline(page, wide, "ingest_sales")
    chart = page.get_by_role("region", name="Durations", exact=True).first.get_by_role("img")
    await chart.focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("region", name="Durations", exact=True).first).to_contain_text("Failed")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/runs/"))


async def left_of(first: Locator, second: Locator) -> bool:
    """Whether one thing ends before another begins."""
    one, other = await first.bounding_box(), await second.bounding_box()
    assert one is not None
    assert other is not None
    return one["x"] + one["width"] < other["x"]


async def test_tasks_are_a_graph_that_keys_walk_through(page: Page, wide: GatewayProcess, north: StageServer):
    north.stage.put("customers-failed", RunState.FAILED, "load_customers")
    await open_pipeline(page, wide, "load_customers")
    tasks = page.get_by_role("region", name="Tasks", exact=True)
    graph = tasks.get_by_role("list", name="Task graph")
    failed = graph.get_by_role("link", name="check, Failed, after extract")
    first, last = (
        graph.get_by_role("link", name="extract, Success"),
        graph.get_by_role("link", name="load, Upstream failed, after"),
    )
    await expect(failed).to_be_visible()
    assert await left_of(first, failed)
    assert await left_of(failed, last)
    # Four edges, each between two of them: a line and the head of an arrow.
    lines = tasks.locator("svg[aria-hidden] > g")
    await expect(lines).to_have_count(4)
    for edge in await lines.all():
        assert await left_of(first, edge) or await left_of(edge, last)
        await expect(edge.locator("path")).to_have_count(2)
    await tasks.get_by_role("radio", name="As a list").focus()
    await page.keyboard.press("Tab")
    await expect(failed).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(last).to_be_focused()
    await page.keyboard.press("Home")
    await expect(first).to_be_focused()
    assert await accessibility_faults(page) == []
    await tasks.get_by_role("radio", name="As a list").click()
    await expect(graph).to_have_count(0)
    listed = tasks.get_by_role("listitem").filter(has_text="load").last
    await expect(listed).to_contain_text(re.compile("Upstream failed.*after (transform, check|check, transform)"))
    await tasks.get_by_role("link", name="check").click()
    await expect(page.get_by_role("region", name="Run", exact=True)).to_contain_text("customers-failed")


@pytest.fixture(scope="module")
async def crowd(tmp_path_factory) -> AsyncIterator[GatewayProcess]:
    """A gateway over a pipeline of two hundred tasks in groups."""
    stage = Stage()
    stage.tasks = [ObservedTask("begin", "begin", type="EmptyOperator")]
    stage.edges = []
    for group in range(GROUPS):
        for number in range(10):
            key = f"part_{group}.step_{number}"
            stage.tasks.append(ObservedTask(key, key, type="PythonOperator", group=f"part_{group}"))
            stage.edges.append((f"part_{group}.step_{number - 1}" if number else "begin", key))
    stage.add_pipeline("crowd")
    stage.put("crowd-1", RunState.SUCCESS, "crowd")
    server = StageServer(stage)
    process = GatewayProcess(tmp_path_factory.mktemp("crowd"))
    await process.start(config_of(entry("east", server.url)))
    yield process
    await process.stop()
    server.stop()


async def test_many_tasks_stand_in_their_groups_and_are_scrolled(page: Page, crowd: GatewayProcess):
    await open_pipeline(page, crowd, "crowd", "east")
    tasks = page.get_by_role("region", name="Tasks", exact=True)
    graph = tasks.get_by_role("list", name="Task graph")
    await expect(graph.get_by_role("listitem")).to_have_count(GROUPS * 10 + 1)
    await expect(tasks.get_by_text("part_7", exact=True)).to_be_attached()
    begin = graph.get_by_role("img", name="begin, Not reached, EmptyOperator")
    await tasks.evaluate("panel => panel.scrollIntoView()")
    await expect(begin).to_be_in_viewport()
    await begin.focus()
    for number in range(10):
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(":focus")).to_have_accessible_name(
            re.compile(rf"\.step_{number}, Not reached, after")
        )
    await expect(page.locator(":focus")).to_be_in_viewport()
    await expect(begin).not_to_be_in_viewport()
    assert await accessibility_faults(page) == []
    await page.set_viewport_size(NARROW)
    await expect(graph).to_have_count(0)
    await expect(tasks.get_by_role("listitem").filter(has_text="part_7.step_3").last).to_contain_text("PythonOperator")
    await page.set_viewport_size(WIDE)


async def test_its_data_is_named_on_its_page(page: Page, wide: GatewayProcess):
    event = {
        "eventType": "COMPLETE",
        "eventTime": "2026-05-01T07:00:00Z",
        "producer": "https://example.com/job",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "0196a4d6-8a5c-7d3e-9d1f-0c9c7f1f4e10"},
        "job": {"namespace": "north", "name": "ingest_sales"},
        "inputs": [READS],
        "outputs": [WRITES],
    }
    async with httpx.AsyncClient() as client:
        (await client.post(f"{wide.url}/api/v1/lineage", json=event)).raise_for_status()
    await eventually(lambda: writes(wide.url), within=30, every=0.5)
    await open_pipeline(page, wide, "ingest_sales")
    panel = page.get_by_role("region", name="Lineage", exact=True)
    await expect(panel).to_contain_text("1 in, 1 out")
    await expect(panel.get_by_role("list", name="It reads").get_by_role("link", name="raw.sales")).to_be_visible()
    await panel.get_by_role("list", name="It writes").get_by_role("link", name="mart.sales").click()
    await expect(page).to_have_url(re.compile(r"/lineage\?node="))


async def writes(url: str) -> list[str]:
    """What the pipeline is known to write; the graph looks for new ones every ten seconds."""
    said = await ask(url, '{pipeline(orchestrator: "north", key: "ingest_sales") {outputs {name}}}')
    return [output["name"] for output in said["pipeline"]["outputs"]]


async def test_what_could_not_be_read_is_asked_for_again(page: Page, wide: GatewayProcess, complaints: Complaints):
    complaints.expect("503")
    is_away = True

    async def answer(route: Route) -> None:
        asked = route.request.post_data or ""
        if is_away and ("PipelineFigures" in asked or "PipelineSurroundings" in asked):
            await route.fulfill(status=503, body="away")
        else:
            await route.fallback()

    await page.route("**/graphql", answer)
    await open_pipeline(page, wide, "ingest_sales")
    alerts = page.get_by_role("main").get_by_role("alert")
    await expect(alerts).to_have_count(2)
    is_away = False
    for _ in range(2):
        await alerts.first.get_by_role("button", name="Retry").click()
    await expect(alerts).to_have_count(0)
    await expect(page.get_by_label("Key figures of the last 30 days")).to_contain_text("Incidents caused")
    await expect(page.get_by_role("region", name="SLAs", exact=True)).to_contain_text("sales-by-nine")
