"""A gateway that dies under an open page, and its return."""

import signal

from playwright.async_api import Page, expect

from gateway.domain.states import RunState
from tests.browser.chromium import Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import StageServer
from tests.browser.test_overview import run_row


async def test_a_dead_gateway_is_shown_and_its_return_recovers(
    page: Page, tmp_path, north: StageServer, complaints: Complaints
):
    complaints.expect("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE", "WebSocket")
    gateway = GatewayProcess(tmp_path / "mortal")
    await gateway.start(config_of(entry("north", north.url)))
    try:
        await page.goto(gateway.url)
        await expect(run_row(page, "ingest-1", "ingest_sales")).to_be_visible()
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await page.evaluate("window.sameDocument = true")

        await gateway.stop(signal.SIGKILL)
        await expect(page.get_by_text("Reconnecting…")).to_be_visible()
        await expect(page.get_by_role("alert").filter(has_text="The gateway does not answer")).to_be_visible(
            timeout=30_000
        )
        await expect(page.get_by_text("Stale since")).to_be_visible()
        assert await accessibility_faults(page) == []
        await expect(run_row(page, "ingest-1", "ingest_sales")).to_be_visible()

        north.stage.put("after-outage", RunState.SUCCESS, "ingest_sales")
        await gateway.start()
        await expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=30_000)
        await expect(run_row(page, "after-outage", "ingest_sales")).to_contain_text("Success")
        await expect(page.get_by_role("alert")).to_have_count(0)
        assert await page.evaluate("window.sameDocument") is True
        await page.close()
    finally:
        await gateway.stop()


async def test_an_empty_podium_teaches_the_next_step(page: Page, tmp_path):
    gateway = GatewayProcess(tmp_path / "empty")
    await gateway.start()
    try:
        await page.goto(gateway.url)
        await expect(page.get_by_text("Connect your first orchestrator")).to_be_visible()
        await expect(page.get_by_text("podium apply -f podium.yaml")).to_be_visible()
        await expect(page.get_by_text("No runs yet")).to_be_visible()
        await page.close()
    finally:
        await gateway.stop()
