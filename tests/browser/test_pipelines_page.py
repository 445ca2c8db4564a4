"""All pipelines and all runs in their tables, and a pipeline's last runs task by task."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from gateway.domain.states import RunState, RunTrigger
from tests.browser.chromium import NARROW
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually

#: More than two pages of the table.
MANY = 600


@pytest.fixture(scope="module")
def west() -> Iterator[StageServer]:
    """An orchestrator with a great many pipelines, three of which run."""
    stage = Stage()
    for number in range(MANY):
        stage.add_pipeline(f"export_{number:04}", owners=["exports"], schedule="@daily")
    now = datetime.now(UTC)
    stage.add_pipeline("bill", owners=["finance"], tags=["money"], next_run_at=now + timedelta(hours=2))
    stage.add_pipeline("audit", owners=["finance"], is_paused=True)
    stage.add_pipeline("zip_logs", next_run_at=now + timedelta(hours=1))
    began = now - timedelta(hours=3)
    stage.put("audit-1", RunState.SUCCESS, "audit", trigger=RunTrigger.MANUAL, queued_at=began, started_at=began)
    for number in range(1, 4):
        state = RunState.FAILED if number == 2 else RunState.SUCCESS
        times = _minutes(now - timedelta(minutes=40 - 10 * number), number)
        stage.put(f"bill-{number}", state, "bill", trigger=RunTrigger.SCHEDULE, **times)
    server = StageServer(stage)
    yield server
    server.stop()


def _minutes(began: datetime, minutes: int) -> dict[str, datetime]:
    return {"queued_at": began, "started_at": began, "ended_at": began + timedelta(minutes=minutes)}


@pytest.fixture(scope="module")
async def wide(tmp_path_factory, west) -> AsyncIterator[GatewayProcess]:
    """A gateway over it."""
    process = GatewayProcess(tmp_path_factory.mktemp("wide"))
    await process.start(config_of(entry("west", west.url)))
    yield process
    await process.stop()


def rows(page: Page, table: str) -> Locator:
    """The rows of a table that are in sight, without its head."""
    return page.get_by_role("table", name=table, exact=True).locator("tbody").get_by_role("row")


async def names(page: Page, table: str = "Pipelines") -> list[str]:
    """The links that the first rows are."""
    return [(await row.get_by_role("link").first.inner_text()) for row in (await rows(page, table).all())[:4]]


async def test_the_address_narrows_the_pipelines(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines?owner=finance")
    await expect(rows(page, "Pipelines")).to_have_count(2)
    await expect(rows(page, "Pipelines").filter(has_text="audit")).to_contain_text("Paused")
    filters = page.get_by_role("search", name="Filter pipelines")
    await filters.get_by_role("combobox", name="Tag").fill("money")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{wide.url}/pipelines?owner=finance&tag=money")
    await expect(rows(page, "Pipelines")).to_have_count(1)
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{wide.url}/pipelines")
    await filters.get_by_role("button", name="Success").click()
    await expect(page).to_have_url(f"{wide.url}/pipelines?state=SUCCESS")
    await expect(rows(page, "Pipelines").filter(has_text="bill")).to_contain_text("Success")
    await expect(rows(page, "Pipelines").filter(has_text="export")).to_have_count(0)


async def test_pipelines_are_sorted_by_any_column_over_all_pages(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines")
    table = page.get_by_role("table", name="Pipelines", exact=True)
    await table.get_by_role("button", name="Next run").click()
    await expect(page).to_have_url(f"{wide.url}/pipelines?sort=next")
    await expect(table.get_by_role("columnheader", name="Next run")).to_have_attribute("aria-sort", "ascending")
    await expect(rows(page, "Pipelines").first).to_contain_text("zip_logs")
    assert (await names(page))[:2] == ["zip_logs", "bill"]
    await table.get_by_role("button", name="Next run").click()
    await expect(page).to_have_url(f"{wide.url}/pipelines?sort=-next")
    await expect(rows(page, "Pipelines").first).to_contain_text("bill")


async def test_scrolling_reads_on_and_keeps_few_rows(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines")
    table = page.get_by_role("table", name="Pipelines", exact=True)
    await expect(table).to_have_attribute("aria-rowcount", str(MANY + 4))
    last = rows(page, "Pipelines").filter(has_text="zip_logs")

    async def at_the_end() -> int:
        await page.keyboard.press("End")
        return await last.count()

    await eventually(at_the_end, lambda count: count == 1, within=60, every=0.1)
    await expect(last).to_be_visible()
    await expect(last).to_have_attribute("aria-rowindex", str(MANY + 4))
    assert await rows(page, "Pipelines").count() < 80
    await last.get_by_role("link", name="zip_logs").click()
    await expect(page.get_by_role("heading", name="zip_logs")).to_be_visible()


FLOWN_PAST = """async () => {
    const frame = () => new Promise(requestAnimationFrame)
    await frame()
    window.scrollBy(0, 1500)
    await frame()
    const inSight = ({ top, bottom }) => bottom > 0 && top < innerHeight
    return [...document.querySelectorAll('[role=row][data-row]')]
        .filter((row) => inSight(row.getBoundingClientRect()))
        .map((row) => [row.textContent, row.querySelectorAll('a, button').length])
}"""


async def test_rows_that_fly_past_show_what_they_are_and_all_else_once_they_stand(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines")
    await expect(rows(page, "Pipelines").first.get_by_role("link").first).to_be_visible()
    seen = await page.evaluate(FLOWN_PAST)
    assert len(seen) > 10
    assert [text for text, controls in seen if controls or "west" not in text] == []
    await expect(rows(page, "Pipelines").nth(12).get_by_role("link").first).to_be_visible()
    await expect(rows(page, "Pipelines").nth(12).get_by_role("button")).to_be_visible()


async def test_a_row_is_reached_and_opened_by_keys(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines?owner=finance")
    link = rows(page, "Pipelines").first.get_by_role("link", name="audit")
    await link.focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(link).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="audit")).to_be_visible()


@pytest.mark.parametrize("place", ["pipelines", "runs"])
async def test_on_a_phone_all_of_a_card_is_in_sight(page: Page, wide: GatewayProcess, place: str):
    await page.set_viewport_size(NARROW)
    await page.goto(f"{wide.url}/{place}")
    first = page.get_by_role("table").get_by_role("row").nth(1)
    await expect(first.get_by_role("button", name="Actions for")).to_be_in_viewport(ratio=1)
    for cell in await first.get_by_role("cell").all():
        box = await cell.bounding_box()
        if box is not None:
            assert box["x"] + box["width"] < NARROW["width"] - 12


async def test_the_focus_stays_on_a_row_that_is_scrolled_out_of_sight(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines")
    link = rows(page, "Pipelines").nth(1).get_by_role("link").first
    name = await link.inner_text()
    await link.focus()
    await page.mouse.wheel(0, 9000)
    await expect(rows(page, "Pipelines").filter(has_text="export_0003")).to_have_count(0)
    assert await page.evaluate("document.activeElement.textContent") == name
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


async def test_a_new_run_appears_by_itself_where_it_fits(page: Page, wide: GatewayProcess, west: StageServer):
    await page.goto(f"{wide.url}/runs?q=bill&trigger=SCHEDULE")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await expect(rows(page, "Runs")).to_have_count(3)
    west.stage.put("bill-by-hand", RunState.RUNNING, "bill", trigger=RunTrigger.MANUAL)
    west.stage.put("bill-4", RunState.RUNNING, "bill", trigger=RunTrigger.SCHEDULE)
    row = rows(page, "Runs").filter(has_text="bill-4")
    await expect(row).to_contain_text("Running")
    await expect(rows(page, "Runs").filter(has_text="bill-by-hand")).to_have_count(0)
    west.stage.put("bill-4", RunState.SUCCESS)
    await expect(row).to_contain_text("Success")


async def test_runs_are_narrowed_by_time_and_sorted(page: Page, wide: GatewayProcess):
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await page.goto(f"{wide.url}/runs?before={hour_ago:%Y-%m-%dT%H:%M:%SZ}")
    await expect(rows(page, "Runs")).to_have_count(1)
    await expect(rows(page, "Runs")).to_contain_text("audit-1")
    await page.get_by_role("button", name="Clear filters").click()
    await expect(rows(page, "Runs").filter(has_text="bill-1")).to_be_visible()
    await page.get_by_role("table", name="Runs", exact=True).get_by_role("button", name="Started").click()
    await expect(page).to_have_url(f"{wide.url}/runs?sort=oldest")
    await expect(rows(page, "Runs").first).to_contain_text("audit-1")


async def choose(page: Page, picker: str, option: str) -> None:
    """One of what a picker of the runs' filters offers."""
    filters = page.get_by_role("search", name="Filter runs")
    await filters.get_by_role("button", name=picker).click()
    await page.get_by_role("option", name=option, exact=True).click()
    await page.keyboard.press("Escape")


async def test_a_time_up_to_now_stays_so_in_the_address(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/runs")
    await expect(rows(page, "Runs").filter(has_text="audit-1")).to_be_visible()
    await expect(page.get_by_label("Started after")).to_have_count(0)
    await choose(page, "When", "Last hour")
    await expect(page).to_have_url(f"{wide.url}/runs?when=1h")
    await expect(rows(page, "Runs").filter(has_text="audit-1")).to_have_count(0)
    await expect(rows(page, "Runs").filter(has_text="bill-1")).to_be_visible()
    await choose(page, "When", "Custom…")
    await expect(page).to_have_url(re.compile(r"/runs\?after=\d{4}-"))
    await expect(page.get_by_label("Started after")).not_to_have_value("")
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{wide.url}/runs")
    await expect(page.get_by_label("Started after")).to_have_count(0)
    await page.goto(f"{wide.url}/runs?when=24h&q=audit")
    await expect(rows(page, "Runs")).to_have_count(1)


async def test_runs_of_several_orchestrators_and_triggers(page: Page, gateway: GatewayProcess, south: StageServer):
    south.stage.put("geo-by-hand", RunState.SUCCESS, "geo_enrichment", trigger=RunTrigger.MANUAL)
    await page.goto(f"{gateway.url}/runs?orchestrator=north")
    await expect(rows(page, "Runs").filter(has_text="customers-1")).to_be_visible()
    await choose(page, "Orchestrator", "south")
    await expect(page).to_have_url(f"{gateway.url}/runs?orchestrator=north,south")
    await expect(rows(page, "Runs").filter(has_text="geo-by-hand")).to_be_visible()
    await expect(rows(page, "Runs").filter(has_text="customers-1")).to_be_visible()
    await choose(page, "Trigger", "Schedule")
    await expect(rows(page, "Runs").filter(has_text="geo-by-hand")).to_have_count(0)
    await choose(page, "Trigger", "Manual")
    await expect(page).to_have_url(f"{gateway.url}/runs?orchestrator=north,south&trigger=SCHEDULE,MANUAL")
    await expect(rows(page, "Runs").filter(has_text="geo-by-hand")).to_be_visible()
    await choose(page, "Orchestrator", "All orchestrators")
    await expect(page).to_have_url(f"{gateway.url}/runs?trigger=SCHEDULE,MANUAL")


async def test_the_longest_runs_come_first_and_one_that_ends_takes_its_place(page: Page, wide: GatewayProcess, west):
    began = datetime.now(UTC) - timedelta(hours=9)
    for key, hours in (("marathon", 8), ("hike", 6)):
        ends = began + timedelta(hours=hours)
        west.stage.put(key, RunState.SUCCESS, "export_0001", started_at=began, ended_at=ends)
    west.stage.put("walk", RunState.RUNNING, "export_0001", started_at=began)
    await page.goto(f"{wide.url}/runs")
    await expect(rows(page, "Runs").filter(has_text="walk")).to_contain_text("Running")
    heading = page.get_by_role("columnheader", name="Duration")
    await heading.get_by_role("button").click()
    await expect(page).to_have_url(f"{wide.url}/runs?sort=longest")
    await expect(heading).to_have_attribute("aria-sort", "descending")
    await expect(rows(page, "Runs").nth(0)).to_contain_text("marathon")
    await expect(rows(page, "Runs").nth(1)).to_contain_text("hike")
    west.stage.put("walk", RunState.SUCCESS, "export_0001", started_at=began, ended_at=began + timedelta(hours=7))
    await expect(rows(page, "Runs").nth(1)).to_contain_text("walk")
    await heading.get_by_role("button").click()
    await expect(page).to_have_url(f"{wide.url}/runs?sort=shortest")
    await expect(heading).to_have_attribute("aria-sort", "ascending")


async def test_the_overview_leads_to_all_runs(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/?state=FAILED")
    await page.get_by_role("link", name="All runs").click()
    await expect(page).to_have_url(f"{wide.url}/runs?state=FAILED")
    await expect(rows(page, "Runs")).to_contain_text(["bill-2"])


async def test_a_cell_of_the_grid_leads_to_its_run(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines?tag=money")
    await page.get_by_role("link", name="bill", exact=True).click()
    grid = page.get_by_role("grid", name="Last runs by task")
    failed = grid.get_by_role("link", name="check, run").filter(has_text="2")
    await failed.focus()
    await expect(failed).to_have_accessible_name(re.compile(r"check, run .*, Failed, attempt 2, 4s, started"))
    await page.keyboard.press("ArrowDown")
    await expect(grid.get_by_role("link", name="load, run").and_(page.locator(":focus"))).to_have_count(1)
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="bill")).to_be_visible()
    await expect(page.get_by_role("region", name="Run", exact=True)).to_contain_text("bill-2")


async def test_durations_are_a_picture_and_a_table(page: Page, wide: GatewayProcess):
    await page.goto(f"{wide.url}/pipelines?tag=money")
    await page.get_by_role("link", name="bill", exact=True).click()
    durations = page.get_by_role("region", name="Durations", exact=True).first
    await expect(durations.get_by_role("img")).to_have_accessible_name(re.compile("Durations of the last"))
    await durations.get_by_role("radio", name="As a table").click()
    await expect(durations.get_by_role("table")).to_contain_text("bill-2")
    await expect(page.get_by_label("Key figures of the last 30 days")).to_contain_text("Success unaided")


async def test_a_next_page_that_cannot_be_read_says_so_and_is_asked_for_again(page: Page, wide: GatewayProcess):
    async def refuse(route: Route) -> None:
        said: Any = route.request.post_data_json
        if "query Pipelines(" in said["query"] and said["variables"]["after"] is not None:
            await route.fulfill(json={"errors": [{"message": "Too busy.", "extensions": {"code": "INTERNAL"}}]})
        else:
            await route.continue_()

    await page.route("**/graphql", refuse)
    await page.goto(f"{wide.url}/pipelines")
    await expect(rows(page, "Pipelines").first).to_be_visible()
    await page.mouse.move(700, 600)
    await page.mouse.wheel(0, 20_000)
    fault = page.get_by_role("alert").filter(has_text="Too busy.")
    await expect(fault).to_be_visible()
    await expect(page.get_by_text("Reading more…")).to_have_count(0)
    await page.unroute("**/graphql", refuse)
    await fault.get_by_role("button", name="Retry").click()
    await expect(fault).to_have_count(0)
    await expect(rows(page, "Pipelines").filter(has_text="export_0100")).to_be_attached()
