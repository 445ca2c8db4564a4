"""The last 24 hours over all orchestrators: seen, moved through, and followed from system to system, in a browser."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, Route, expect

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, WIDE, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.lanes import TIME, bars, focused, left, opened, timeline, width, zoomed_into
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually

DEPENDENCIES = """
dependencies:
  - {name: marts-after-orders, keyed_by: run, upstream: [shop/orders], target: warehouse/marts}
slas:
  - {name: nightly-is-fresh, pipeline: shop/nightly, kind: freshness, limit: 8h, owner: shop}
  - {name: stock-is-fresh, pipeline: shop/stock, kind: freshness, limit: 1h, owner: shop}
"""
MINUTE = timedelta(minutes=1)


def serving(stage: Stage) -> Iterator[StageServer]:
    server = StageServer(stage)
    yield server
    server.stop()


def ran(stage: Stage, key: str, begin: int, end: int | None, state: RunState = RunState.SUCCESS) -> None:
    """From so many minutes ago to so many."""
    now = datetime.now(UTC)
    times = {"queued_at": now - begin * MINUTE, "started_at": now - begin * MINUTE}
    ended = {} if end is None else {"ended_at": now - end * MINUTE}
    stage.put(f"{key}-{begin}", state, key, **times, **ended)


@pytest.fixture(scope="module")
def shop() -> Iterator[StageServer]:
    """An orchestrator with a day behind it."""
    stage = Stage()
    for key in ("orders", "stock", "returns"):
        stage.add_pipeline(key)
    stage.add_pipeline("nightly", next_run_at=datetime.now(UTC) + 40 * MINUTE)
    for hours in range(1, 12):
        ran(stage, "stock", 60 * hours, 60 * hours - 20)
    ran(stage, "returns", 300, 280, RunState.FAILED)
    ran(stage, "nightly", 600, 560)
    ran(stage, "orders", 90, 70)
    yield from serving(stage)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[StageServer]:
    """Another one, whose runs wait for those of the first."""
    stage = Stage()
    stage.add_pipeline("marts")
    ran(stage, "marts", 200, 180)
    yield from serving(stage)


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory, shop: StageServer, warehouse: StageServer) -> AsyncIterator[GatewayProcess]:
    """A gateway over both."""
    process = GatewayProcess(tmp_path_factory.mktemp("timeline"))
    await process.start(config_of(entry("shop", shop.url), entry("warehouse", warehouse.url)) + DEPENDENCIES)
    runs = len(shop.stage.runs) + len(warehouse.stage.runs)
    await eventually(lambda: has_read(process.url, runs), within=30, every=0.2)
    yield process
    await process.stop()


async def has_read(url: str, runs: int) -> bool:
    async with httpx.AsyncClient() as client:
        said = (await client.post(f"{url}/graphql", json={"query": "{runs {totalCount}}"})).json()
    return said["data"]["runs"]["totalCount"] >= runs


async def test_what_has_failed_stands_on_top_and_a_bar_opens_its_run(page: Page, gateway: GatewayProcess):
    await opened(page, gateway)
    lanes = timeline(page).get_by_role("list", name="Runs of")
    assert await lanes.first.get_attribute("aria-label") == "Runs of returns"
    await expect(bars(page, "stock")).to_have_count(11)
    await expect(timeline(page).get_by_title("Expected to start")).to_be_visible()

    await bars(page, "returns").hover()
    card = timeline(page).locator("[class*=card]")
    await expect(card).to_contain_text("returns")
    await expect(card).to_contain_text("shop")
    await expect(card).to_contain_text("Failed")
    await expect(card).to_contain_text("took 20m 00s")
    await bars(page, "returns").click()
    await expect(page.get_by_role("heading", level=1, name="returns")).to_be_visible()


async def test_a_run_begins_grows_and_ends_without_a_reload(page: Page, gateway: GatewayProcess, shop: StageServer):
    await opened(page, gateway)
    await page.evaluate("window.sameDocument = true")
    await expect(bars(page, "orders")).not_to_have_count(0)
    before = await bars(page, "orders").count()
    for _ in range(14):
        await timeline(page).get_by_role("button", name="Zoom in").click()
    shop.stage.put("orders-live", RunState.RUNNING, "orders")
    running = bars(page, "orders").and_(page.get_by_label("Running"))
    await expect(running).to_have_count(1)
    was = await width(running)

    async def has_grown() -> bool:
        return await width(running) > was + 3

    await eventually(has_grown, within=20, every=0.2)
    shop.stage.put("orders-live", RunState.FAILED)
    failed = bars(page, "orders").and_(page.get_by_label("Failed"))
    await expect(failed).to_have_count(1)
    place = await left(failed)

    async def has_moved() -> bool:
        return await left(failed) < place - 3

    await eventually(has_moved, within=20, every=0.2)  # now goes on, and what is over stays behind it
    assert await page.evaluate("window.sameDocument") is True
    await timeline(page).get_by_role("button", name="Show all of it").click()
    await expect(bars(page, "orders")).to_have_count(before + 1)
    # It stands higher now, which the gateway says.
    group = timeline(page).get_by_text("2 failing")
    await expect(group).to_be_visible()


async def test_zoomed_and_moved_by_wheel_pointer_and_choice(page: Page, gateway: GatewayProcess):
    await opened(page, gateway)
    bar = bars(page, "returns")
    await zoomed_into(page, bar)
    box = await bar.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 100, y, steps=5)
    await page.mouse.up()
    assert await left(bar) == pytest.approx(box["x"] + 100, abs=3)
    # A move that ends on a bar opens nothing.
    await expect(page).to_have_url(re.compile(rf"^{gateway.url}/\?from=[^&]+&to=[^&]+$"))

    await timeline(page).get_by_role("radio", name="Last 6 hours").click()
    await expect(page).to_have_url(f"{gateway.url}/?span=6h")
    await expect(bars(page, "nightly")).to_have_count(0)
    await expect(bars(page, "returns")).to_have_count(1)


async def test_a_link_shows_the_same_place_and_leads_back_to_now(page: Page, gateway: GatewayProcess):
    await opened(page, gateway, "?lanes=mixed")
    now = timeline(page).get_by_text("Now", exact=True)
    await expect(now).to_be_visible()
    await zoomed_into(page, bars(page, "returns"))
    await expect(page).to_have_url(re.compile(r"/\?lanes=mixed&from=[^&]+Z&to=[^&]+Z$"))
    before = await left(bars(page, "returns")), await width(bars(page, "returns"))
    failed = page.get_by_role("list", name="Runs at a glance").get_by_role("link").filter(has_text="Failed")
    await expect(failed).to_have_attribute("href", re.compile(r"lanes=mixed&from=[^&]+Z&to=[^&]+Z"))
    await page.reload()
    await expect(bars(page, "returns")).to_be_visible()
    await expect(now).to_have_count(0)
    assert (await left(bars(page, "returns")), await width(bars(page, "returns"))) == pytest.approx(before, abs=2)

    await timeline(page).get_by_role("button", name="Back to now").click()
    await expect(now).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/\?lanes=mixed&from=[^&]+Z$"))
    await page.reload()
    await expect(now).to_be_visible()
    await expect(timeline(page).get_by_role("button", name="Back to now")).to_have_count(0)
    await timeline(page).get_by_role("button", name="Show all of it").click()
    await expect(page).to_have_url(f"{gateway.url}/?lanes=mixed")
    await expect(bars(page, "nightly")).to_have_count(1)


async def test_a_link_to_something_older_than_what_is_usually_shown(page: Page, gateway: GatewayProcess):
    begin, end = (f"{datetime.now(UTC) - ago * MINUTE:%Y-%m-%dT%H:%M:%SZ}" for ago in (310, 270))
    await opened(page, gateway, f"?span=1h&from={begin}&to={end}")
    assert await width(bars(page, "returns")) > 300
    await timeline(page).get_by_role("radio", name="Last 6 hours").click()
    await expect(page).to_have_url(f"{gateway.url}/?span=6h")
    await expect(timeline(page).get_by_text("Now", exact=True)).to_be_visible()

    await opened(page, gateway, "?from=soon&to=later")
    await expect(timeline(page).get_by_text("Now", exact=True)).to_be_visible()


async def test_flags_say_what_is_due_and_lead_to_its_promise(page: Page, gateway: GatewayProcess):
    await opened(page, gateway)
    past = timeline(page).get_by_role("link", name=re.compile(rf"^SLA nightly-is-fresh: missed, due {TIME}"))
    await expect(past).to_be_visible()
    ahead = timeline(page).get_by_role("link", name=re.compile(rf"^SLA stock-is-fresh: (on track|at risk), due {TIME}"))
    now = timeline(page).get_by_test_id("now")
    assert await left(past) < await left(now) < await left(ahead)
    legend = timeline(page).get_by_role("list", name="What the bars say")
    await expect(legend).to_contain_text(re.compile("Deadline (on track|at risk)"))

    await past.hover()
    await page.keyboard.down("Control")
    await page.mouse.wheel(0, -240)
    await page.keyboard.up("Control")
    await expect(timeline(page).get_by_role("button", name="Back to now")).to_be_visible()
    box = await past.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 60, y, steps=5)
    await page.mouse.up()
    assert await left(past) == pytest.approx(box["x"] - 60, abs=3)
    await expect(timeline(page)).to_be_visible()  # a move that ends on a flag opens nothing
    await past.click()
    await expect(page.get_by_role("heading", level=1, name="nightly-is-fresh")).to_be_visible()

    await page.set_viewport_size(NARROW)
    await opened(page, gateway, "?span=24h")
    await expect(bars(page, "nightly")).to_have_count(1)
    await expect(past).to_have_count(0)


async def test_a_line_leads_from_system_to_system(
    page: Page, gateway: GatewayProcess, shop: StageServer, warehouse: StageServer
):
    await opened(page, gateway)
    await timeline(page).get_by_role("radio", name="Last hour").click()
    shop.stage.put("orders-linked", RunState.SUCCESS, "orders")

    async def is_started() -> bool:
        return bool(warehouse.stage.keys)

    await eventually(is_started, within=30, every=0.2)
    started = bars(page, "marts").last
    await expect(started).to_have_attribute("aria-label", re.compile("^Queued"))
    await started.hover()
    card = timeline(page).locator("[class*=card]")
    await expect(card).to_contain_text("after shop/orders, by marts-after-orders", timeout=30_000)
    line = timeline(page).locator("path[marker-end]")
    await expect(line).to_have_count(1)
    box, target = await line.bounding_box(), await started.bounding_box()
    assert box is not None
    assert target is not None
    assert box["height"] > 40, "it goes from one lane to another"
    assert box["y"] - 30 < target["y"] < box["y"] + box["height"] + 30


async def test_the_keyboard_alone(page: Page, gateway: GatewayProcess):
    await opened(page, gateway)
    await timeline(page).get_by_role("button", name="Zoom in").focus()
    await page.keyboard.press("Tab")
    await expect(bars(page, "returns")).to_be_focused()
    await expect(timeline(page).locator("[class*=card]")).to_contain_text("Failed")
    await page.keyboard.press("ArrowDown")
    await expect(bars(page, "returns")).not_to_be_focused()
    for key, place in (("Home", 0), ("ArrowRight", 1), ("End", -1)):
        while await focused(page) != "stock":
            await page.keyboard.press("ArrowDown")
        await page.keyboard.press(key)
        await expect(bars(page, "stock").nth(place)).to_be_focused()
    was = await width(bars(page, "stock").last)
    await page.keyboard.press("+")
    await page.keyboard.press("+")
    await expect(bars(page, "stock").last).to_be_focused()
    assert await width(bars(page, "stock").last) > was * 2
    for _ in range(5):
        await page.keyboard.press("ArrowLeft")  # also to what is not in sight yet
    name = await page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name.startswith("Success, started")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="stock")).to_be_visible()


async def test_narrowed_together_with_the_page(page: Page, gateway: GatewayProcess):
    await opened(page, gateway)
    filters = timeline(page).get_by_role("search")
    await filters.get_by_role("button", name="Failed only").click()
    await expect(page).to_have_url(f"{gateway.url}/?state=FAILED")
    await expect(bars(page, "stock")).to_have_count(0)
    await expect(bars(page, "returns")).to_have_count(1)
    await filters.get_by_role("searchbox").fill("marts")
    await expect(timeline(page)).to_contain_text("No pipeline with such runs")
    await timeline(page).get_by_role("button", name="Show all pipelines").click()
    await expect(bars(page, "stock")).to_have_count(11)
    await filters.get_by_role("button", name="Group by orchestrator").click()
    await expect(page).to_have_url(f"{gateway.url}/?lanes=mixed")
    await expect(timeline(page).get_by_text("failing")).to_have_count(0)
    await expect(bars(page, "stock")).to_have_count(11)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_everyone_can_use_it(page: Page, gateway: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    await page.goto(gateway.url)
    await expect(bars(page, "returns")).to_have_count(1)
    assert await accessibility_faults(page) == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0
    if size is NARROW:
        await expect(timeline(page).get_by_role("radio", name="Last 6 hours")).to_be_checked()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_the_card_of_a_run_is_never_cut_off(page: Page, gateway: GatewayProcess, size):
    await page.set_viewport_size(size)
    await opened(page, gateway, "?q=returns")
    await bars(page, "returns").hover()
    card = timeline(page).locator("[class*=card]")
    await expect(card).to_contain_text("took 20m 00s")
    around, inside = await timeline(page).bounding_box(), await card.bounding_box()
    assert around is not None
    assert inside is not None
    assert around["y"] < inside["y"] < inside["y"] + inside["height"] < around["y"] + around["height"]
    assert around["x"] < inside["x"] < inside["x"] + inside["width"] < around["x"] + around["width"]


async def test_lanes_that_cannot_be_read_are_not_asked_for_without_end(page: Page, gateway: GatewayProcess):
    refused: list[str] = []

    async def answer(route: Route) -> None:
        said: Any = route.request.post_data_json
        if "query Timeline(" not in said["query"]:
            await route.continue_()
        elif said["variables"]["after"] is None:
            body = await (await route.fetch()).json()
            body["data"]["timeline"]["pageInfo"] = {"hasNextPage": True, "endCursor": "more"}
            await route.fulfill(json=body)
        else:
            refused.append(said["variables"]["after"])
            await route.fulfill(json={"errors": [{"message": "Too busy.", "extensions": {"code": "INTERNAL"}}]})

    await page.route("**/graphql", answer)
    await page.goto(gateway.url)
    fault = timeline(page).get_by_role("alert")
    await expect(fault).to_contain_text("Too busy.")
    # Once, and twice more because it might have been a hiccup.
    assert len(refused) == 3
    await fault.get_by_role("button", name="Retry").click()
    await expect(fault).to_have_count(0)
    await expect(fault).to_be_visible()
    assert len(refused) == 6
