"""The timeline of the overview in a browser: its parts, how it is opened and zoomed."""

from playwright.async_api import Locator, Page, expect

from tests.browser.gateway import GatewayProcess
from tests.waiting import eventually

#: A time of day as the page tells it; with the day, where that is another one.
TIME = r"(\d+ \w+, )?\d\d:\d\d"


def timeline(page: Page) -> Locator:
    return page.get_by_role("region", name="Timeline")


def bars(page: Page, key: str) -> Locator:
    """The runs of a pipeline."""
    return timeline(page).get_by_role("list", name=f"Runs of {key}").get_by_role("link")


async def opened(page: Page, gateway: GatewayProcess, query: str = "") -> None:
    await page.goto(f"{gateway.url}/{query}")
    await expect(timeline(page).get_by_role("list", name="Pipelines by what matters")).to_be_attached()
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()


async def width(bar: Locator) -> float:
    box = await bar.bounding_box()
    assert box is not None
    return box["width"]


async def left(bar: Locator) -> float:
    box = await bar.bounding_box()
    assert box is not None
    return box["x"]


async def zoomed_into(page: Page, bar: Locator) -> None:
    at_first = await width(bar)
    await bar.hover()
    await page.keyboard.down("Control")
    for _ in range(3):
        await page.mouse.wheel(0, -120)
    await page.keyboard.up("Control")

    async def is_wider() -> bool:
        return await width(bar) > at_first * 4

    await eventually(is_wider, within=10, every=0.1)


async def focused(page: Page) -> str:
    """Whose bar has the focus."""
    label = await page.evaluate("document.activeElement.closest('ul')?.getAttribute('aria-label') ?? ''")
    return str(label).removeprefix("Runs of ")
