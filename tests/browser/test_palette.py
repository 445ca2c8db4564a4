"""The palette: from a key and a few letters to anything, and to what can be done with what one is looking at."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, Route, expect

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE, Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import StageServer
from tests.browser.test_access import REFUSED, sign_in

SLAS = """
slas:
  - {name: sales-by-nine, pipeline: north/ingest_sales, kind: deadline, deadline: "09:00", owner: sales}
dependencies:
  - {name: geo-after-sales, keyed_by: day, upstream: [north/ingest_sales], target: south/geo_enrichment}
"""


@pytest.fixture(scope="module")
async def wide(tmp_path_factory, north: StageServer, south: StageServer) -> AsyncIterator[GatewayProcess]:
    """A gateway over two systems, with something promised and something that waits."""
    process = GatewayProcess(tmp_path_factory.mktemp("palette"))
    await process.start(config_of(entry("north", north.url), entry("south", south.url)) + SLAS)
    yield process
    await process.stop()


async def opened(page: Page, url: str) -> Locator:
    """The palette over a page whose pipelines are read."""
    await page.goto(url)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find anything")
    await expect(palette.get_by_role("combobox")).to_be_focused()
    return palette


async def test_a_pipeline_of_any_system_is_some_letters_away(page: Page, wide: GatewayProcess):
    palette = await opened(page, wide.url)
    await page.keyboard.type("geo")
    group = palette.get_by_role("group", name="Pipelines")
    await expect(group.get_by_role("option", name="geo_enrichment")).to_contain_text("south")
    await expect(group.locator("mark").first).to_have_text("geo")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="geo_enrichment")).to_be_visible()
    await expect(palette).to_have_count(0)
    await page.keyboard.press("Control+k")
    await expect(palette.get_by_role("group", name="Recent")).to_contain_text("geo_enrichment")


async def test_enter_may_come_before_the_answer(page: Page, wide: GatewayProcess):
    await opened(page, wide.url)
    await page.keyboard.type("south enrich")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="geo_enrichment")).to_be_visible()


async def test_all_kinds_are_found_and_the_arrows_lead_to_each(page: Page, wide: GatewayProcess, north: StageServer):
    palette = await opened(page, wide.url)
    await page.keyboard.type("sales")
    for group, name in (("Pipelines", "ingest_sales"), ("SLAs", "sales-by-nine"), ("Dependencies", "geo-after-sales")):
        await expect(palette.get_by_role("group", name=group).get_by_role("option", name=name)).to_be_visible()
    sla = palette.get_by_role("group", name="SLAs").get_by_role("option")
    for _ in range(12):
        if await sla.get_attribute("data-focused") is not None:
            break
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="sales-by-nine")).to_be_visible()
    palette = await opened(page, wide.url)
    await page.keyboard.type("ingest-2")
    run = palette.get_by_role("group", name="Runs").get_by_role("option", name="ingest-2")
    await expect(run).to_contain_text("Failed · north/ingest_sales")
    await run.click()
    await expect(page).to_have_url(re.compile(r"/runs/"))
    palette = await opened(page, wide.url)
    await page.keyboard.type("zzz")
    await expect(palette).to_contain_text("Nothing has such a name.")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(palette).to_have_count(0)


async def test_what_can_be_done_with_what_one_sees(page: Page, wide: GatewayProcess, north: StageServer):
    palette = await opened(page, wide.url)
    await page.keyboard.type("load_customers")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="load_customers")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("trigger")
    await expect(palette.get_by_role("group", name="On this page").get_by_role("option")).to_contain_text("Trigger")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Trigger load_customers")
    await dialog.get_by_role("button", name="Trigger run").click()
    await expect(page).to_have_url(re.compile(r"/runs/"))
    north.stage.put("failed-in-sight", RunState.FAILED, "ingest_sales")
    await page.goto(f"{wide.url}/incidents")
    await page.get_by_role("table", name="Open incidents").get_by_role("link", name="north/ingest_sales failed").click()
    await expect(page.get_by_role("region", name="Timeline")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("acknowledge")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Acknowledge this incident?")).to_be_visible()


async def test_preferences_and_pages(page: Page, wide: GatewayProcess):
    await page.emulate_media(color_scheme="light")
    await opened(page, wide.url)
    await page.keyboard.type("dark theme")
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await expect(page).to_have_url(f"{wide.url}/slas")
    await page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(keys).to_contain_text("Find anything, do anything")
    assert await accessibility_faults(page) == []
    await page.keyboard.press("Escape")
    await expect(keys).to_have_count(0)
    await page.keyboard.press("g")
    await page.keyboard.press("p")
    await expect(page).to_have_url(f"{wide.url}/pipelines")
    search = page.get_by_role("searchbox", name="Name or key")  # the page before has one of another name
    await expect(search).to_be_visible()
    await page.keyboard.press("/")
    await expect(search).to_be_focused()
    await page.keyboard.type("gs?")
    await expect(search).to_have_value("gs?")


async def test_an_answer_that_fails_can_be_asked_for_again(page: Page, wide: GatewayProcess, complaints: Complaints):
    complaints.expect("503")
    is_away = True

    async def answer(route: Route) -> None:
        if is_away and "Find" in (route.request.post_data or ""):
            await route.fulfill(status=503, body="away")
        else:
            await route.fallback()

    palette = await opened(page, wide.url)
    await page.route("**/graphql", answer)
    await page.keyboard.type("sales")
    await expect(palette.get_by_role("alert")).to_contain_text("The gateway answered 503.")
    is_away = False
    await palette.get_by_role("button", name="Retry").click()
    await expect(palette.get_by_role("option", name="ingest_sales").first).to_be_visible()
    await expect(palette.get_by_role("alert")).to_have_count(0)


@pytest.fixture(scope="module")
async def guarded(tmp_path_factory, north: StageServer) -> AsyncIterator[tuple[GatewayProcess, str]]:
    """A gateway that wants a token, and one that may only look."""
    process = GatewayProcess(tmp_path_factory.mktemp("guarded-palette"))
    made = await process.podium("token", "create", "--name", "guest", "--role", "viewer")
    await process.start(config_of(entry("north", north.url)))
    yield process, made.split()[-1]
    await process.stop()


async def test_a_viewer_is_told_why_not_and_can_leave(page: Page, guarded, complaints: Complaints):
    complaints.expect(*REFUSED)
    gateway, token = guarded
    await page.goto(gateway.url)
    await sign_in(page, token)
    await expect(page.get_by_role("article", name="north")).to_be_visible()
    palette = page.get_by_role("dialog", name="Find anything")
    await page.keyboard.press("Control+k")
    await palette.get_by_role("combobox").fill("daily_report")
    await expect(palette.get_by_role("option", name="daily_report").first).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="daily_report")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("trigger")
    trigger = palette.get_by_role("option", name="Trigger daily_report")
    await expect(trigger).to_be_disabled()
    await expect(trigger).to_contain_text("token may only look")
    await palette.get_by_role("combobox").fill("sign out")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Sign in to Podium")).to_be_visible()
    assert await page.evaluate("localStorage.getItem('podium.recent')") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_everyone_can_use_it(page: Page, wide: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    await page.goto(wide.url)
    await page.get_by_role("button", name="Find anything").click()
    palette = page.get_by_role("dialog", name="Find anything")
    await expect(palette.get_by_role("option", name="Go to SLAs")).to_be_visible()
    assert await accessibility_faults(page) == []
    await page.keyboard.type("sales")
    await expect(palette.get_by_role("option", name="ingest_sales").first).to_be_visible()
    assert await accessibility_faults(page) == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0
