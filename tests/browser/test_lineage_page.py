"""The lineage explorer: from a name to the graph, along it, and back to it by its address."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.chromium import NARROW, WIDE, Complaints, accessibility_faults
from tests.browser.gateway import GatewayProcess
from tests.browser.tracing import find, node


async def test_from_a_name_along_the_graph_and_back_by_its_address(page: Page, traced: GatewayProcess):
    await find(page, traced, "sales.orders")
    await page.get_by_role("radio", name="2 steps", exact=True).click()
    await expect(node(page, "marts.daily_sales")).to_be_visible()
    await expect(node(page, "marts.forecast")).to_have_count(0)
    last = node(page, "marts.daily_sales")
    await expect(last).to_have_accessible_name(re.compile("1 not shown"))

    await last.click()
    about = page.get_by_role("complementary", name="About marts.daily_sales")
    await expect(about).to_contain_text("2 datasets, 2 pipelines")
    await expect(about).to_contain_text("clean_orders, 3 steps above")
    await about.get_by_role("button", name="Expand").click()
    await expect(node(page, "forecast")).to_be_visible()
    await about.get_by_role("button", name="total").click()
    await expect(about).to_contain_text("amount of sales.orders")
    await expect(about).to_contain_text("aggregation")

    await page.reload()
    await expect(node(page, "forecast")).to_be_visible()
    await expect(last).to_have_attribute("aria-pressed", "true")
    await expect(about).to_contain_text("amount of sales.orders")
    await expect(page).to_have_title("Lineage of sales.orders · Podium")


async def test_a_column_is_followed_through_the_picture(page: Page, traced: GatewayProcess):
    await find(page, traced, "marts.daily_sales")
    about = page.get_by_role("complementary", name="About marts.daily_sales")
    picture = page.get_by_role("group", name="Lineage graph")
    await expect(about.get_by_role("button", name="total")).to_be_visible()
    links = picture.locator("g:has(> title)")
    await expect(links).to_have_count(0)
    await about.get_by_role("button", name="total").click()
    await expect(links).to_have_count(2)
    ways = {
        "amount of sales.orders to total of marts.daily_sales",
        "total of marts.daily_sales to expected of marts.forecast",
    }
    assert set(await links.locator("title").all_text_contents()) == ways
    for name, column in (("sales.orders", "amount"), ("marts.daily_sales", "total"), ("marts.forecast", "expected")):
        await expect(node(page, name)).to_have_accessible_name(re.compile(f", columns {column}$"))
        row, card = await picture.get_by_text(column, exact=True).bounding_box(), await node(page, name).bounding_box()
        assert row
        assert card
        assert card["y"] < row["y"] < row["y"] + row["height"] < card["y"] + card["height"]
    drawn = await links.first.bounding_box()
    assert drawn
    assert drawn["width"] > 50
    standing_back = picture.locator("[data-role=aside]")
    for name, count in (("crm.customers", 1), ("daily_sales", 0)):
        one = page.get_by_role("button", name=re.compile(f"^{re.escape(name)},"))
        await expect(standing_back.filter(has=one)).to_have_count(count)
    await about.get_by_role("button", name="total").click()
    await expect(links).to_have_count(0)


async def test_all_that_is_hurt_is_shown_however_far_away(page: Page, traced: GatewayProcess):
    await find(page, traced, "raw.orders")
    about = page.get_by_role("complementary", name="About raw.orders")
    await expect(node(page, "reports.board")).to_have_count(0)
    await expect(about).to_contain_text("of them are not in the picture")
    await about.get_by_role("button", name="Show all of it").click()
    await expect(node(page, "reports.board")).to_be_visible()
    await expect(node(page, "crm.customers")).to_have_count(0)
    await expect(about).not_to_contain_text("not in the picture")
    await expect(page.get_by_role("radio", name="All steps")).to_be_checked()


async def test_a_click_in_the_overview_moves_the_picture(page: Page, traced: GatewayProcess):
    await find(page, traced, "sales.orders")
    await page.get_by_role("radio", name="All steps").click()
    last = node(page, "reports.board")
    await expect(last).to_be_visible()
    await expect(last).not_to_be_in_viewport()
    overview = page.locator("[data-overview]")
    box = await overview.bounding_box()
    assert box
    await overview.click(position={"x": box["width"] - 10, "y": box["height"] / 2})
    await expect(last).to_be_in_viewport()
    await expect(node(page, "raw.orders")).not_to_be_in_viewport()


async def test_the_legend_explains_what_is_in_sight(page: Page, traced: GatewayProcess):
    await find(page, traced, "marts.forecast")
    legend = page.get_by_role("list", name="Legend")
    await page.get_by_role("radio", name="1 step", exact=True).click()
    await expect(node(page, "sales.orders")).to_have_count(0)
    await expect(legend).to_contain_text("Data flows")
    await expect(legend).not_to_contain_text("Waits for it")
    await expect(legend).not_to_contain_text("Failed")
    await page.get_by_role("radio", name="All steps").click()
    await expect(legend).to_contain_text(re.compile("Failed|Open incident"))


async def test_the_keyboard_goes_along_the_edges(page: Page, traced: GatewayProcess):
    await find(page, traced, "lake.orders")
    await page.get_by_role("radio", name="1 step", exact=True).click()
    await expect(node(page, "sales.orders")).to_have_count(0)
    await node(page, "lake.orders").focus()
    await page.keyboard.press("ArrowRight")
    await expect(node(page, "clean_orders")).to_be_focused()
    await expect(page.get_by_role("complementary", name="About clean_orders")).to_contain_text("clean_orders-1")
    await page.keyboard.press("Enter")
    await expect(node(page, "sales.orders")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(node(page, "sales.orders")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await expect(node(page, "ingest_orders")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary")).to_have_count(0)


async def test_a_pipeline_leads_to_its_lineage_and_back(page: Page, traced: GatewayProcess):
    await page.goto(traced.url)
    await page.get_by_role("region", name="Pipelines").get_by_role("link", name="daily_sales").click()
    await page.get_by_role("main").get_by_role("link", name="Lineage").click()
    about = page.get_by_role("complementary", name="About daily_sales")
    await expect(about.get_by_role("link", name="west")).to_have_attribute(
        "href", "https://stage.example.com/daily_sales"
    )
    await page.get_by_role("radio", name="Upstream", exact=True).click()
    await expect(node(page, "raw.orders")).to_have_count(0)
    await page.get_by_role("radio", name="All steps").click()
    await expect(node(page, "raw.orders")).to_be_visible()
    await expect(node(page, "marts.daily_sales")).to_have_count(0)
    await page.get_by_role("radio", name="Colour by health").click()
    await expect(node(page, "clean_orders")).to_have_accessible_name(re.compile("incident|Failed"))
    await page.get_by_role("radio", name="Jobs").click()
    await expect(node(page, "clean_orders")).to_have_accessible_name(re.compile(", job, "))

    await page.get_by_role("radio", name="List").click()
    words = page.get_by_role("region", name="Lineage list")
    chosen = page.get_by_role("button", name="clean_orders", exact=True)
    await expect(words.get_by_role("listitem").filter(has=chosen)).to_contain_text("to sales.orders")
    await chosen.click()
    await page.get_by_role("complementary").get_by_role("link", name="clean_orders", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="clean_orders")).to_be_visible()


async def test_the_graph_is_taken_away_as_a_file(page: Page, traced: GatewayProcess, tmp_path: Path):
    await find(page, traced, "sales.orders")
    files = {}
    for kind in ("PNG", "SVG", "JSON"):
        await page.get_by_role("button", name="Export").click()
        async with page.expect_download() as begun:
            await page.get_by_role("menuitem", name=f"Export as {kind}").click()
        files[kind] = tmp_path / kind
        await (await begun.value).save_as(files[kind])
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    assert "clean_orders" in files["SVG"].read_text()
    told = json.loads(files["JSON"].read_text())
    assert {one["name"] for one in told["nodes"]} >= {"clean_orders", "sales.orders", "daily_sales"}
    assert told["source"] == page.url


async def test_what_cannot_be_asked_says_why_and_how_to_go_on(
    page: Page, traced: GatewayProcess, complaints: Complaints
):
    complaints.expect("502")
    await find(page, traced, "marts.daily_sales")
    broken = {"SearchLineage", "ColumnTrail", "LineageSpread"}

    async def fail(route: Route) -> None:
        asked = route.request.post_data or ""
        if any(f"query {name}(" in asked for name in broken):
            await route.fulfill(status=502, body="Bad gateway")
        else:
            await route.continue_()

    await page.route("**/graphql", fail)
    about = page.get_by_role("complementary", name="About marts.daily_sales")
    await about.get_by_role("button", name="total").click()
    trail = about.get_by_role("listitem").filter(has=page.get_by_role("alert"))
    await expect(trail.get_by_role("button", name="Retry")).to_be_visible()
    search = page.get_by_role("combobox", name="Search datasets, pipelines and jobs")
    await search.press_sequentially("sales.orders")
    header = page.locator("header").filter(has=search)
    await expect(header.get_by_role("alert")).to_be_visible()
    assert await accessibility_faults(page) == []
    broken.clear()
    await header.get_by_role("button", name="Retry").click()
    await expect(header.get_by_role("alert")).to_have_count(0)
    await trail.get_by_role("button", name="Retry").click()
    await expect(about).to_contain_text("amount of sales.orders")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_everyone_can_use_it(page: Page, traced: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    await page.goto(f"{traced.url}/lineage")
    await expect(page.get_by_role("button", name="clean_orders")).to_be_visible()
    assert await accessibility_faults(page) == []
    await page.get_by_role("button", name="clean_orders").click()
    await expect(page.get_by_role("complementary")).to_contain_text("What comes after it")
    if size is NARROW:
        await page.get_by_role("button", name="More", exact=True).click()
    for _ in range(2):
        assert await accessibility_faults(page) == []
        too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(too_wide) == 0
        await page.get_by_role("radio", name="List").click()
        await expect(page.get_by_role("region", name="Lineage list")).to_be_visible()


async def test_an_empty_podium_teaches_how_to_send_lineage(page: Page, tmp_path: Path):
    gateway = GatewayProcess(tmp_path)
    await gateway.start()
    try:
        await page.goto(gateway.url)
        await page.get_by_role("navigation").get_by_role("link", name="Lineage").click()
        await expect(page.get_by_text("No lineage yet")).to_be_visible()
        await expect(page.get_by_role("region", name="Settings")).to_contain_text(f"OPENLINEAGE_URL={gateway.url}")
        await page.goto("about:blank")
    finally:
        await gateway.stop()
