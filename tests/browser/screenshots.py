"""Pictures of every page, in both themes and at two widths, for the documentation: ``make screenshots``.

Without ``--url`` the pictures are of a gateway of its own that follows three stages playing Airflow, Prefect and
Dagster, with a morning's runs. With ``--url`` they are of a gateway that runs already, such as ``make demo``'s.
"""

import argparse
import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import NARROW, WIDE, browser
from tests.browser.pages import PAGES
from tests.browser.staging import empty, staged

#: In milliseconds, also on a machine with much else to do.
PATIENCE = 30_000
#: What the pictures look back on.
DAYS = 6
FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"


async def trigger(page: Page, url: str) -> None:
    """Starting a run by hand."""
    await page.goto(url)
    await page.get_by_role("region", name="Pipelines").get_by_role("button", name="Actions for").first.click()
    await page.get_by_role("menuitem", name="Trigger run").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def run_log(page: Page, url: str) -> None:
    """The log of what has failed in a run."""
    await PAGES["/runs/$runId"].go(page, url, "/runs/$runId")
    log = page.get_by_role("region", name="Log of")
    await expect(log).to_be_visible()
    await log.scroll_into_view_if_needed()


async def silence(page: Page, url: str) -> None:
    """Letting nobody be told for a while."""
    await PAGES["/incidents/$incidentId"].go(page, url, "/incidents/$incidentId")
    await page.get_by_role("button", name="Silence").click()
    await page.get_by_role("textbox", name="Comment").fill("The source is being migrated.")


async def palette(page: Page, url: str) -> None:
    """What a word leads to."""
    await page.goto(url)
    await expect(page.get_by_role("region", name="Open incidents")).to_be_visible()
    await page.keyboard.press("Control+K")
    found = page.get_by_role("dialog", name="Find anything")
    await found.get_by_role("combobox").fill("sales")
    await expect(found.get_by_role("option").first).to_be_visible()
    await expect(found.get_by_text("ingest_sales").first).to_be_visible()


async def timeline(page: Page, url: str) -> None:
    """The last 24 hours, from the top of the picture on."""
    await page.goto(url)
    panel = page.get_by_role("region", name="Timeline")
    await expect(panel).to_be_attached()
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")  # it is drawn as it comes near
    lanes = panel.get_by_role("list", name="Runs of")
    await expect(lanes.first).to_be_attached()
    await panel.evaluate("panel => scrollBy(0, panel.getBoundingClientRect().top - 72)")


async def _says(words: str, path: str, page: Page, url: str) -> None:
    await page.goto(url + path)
    await expect(page.get_by_text(words)).to_be_visible()


Pose = Callable[[Page, str], Awaitable[None]]

#: Besides the pages themselves.
SCENES: dict[str, Pose] = {
    "trigger": trigger,
    "run-log": run_log,
    "silence": silence,
    "palette": palette,
    "timeline": timeline,
}
#: Of a gateway that follows nothing yet.
EMPTY: dict[str, Pose] = {
    "first-steps": partial(_says, "Connect your first orchestrator", "/"),
    "nothing-watched": partial(_says, "Nothing is watched yet", "/incidents"),
    "nothing-promised": partial(_says, "Nothing is promised yet", "/slas"),
}


def _page(route: str) -> Pose:
    async def pose(page: Page, url: str) -> None:
        await PAGES[route].go(page, url, route)
        await page.evaluate("scrollTo(0, 0)")

    return pose


async def picture(launched: Browser, url: str, name: str, pose: Pose) -> None:
    """One page, four times."""
    for theme in ("light", "dark"):
        for size in (WIDE, NARROW):
            context = await launched.new_context(
                viewport=size, color_scheme=theme, reduced_motion="reduce", locale="en-GB", timezone_id="Europe/Zurich"
            )
            page = await context.new_page()
            await pose(page, url)
            await page.evaluate("document.fonts.ready.then(() => {})")
            target = FOLDER / f"{name}-{theme}-{size['width']}.png"
            await page.screenshot(path=target)
            print(target.relative_to(FOLDER.parents[1]))
            await context.close()


async def main(url: str | None, only: list[str]) -> None:
    """All pictures, or those of these names."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    full = {visit.name: _page(route) for route, visit in PAGES.items()} | SCENES
    async with browser() as launched:
        for poses, place in ((full, contextlib.nullcontext(url) if url else staged(DAYS)), (EMPTY, empty())):
            wanted = {name: pose for name, pose in poses.items() if not only or name in only}
            if wanted:
                async with place as address:
                    for name, pose in wanted.items():
                        await picture(launched, address, name, pose)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these, e.g. run first-steps")
    parser.add_argument("--url", help="a gateway that runs already")
    given = parser.parse_args()
    asyncio.run(main(given.url, given.names))
