"""What waits for what: seen to wait, seen to fire, and steered, in a browser."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.async_api import Locator, Page, expect
from ruamel.yaml import YAML

from gateway.domain.states import RunState
from tests.browser.chromium import NARROW, accessibility_faults
from tests.browser.gateway import GatewayProcess, config_of, entry
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually

DEPENDENCIES = """
dependencies:
  - name: marts-after-both
    description: "What the shop sells, once it and the customers are in."
    keyed_by: day
    timezone: Europe/Zurich
    upstream: [shop/ingest, crm/sync]
    target: shop/marts
    parameters: {day: "{{ key }}"}
    timeout: 3d
  - name: report-after-marts
    keyed_by: day
    upstream:
      - {pipeline: shop/marts, offset: 1}
      - any: [{pipeline: crm/sync, states: [success, skipped]}, shop/stock]
      - {cron: "0 22 * * *", lasts: 3h}
    target: crm/report
    on_rerun: ask
  - {name: stock-after-ingest, keyed_by: day, upstream: [shop/ingest], target: shop/stock, enabled: false}
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[StageServer]:
    """One orchestrator."""
    yield from _serving("ingest", "marts", "stock")


@pytest.fixture(scope="module")
def crm() -> Iterator[StageServer]:
    """Another one."""
    yield from _serving("sync", "report", "newsletter")


def _serving(*pipelines: str) -> Iterator[StageServer]:
    stage = Stage()
    for key in pipelines:
        stage.add_pipeline(key)
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture(scope="module")
async def waiting(tmp_path_factory, shop: StageServer, crm: StageServer) -> AsyncIterator[GatewayProcess]:
    """A gateway with dependencies between both."""
    process = GatewayProcess(tmp_path_factory.mktemp("waiting"))
    await process.start(config_of(entry("shop", shop.url), entry("crm", crm.url)) + DEPENDENCIES)
    await eventually(lambda: knows_all(process.url), within=30, every=0.2)
    yield process
    await process.stop()


async def knows_all(url: str) -> bool:
    """Whether every pipeline has come in."""
    async with httpx.AsyncClient() as client:
        said = (await client.post(f"{url}/graphql", json={"query": "{pipelines {totalCount}}"})).json()
    return said["data"]["pipelines"]["totalCount"] == 6


def row(page: Page, name: str) -> Locator:
    """A dependency in the list."""
    return page.get_by_role("list", name="Dependencies").get_by_role("listitem").filter(has_text=name)


def firing(page: Page, key: str) -> Locator:
    """A firing in the table on a dependency's page."""
    opener = page.get_by_role("button", name=key, exact=True)
    return page.get_by_role("table", name="Firings").get_by_role("row").filter(has=opener)


def day(back: int) -> datetime:
    """Noon of some day."""
    return datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=back)


async def check(page: Page) -> None:
    """Nothing serious to be said against it, and nothing cut off."""
    assert await accessibility_faults(page) == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0


async def test_it_waits_for_the_other_upstream_and_fires_without_a_reload(
    page: Page, waiting: GatewayProcess, shop: StageServer, crm: StageServer
):
    key = f"{day(1):%Y-%m-%d}"
    await page.goto(f"{waiting.url}/dependencies")
    found = row(page, "marts-after-both")
    await expect(found).to_contain_text("Has not fired yet")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.evaluate("window.sameDocument = true")

    shop.stage.put("ingest-1", RunState.SUCCESS, "ingest", logical_at=day(1))
    await expect(found).to_contain_text(f"{key}1 of 2 conditions, waiting for crm/sync")

    await found.get_by_role("link", name="marts-after-both").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("marts-after-both")
    waits = firing(page, key)
    await expect(waits).to_contain_text("Waiting")
    await waits.get_by_role("button", name=key, exact=True).click()
    story = page.get_by_role("region", name=f"What {key} waits for").get_by_role("listitem")
    await expect(story.filter(has_text="shop/ingest").get_by_label("Holds")).to_be_visible()
    await expect(story.filter(has_text="crm/sync").get_by_label("Does not hold yet")).to_be_visible()

    crm.stage.put("sync-1", RunState.SUCCESS, "sync", logical_at=day(1))
    await expect(waits).to_contain_text("2 of 2 conditions")
    link = waits.get_by_role("link", name="manual-")
    await expect(link).to_be_visible()
    started = await link.inner_text()
    assert shop.stage.runs[started].parameters == {"day": key}
    shop.stage.put(started, RunState.SUCCESS)
    await expect(waits).to_contain_text("Succeeded")
    await expect(page.get_by_role("region", name=f"What has happened to {key}")).to_contain_text("succeeded")
    assert await page.evaluate("window.sameDocument") is True
    await link.click()
    await expect(page.get_by_role("heading", level=1, name="marts")).to_be_visible()


async def test_the_map_leads_to_what_waits_and_to_what_is_started(page: Page, waiting: GatewayProcess):
    await page.goto(f"{waiting.url}/dependencies")
    drawn = page.get_by_role("region", name="Map of the dependencies")
    # Three dependencies, and the five pipelines that they join.
    await expect(drawn.get_by_role("link")).to_have_count(8)
    assert await drawn.evaluate("node => node.scrollWidth - node.clientWidth") == 0
    # Nothing waits for it: it is only started.
    await drawn.get_by_role("link", name="report", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="report")).to_be_visible()
    await page.set_viewport_size(NARROW)
    await page.goto(f"{waiting.url}/dependencies")
    await expect(row(page, "marts-after-both")).to_be_visible()
    await expect(drawn).not_to_be_visible()
    await page.get_by_text("Map", exact=True).click()
    await expect(drawn.get_by_role("link", name="marts-after-both")).to_be_visible()
    await check(page)


async def test_everyone_can_use_it(page: Page, waiting: GatewayProcess):
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for size in (None, NARROW):
            if size:
                await page.set_viewport_size(size)
            await page.goto(f"{waiting.url}/dependencies")
            await expect(row(page, "marts-after-both")).to_be_visible()
            await check(page)
            await row(page, "report-after-marts").get_by_role("link", name="report-after-marts").click()
            await expect(page.get_by_role("region", name="When")).to_contain_text("has succeeded for the day before")
            await check(page)


async def test_a_dependency_is_made_changed_and_deleted(page: Page, waiting: GatewayProcess, shop: StageServer):
    shop.stage.put("stock-1", RunState.SUCCESS, "stock", logical_at=day(2))
    await page.goto(f"{waiting.url}/dependencies")
    await page.get_by_role("link", name="New dependency").click()
    await expect(page.get_by_role("region", name="As YAML", exact=True)).to_contain_text("It is not complete yet.")
    await page.get_by_role("button", name="Create dependency").click()
    await expect(page.get_by_text("Give it a name")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("news-after-stock")
    condition = page.get_by_label("Condition 1", exact=True)
    await condition.fill("shop/sto")
    offered = "input => [...input.list.options].map(({value}) => value)"
    await eventually(lambda: condition.evaluate(offered), lambda found: found == ["shop/stock"], within=15)
    await condition.fill("shop/stok")
    await page.get_by_label("Starts").fill("crm/newsletter")
    await expect(page.get_by_role("region", name="Last 7 days")).to_contain_text("no pipeline 'stok'")
    await page.get_by_role("button", name="Create dependency").click()
    await expect(page.get_by_label("Condition 1", exact=True)).to_have_attribute("aria-invalid", "true")

    await page.get_by_label("Condition 1", exact=True).fill("shop/stock")
    await expect(page.get_by_label("Condition 1", exact=True)).not_to_have_attribute("aria-invalid", "true")
    would = page.get_by_role("list", name="What it would have fired")
    await expect(page.get_by_role("region", name="Last 7 days")).to_contain_text("It would have fired once.")
    await expect(would).to_contain_text(f"Would fire{day(2):%Y-%m-%d}")
    await page.get_by_role("button", name="Add a condition").click()
    await page.get_by_label("Condition 2", exact=True).fill("crm/report")
    await expect(would).to_contain_text("waits for crm/report")
    shown = await page.get_by_role("region", name="Its definition as YAML").inner_text()
    (written,) = YAML(typ="safe").load(shown)["dependencies"]
    assert written["upstream"] == ["shop/stock", "crm/report"]
    await check(page)
    await page.get_by_role("button", name="Create dependency").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("news-after-stock")
    await expect(page.get_by_role("region", name="Its definition as YAML")).to_have_text(shown)
    await expect(page.get_by_role("region", name="When")).to_contain_text("crm/report")

    await page.get_by_role("link", name="Edit").click()
    await page.get_by_role("button", name="Remove condition 2").click()
    await page.get_by_label("Expires after").fill("3h")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("region", name="Then")).to_contain_text("3h")
    await expect(page.get_by_role("region", name="When")).not_to_contain_text("crm/report")

    await page.get_by_role("button", name="More actions for news-after-stock").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Delete dependency").click()
    await expect(row(page, "marts-after-both")).to_be_visible()
    await expect(row(page, "news-after-stock")).to_have_count(0)


async def test_a_group_is_made_by_hand_and_found_again(page: Page, waiting: GatewayProcess):
    await page.goto(f"{waiting.url}/new-dependency")
    await page.get_by_label("Name", exact=True).fill("new")
    await page.get_by_label("Condition 1", exact=True).fill("shop/ingest")
    await page.get_by_role("button", name="Add a condition").click()
    await page.get_by_role("radio", name="Group").nth(1).click()
    group = page.get_by_role("group", name="Group 2")
    await group.get_by_label("Condition 2.1", exact=True).fill("crm/sync")
    await group.get_by_text("More conditions on it").click()
    await group.get_by_role("button", name="Skipped").click()
    await group.get_by_label("Task").fill("load")
    await group.get_by_role("button", name="Add to group 2").click()
    await group.get_by_role("radio", name="Time window").nth(1).click()
    await group.get_by_label("Opens at").fill("every evening")
    await group.get_by_label("Stays open for").fill("soon")
    await page.get_by_label("Starts").fill("crm/newsletter")
    await page.get_by_role("button", name="Create dependency").click()
    await expect(group.get_by_text("Write it like 3h")).to_be_visible()
    await group.get_by_label("Stays open for").fill("3h")
    await page.get_by_role("button", name="Create dependency").click()
    await expect(group.get_by_text("is no cron expression")).to_be_visible()
    await group.get_by_label("Opens at").fill("0 22 * * *")
    await page.get_by_role("button", name="Create dependency").click()
    await expect(page).to_have_url(f"{waiting.url}/dependencies/new")
    upstream = "- {any: [{pipeline: crm/sync, task: load, states: [success, skipped]}, {cron: "
    await expect(page.get_by_role("region", name="Its definition as YAML")).to_contain_text(upstream)

    await page.get_by_role("link", name="Edit").click()
    await expect(group.get_by_label("Task")).to_have_value("load")
    await group.get_by_role("button", name="Remove condition 2.2").click()
    await page.get_by_role("main").get_by_role("link", name="Dependencies").click()
    leaving = page.get_by_role("alertdialog", name="Leave without saving?")
    await leaving.get_by_role("button", name="Stay").click()
    await expect(group.get_by_label("Condition 2.1", exact=True)).to_have_value("crm/sync")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("region", name="Its definition as YAML")).not_to_contain_text("cron")


async def test_it_is_steered(page: Page, waiting: GatewayProcess, crm: StageServer):
    key = f"{day(3):%Y-%m-%d}"
    await page.goto(f"{waiting.url}/dependencies/report-after-marts")
    await page.get_by_role("button", name="Pause").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("main").locator("header").first).to_contain_text("Paused")
    await page.get_by_role("button", name="Resume").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Resume").click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await page.get_by_role("button", name="Fire a key").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Key").fill("someday")
    await dialog.get_by_role("button", name="Fire now").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("someday")
    await dialog.get_by_label("Key").fill(key)
    await dialog.get_by_role("button", name="Fire now").click()
    await expect(dialog).to_have_count(0)
    started = await firing(page, key).get_by_role("link", name="manual-").inner_text()
    crm.stage.put(started, RunState.FAILED)
    await expect(firing(page, key)).to_contain_text("Failed")
    await firing(page, key).get_by_role("button", name="Actions for").click()
    await page.get_by_role("menuitem", name="Fire again").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Fire again").click()
    await expect(firing(page, key)).to_have_count(2)
    await expect(firing(page, key).first).to_contain_text("fired again, 2 in all")


async def test_its_yaml_is_what_the_file_has(page: Page, waiting: GatewayProcess):
    yaml = YAML(typ="safe")
    for name in ("marts-after-both", "report-after-marts", "stock-after-ingest"):
        await page.goto(f"{waiting.url}/dependencies/{name}")
        shown = await page.get_by_role("region", name="Its definition as YAML").inner_text()
        written = yaml.load(shown)["dependencies"][0]
        (meant,) = (one for one in yaml.load(DEPENDENCIES)["dependencies"] if one["name"] == name)
        assert written == meant


async def test_an_empty_page_teaches_the_file(page: Page, gateway: GatewayProcess):
    await page.goto(f"{gateway.url}/dependencies")
    await expect(page.get_by_text("Let one system wait for another")).to_be_visible()
    await page.get_by_text("Or define it in podium.yaml").click()
    await expect(page.get_by_role("region", name="An example")).to_contain_text("keyed_by: day")
    await check(page)
    await page.get_by_role("link", name="New dependency").click()
    await expect(page.get_by_role("button", name="Create dependency")).to_be_visible()
