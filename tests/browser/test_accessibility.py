"""Everyone can use it: axe finds nothing serious, nothing is cut off, and the keyboard reaches everything."""

from collections.abc import AsyncIterator
from typing import Literal

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE, accessibility_faults
from tests.browser.gateway import GatewayProcess
from tests.browser.pages import PAGES, routes
from tests.browser.stage import StageServer
from tests.browser.staging import staged
from tests.browser.test_overview import run_row
from tests.browser.test_run_page import open_run

#: Contrasts hang on the theme, and what is cut off or too small on the size; each has to be seen once.
LOOKS: list[tuple[ViewportSize, Literal["light", "dark"]]] = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "dark")]


@pytest.fixture(params=[LOOKS[0], LOOKS[-1]], ids=["wide-light", "narrow-dark"])
async def sized(request, page: Page) -> Page:
    size, theme = request.param
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    return page


async def check(page: Page, *also: str) -> None:
    assert await accessibility_faults(page, *also) == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0


#: The page as it is after a change of its size has come through to all that measures it.
DRAWN = """() => new Promise((done) => {
  const frame = (left) => (left ? requestAnimationFrame(() => frame(left - 1)) : done())
  frame(5)
})"""


@pytest.fixture(scope="module")
async def morning() -> AsyncIterator[str]:
    """The address of a gateway with much to see on every page."""
    async with staged() as url:
        yield url


def test_every_page_is_tried():
    assert routes() - set(PAGES) == set(), "A new page: give it a line in tests/browser/pages.py."
    assert set(PAGES) - routes() == set()


@pytest.mark.parametrize("route", PAGES)
async def test_a_page(page: Page, morning: str, route: str):
    await PAGES[route].go(page, morning, route)
    for size, theme in LOOKS:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=theme)
        await page.evaluate(DRAWN)
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        # Fingers hit each thing without hitting another: at 24 pixels (WCAG 2.2, 2.5.8).
        await check(page, "target-size")


#: Whether the focus is in sight and can be seen: as an outline of what has it, or of what stands for it.
SEEN = """() => {
  const one = document.activeElement
  const box = one.getBoundingClientRect()
  const around = [one, one.parentElement, one.closest('label, [role=group]'), one.nextElementSibling, ...one.children]
  const has = (part, style) => part && getComputedStyle(part, style).outlineStyle !== 'none'
  // A node of a picture has a ring drawn around it instead.
  const isMarked = one.closest('svg') || around.some((part) => has(part) || has(part, '::after'))
  const isInSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  return one === document.body || (isMarked && isInSight) ? null : one.outerHTML.slice(0, 120)
}"""


@pytest.mark.parametrize("route", PAGES)
async def test_the_focus_is_always_seen(page: Page, morning: str, route: str):
    await PAGES[route].go(page, morning, route)
    for _ in range(40):
        await page.keyboard.press("Tab")
        assert await page.evaluate(SEEN) is None


async def test_a_run_with_its_log(sized: Page, gateway: GatewayProcess):
    await open_run(sized, gateway, "ingest-2", "ingest_sales")
    await expect(sized.get_by_role("region", name="Log of check")).to_be_visible()
    await check(sized)


async def test_menus_and_dialogs(sized: Page, gateway: GatewayProcess):
    await sized.goto(gateway.url)
    await sized.get_by_role("button", name="Actions for daily_report").last.click()
    await check(sized)
    await sized.get_by_role("menuitem", name="Trigger run").click()
    await expect(sized.get_by_role("dialog")).to_be_visible()
    await check(sized)


async def open_incident(page: Page, gateway: GatewayProcess, north: StageServer) -> None:
    """Of a run that has just failed."""
    north.stage.put("failed-for-all-to-see", RunState.FAILED, "ingest_sales")
    await page.goto(f"{gateway.url}/incidents")
    rows = page.get_by_role("table", name="Open incidents").get_by_role("row")
    await expect(rows.filter(has_text="north/ingest_sales failed")).to_be_visible()


async def test_incidents(sized: Page, gateway: GatewayProcess, north: StageServer):
    await open_incident(sized, gateway, north)
    await check(sized)
    await sized.get_by_role("link", name="north/ingest_sales failed").click()
    await expect(sized.get_by_role("list", name="From the cause")).to_contain_text("ingest_sales")
    await check(sized)
    await sized.get_by_role("button", name="Silence").click()
    await expect(sized.get_by_role("dialog")).to_be_visible()
    await check(sized)


async def test_the_keyboard_alone_acknowledges_an_incident(page: Page, gateway: GatewayProcess, north: StageServer):
    await open_incident(page, gateway, north)
    await press_until_focused(page, page.get_by_role("link", name="north/ingest_sales failed"))
    await page.keyboard.press("Enter")
    await press_until_focused(page, page.get_by_role("button", name="Acknowledge"))
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Acknowledge this incident?")
    await press_until_focused(page, dialog.get_by_label("Comment"))
    await page.keyboard.type("On it.")
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("region", name="Timeline")).to_contain_text("On it.")


async def press_until_focused(page: Page, target: Locator) -> None:
    """Tab through the page."""
    await expect(target).to_be_visible()
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await target.evaluate("element => element === document.activeElement"):
            break
    await expect(target).to_be_focused()


async def test_the_keyboard_alone_opens_a_run(page: Page, gateway: GatewayProcess):
    await page.goto(gateway.url)
    await expect(run_row(page, "ingest-1", "ingest_sales")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    link = run_row(page, "ingest-1", "ingest_sales").get_by_role("link", name="ingest_sales")
    await press_until_focused(page, link)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="ingest_sales")).to_be_visible()
