"""The lineage explorer at earlier times: what was known then, and the way back to now."""

import asyncio
import re

from playwright.async_api import Page, Route, expect

from tests.browser.gateway import GatewayProcess
from tests.browser.tracing import find, node


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
