"""Pictures of every page, in both themes and at two widths, for the documentation: ``make screenshots``.

Without ``--url`` the pictures are of a gateway of its own that follows three stages playing Airflow, Prefect and
Dagster, with a morning's runs. With ``--url`` they are of a gateway that runs already, such as ``make demo``'s.
"""

import argparse
import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, expect

from tests.alerts.receiving import receiving
from tests.browser.chromium import NARROW, WIDE, browser
from tests.browser.gateway import GatewayProcess
from tests.browser.plays import LEAVES, PLAYED_BY, PLAYS, config, emit_lineage, rehearse
from tests.browser.stage import StageServer
from tests.waiting import eventually

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"


@contextlib.asynccontextmanager
async def staged() -> AsyncGenerator[str]:
    """The address of a gateway over all plays, after a bad morning; one of them has left the building."""
    servers = {play.name: StageServer(rehearse(play)) for play in PLAYS}
    with tempfile.TemporaryDirectory() as folder, receiving() as inbox, receiving() as refusing:
        refusing.answers = [(410, {}, {"error": "This channel has been archived."})] * 50
        gateway = GatewayProcess(Path(folder), adapters=PLAYED_BY)
        urls = {name: server.url for name, server in servers.items()}
        await gateway.start(config(urls, inbox.url, refusing.url))
        try:
            await emit_lineage(gateway.url)
            await eventually(lambda: _is_read(gateway.url, list(servers.values())), within=60, every=0.5)
            await eventually(lambda: _is_told(gateway.url), within=60, every=0.5)
            await _take_care(gateway.url)
            servers[LEAVES].stop()
            await eventually(lambda: _has_lost_one(gateway.url), within=60, every=0.5)
            yield gateway.url
        finally:
            await gateway.stop()
            for server in servers.values():
                server.stop()


async def _is_told(url: str) -> bool:
    """Whether the incident with the most in it is whole, and every message about it sent or given up."""
    said = await _ask(url, "{incidents {edges {node {title signals {id} notifications {state}}}}}")
    found = [edge["node"] for edge in said["incidents"]["edges"] if "ingest_sales" in edge["node"]["title"]]
    told = [one["state"] for node in found for one in node["notifications"]]
    return bool(found) and len(found[0]["signals"]) >= 3 and "FAILED" in told and "PENDING" not in told


async def _take_care(url: str) -> None:
    """Somebody has one of them in hand, is done with another, and knows of a third that it will go on."""
    said = await _ask(url, "{incidents {edges {node {id title}}}}")
    ids = {edge["node"]["title"].split(" ")[0]: edge["node"]["id"] for edge in said["incidents"]["edges"]}
    await _ask(url, f"""mutation {{
      acknowledgeIncident(id: "{ids["airflow-prod/dbt_snapshots"]}", comment: "A lock; looking into it.") {{ id }}
      resolveIncident(id: "{ids["prefect-crm/newsletter"]}", comment: "Sent by hand.") {{ id }}
      createSilence(input: {{
        matchers: [{{label: "orchestrator", value: "airflow-legacy"}}]
        endsAt: "{(datetime.now(UTC) + timedelta(hours=3)).isoformat()}" comment: "It is being moved."
      }}) {{ id }}
    }}""")  # fmt: skip


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


async def incidents(page: Page) -> None:
    """What is wrong now, and what was."""
    await page.goto(f"{page.url}incidents")
    await expect(page.get_by_role("table", name="Open incidents").get_by_role("row").nth(2)).to_be_visible()
    await expect(page.get_by_role("table", name="Resolved incidents")).to_be_visible()


async def incident(page: Page) -> None:
    """One problem in three systems."""
    await page.get_by_role("region", name="Open incidents").get_by_role("link", name="ingest_sales").click()
    await expect(page.get_by_role("list", name="From the cause")).to_contain_text("report-is-fresh")
    await expect(page.get_by_role("region", name="Notifications")).to_contain_text("Given up")


async def silence(page: Page) -> None:
    """Letting nobody be told for a while."""
    await incident(page)
    await page.get_by_role("button", name="Silence").click()
    await page.get_by_role("textbox", name="Comment").fill("The source is being migrated.")


async def slas(page: Page) -> None:
    """Every promise, by danger."""
    await page.goto(f"{page.url}slas")
    await expect(page.get_by_role("table", name="SLAs").get_by_role("row").nth(4)).to_be_visible()
    await expect(page.get_by_role("table", name="Adherence by owner")).to_be_visible()


async def sla(page: Page) -> None:
    """One promise, what it waits for, and how it was kept."""
    await page.goto(f"{page.url}slas/finance-by-noon")
    await expect(page.get_by_role("heading", level=1, name="finance-by-noon")).to_be_visible()
    await expect(page.get_by_role("table", name="History")).to_be_visible()
    await expect(page.get_by_role("grid", name="Day by day")).to_be_visible()


async def nothing_promised(page: Page) -> None:
    """The SLAs of a Podium without any."""
    await page.goto(f"{page.url}slas")
    await expect(page.get_by_text("Nothing is promised yet")).to_be_visible()


async def all_is_well(page: Page) -> None:
    """The incidents of a Podium that follows nothing yet."""
    await page.goto(f"{page.url}incidents")
    await expect(page.get_by_text("All is well")).to_be_visible()


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
            for pose in (overview, run, pipeline, trigger, incidents, incident, silence, slas, sla):
                await picture(launched, address, pose)
        async with empty() as address:
            for pose in (first_steps, all_is_well, nothing_promised):
                await picture(launched, address, pose)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a gateway that runs already")
    asyncio.run(main(parser.parse_args().url))
