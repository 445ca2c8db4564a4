"""From an empty Podium to the first pipelines, without a file: in a browser, with a wrong password first."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Locator, Page, Route, expect

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE, Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import PASSWORD, Stage, StageServer


@pytest.fixture
def theatre() -> Iterator[StageServer]:
    """Something to connect."""
    stage = Stage()
    for key in ("ingest_sales", "load_customers", "marts"):
        stage.add_pipeline(key, schedule="0 6 * * *")
    stage.put("ingest-1", RunState.SUCCESS, "ingest_sales")
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture
async def empty(tmp_path, page) -> AsyncIterator[GatewayProcess]:
    """A gateway above nothing, that no page misses at its end."""
    process = GatewayProcess(tmp_path)
    await process.start()
    yield process
    await page.goto("about:blank")
    await process.stop()


async def check(page: Page) -> None:
    """In both themes and at both widths: nothing serious to be said against it, and nothing cut off."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for size in (NARROW, WIDE):
            await page.set_viewport_size(size)
            assert await accessibility_faults(page) == []
            too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert await page.evaluate(too_wide) == 0
    await page.emulate_media(color_scheme="light")


async def fill(page: Page, url: str, name: str, password: str) -> Locator:
    """The form of a stage; answers where its trial is told."""
    await page.get_by_text("Stage", exact=True).click()
    await page.get_by_label("URL").fill(url)
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Test connection").click()
    return page.get_by_role("main").get_by_role("status")


async def connect(page: Page, gateway: GatewayProcess, theatre: StageServer) -> None:
    """Without detours."""
    await page.goto(f"{gateway.url}/connect")
    await expect(await fill(page, theatre.url, "theatre", PASSWORD)).to_contain_text("Stage 4.2 answers")
    await page.get_by_role("button", name="Connect", exact=True).click()
    await expect(page.get_by_role("heading", name="theatre is connected")).to_be_visible()


async def test_from_nothing_to_the_first_pipelines(page: Page, empty: GatewayProcess, theatre: StageServer):
    await page.goto(empty.url)
    await check(page)
    await page.evaluate("window.sameDocument = true")
    await page.get_by_role("link", name="Connect an orchestrator").click()
    await expect(page.get_by_role("heading", level=1, name="Connect an orchestrator")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("radio")).to_have_count(4)
    await expect(page.get_by_role("main")).to_contain_text("Apache AirflowVersions >=2.11,<3 or >=3.0")

    told = await fill(page, theatre.url, "theatre", "wrong-hunter2")
    await expect(told).to_contain_text("It does not work yet.")
    await expect(told).to_contain_text("answered 401")
    await expect(told).to_contain_text("Check the credentials (password from what was typed in).")
    await check(page)

    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await expect(told).to_have_text("")
    await expect(page.get_by_role("button", name="Connect", exact=True)).to_be_disabled()
    await page.get_by_role("button", name="Test connection").click()
    await expect(told).to_contain_text("Stage 4.2 answers, and lets Podium in.")
    await check(page)
    await page.get_by_role("button", name="Connect", exact=True).click()

    await expect(page.get_by_role("heading", name="theatre is connected")).to_be_visible()
    arrived = page.get_by_role("region", name="theatre is connected")
    for key in theatre.stage.pipelines:
        await expect(arrived.get_by_role("link", name=key)).to_be_visible()
    await expect(arrived).to_contain_text("Healthy")
    theatre.stage.add_pipeline("nightly")
    await expect(arrived.get_by_role("link", name="nightly")).to_be_visible(timeout=40_000)
    await expect(page.get_by_role("link", name="Define a dependency")).to_be_visible()
    await expect(page.get_by_role("link", name="Promise something")).to_be_visible()
    await check(page)
    assert await page.evaluate("window.sameDocument") is True
    assert "hunter2" not in (empty.folder / "gateway.log").read_text()
    assert PASSWORD not in (empty.folder / "gateway.log").read_text()


async def test_what_is_missing_is_said_at_its_field(page: Page, empty: GatewayProcess, theatre: StageServer):
    await page.goto(f"{empty.url}/connect?kind=stage")
    await page.get_by_role("button", name="Test connection").click()
    await expect(page.get_by_text("Give its address, such as")).to_be_visible()
    await expect(page.get_by_text("This is missing.")).to_be_visible()
    await page.get_by_label("URL").fill("stage.example.com")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Test connection").click()
    await expect(page.get_by_text("'stage.example.com' is not a web address")).to_be_visible()
    await page.get_by_label("URL").fill(theatre.url)
    await page.get_by_label("Name", exact=True).fill("The Stage")
    await page.get_by_role("button", name="Test connection").click()
    await page.get_by_role("button", name="Connect", exact=True).click()
    await expect(page.get_by_text("'The Stage' is not a slug")).to_be_visible()
    await page.get_by_role("radio", name="Reference").click()
    await page.get_by_label("Password: reference").fill("env:HOME")
    await page.get_by_role("button", name="Test connection").click()
    told = page.get_by_role("main").get_by_role("status")
    await expect(told).to_contain_text("use a variable whose name begins with PODIUM_CONNECT_")


async def test_changed_and_disconnected(page: Page, empty: GatewayProcess, theatre: StageServer):
    await connect(page, empty, theatre)
    await page.goto(f"{empty.url}/orchestrators")
    entry = page.get_by_role("article", name="theatre")
    await expect(entry).to_contain_text("Healthy")
    await expect(entry).to_contain_text("connected here")
    await check(page)
    await page.get_by_role("button", name="Actions for theatre").click()
    await page.get_by_role("menuitem", name="Edit connection").click()
    await expect(page.get_by_text("is stored, and is not shown.")).to_be_visible()
    await page.get_by_role("button", name="Test connection").click()
    await expect(page.get_by_role("main").get_by_role("status")).to_contain_text("Stage 4.2 answers")
    await check(page)
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Actions for theatre").click()
    await page.get_by_role("menuitem", name="Disconnect…").click()
    dialog = page.get_by_role("alertdialog", name="Disconnect theatre?")
    await expect(dialog).to_contain_text("The history stays.")
    await expect(page.locator("div[role=img]")).to_have_count(0)  # the menu that closes
    assert await accessibility_faults(page) == []
    await dialog.get_by_role("button", name="Disconnect").click()
    await expect(page.get_by_text("Nothing is connected yet")).to_be_visible()
    await page.goto(empty.url)
    await expect(page.get_by_role("link", name="Connect an orchestrator")).to_be_visible()


async def test_who_may_not_is_told_who_can(page: Page, empty: GatewayProcess, complaints: Complaints):
    complaints.expect("401")
    token = (await empty.podium("token", "create", "--name", "ada", "--role", "operator")).split()[-1]
    await page.goto(f"{empty.url}/connect")
    dialog = page.get_by_role("dialog", name="Sign in")
    await dialog.get_by_label("API token").fill(token)
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("An admin connects orchestrators")).to_be_visible()
    await expect(page.get_by_text("podium token create --name NAME --role admin")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("radio")).to_have_count(0)
    await check(page)


async def test_where_nobody_says_who_one_is_the_page_says_so_and_asks_again(
    page: Page, empty: GatewayProcess, complaints: Complaints
):
    complaints.expect("502")
    is_broken = True

    async def answer(route: Route) -> None:
        if is_broken and "query Me" in (route.request.post_data or ""):
            await route.fulfill(status=502, body="Bad gateway")
        else:
            await route.continue_()

    await page.route("**/graphql", answer)
    await page.goto(f"{empty.url}/connect")
    fault = page.get_by_role("main").get_by_role("alert")
    await expect(fault).to_be_visible()
    await expect(page.get_by_role("heading", level=1, name="Connect an orchestrator")).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("radio")).to_have_count(0)
    await expect(page.get_by_text("An admin connects orchestrators")).to_have_count(0)
    await check(page)
    is_broken = False
    await fault.get_by_role("button", name="Retry").click()
    await expect(page.get_by_role("main").get_by_role("radio")).to_have_count(4)
    await expect(fault).to_have_count(0)
