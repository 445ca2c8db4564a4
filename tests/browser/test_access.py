"""Signing in, what a role may do, and signing out."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.chromium import Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import StageServer
from tests.browser.test_overview import run_row

#: A browser notes refused requests in its console by itself.
REFUSED = ("401", "WebSocket")


@pytest.fixture(scope="module")
async def guarded(tmp_path_factory, north: StageServer) -> AsyncIterator[tuple[GatewayProcess, dict[str, str]]]:
    """A gateway that wants a token, and a token for each role."""
    process = GatewayProcess(tmp_path_factory.mktemp("guarded"))
    tokens = {
        role: (await process.podium("token", "create", "--name", f"{role}-laptop", "--role", role)).split()[-1]
        for role in ("viewer", "operator")
    }
    await process.start(config_of(entry("north", north.url)))
    yield process, tokens
    await process.stop()


async def sign_in(page: Page, token: str) -> None:
    dialog = page.get_by_role("dialog", name="Sign in to Podium")
    await dialog.get_by_label("API token").fill(token)
    await dialog.get_by_role("button", name="Sign in").click()


async def test_a_wrong_token_is_refused_and_a_right_one_opens_the_page(page: Page, guarded, complaints: Complaints):
    complaints.expect(*REFUSED)
    gateway, tokens = guarded
    await page.goto(gateway.url)
    dialog = page.get_by_role("dialog", name="Sign in to Podium")
    await expect(dialog).to_contain_text("podium token create")
    assert await accessibility_faults(page) == []
    await expect(page.get_by_role("status").filter(has_text="Signed out")).to_be_visible()
    await sign_in(page, "podium_wrong")
    await expect(dialog).to_contain_text("does not accept the token")
    await sign_in(page, tokens["operator"])
    await expect(page.get_by_role("article", name="north")).to_be_visible()
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await expect(dialog).to_have_count(0)

    await expect(page.get_by_role("banner")).to_contain_text("operator-laptop (operator)")
    kept = await page.evaluate("JSON.stringify([localStorage, document.cookie])")
    assert tokens["operator"] not in kept
    await page.reload()
    await expect(page.get_by_role("article", name="north")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(dialog).to_be_visible()
    await expect(page.get_by_role("article", name="north")).to_have_count(0)


async def test_a_viewer_is_told_why_not(page: Page, guarded, complaints: Complaints):
    complaints.expect(*REFUSED)
    gateway, tokens = guarded
    await page.goto(gateway.url)
    await sign_in(page, tokens["viewer"])
    await page.get_by_role("region", name="Pipelines").get_by_role("button", name="Actions for ingest_sales").click()
    trigger = page.get_by_role("menuitem", name="Trigger run")
    await expect(trigger).to_be_disabled()
    await expect(trigger).to_contain_text("ask for an operator")


async def test_a_viewer_sees_what_could_be_done_with_a_run_and_a_pipeline_and_is_told_why_not(
    page: Page, guarded, complaints: Complaints
):
    complaints.expect(*REFUSED)
    gateway, tokens = guarded
    await page.goto(gateway.url)
    await sign_in(page, tokens["viewer"])
    await run_row(page, "ingest-2", "ingest_sales").get_by_role("link", name="ingest_sales", exact=True).click()
    why = re.compile("token may only look; ask for an operator")
    retry = page.get_by_role("button", name="Retry run")
    await expect(retry).to_be_disabled()
    await expect(retry).to_have_accessible_description(why)
    await expect(page.get_by_text(why)).to_be_visible()
    await page.get_by_role("link", name="Pipeline", exact=True).click()
    for action in ("Trigger run", "Pause schedule"):
        button = page.get_by_role("button", name=action)
        await expect(button).to_be_disabled()
        await expect(button).to_have_accessible_description(why)
    assert await accessibility_faults(page) == []


async def test_who_may_not_define_dependencies_is_not_led_to_making_one(page: Page, guarded, complaints: Complaints):
    complaints.expect(*REFUSED)
    gateway, tokens = guarded
    await page.goto(gateway.url)
    await sign_in(page, tokens["operator"])
    await expect(page.get_by_role("article", name="north")).to_be_visible()
    await page.keyboard.press("Control+K")
    found = page.get_by_role("dialog", name="Find anything")
    await found.get_by_role("combobox").fill("make a dependency")
    make = found.get_by_role("option").filter(has_text="Make a dependency")
    await expect(make).to_contain_text("token may define dependencies")


async def test_a_viewer_may_look_at_an_incident_and_is_told_why_no_more(page: Page, guarded, complaints: Complaints):
    complaints.expect(*REFUSED)
    gateway, tokens = guarded
    await page.goto(f"{gateway.url}/incidents/1?acknowledge")
    await sign_in(page, tokens["viewer"])
    await expect(page.get_by_role("heading", level=1, name="ingest_sales failed")).to_be_visible()
    for action in ("Acknowledge", "Silence", "Resolve"):
        await expect(page.get_by_role("button", name=action)).to_be_disabled()
    await expect(page.get_by_text("token may only look; ask for an operator")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await accessibility_faults(page) == []
