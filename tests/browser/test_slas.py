"""What the data teams have promised, as a manager sees it: kept, in danger, and why."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, expect

from gateway.domain.states import RunState, RunTrigger
from tests.browser.chromium import NARROW, WIDE, Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.browser.test_access import REFUSED, sign_in
from tests.waiting import eventually

LONG = timedelta(minutes=10)


def soon() -> str:
    """A time of today in UTC that ten minutes of work do not reach; after midnight it is still today's."""
    now = datetime.now(UTC) + timedelta(minutes=6)
    hours = now.hour + (24 if now.date() > (now - timedelta(minutes=6)).date() else 0)
    return f"{hours:02}:{now.minute:02}"


def promised() -> str:
    """What waits for what, and what is promised of it."""
    return f"""
dependencies:
  - {{name: report, keyed_by: partition, upstream: [west/load_orders], target: west/order_report}}
slas:
  - {{name: report-in-time, pipeline: west/order_report, kind: deadline, deadline: "{soon()}", owner: sales,
      objective: 0.99}}
  - {{name: stock-is-quick, pipeline: west/sync_stock, kind: duration, limit: 10s, owner: logistics}}
  - {{name: leads-are-fresh, pipeline: west/score_leads, kind: freshness, limit: 40h, owner: crm}}
"""


#: What another system makes of it.
BEYOND = """
  - {name: counted-in-time, pipeline: east/count_orders, kind: deadline, deadline: "%s", owner: finance}
"""


def promised_across() -> str:
    """The same, and a promise whose path leads over both systems."""
    counted = "  - {name: count, keyed_by: partition, upstream: [west/load_orders], target: east/count_orders}\nslas:"
    return promised().replace("slas:", counted) + BEYOND.strip("\n") % soon() + "\n"


def history(stage: Stage, pipeline: str, takes: timedelta) -> None:
    """A good run for each of the last days, and none for today, whatever the clock says."""
    now = datetime.now(UTC)
    latest = min(now - timedelta(hours=18), now.replace(hour=0, minute=0) - 2 * takes)
    for back in range(12):
        began = latest - timedelta(days=back)
        stage.put(
            f"{pipeline}-{back}",
            RunState.SUCCESS,
            pipeline,
            trigger=RunTrigger.SCHEDULE,
            queued_at=began,
            started_at=began,
            ended_at=began + takes,
        )


@pytest.fixture(scope="module")
def west() -> Iterator[StageServer]:
    """An orchestrator whose runs take ten minutes."""
    stage = Stage()
    for key in ("load_orders", "order_report", "sync_stock", "score_leads"):
        stage.add_pipeline(key, owners=["ada"])
        history(stage, key, LONG)
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def east() -> Iterator[StageServer]:
    """Another one, which goes on from there."""
    stage = Stage()
    stage.add_pipeline("count_orders")
    history(stage, "count_orders", LONG)
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
async def promising(tmp_path_factory, west: StageServer, east: StageServer) -> AsyncIterator[GatewayProcess]:
    """A gateway over both."""
    process = GatewayProcess(tmp_path_factory.mktemp("promising"))
    await process.start(config_of(entry("west", west.url), entry("east", east.url)) + promised_across())
    await eventually(lambda: is_judged(process.url), within=60, every=0.5)
    yield process
    await process.stop()


async def is_judged(url: str) -> bool:
    """Whether the runs have been read, and the promise that waits for them judged."""
    query = "{runs(first: 1) {totalCount} slas {edges {node {name current {state}}}}}"
    async with httpx.AsyncClient() as client:
        said = (await client.post(f"{url}/graphql", json={"query": query})).json()["data"]
    judged = {edge["node"]["name"] for edge in said["slas"]["edges"] if edge["node"]["current"]}
    return said["runs"]["totalCount"] >= 60 and {"report-in-time", "leads-are-fresh", "counted-in-time"} <= judged


def row(page: Page, name: str):
    """A promise's row in the list."""
    return page.get_by_role("table", name="SLAs").get_by_role("row").filter(has_text=name)


async def test_a_promise_comes_to_be_at_risk_without_reload(page: Page, promising: GatewayProcess, west: StageServer):
    await page.goto(f"{promising.url}/slas")
    await expect(row(page, "leads-are-fresh")).to_contain_text("On track")
    await expect(row(page, "stock-is-quick")).not_to_contain_text("At risk")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.evaluate("window.sameDocument = true")

    began = datetime.now(UTC)
    west.stage.put("stock-slow", RunState.RUNNING, "sync_stock")
    await expect(row(page, "stock-is-quick")).to_contain_text("At risk")
    await expect(row(page, "stock-is-quick")).to_contain_text("% risk")
    await expect(row(page, "stock-is-quick").get_by_role("link", name="sync_stock").last).to_be_visible()
    await expect(page.get_by_role("navigation").get_by_role("link", name="SLAs")).to_contain_text("missed or at risk")

    await page.get_by_role("link", name="Podium, overview").click()
    danger = page.get_by_role("region", name="SLAs in danger")
    await danger.get_by_role("link", name="stock-is-quick").click()
    state = page.get_by_role("main").locator("header").first
    await expect(state).to_contain_text("At risk")
    ended = max(datetime.now(UTC), began + timedelta(seconds=11))
    west.stage.put("stock-slow", RunState.SUCCESS, ended_at=ended)
    await expect(state).to_contain_text("Missed")
    await expect(page.get_by_role("table", name="History")).to_contain_text("Done, but late")
    assert await page.evaluate("window.sameDocument") is True


async def test_its_page_shows_what_it_waits_for(page: Page, promising: GatewayProcess, west: StageServer):
    west.stage.put("orders-today", RunState.RUNNING, "load_orders")
    await page.goto(f"{promising.url}/slas")
    await expect(row(page, "report-in-time")).to_contain_text("load_orders")
    await row(page, "report-in-time").get_by_role("link", name="report-in-time").click()
    await expect(page.get_by_role("heading", level=1, name="report-in-time")).to_be_visible()
    await expect(page.get_by_text("A success by")).to_be_visible()
    steps = page.get_by_role("list", name="Critical path").get_by_role("listitem")
    await expect(steps).to_have_count(2)
    await expect(steps.first).to_contain_text("Running")
    await expect(steps.last).to_contain_text("Not started")
    await expect(page.get_by_role("img", name="Expected at").first).to_be_visible()
    await expect(page.get_by_role("grid", name="Day by day").get_by_role("gridcell").first).to_be_attached()
    await steps.first.get_by_role("link", name="Running: run orders-today").click()
    await expect(page.get_by_role("heading", level=1, name="load_orders")).to_be_visible()


async def test_the_list_opens_a_critical_path_over_two_systems(
    page: Page, promising: GatewayProcess, west: StageServer
):
    west.stage.put("orders-today", RunState.RUNNING, "load_orders")
    await page.goto(f"{promising.url}/slas")
    counted = row(page, "counted-in-time")
    await expect(counted).to_contain_text("running, 1 more step after it")
    opener = counted.get_by_role("button", name="Critical path of counted-in-time")
    await opener.focus()
    await page.keyboard.press("Enter")
    steps = page.get_by_role("list", name="Critical path").get_by_role("listitem")
    await expect(steps).to_have_count(2)
    await expect(steps.nth(0)).to_contain_text("load_ordersWestRunning", ignore_case=True)
    await expect(steps.nth(1)).to_contain_text("count_ordersEastNot started", ignore_case=True)
    assert await accessibility_faults(page) == []

    west.stage.put("orders-today", RunState.FAILED, ended_at=datetime.now(UTC))
    await expect(counted.get_by_role("link", name="last run failed")).to_be_visible()
    await expect(counted.get_by_role("link", name="Incident")).to_be_visible()
    await opener.click()
    await expect(steps).to_have_count(0)
    await counted.get_by_role("link", name="last run failed").click()
    await expect(page.get_by_role("heading", level=1, name="load_orders")).to_be_visible()


async def test_the_keyboard_walks_over_the_days(page: Page, promising: GatewayProcess):
    await page.goto(f"{promising.url}/slas/leads-are-fresh")
    grid = page.get_by_role("grid", name="Day by day")
    today = grid.locator("[tabindex='0']")
    await today.focus()
    await page.keyboard.press("ArrowLeft")
    week_ago = datetime.now(UTC).date() - timedelta(days=7)
    await expect(grid.locator(":focus")).to_have_attribute("data-day", week_ago.isoformat())
    await expect(page.get_by_role("region", name="Day by day")).to_contain_text(": nothing due")


async def test_a_day_leads_to_its_run_and_the_history_can_be_saved(
    page: Page, promising: GatewayProcess, west: StageServer, tmp_path: Path
):
    began = datetime.now(UTC)
    west.stage.put("stock-late", RunState.RUNNING, "sync_stock")
    await page.goto(f"{promising.url}/slas/stock-is-quick")
    await expect(page.get_by_role("table", name="History")).to_contain_text("stock-late")
    west.stage.put("stock-late", RunState.SUCCESS, ended_at=began + timedelta(seconds=20))
    await expect(page.get_by_role("table", name="History").get_by_role("row", name="stock-late")).to_contain_text(
        "Missed"
    )
    grid = page.get_by_role("grid", name="Day by day")
    await expect(grid.locator(f"[data-day='{began.date().isoformat()}']")).to_have_attribute("data-state", "MISSED")
    await grid.locator(f"[data-day='{began.date().isoformat()}']").focus()
    await page.keyboard.press("Enter")
    day = page.get_by_role("dialog")
    await expect(day.get_by_role("listitem").filter(has_text="stock-late")).to_contain_text("Done, but late")
    assert await accessibility_faults(page) == []
    await page.keyboard.press("Escape")
    await expect(day).to_have_count(0)
    async with page.expect_download() as waiting:
        await page.get_by_role("region", name="History").get_by_role("button", name="CSV").click()
    await (await waiting.value).save_as(tmp_path / "history.csv")
    lines = (tmp_path / "history.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "key,state,reason,due,done,late_by,measured,run"
    assert any(line.endswith(",stock-late") for line in lines)
    await grid.locator(f"[data-day='{began.date().isoformat()}']").click()
    await day.get_by_role("link", name="stock-late").click()
    await expect(page.get_by_role("heading", level=1, name="sync_stock")).to_be_visible()


async def test_filters_stand_in_the_address_and_a_list_can_be_saved(
    page: Page, promising: GatewayProcess, tmp_path: Path
):
    await page.goto(f"{promising.url}/slas?owner=crm")
    await expect(row(page, "leads-are-fresh")).to_be_visible()
    await expect(row(page, "report-in-time")).to_have_count(0)
    await page.get_by_role("button", name="On track").click()
    await expect(page).to_have_url(f"{promising.url}/slas?owner=crm&state=ON_TRACK")
    async with page.expect_download() as waiting:
        await page.get_by_role("region", name="Promises").get_by_role("button", name="CSV").click()
    await (await waiting.value).save_as(tmp_path / "slas.csv")
    lines = (tmp_path / "slas.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("leads-are-fresh,crm,FRESHNESS,west,west/score_leads,")
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{promising.url}/slas")
    await page.get_by_role("radio", name="By orchestrator").click()
    await expect(page.get_by_role("table", name="Adherence by orchestrator")).to_contain_text("west")
    await page.get_by_role("radio", name="Month by month").click()
    await expect(page).to_have_url(f"{promising.url}/slas?by=orchestrator&days=months")
    months = page.get_by_role("table", name="Adherence by orchestrator and month")
    await expect(months.get_by_role("columnheader")).to_have_count(7)
    await expect(months.get_by_role("columnheader").nth(1)).to_have_text(re.compile(r"[A-Z][a-z]+ 20\d\d"))
    await expect(months.get_by_role("link", name="west")).to_be_visible()
    async with page.expect_download() as waiting:
        await page.get_by_role("region", name="Adherence").get_by_role("button", name="CSV").click()
    await (await waiting.value).save_as(tmp_path / "months.csv")
    lines = (tmp_path / "months.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "orchestrator,month,slas,met,missed,adherence,error_budget_left"
    assert re.match(r"west,20\d\d-\d\d,\d+,", lines[-1])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_everyone_can_use_it(page: Page, promising: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    await page.goto(f"{promising.url}/slas")
    await expect(row(page, "leads-are-fresh")).to_be_visible()
    await expect(page.get_by_role("table", name="Adherence by owner")).to_be_visible()
    assert await accessibility_faults(page) == []
    assert await page.evaluate(too_wide) == 0
    await page.goto(f"{promising.url}/slas?days=months")
    await expect(page.get_by_role("table", name="Adherence by owner and month")).to_be_visible()
    assert await accessibility_faults(page) == []
    assert await page.evaluate(too_wide) == 0
    await page.goto(f"{promising.url}/slas/report-in-time")
    await expect(page.get_by_role("table", name="History")).to_be_visible()
    await expect(page.get_by_role("grid", name="Day by day")).to_be_visible()
    assert await accessibility_faults(page) == []
    assert await page.evaluate(too_wide) == 0


@pytest.fixture(scope="module")
async def guarded(tmp_path_factory, west: StageServer) -> AsyncIterator[tuple[GatewayProcess, str]]:
    """A gateway that wants a token, and one that may only look."""
    process = GatewayProcess(tmp_path_factory.mktemp("guarded"))
    made = await process.podium("token", "create", "--name", "manager", "--role", "viewer")
    await process.start(config_of(entry("west", west.url)) + promised())
    yield process, made.split()[-1]
    await process.stop()


async def test_a_viewer_sees_it_all(page: Page, guarded: tuple[GatewayProcess, str], complaints: Complaints):
    complaints.expect(*REFUSED)
    gateway, token = guarded
    await page.goto(f"{gateway.url}/slas")
    await sign_in(page, token)
    await row(page, "leads-are-fresh").get_by_role("link", name="leads-are-fresh").click()
    await expect(page.get_by_text("The last success is never older than 1d 16h.")).to_be_visible()
    await expect(page.get_by_role("grid", name="Day by day")).to_be_visible()


async def test_where_nothing_is_promised_the_page_says_how(page: Page, gateway: GatewayProcess):
    await page.goto(f"{gateway.url}/slas")
    await expect(page.get_by_text("Nothing is promised yet")).to_be_visible()
    await expect(page.get_by_role("region", name="An example")).to_contain_text("kind: deadline")
    assert await accessibility_faults(page) == []


async def test_an_address_of_no_promise_says_so(page: Page, gateway: GatewayProcess):
    await page.goto(f"{gateway.url}/slas/nothing")
    await expect(page.get_by_role("alert")).to_contain_text("There is no such SLA")
