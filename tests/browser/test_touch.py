"""A phone: what a mouse hovers over, a finger opens with its first tap."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import NARROW, Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess


@pytest.fixture
async def phone(chromium: Browser) -> AsyncIterator[Page]:
    """A tab on a touch screen, which nothing may be said against either."""
    context = await chromium.new_context(
        viewport=NARROW, has_touch=True, is_mobile=True, locale="en-GB", reduced_motion="reduce"
    )
    tab = await context.new_page()
    heard = Complaints(tab)
    yield tab
    await context.close()
    assert heard.unexpected == []


async def test_the_first_tap_opens_the_ways_to_all_pages(phone: Page, gateway: GatewayProcess):
    await phone.goto(gateway.url)
    ways = phone.get_by_role("navigation", name="Pages")
    pipelines = ways.get_by_role("link", name="Pipelines")
    await expect(pipelines).to_have_count(0)
    await ways.get_by_role("button", name="Pages").tap()
    await expect(pipelines).to_be_visible()
    assert await accessibility_faults(phone) == []
    await pipelines.tap()
    await expect(phone.get_by_role("heading", level=1, name="Pipelines")).to_be_visible()
    await expect(pipelines).to_have_count(0)

    await ways.get_by_role("button", name="Pages").tap()
    await expect(pipelines).to_be_visible()
    await phone.touchscreen.tap(200, 700)
    await expect(pipelines).to_have_count(0)


async def test_the_first_tap_on_a_run_shows_its_card_and_the_second_opens_it(phone: Page, gateway: GatewayProcess):
    await phone.goto(gateway.url)
    timeline = phone.get_by_role("region", name="Timeline")
    bars = timeline.get_by_role("list", name="Runs of ingest_sales").get_by_role("link")
    failed = bars.and_(phone.get_by_label(re.compile("^Failed"))).last
    card = timeline.locator("[class*=card]")
    await failed.scroll_into_view_if_needed()
    await expect(card).to_have_count(0)
    await failed.tap()
    await expect(card).to_be_in_viewport()
    await expect(card).to_contain_text("ingest_sales")
    await expect(card).to_contain_text("Failed")
    await expect(phone).to_have_url(f"{gateway.url}/")
    await failed.tap()
    await expect(phone.get_by_role("heading", level=1, name="ingest_sales")).to_be_visible()
