"""The map of dependencies where there are more than can be drawn."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.chromium import NARROW, WIDE, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import StageServer

#: How many lead from north to south; the others stay in south.
BETWEEN, ALL = 40, 65


@pytest.fixture(scope="module")
async def entangled(tmp_path_factory, north: StageServer, south: StageServer) -> AsyncIterator[GatewayProcess]:
    """A gateway with more dependencies than a map can show."""
    process = GatewayProcess(tmp_path_factory.mktemp("entangled"))
    made = "".join(
        f"  - {{name: after-{number:02}, keyed_by: day, "
        f"upstream: [{'north' if number < BETWEEN else 'south'}/from_{number}], target: south/to_{number % 7}}}\n"
        for number in range(ALL)
    )
    await process.start(f"{config_of(entry('north', north.url), entry('south', south.url))}dependencies:\n{made}")
    yield process
    await process.stop()


async def check(page: Page) -> None:
    """Nothing serious to be said against it, and nothing cut off."""
    assert await accessibility_faults(page) == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0


async def test_too_many_are_not_drawn_and_fewer_are_offered(page: Page, entangled: GatewayProcess):
    await page.goto(f"{entangled.url}/dependencies")
    panel = page.get_by_role("region", name="Map", exact=True)
    drawn = page.get_by_role("region", name="Map of the dependencies")
    await expect(panel).to_contain_text(f"The map shows 60 dependencies at most, and these are {ALL}.")
    await expect(drawn).to_have_count(0)
    listed = page.get_by_role("list", name="Dependencies").get_by_role("listitem")
    await expect(listed).to_have_count(ALL)
    # South has part in all of them: to show its own would not help.
    await expect(panel.get_by_role("button")).to_have_text([f"north ({BETWEEN})"])
    await check(page)

    await panel.get_by_role("button", name="north").click()
    await expect(page).to_have_url(f"{entangled.url}/dependencies?orchestrator=north")
    await expect(drawn.get_by_role("link", name="after-")).to_have_count(BETWEEN)
    await expect(listed).to_have_count(BETWEEN)
    await check(page)


async def test_a_search_makes_them_few_enough(page: Page, entangled: GatewayProcess):
    await page.goto(f"{entangled.url}/dependencies?orchestrator=south")
    panel = page.get_by_role("region", name="Map", exact=True)
    await expect(panel).to_contain_text(f"these are {ALL}.")
    await page.get_by_role("searchbox", name="Find a dependency").fill("after-0")
    await expect(page.get_by_role("region", name="Map of the dependencies").get_by_role("link")).to_have_count(10)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_everyone_can_read_why_there_is_no_map(page: Page, entangled: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    await page.goto(f"{entangled.url}/dependencies")
    words = page.get_by_text("The map shows 60 dependencies at most")
    if size is NARROW:
        await expect(words).to_have_count(1)
        await page.locator("summary", has_text="Map").click()
    await expect(words).to_be_visible()
    await check(page)
