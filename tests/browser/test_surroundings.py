"""What stands around a pipeline on its page leads to its own pages."""

import re

from playwright.async_api import Page, expect

from gateway.domain.states import RunState
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import StageServer
from tests.browser.test_palette import wide

__all__ = ["wide"]


async def test_what_a_pipeline_names_is_a_link(page: Page, wide: GatewayProcess, north: StageServer):
    north.stage.put("failed-around", RunState.FAILED, "ingest_sales")
    await page.goto(f"{wide.url}/pipelines?q=ingest_sales")
    await page.get_by_role("link", name="ingest_sales", exact=True).first.click()
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


async def test_a_run_is_opened_from_the_chart_by_keyboard(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines?q=ingest_sales")
    await page.get_by_role("link", name="ingest_sales", exact=True).first.click()
    chart = page.get_by_role("region", name="Durations", exact=True).first.get_by_role("img")
    await chart.focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("region", name="Durations", exact=True).first).to_contain_text("Failed")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/runs/"))
