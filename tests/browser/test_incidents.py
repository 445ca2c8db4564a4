"""A problem as whoever is on call sees it: it appears, somebody takes it, and it is over."""

import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.async_api import Locator, Page, Route, expect

from gateway.domain.states import RunState
from tests.alerts.receiving import Inbox, receiving
from tests.browser.chromium import Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually

#: All must be well for a while before an incident is over.
HURRY = """\
from datetime import timedelta

from gateway.alerts import lifecycle

lifecycle.CALM = timedelta(seconds=5)
"""
UNTIL_CALM = 60_000
WHAT_ELSE = """
dependencies:
  - {name: report, keyed_by: partition, upstream: [east/load_orders], target: east/order_report}
slas:
  - {name: report-by-midnight, pipeline: east/order_report, kind: deadline, deadline: "23:59", owner: sales}
"""


@pytest.fixture(scope="module")
def east() -> Iterator[StageServer]:
    """An orchestrator with which all is well."""
    stage = Stage()
    for key in ("load_orders", "order_report", "sync_stock", "score_leads", "bill_customers"):
        stage.add_pipeline(key, owners=["ada"])
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    """Who is told."""
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
async def on_call(tmp_path_factory, east: StageServer, inbox: Inbox) -> AsyncIterator[GatewayProcess]:
    """A gateway that tells somebody at once."""
    alerts = f"""
alerts:
  receivers: [{{name: hook, webhook: {{url: '{inbox.url}'}}}}]
  route: {{receiver: hook, group_wait: 1s, group_interval: 1s}}
"""
    process = GatewayProcess(tmp_path_factory.mktemp("on-call"), hurry=HURRY)
    await process.start(config_of(entry("east", east.url)) + WHAT_ELSE + alerts)
    await eventually(lambda: knows_what_waits(process.url), within=30, every=0.5)
    yield process
    await process.stop()


async def knows_what_waits(url: str) -> bool:
    """Whether the graph has the new pipelines; it looks for them every ten seconds."""
    start = '{pipeline: {orchestrator: "east", key: "load_orders"}}'
    query = f"{{lineage(start: {start}, granularity: PIPELINE) {{nodes {{__typename}}}}}}"
    async with httpx.AsyncClient() as client:
        said = (await client.post(f"{url}/graphql", json={"query": query})).json()
    return len((said["data"] or {"lineage": {"nodes": ()}})["lineage"]["nodes"]) == 2


def row(page: Page, pipeline: str, table: str = "Open incidents") -> Locator:
    """An incident's row in a list."""
    return page.get_by_role("table", name=table).get_by_role("row").filter(has_text=f"east/{pipeline} failed")


async def fail(page: Page, gateway: GatewayProcess, stage: Stage, pipeline: str) -> str:
    """Let a pipeline fail, and open the incident; its address."""
    stage.put(f"{pipeline}-failed", RunState.FAILED, pipeline)
    await page.goto(f"{gateway.url}/incidents")
    await row(page, pipeline).get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1, name=f"east/{pipeline} failed")).to_be_visible()
    return page.url


@pytest.mark.slow
async def test_from_a_failure_until_all_is_well_again(
    page: Page, on_call: GatewayProcess, east: StageServer, inbox: Inbox
):
    await page.goto(f"{on_call.url}/incidents")
    await expect(page.get_by_text("All is well")).to_be_visible()
    await expect(page.get_by_text("podium alerts test data-chat")).to_be_visible()
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.evaluate("window.sameDocument = true")

    east.stage.put("orders-1", RunState.FAILED, "load_orders")
    found = row(page, "load_orders")
    await expect(found).to_contain_text("Error")
    await expect(found).to_contain_text("2 pipelines")
    await expect(found).to_contain_text("1 SLA")
    await expect(found).to_contain_text("ada, sales")
    await expect(page.get_by_role("navigation").get_by_role("link", name="Incidents")).to_have_text("Incidents1 open")

    await found.get_by_role("link").click()
    state = page.get_by_role("main").locator("header").first
    await expect(state).to_contain_text("Open")
    spread = page.get_by_role("list", name="From the cause to what it hurts")
    report = spread.get_by_role("link", name="order_report, pipeline in east, after load_orders")
    await expect(report).to_be_visible()
    await expect(spread.get_by_role("link", name="load_orders, root cause")).to_be_visible()
    await expect(spread.get_by_text("Root cause")).to_be_visible()
    promise = spread.get_by_role("link", name="report-by-midnight, SLA on east/order_report")
    await expect(promise).to_have_attribute("href", re.compile(r"/slas/report-by-midnight$"))
    await page.get_by_role("radio", name="As a list").click()
    await expect(spread.get_by_role("listitem").filter(has_text="order_report").last).to_contain_text("after")
    await expect(page.get_by_role("link", name="Open in lineage")).to_have_attribute(
        "href", re.compile("/lineage.node=")
    )
    await expect(page.get_by_role("region", name="What it hurts")).to_contain_text("report-by-midnight")
    await expect(state).to_contain_text("hurts 2 pipelines, 1 SLA")
    cause = page.get_by_role("group", name="Root cause")
    await expect(cause).to_contain_text("Task check failed after 2 attempts.")
    await cause.get_by_role("button", name="Show log").click()
    await expect(cause.get_by_role("region", name="Log of check")).to_contain_text("check attempt 2, line 300")
    await expect(cause.get_by_role("link", name="Open in east")).to_have_attribute(
        "href", "https://stage.example.com/load_orders/orders-1"
    )
    await expect(page.get_by_role("region", name="Notifications")).to_contain_text("Sent")
    assert inbox.told()[0] == ("opened", "east/load_orders failed (run orders-1)")
    history = page.get_by_role("region", name="Timeline")
    await expect(history).to_contain_text("Lets hook know that it has opened.")

    await page.get_by_role("button", name="Acknowledge").click()
    dialog = page.get_by_role("dialog", name="Acknowledge this incident?")
    await dialog.get_by_label("Comment").fill("The disk is full.")
    await dialog.get_by_role("button", name="Acknowledge").click()
    await expect(dialog).to_have_count(0)
    await expect(state).to_contain_text("Acknowledged")
    await expect(history).to_contain_text("The disk is full.")
    await expect(history).to_contain_text("Lets hook know that it is taken care of.")

    east.stage.put("orders-2", RunState.SUCCESS, "load_orders")
    await expect(cause).to_contain_text("well again since")
    await expect(state).to_contain_text("Resolved", timeout=UNTIL_CALM)
    await expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    assert await page.evaluate("window.sameDocument") is True
    await page.get_by_role("link", name="Incidents").click()
    await expect(row(page, "load_orders", "Resolved incidents")).to_be_visible()


async def test_a_link_in_a_message_asks_to_acknowledge_at_once(page: Page, on_call: GatewayProcess, east: StageServer):
    address = await fail(page, on_call, east.stage, "sync_stock")
    dialog = page.get_by_role("dialog", name="Acknowledge this incident?")
    for ending in ("?acknowledge", "?acknowledge="):
        await page.goto(address + ending)
        await expect(dialog).to_contain_text("east/sync_stock failed")
        assert await accessibility_faults(page) == []
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(page).to_have_url(address)
    await page.goto(f"{address}?acknowledge")
    await dialog.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_role("region", name="Incident", exact=True)).to_contain_text("by local")
    await expect(page).to_have_url(address)


async def test_how_it_spreads_is_asked_for_again_where_that_failed(
    page: Page, on_call: GatewayProcess, east: StageServer, complaints: Complaints
):
    complaints.expect("503")
    is_away = True

    async def answer(route: Route) -> None:
        if is_away and "IncidentSpread" in (route.request.post_data or ""):
            await route.fulfill(status=503, body="away")
        else:
            await route.fallback()

    await page.route("**/graphql", answer)
    await fail(page, on_call, east.stage, "sync_stock")
    hurt = page.get_by_role("region", name="What it hurts")
    await expect(hurt.get_by_role("alert")).to_contain_text("The gateway answered 503.")
    is_away = False
    await hurt.get_by_role("button", name="Retry").click()
    await expect(hurt.get_by_role("link", name="sync_stock, root cause")).to_be_visible()
    await expect(hurt.get_by_role("alert")).to_have_count(0)


async def test_a_silence_is_made_from_the_cause_and_ended(page: Page, on_call: GatewayProcess, east: StageServer):
    await fail(page, on_call, east.stage, "score_leads")
    state = page.get_by_role("main").locator("header").first
    await page.get_by_role("button", name="Silence").click()
    dialog = page.get_by_role("dialog", name="Silence this incident?")
    await expect(dialog.get_by_role("checkbox", name='pipeline="score_leads"')).to_be_checked()
    await expect(dialog.get_by_role("checkbox", name='signal="run_failed"')).not_to_be_checked()
    await dialog.get_by_role("radio", name="4 hours").click()
    await dialog.get_by_label("Comment").fill("It is being rebuilt.")
    await dialog.get_by_role("button", name="Silence for 4 hours").click()
    silences = page.get_by_role("region", name="Silences")
    await expect(silences).to_contain_text("“It is being rebuilt.” · by local · ends in ")
    await expect(state).to_contain_text("Silenced")

    await silences.get_by_role("button", name="End").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="End silence").click()
    await expect(silences).to_have_count(0)
    await expect(state).to_contain_text("Open")
    await page.get_by_role("button", name="Resolve").click()
    dialog = page.get_by_role("dialog", name="Resolve this incident?")
    await expect(dialog).to_contain_text("One thing is still wrong and will be left alone")
    await dialog.get_by_role("button", name="Resolve").click()
    await expect(state).to_contain_text("Resolved")


async def test_the_overview_names_what_is_open_and_filters_stand_in_the_address(
    page: Page, on_call: GatewayProcess, east: StageServer
):
    await page.goto(on_call.url)
    east.stage.put("bills-failed", RunState.FAILED, "bill_customers")
    panel = page.get_by_role("region", name="Open incidents")
    await panel.get_by_role("link", name="east/bill_customers failed").click()
    await expect(page.get_by_role("heading", level=1, name="east/bill_customers failed")).to_be_visible()
    await page.get_by_role("link", name="Incidents").click()
    filters = page.get_by_role("search", name="Filter incidents")
    await filters.get_by_role("button", name="Error").click()
    await filters.get_by_role("button", name="Open", exact=True).click()
    await expect(page).to_have_url(f"{on_call.url}/incidents?state=OPEN&severity=ERROR")
    await expect(row(page, "bill_customers")).to_be_visible()
    await expect(page.get_by_role("region", name="Resolved incidents")).to_have_count(0)

    await page.goto(f"{on_call.url}/incidents?severity=warning&orchestrator=east")
    await expect(page.get_by_text("No incident matches these filters").first).to_be_visible()
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{on_call.url}/incidents")
    await expect(row(page, "bill_customers")).to_be_visible()


async def test_an_address_of_no_incident_says_so(page: Page, on_call: GatewayProcess):
    for unknown in ("999999", "nothing"):
        await page.goto(f"{on_call.url}/incidents/{unknown}")
        await expect(page.get_by_role("alert")).to_be_visible()
