"""A gateway that dies under an open page, and its return."""

import re
import signal

from playwright.async_api import Locator, Page, expect

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE, Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.lanes import TIME
from tests.browser.stage import StageServer
from tests.browser.test_overview import run_row
from tests.waiting import eventually

NOTHING_OVER_IT = """one => {
  const { left, right, top, bottom } = one.getBoundingClientRect()
  return [top + 4, bottom - 4].every((y) => one.contains(document.elementFromPoint((left + right) / 2, y)))
}"""


async def stays_in_sight(page: Page, banner: Locator) -> None:
    """Wherever somebody scrolls to, all of it is to be read: nothing lies over it, on screens of any width."""
    for width in (NARROW["width"], 720, 760, 1000, WIDE["width"]):
        await page.set_viewport_size({"width": width, "height": 500})
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert await page.evaluate("scrollY") > 300
        await expect(banner).to_be_in_viewport(ratio=1)
        assert await eventually(lambda: banner.evaluate(NOTHING_OVER_IT), within=5, every=0.1), f"{width} wide"
    await page.set_viewport_size(WIDE)
    await page.evaluate("scrollTo(0, 0)")


async def height_of_header(page: Page) -> float:
    """On a phone, where there is little room for long words."""
    await page.set_viewport_size(NARROW)
    height = await page.get_by_role("banner").evaluate("one => one.getBoundingClientRect().height")
    await page.set_viewport_size(WIDE)
    return height


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
        await expect(page.get_by_role("list", name="Pipelines by what matters")).to_be_attached()  # what comes last
        await page.evaluate("window.sameDocument = true")
        before = await height_of_header(page)

        await gateway.stop(signal.SIGKILL)
        await expect(page.get_by_text("Reconnecting…")).to_be_visible()
        assert await height_of_header(page) == before
        banner = page.get_by_role("alert").filter(has_text="The gateway does not answer. You see what it said")
        await expect(banner).to_be_visible(timeout=30_000)
        await expect(page.get_by_text("Stale since")).to_be_visible()
        assert await height_of_header(page) == before
        assert await accessibility_faults(page) == []
        await stays_in_sight(page, banner)
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
        await page.goto(f"{gateway.url}/pipelines")
        await page.get_by_role("link", name="Connect an orchestrator").click()
        await expect(page).to_have_url(f"{gateway.url}/connect")
        await page.close()
    finally:
        await gateway.stop()


async def test_an_orchestrator_that_was_never_read_leaves_every_page_with_a_word(page: Page, tmp_path):
    gateway = GatewayProcess(tmp_path / "deaf")
    await gateway.start(config_of(entry("silent", "http://127.0.0.1:9")))
    try:
        for path in ("/", "/pipelines", "/runs", "/dependencies", "/slas", "/incidents", "/kpis", "/lineage"):
            await page.goto(gateway.url + path)
            await expect(page.get_by_role("main").get_by_text(re.compile(r"^(No|Nothing) ")).first).to_be_visible()
            await expect(page.locator("[aria-busy=true]")).to_have_count(0)
            assert await accessibility_faults(page) == []
        await page.goto(gateway.url)
        await page.get_by_role("link", name="See how each is doing").click()
        await expect(page.get_by_role("article", name="silent")).to_contain_text("Unreachable")
        await page.close()
    finally:
        await gateway.stop()


async def test_what_is_known_of_an_orchestrator_that_is_down_is_shown_as_old(
    page: Page, gateway: GatewayProcess, south: StageServer
):
    south.stage.put("geo-old", RunState.RUNNING, "geo_enrichment")
    await page.goto(f"{gateway.url}/?orchestrator=south")
    row = run_row(page, "geo-old", "geo_enrichment")
    await expect(row).to_contain_text("Running")
    await expect(row.get_by_title("south is unreachable")).to_have_count(0)
    south.stop()
    try:
        known = re.compile(r"last known .*, south is unreachable")
        await expect(row).to_contain_text(known, timeout=60_000)
        await expect(row).to_contain_text(re.compile(r"> \d"))
        card = page.get_by_role("article", name="south")
        await expect(card).to_contain_text("Podium keeps trying")
        await expect(card).to_contain_text(re.compile(rf"what you see is from {TIME}"))
        await expect(card).not_to_contain_text("synced")
        await expect(page.get_by_role("list", name="Pipelines by what matters")).to_contain_text(known)
        assert await accessibility_faults(page) == []

        await row.get_by_role("link", name="geo_enrichment").click()
        main = page.get_by_role("main")
        await expect(main.get_by_role("region", name="Task runs")).to_be_visible()
        await expect(main).to_contain_text(known)
        await main.get_by_role("link", name="Pipeline", exact=True).click()
        await expect(main.get_by_role("region", name="Durations")).to_be_visible()
        await expect(main).to_contain_text(known)
        await page.goto(f"{gateway.url}/pipelines?orchestrator=south")
        await expect(page.get_by_role("table", name="Pipelines")).to_contain_text(known)
    finally:
        south.start()
        south.stage.put("geo-old", RunState.SUCCESS)


async def test_a_part_that_cannot_be_fetched_leaves_the_rest_and_comes_with_a_reload(
    page: Page, gateway: GatewayProcess, complaints: Complaints
):
    complaints.expect("ERR_FAILED", "dynamically imported module", "preload CSS")
    await page.route("**/assets/Timeline-*", lambda route: route.abort())
    await page.goto(gateway.url)
    await expect(page.get_by_role("alert")).to_contain_text("A part of this page could not be fetched.")
    await expect(run_row(page, "ingest-1", "ingest_sales")).to_be_visible()
    await page.unroute("**/assets/Timeline-*")
    await page.get_by_role("button", name="Reload the page").click()
    await expect(page.get_by_role("region", name="Timeline").get_by_role("list", name="Runs of").first).to_be_attached()
    await expect(page.get_by_role("alert")).to_have_count(0)
