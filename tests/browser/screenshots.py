"""Pictures of every page, in both themes and at two widths, for the documentation: ``make screenshots``.

Without ``--url`` the pictures are of a gateway of its own that follows three stages playing Airflow, Prefect and
Dagster, with a morning's runs. With ``--url`` they are of a gateway that runs already, such as ``make demo``'s.
"""

import argparse
import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, expect

from gateway.domain.states import RunState, RunTrigger
from tests.browser.chromium import NARROW, WIDE, browser
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
PLAYED_BY = {
    "airflow": "tests.browser.stage_adapter:AsAirflow",
    "prefect": "tests.browser.stage_adapter:AsPrefect",
    "dagster": "tests.browser.stage_adapter:AsDagster",
}


@dataclass(frozen=True)
class Play:
    """One stage: what it plays, and its pipelines with schedule and minutes between runs."""

    name: str
    kind: str
    version: str
    pipelines: dict[str, tuple[str | None, int]]


PLAYS = (
    Play("airflow-prod", "airflow", "3.3.2", {
        "ingest_sales": ("*/30 * * * *", 30), "load_customers": ("@hourly", 60), "export_finance": ("0 6 * * *", 400),
        "dbt_snapshots": ("0 */2 * * *", 120), "quality_checks": (None, 95),
    }),
    Play("prefect-crm", "prefect", "3.8.8", {
        "crm-sync": ("every 15 minutes", 15), "lead-scoring": ("0 * * * *", 60), "newsletter": (None, 300),
    }),
    Play("dagster-analytics", "dagster", "1.13.27", {
        "marts": ("asset-triggered", 45), "churn_model": ("0 5 * * *", 350), "daily_report": ("30 6 * * *", 390),
    }),
    Play("airflow-legacy", "airflow", "2.11.2", {"payments": ("@daily", 500)}),
)  # fmt: skip


def rehearse(play: Play) -> Stage:
    """A stage with the last hours' runs."""
    stage = Stage(version=play.version)
    now = datetime.now(UTC).replace(microsecond=0)
    for place, (key, (schedule, minutes)) in enumerate(play.pipelines.items()):
        stage.add_pipeline(
            key,
            schedule=schedule,
            timezone="Europe/Zurich",
            owners=["data-platform"],
            tags=["prod"],
            is_paused=key == "newsletter",
            description=f"Brings {key.replace('_', ' ').replace('-', ' ')} up to date.",
            next_run_at=None if schedule is None else now + timedelta(minutes=minutes / 2),
        )
        for back in range(8 * 60 // minutes, -1, -1):
            _perform(stage, key, schedule, now - timedelta(minutes=back * minutes + 3 * place + 2), number=back + place)
    return stage


def _perform(stage: Stage, key: str, schedule: str | None, queued: datetime, *, number: int) -> None:
    state = RunState.FAILED if number % 7 == 3 else RunState.SUCCESS
    seconds = 35 + 47 * (number % 5)
    is_new = datetime.now(UTC) - queued < timedelta(minutes=6)
    if is_new and number % 2 == 0:
        state = RunState.RUNNING
    started = queued + timedelta(seconds=2)
    run = stage.put(
        f"{key}-{queued:%Y%m%dT%H%M}",
        state,
        key,
        trigger=RunTrigger.MANUAL if schedule is None or number % 9 == 5 else RunTrigger.SCHEDULE,
        logical_at=queued.replace(minute=0, second=0),
        parameters={"day": f"{queued:%Y-%m-%d}", "full_refresh": False},
        queued_at=queued,
        started_at=started,
    )
    if state is not RunState.RUNNING:
        stage.runs[run.external_id] = replace(run, ended_at=started + timedelta(seconds=seconds))


@contextlib.asynccontextmanager
async def staged() -> AsyncGenerator[str]:
    """The address of a gateway over all plays; one of them has left the building."""
    servers = [StageServer(rehearse(play)) for play in PLAYS]
    with tempfile.TemporaryDirectory() as folder:
        gateway = GatewayProcess(Path(folder), adapters=PLAYED_BY)
        entries = [entry(play.name, server.url, kind=play.kind) for play, server in zip(PLAYS, servers, strict=True)]
        await gateway.start(config_of(*entries))
        try:
            await eventually(lambda: _is_read(gateway.url, servers), within=60, every=0.5)
            servers[-1].stop()
            await eventually(lambda: _has_lost_one(gateway.url), within=60, every=0.5)
            yield gateway.url
        finally:
            await gateway.stop()
            for server in servers:
                server.stop()


async def _ask(url: str, query: str) -> Any:
    async with httpx.AsyncClient() as client:
        return (await client.post(f"{url}/graphql", json={"query": query})).json()["data"]


async def _is_read(url: str, servers: list[StageServer]) -> bool:
    """Whether every run of every stage has come in, with its tasks."""
    said = await _ask(url, "{runs(first: 200) {totalCount edges {node {taskRuns {task}}}}}")
    complete = all(edge["node"]["taskRuns"] for edge in said["runs"]["edges"])
    return complete and said["runs"]["totalCount"] == sum(len(server.stage.runs) for server in servers)


async def _has_lost_one(url: str) -> bool:
    said = await _ask(url, "{orchestrators {status}}")
    return {"status": "UNREACHABLE"} in said["orchestrators"]


@contextlib.asynccontextmanager
async def empty() -> AsyncGenerator[str]:
    """The address of a gateway that follows nothing yet."""
    with tempfile.TemporaryDirectory() as folder:
        gateway = GatewayProcess(Path(folder))
        await gateway.start()
        try:
            yield gateway.url
        finally:
            await gateway.stop()


async def overview(page: Page) -> None:
    """The first page."""
    await expect(page.get_by_role("article").first).to_be_visible()
    await expect(page.get_by_role("region", name="Pipelines").get_by_role("listitem").first).to_be_visible()
    await expect(page.get_by_role("table", name="Latest runs").get_by_role("row").nth(3)).to_be_visible()


async def run(page: Page) -> None:
    """A failed run, with the log of what failed."""
    await page.get_by_role("button", name="Failed", exact=True).click()
    first = page.get_by_role("table", name="Latest runs").get_by_role("row").nth(1)
    await expect(first).to_contain_text("Failed")
    await first.get_by_role("link").first.click()
    await page.get_by_role("region", name="Task runs").get_by_role("button").filter(has_text="Failed").first.click()
    await page.get_by_role("button", name="Show log").first.click()
    await expect(page.get_by_role("region", name="Log")).to_be_visible()


async def pipeline(page: Page) -> None:
    """A pipeline with its runs and tasks."""
    await page.get_by_role("region", name="Pipelines").get_by_role("link").nth(1).click()
    await expect(page.get_by_role("region", name="Tasks")).to_be_visible()
    await expect(page.get_by_role("table")).to_be_visible()


async def trigger(page: Page) -> None:
    """Starting a run by hand."""
    await page.get_by_role("region", name="Pipelines").get_by_role("button", name="Actions for").first.click()
    await page.get_by_role("menuitem", name="Trigger run").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def first_steps(page: Page) -> None:
    """What an empty Podium says."""
    await expect(page.get_by_text("Connect your first orchestrator")).to_be_visible()


Pose = Callable[[Page], Awaitable[None]]


async def picture(launched: Browser, url: str, pose: Pose) -> None:
    """One page, four times."""
    for theme in ("light", "dark"):
        for size in (WIDE, NARROW):
            context = await launched.new_context(
                viewport=size, color_scheme=theme, reduced_motion="reduce", locale="en-GB", timezone_id="Europe/Zurich"
            )
            page = await context.new_page()
            await page.goto(url)
            await pose(page)
            await page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
            target = FOLDER / f"{pose.__name__.replace('_', '-')}-{theme}-{size['width']}.png"
            await page.screenshot(path=target)
            print(target.relative_to(FOLDER.parents[1]))
            await context.close()


async def main(url: str | None) -> None:
    """All pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with browser() as launched:
        async with contextlib.nullcontext(url) if url else staged() as address:
            for pose in (overview, run, pipeline, trigger):
                await picture(launched, address, pose)
        async with empty() as address:
            await picture(launched, address, first_steps)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a gateway that runs already")
    asyncio.run(main(parser.parse_args().url))
