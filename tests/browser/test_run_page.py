"""Looking into a run, and acting on one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import FloatRect, Locator, Page, expect

from gateway.domain.states import RunState
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import StageServer
from tests.browser.test_overview import run_row
from tests.waiting import eventually


async def open_run(page: Page, gateway: GatewayProcess, external_id: str, pipeline: str) -> None:
    await page.goto(gateway.url)
    await run_row(page, external_id, pipeline).get_by_role("link", name=pipeline, exact=True).click()
    await expect(page.get_by_role("heading", level=1, name=pipeline)).to_be_visible()


async def open_new_run(
    page: Page,
    gateway: GatewayProcess,
    north: StageServer,
    external_id: str,
    state: RunState,
    pipeline: str = "load_customers",
    **times: datetime,
) -> None:
    """A run that nobody else looks at."""
    north.stage.put(external_id, state, pipeline, **times)
    await open_run(page, gateway, external_id, pipeline)


def task_runs(page: Page) -> Locator:
    return page.get_by_role("region", name="Task runs")


async def test_a_failed_run_says_at_once_why(page: Page, gateway: GatewayProcess):
    await open_run(page, gateway, "ingest-2", "ingest_sales")
    tasks = task_runs(page)
    await expect(tasks.get_by_role("button", name=re.compile("load.*Upstream failed"))).to_be_visible()
    latest = tasks.get_by_role("region", name="Attempt 2", exact=True)
    await expect(latest).to_contain_text("Failed")
    log = latest.get_by_role("region", name="Log of check, attempt 2")
    await expect(log).to_contain_text("check attempt 2, line 300")
    await expect(log).not_to_contain_text("line 100\n")
    await expect(latest.get_by_text("Last 200 lines")).to_be_visible()
    await latest.get_by_role("button", name="More lines").click()
    await expect(log).to_contain_text("line 100\n")
    await expect(latest.get_by_text("300 lines")).to_be_visible()
    await expect(latest.get_by_role("button", name="More lines")).to_have_count(0)
    out = page.get_by_role("link", name="Open in north").first
    await expect(out).to_have_attribute("href", "https://stage.example.com/ingest_sales/ingest-2")


async def test_a_log_has_an_address_of_its_own(page: Page, gateway: GatewayProcess):
    await open_run(page, gateway, "ingest-2", "ingest_sales")
    tasks = task_runs(page)
    first = tasks.get_by_role("region", name="Attempt 1", exact=True)
    await first.get_by_role("button", name="Show log").click()
    await expect(page).to_have_url(re.compile(r"/runs/[^/?]+\?task=check&attempt=1$"))
    await page.reload()
    await expect(first.get_by_role("region", name="Log of check, attempt 1")).to_contain_text("check attempt 1")
    await expect(tasks.get_by_role("region", name="Log of check, attempt 2")).to_have_count(0)
    await tasks.get_by_role("button", name=re.compile("check.*2 attempts")).click()
    await expect(page).to_have_url(re.compile("/runs/[^/?]+$"))
    await expect(first).to_have_count(0)


async def test_what_failed_is_counted_by_task_and_leads_to_its_incident(
    page: Page, gateway: GatewayProcess, north: StageServer
):
    await open_new_run(page, gateway, north, "ingest-broken", RunState.FAILED, "ingest_sales")
    header = task_runs(page).get_by_role("heading", name="Task runs").locator("..")
    await expect(header).to_have_text("Task runs4")
    line = page.get_by_role("paragraph").filter(has_text="Open incident:")
    await expect(line.get_by_role("link", name="ingest_sales failed")).to_be_visible()


def lines(task: str, count: int) -> str:
    return "\n".join(f"{task} line {line}" for line in range(1, count + 1))


async def test_the_log_of_a_running_task_is_followed_until_somebody_reads_further_up(
    page: Page, gateway: GatewayProcess, north: StageServer
):
    north.stage.logs["transform"] = lines("transform", 100)
    await open_new_run(page, gateway, north, "followed", RunState.RUNNING)
    await page.get_by_role("button", name=re.compile("transform.*Running")).click()
    log = page.get_by_role("region", name="Log of transform")
    await expect(log).to_contain_text("transform line 100")
    following = page.get_by_text("Following", exact=True)
    await expect(following).to_be_visible()
    north.stage.logs["transform"] = lines("transform", 120)
    await expect(log).to_contain_text("transform line 120")
    assert await log.evaluate("one => one.scrollHeight - one.scrollTop - one.clientHeight") < 2

    await log.evaluate("one => { one.scrollTop = 0 }")
    await expect(page.get_by_text("Paused while you read")).to_be_visible()
    north.stage.logs["transform"] = lines("transform", 140)
    await page.get_by_role("button", name="Follow", exact=True).click()
    await expect(following).to_be_visible()
    await expect(log).to_contain_text("transform line 140")

    north.stage.logs["transform"] = lines("transform", 160)
    north.stage.put("followed", RunState.SUCCESS)
    await expect(log).to_contain_text("transform line 160")
    await expect(following).to_have_count(0)


async def bar(page: Page, task: str, attempt: int = 1) -> FloatRect:
    row = task_runs(page).get_by_role("button", name=re.compile(task))
    box = await row.get_by_title(f"Attempt {attempt}:").bounding_box()
    assert box is not None
    return box


async def test_tasks_lie_where_they_ran(page: Page, gateway: GatewayProcess):
    await open_run(page, gateway, "ingest-2", "ingest_sales")
    extract, transform = await bar(page, "extract"), await bar(page, "transform")
    assert extract["x"] + extract["width"] == pytest.approx(transform["x"], abs=2)
    first, second = await bar(page, "check"), await bar(page, "check", attempt=2)
    assert first["width"] == pytest.approx(second["width"], abs=2)
    assert second["x"] - first["x"] == pytest.approx(2 * extract["width"], abs=3)
    load = task_runs(page).get_by_role("button", name=re.compile("load"))
    await expect(load.get_by_title("Attempt")).to_have_count(0)


async def test_a_task_that_runs_grows(page: Page, gateway: GatewayProcess, north: StageServer):
    begun = datetime.now(UTC) - timedelta(seconds=5)
    await open_new_run(page, gateway, north, "growing", RunState.RUNNING, started_at=begun)

    async def ratio() -> float:
        return (await bar(page, "transform"))["width"] / (await bar(page, "extract"))["width"]

    before = await ratio()
    after = await eventually(ratio, lambda now: now > before + 0.2, within=20, every=0.2)
    assert after > before
    north.stage.put("growing", RunState.SUCCESS)


async def test_a_run_has_an_address_of_its_own(page: Page, gateway: GatewayProcess):
    await open_run(page, gateway, "ingest-1", "ingest_sales")
    await expect(page).to_have_title("ingest_sales ingest-1 · success · Podium")
    await page.reload()
    await expect(page.get_by_role("heading", level=1, name="ingest_sales")).to_be_visible()
    await page.get_by_role("link", name="Podium, overview").click()
    await expect(page.get_by_role("table", name="Latest runs")).to_be_visible()


async def test_an_address_of_no_run_says_so(page: Page, gateway: GatewayProcess):
    await page.goto(f"{gateway.url}/runs/nothing")
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.goto(f"{gateway.url}/no/such/page")
    await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


async def test_a_triggered_run_is_there_at_once_and_followed(page: Page, gateway: GatewayProcess, north: StageServer):
    await page.goto(gateway.url)
    await page.get_by_role("button", name="Actions for daily_report").first.click()
    await page.get_by_role("menuitem", name="Trigger run").click()
    dialog = page.get_by_role("dialog", name="Trigger daily_report")
    await dialog.get_by_label("Parameters").fill('{"day": "2026-05-01"}')
    await dialog.get_by_role("button", name="Trigger run").click()

    await expect(page.get_by_role("heading", level=1, name="daily_report")).to_be_visible()
    facts = page.get_by_role("region", name="Run", exact=True)
    await expect(facts).to_contain_text('"day": "2026-05-01"')
    made = [run for run in north.stage.runs.values() if run.pipeline_key == "daily_report"]
    assert len(made) == 1
    north.stage.put(made[0].external_id, RunState.RUNNING)
    await expect(page.get_by_role("button", name=re.compile("transform"))).to_contain_text("Running")
    north.stage.put(made[0].external_id, RunState.SUCCESS)
    await expect(page.get_by_role("banner").or_(page.locator("main")).get_by_text("Success").first).to_be_visible()


async def refuse(page: Page, action: str, question: str, words: str) -> None:
    """Press a button, read what it would do, and leave things as they are."""
    await page.get_by_role("button", name=action).click()
    dialog = page.get_by_role("alertdialog", name=question)
    await expect(dialog).to_contain_text(words)
    await dialog.get_by_role("button", name="Keep as it is").click()
    await expect(dialog).to_have_count(0)


async def agree(page: Page, action: str, word: str | None = None) -> None:
    """Press a button, and then the one that means it."""
    await page.get_by_role("button", name=action).click()
    dialog = page.get_by_role("alertdialog")
    await dialog.get_by_role("button", name=word or action).click()
    await expect(dialog).to_have_count(0)


async def test_cancelling_asks_first_and_says_what_will_happen(page: Page, gateway: GatewayProcess, north: StageServer):
    await open_new_run(page, gateway, north, "to-cancel", RunState.RUNNING)
    await refuse(page, "Cancel run", "Cancel this run of load_customers?", "Podium asks north to stop it")
    assert north.stage.runs["to-cancel"].state is RunState.RUNNING
    await agree(page, "Cancel run")
    await expect(page.get_by_role("button", name="Retry run")).to_be_visible()
    assert north.stage.runs["to-cancel"].state is RunState.CANCELLED


async def test_retrying_asks_first_and_says_what_will_happen(page: Page, gateway: GatewayProcess, north: StageServer):
    await open_new_run(page, gateway, north, "to-retry", RunState.FAILED)
    words = "Podium asks north to run again what did not succeed"
    await refuse(page, "Retry run", "Retry this run of load_customers?", words)
    assert north.stage.runs["to-retry"].state is RunState.FAILED
    await agree(page, "Retry run")
    await expect(page.get_by_role("button", name="Cancel run")).to_be_visible()
    await expect(page.get_by_role("main").locator("header").first).to_contain_text("Queued")
    assert north.stage.runs["to-retry"].attempt == 2
    north.stage.put("to-retry", RunState.SUCCESS)
    await expect(page.get_by_role("button", name="Retry run")).to_be_disabled()
    await expect(page.get_by_role("button", name="Retry run")).to_have_accessible_description(
        "Only a failed or cancelled run can be retried."
    )


async def test_a_schedule_is_paused_from_its_pipeline(page: Page, gateway: GatewayProcess, north: StageServer):
    await page.goto(gateway.url)
    await page.get_by_role("region", name="Pipelines").get_by_role("link", name="load_customers").click()
    await refuse(page, "Pause schedule", "Pause the schedule of load_customers?", "Runs that are going on go on")
    assert north.stage.pipelines["load_customers"].is_paused is False
    await agree(page, "Pause schedule", "Pause")
    await expect(page.get_by_role("button", name="Resume schedule")).to_be_visible()
    assert north.stage.pipelines["load_customers"].is_paused is True
    north.stage.add_pipeline("load_customers", schedule="@hourly")


async def test_a_pipeline_is_resumed_from_its_page(page: Page, gateway: GatewayProcess, north: StageServer):
    await page.goto(gateway.url)
    # By its key: what stands above it may still grow while a pointer aims.
    await page.get_by_role("region", name="Pipelines").get_by_role("link", name="daily_report").press("Enter")
    await expect(page.get_by_role("heading", level=1, name="daily_report")).to_be_visible()
    tasks = page.get_by_role("region", name="Tasks", exact=True)
    await expect(tasks.get_by_label(re.compile("^load, .*after "))).to_be_visible()
    await refuse(page, "Resume schedule", "Resume the schedule of daily_report?", "starts its scheduled runs again")
    await agree(page, "Resume schedule", "Resume")
    await expect(page.get_by_role("button", name="Pause schedule")).to_be_visible()
    assert north.stage.pipelines["daily_report"].is_paused is False
    north.stage.add_pipeline("daily_report", is_paused=True)
