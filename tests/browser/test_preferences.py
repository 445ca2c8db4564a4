"""Theme and time zone are the person's choice, and stay."""

import re

from playwright.async_api import Page, expect

from tests.browser.gateway import GatewayProcess

BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"


async def test_the_theme_follows_the_system_until_one_is_chosen(page: Page, gateway: GatewayProcess):
    await page.emulate_media(color_scheme="light")
    await page.goto(gateway.url)
    light = await page.evaluate(BACKGROUND)
    await page.emulate_media(color_scheme="dark")
    dark = await page.evaluate(BACKGROUND)
    assert dark != light

    await page.get_by_role("radio", name="Light theme").click()
    assert await page.evaluate(BACKGROUND) == light
    await page.reload()
    assert await page.evaluate(BACKGROUND) == light
    await page.get_by_role("radio", name="System theme").click()
    assert await page.evaluate(BACKGROUND) == dark


async def test_times_are_local_or_utc(page: Page, gateway: GatewayProcess):
    await page.goto(gateway.url)
    shown = page.get_by_role("table", name="Latest runs").locator("time").first
    await expect(shown).to_have_attribute("title", re.compile(r"(CET|CEST|GMT\+[12])$"))
    await page.get_by_role("radio", name="UTC").click()
    await expect(shown).to_have_attribute("title", re.compile(r"UTC$"))
    await page.reload()
    await expect(shown).to_have_attribute("title", re.compile(r"UTC$"))
