"""Key figures: what is counted of known runs, over which time, and whose."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from gateway.domain.states import RunState, RunTrigger
from tests.browser.chromium import NARROW, WIDE, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually

#: Pipeline -> owner, and how its runs of two days ago ended.
RUNS = {
    "ingest_orders": ("ada", [RunState.SUCCESS] * 3 + [RunState.FAILED]),
    "load_stock": ("bob", [RunState.SUCCESS] * 4),
}


def put(stage: Stage, name: str, state: RunState, pipeline: str, ended: datetime) -> None:
    """A run of ten minutes that had waited for two."""
    began = ended - timedelta(minutes=10)
    times = {"queued_at": began - timedelta(minutes=2), "started_at": began, "ended_at": ended}
    stage.put(name, state, pipeline, trigger=RunTrigger.SCHEDULE, **times)


@pytest.fixture(scope="module")
def counted() -> Iterator[StageServer]:
    """An orchestrator whose runs are known one by one: eight two days ago, and one that failed twenty days ago."""
    stage = Stage()
    for pipeline, (owner, states) in RUNS.items():
        stage.add_pipeline(pipeline, owners=[owner], schedule="0 6 * * *")
        for number, state in enumerate(states):
            ended = datetime.now(UTC) - timedelta(days=2, minutes=20 * number)
            put(stage, f"{pipeline}-{number}", state, pipeline, ended)
    put(stage, "old", RunState.FAILED, "load_stock", datetime.now(UTC) - timedelta(days=20))
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
async def measured(tmp_path_factory, counted: StageServer) -> AsyncIterator[GatewayProcess]:
    """A gateway that has read them all."""
    process = GatewayProcess(tmp_path_factory.mktemp("measured"))
    await process.start(config_of(entry("west", counted.url)))
    await eventually(lambda: has_read(process.url, len(counted.stage.runs)), within=30, every=0.3)
    yield process
    await process.stop()


async def has_read(url: str, runs: int) -> bool:
    """Whether all runs have come in."""
    async with httpx.AsyncClient() as client:
        said = await client.post(f"{url}/graphql", json={"query": "{runs(first: 1) {totalCount}}"})
    return said.json()["data"]["runs"]["totalCount"] == runs


def card(page: Page, name: str) -> Locator:
    """One figure in total."""
    return page.get_by_role("radiogroup", name="Figures").get_by_role("radio", name=name)


async def test_figures_are_the_counted_ones(page: Page, measured: GatewayProcess):
    await page.goto(f"{measured.url}/kpis?window=7")
    await expect(card(page, "Success unaided")).to_contain_text("87.5%")
    await expect(card(page, "Success unaided")).to_contain_text("of 8 runs")
    await expect(card(page, "Running, not queued")).to_contain_text("83.3%")
    table = page.get_by_role("table", name="Key figures by pipeline")
    await expect(table.get_by_role("row", name="west/ingest_orders")).to_contain_text("75%")
    await expect(table.get_by_role("row", name="west/load_stock")).to_contain_text("100%")
    await expect(page.get_by_role("main")).to_contain_text("to now, compared with the 7 days before")
    await page.get_by_role("radio", name="Last 30 days").click()
    await expect(page).to_have_url(f"{measured.url}/kpis")
    await expect(card(page, "Success unaided")).to_contain_text("of 9 runs")
    await expect(card(page, "Success unaided")).to_contain_text("77.7%")
    await page.get_by_role("radio", name="Today").click()
    await expect(card(page, "Success unaided")).to_contain_text("of 0 runs")
    await expect(page.get_by_text("Nothing of the kind has happened in this window.")).to_be_visible()


async def test_a_figure_over_time_and_what_it_means(page: Page, measured: GatewayProcess):
    await page.goto(f"{measured.url}/kpis?window=7")
    course = page.get_by_role("region", name="Success unaided")
    await expect(course.get_by_role("group", name="Success unaided, day by day")).to_be_visible()
    box = await card(page, "Running, not queued").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 5, box["y"] - 5)
    await page.mouse.move(box["x"] + 60, box["y"] + 40, steps=6)
    await expect(page.get_by_role("tooltip")).to_contain_text("and did not wait in a queue")
    await card(page, "Running, not queued").click()
    await expect(page).to_have_url(f"{measured.url}/kpis?window=7&figure=efficiency")
    course = page.get_by_role("region", name="Running, not queued")
    await course.get_by_role("radio", name="As a table").click()
    rows = course.get_by_role("table", name="Running, not queued, day by day").get_by_role("row")
    await expect(rows).to_have_count(8)
    await expect(rows.filter(has_text="83.3%").first).to_be_visible()


async def test_the_chart_is_read_by_keyboard(page: Page, measured: GatewayProcess):
    await page.goto(f"{measured.url}/kpis?window=7&figure=incidents")
    drawing = page.get_by_role("region", name="Incidents").get_by_role("application")
    await drawing.focus()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("region", name="Incidents")).to_contain_text("opened")


async def test_whose_they_are_and_a_spreadsheet_of_them(page: Page, measured: GatewayProcess, tmp_path: Path):
    await page.goto(f"{measured.url}/kpis?window=7")
    await page.get_by_role("radio", name="By owner").click()
    table = page.get_by_role("table", name="Key figures by owner")
    await expect(table.get_by_role("row", name="ada")).to_contain_text("75%")
    await table.get_by_role("button", name="Unaided").click()
    await table.get_by_role("button", name="Unaided").click()
    await expect(page).to_have_url(f"{measured.url}/kpis?window=7&by=owner&sort=-success")
    await expect(table.get_by_role("columnheader", name="Unaided")).to_have_attribute("aria-sort", "descending")
    await expect(table.get_by_role("rowheader")).to_have_text(["bob", "ada"])
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="CSV").click()
    await (await waiting.value).save_as(tmp_path / "kpis.csv")
    lines = (tmp_path / "kpis.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("owner,runs,slas_met,slas_missed,success,")
    assert [line.split(",")[:5] for line in lines[1:]] == [["bob", "4", "0", "0", "1"], ["ada", "4", "0", "0", "0.75"]]
    await table.get_by_role("link", name="ada").click()
    await expect(card(page, "Success unaided")).to_contain_text("of 4 runs")
    await expect(page.get_by_role("row", name="west/load_stock")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_everyone_can_use_it(page: Page, measured: GatewayProcess, theme, size):
    await page.emulate_media(color_scheme=theme)
    await page.set_viewport_size(size)
    await page.goto(f"{measured.url}/kpis?window=7")
    await expect(card(page, "Success unaided")).to_contain_text("87.5%")
    await expect(page.get_by_role("group", name="Success unaided, day by day")).to_be_visible()
    await expect(page.get_by_role("row", name="west/ingest_orders")).to_be_visible()
    assert await accessibility_faults(page) == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0


async def test_where_nothing_is_connected_it_says_so(page: Page, tmp_path: Path):
    empty = GatewayProcess(tmp_path)
    await empty.start()
    try:
        await page.goto(f"{empty.url}/kpis")
        await expect(page.get_by_text("Nothing to count")).to_be_visible()
        await page.goto("about:blank")
    finally:
        await empty.stop()
