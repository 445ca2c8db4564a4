"""What an engineer sees on the first page, and how it changes while it is looked at."""

import re

import pytest
from playwright.async_api import Page, ViewportSize, expect

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import StageServer


def run_row(page: Page, external_id: str, pipeline: str):
    """The row of one run: its link out carries the orchestrator's id of it."""
    link = page.locator(f"a[href='https://stage.example.com/{pipeline}/{external_id}']")
    return page.get_by_role("table", name="Latest runs").get_by_role("row").filter(has=link)


async def test_orchestrators_pipelines_and_runs_are_shown(page: Page, gateway: GatewayProcess):
    await page.goto(gateway.url)
    north = page.get_by_role("article", name="north")
    await expect(north).to_contain_text("Healthy")
    await expect(north).to_contain_text("stage 4.2")
    await expect(north).to_contain_text("3 pipelines")
    await expect(run_row(page, "ingest-2", "ingest_sales")).to_contain_text("Failed")
    await expect(run_row(page, "customers-1", "load_customers")).to_contain_text("Running")
    pipelines = page.get_by_role("region", name="Pipelines")
    await expect(pipelines.get_by_role("listitem").filter(has_text="daily_report")).to_contain_text("Paused")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()


async def test_an_orchestrator_that_refuses_the_password_says_why(page: Page, gateway: GatewayProcess):
    await page.goto(gateway.url)
    locked = page.get_by_role("article", name="locked")
    await expect(locked).to_contain_text("Unauthorized")
    await expect(locked).to_contain_text("env:OLD_PASSWORD")
    await expect(locked).not_to_contain_text("out of date")


async def test_a_change_at_the_orchestrator_appears_without_a_reload(
    page: Page, gateway: GatewayProcess, north: StageServer
):
    await page.goto(gateway.url)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.evaluate("window.sameDocument = true")

    north.stage.put("ingest-live", RunState.QUEUED, "ingest_sales")
    row = run_row(page, "ingest-live", "ingest_sales")
    await expect(row).to_contain_text("Queued")
    north.stage.put("ingest-live", RunState.RUNNING)
    await expect(row).to_contain_text("Running")
    north.stage.put("ingest-live", RunState.FAILED)
    await expect(row).to_contain_text("Failed")

    listed = page.get_by_role("region", name="Pipelines").get_by_role("listitem").filter(has_text="ingest_sales")
    await expect(listed).to_contain_text("Failed")
    assert await page.evaluate("window.sameDocument") is True


async def test_an_orchestrator_that_goes_down_and_comes_back(page: Page, gateway: GatewayProcess, south: StageServer):
    await page.goto(gateway.url)
    card = page.get_by_role("article", name="south")
    await expect(card).to_contain_text("Healthy")
    south.stop()
    await expect(card).to_contain_text("Unreachable", timeout=60_000)
    south.start()
    await expect(card).to_contain_text("Healthy", timeout=60_000)


async def test_a_total_leads_to_the_runs_that_it_counts(page: Page, gateway: GatewayProcess):
    await page.goto(f"{gateway.url}/?orchestrator=north&state=SUCCESS")
    total = page.get_by_role("list", name="Runs at a glance").get_by_role("link").filter(has_text="Failed")
    await total.filter(has_text=re.compile(r"^\d")).click()
    await expect(page).to_have_url(f"{gateway.url}/?orchestrator=north&state=FAILED&when=24h")
    await expect(run_row(page, "ingest-2", "ingest_sales")).to_be_visible()
    runs = page.get_by_role("region", name="Latest runs")
    count = re.match(r"\d+", await total.inner_text())
    assert count is not None
    await expect(runs.get_by_role("heading", name="Latest runs").locator("..")).to_contain_text(count[0])


async def test_filters_stand_in_the_address(page: Page, gateway: GatewayProcess):
    await page.goto(gateway.url)
    filters = page.get_by_role("search", name="Filter runs")
    await filters.get_by_role("button", name="Failed").click()
    await expect(page).to_have_url(f"{gateway.url}/?state=FAILED")
    await expect(run_row(page, "ingest-2", "ingest_sales")).to_be_visible()
    await expect(run_row(page, "ingest-1", "ingest_sales")).to_have_count(0)

    await filters.get_by_role("searchbox").fill("customers")
    await expect(page).to_have_url(f"{gateway.url}/?state=FAILED&q=customers")
    await expect(page.get_by_text("No run matches these filters")).to_be_visible()

    await page.goto(f"{gateway.url}/?state=RUNNING&orchestrator=north&q=CUSTOMERS")
    await expect(run_row(page, "customers-1", "load_customers")).to_be_visible()
    await expect(page.get_by_role("table", name="Latest runs").get_by_role("row")).to_have_count(2)
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{gateway.url}/")
    await expect(run_row(page, "ingest-1", "ingest_sales")).to_be_visible()


async def test_a_run_that_no_longer_fits_leaves_the_list(page: Page, gateway: GatewayProcess, north: StageServer):
    north.stage.put("short-1", RunState.RUNNING, "load_customers")
    await page.goto(f"{gateway.url}/?state=RUNNING")
    row = run_row(page, "short-1", "load_customers")
    await expect(row).to_be_visible()
    north.stage.put("short-1", RunState.SUCCESS)
    await expect(row).to_have_count(0)


#: Adds up what has been moved, as browsers count it: 0 is nothing, 1 is everything in sight. Where the page has moved
#: as a whole, the header above it said something longer for a moment, such as that it connects.
COUNT_MOVES = """
window.moved = 0
new PerformanceObserver((list) => {
  for (const { hadRecentInput, sources, value } of list.getEntries()) {
    if (!hadRecentInput && !sources.some(({ node }) => node?.id === 'main')) window.moved += value
  }
}).observe({type: 'layout-shift', buffered: true})
"""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_what_has_been_seen_before_stays_where_it_is_while_it_loads(
    page: Page, gateway: GatewayProcess, size: ViewportSize
):
    await page.set_viewport_size(size)
    await page.add_init_script(COUNT_MOVES)
    for _ in range(2):
        await page.goto(gateway.url)
        await expect(page.get_by_role("list", name="Pipelines by what matters")).to_be_attached()
        await expect(page.get_by_role("article", name="north")).to_be_visible()
        await expect(page.locator("main [role=status][aria-label^=Loading]")).to_have_count(0)
    assert await page.evaluate("window.moved") < 0.05
