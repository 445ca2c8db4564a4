"""One browser and one gateway for all stories; a fresh page for each, which must end without a complaint."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from gateway.app.wiring import WEB_ROOT
from gateway.domain.states import RunState, RunTrigger
from tests.browser.chromium import WIDE, Complaints, browser
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.browser.tracing import traced, west

__all__ = ["traced", "west"]

#: Long enough for a poll, a commit, a push and a rendering on a busy machine.
PATIENCE = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All stories here need Chromium."""
    for item in items:
        if item.path.is_relative_to(__file__.removesuffix("/conftest.py")):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def built_page() -> None:
    """The page that the wheel ships must have been built."""
    assert (WEB_ROOT / "index.html").is_file(), "The page is not built: run `make ui`."
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all stories."""
    async with browser() as launched:
        yield launched


@pytest.fixture(scope="session")
def north() -> Iterator[StageServer]:
    """An orchestrator with a history."""
    stage = Stage()
    stage.add_pipeline("ingest_sales", schedule="0 6 * * *", owners=["sales"], tags=["prod"])
    stage.add_pipeline("load_customers", schedule="@hourly")
    stage.add_pipeline("daily_report", is_paused=True)
    stage.put("ingest-1", RunState.SUCCESS, "ingest_sales", trigger=RunTrigger.SCHEDULE)
    stage.put("ingest-2", RunState.FAILED, "ingest_sales", trigger=RunTrigger.SCHEDULE)
    stage.put("customers-1", RunState.RUNNING, "load_customers", trigger=RunTrigger.MANUAL)
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def south() -> Iterator[StageServer]:
    """An orchestrator that goes down when told to."""
    stage = Stage()
    stage.add_pipeline("geo_enrichment")
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory, north, south) -> AsyncIterator[GatewayProcess]:
    """A gateway that asks nobody for a token; it ends with the file, for it costs while nobody looks at it."""
    process = GatewayProcess(tmp_path_factory.mktemp("gateway"))
    await process.start(
        config_of(
            entry("north", north.url),
            entry("south", south.url),
            entry("locked", north.url, password="env:OLD_PASSWORD"),
        )
    )
    yield process
    await process.stop()


@pytest.fixture(scope="session")
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """One for all, so that the page's scripts are read and compiled once; nothing turns or fades, which costs most."""
    made = await chromium.new_context(
        viewport=WIDE, locale="en-GB", timezone_id="Europe/Zurich", reduced_motion="reduce"
    )
    yield made
    await made.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A tab that has never been to Podium: what another has left behind is gone."""
    # Playwright asks for the thread's loop where none runs; another test's asyncio.run may have taken it away.
    asyncio.set_event_loop(asyncio.get_running_loop())
    tab = await context.new_page()
    visited = set[str]()
    tab.on("framenavigated", lambda frame: visited.add("/".join(frame.url.split("/", 3)[:3])))
    yield tab
    if tab.is_closed():  # by the story itself
        tab = await context.new_page()
    cdp = await context.new_cdp_session(tab)
    for origin in visited:
        await cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cookies,local_storage"})
    await tab.close()


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[Complaints]:
    """What the browser's console says against the page; a story ends with nothing there."""
    heard = Complaints(page)
    yield heard
    assert heard.unexpected == []
