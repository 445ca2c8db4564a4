"""Filters that people come back to: saved by a name, opened from the page, the palette and another tab, and deleted."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.chromium import NARROW, WIDE, accessibility_faults
from tests.browser.gateway import GatewayProcess


async def opened(page: Page) -> Locator:
    """The menu of views."""
    await page.get_by_role("button", name="Views").click()
    menu = page.get_by_role("menu", name="Views")
    await expect(menu).to_be_visible()
    return menu


async def save(page: Page, name: str) -> None:
    """What the page shows now, by keyboard once the dialog is there."""
    menu = await opened(page)
    await menu.get_by_role("menuitem", name="Save this view").click()
    dialog = page.get_by_role("dialog", name="Save this view")
    await expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    await page.keyboard.type(name)
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("button", name=f"Views: {name}")).to_be_visible()


async def test_a_view_is_saved_opened_replaced_and_deleted(page: Page, gateway: GatewayProcess):
    await page.goto(f"{gateway.url}/runs")
    menu = await opened(page)
    await expect(menu.get_by_role("menuitem", name="Save this view")).to_be_disabled()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Views")).to_be_focused()

    await page.goto(f"{gateway.url}/runs?orchestrator=north&state=FAILED&when=7d")
    await save(page, "failed in the north")
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{gateway.url}/runs")
    menu = await opened(page)
    link = menu.get_by_role("menuitem", name="failed in the north")
    await expect(link).to_have_attribute("href", "/runs?orchestrator=north&state=FAILED&when=7d")
    await page.evaluate("window.sameDocument = true")
    await link.click()
    await expect(page).to_have_url(f"{gateway.url}/runs?orchestrator=north&state=FAILED&when=7d")
    assert await page.evaluate("window.sameDocument") is True
    await expect(page.get_by_role("button", name="Views: failed in the north")).to_be_visible()
    await page.go_back()
    await expect(page).to_have_url(f"{gateway.url}/runs")

    await page.goto(f"{gateway.url}/runs?state=RUNNING")
    menu = await opened(page)
    await menu.get_by_role("menuitem", name="Save this view").click()
    dialog = page.get_by_role("dialog", name="Save this view")
    await page.keyboard.type("Failed in the north")
    await expect(dialog).to_contain_text("is there already")
    await dialog.get_by_role("button", name="Replace").click()
    menu = await opened(page)
    await expect(menu.get_by_role("menuitem", name="failed in the north")).to_have_count(1)
    await menu.get_by_role("menuitem", name="Delete views").click()
    dialog = page.get_by_role("dialog", name="Delete views of Runs")
    await dialog.get_by_role("button", name="Delete Failed in the north").click()
    await expect(dialog).to_contain_text("No view is left here.")
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("button", name="Views", exact=True)).to_be_focused()


async def test_views_are_in_the_palette_and_in_other_tabs(page: Page, gateway: GatewayProcess):
    other = await page.context.new_page()
    await other.goto(f"{gateway.url}/pipelines?owner=sales")
    await page.goto(f"{gateway.url}/pipelines?owner=sales")
    await save(page, "of sales")
    await expect(other.get_by_role("button", name="Views: of sales")).to_be_visible()
    await other.close()
    await page.goto(gateway.url)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Find anything")
    await expect(palette.get_by_role("group", name="Views")).to_contain_text("Pipelines: of sales")
    await palette.get_by_role("combobox").fill("pipelines: of")
    await expect(palette.get_by_role("option", name="Pipelines: of sales")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{gateway.url}/pipelines?owner=sales")


@pytest.mark.parametrize("path", ["/incidents?severity=CRITICAL", "/runs?state=FAILED"])
async def test_nonsense_in_the_browser_keeps_nobody_from_saving(page: Page, gateway: GatewayProcess, path: str):
    await page.goto(gateway.url + path)
    await page.evaluate("localStorage.setItem('podium.views', '[{\"page\": 7}, null')")
    await page.reload()
    await save(page, "mine")
    await page.reload()
    await expect(page.get_by_role("button", name="Views: mine")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_everyone_can_use_them(page: Page, gateway: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    await page.goto(f"{gateway.url}/runs?state=FAILED")
    await save(page, "what has failed in all of our systems since the beginning")
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0
    menu = await opened(page)
    assert await accessibility_faults(page, "target-size") == []
    await menu.get_by_role("menuitem", name="Save this view").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await accessibility_faults(page) == []
    await page.keyboard.press("Escape")
    menu = await opened(page)
    await menu.get_by_role("menuitem", name="Delete views").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await accessibility_faults(page) == []
