"""GraphiQL, as it is shipped: no network, no token typed twice."""

from playwright.async_api import Locator, Page, expect

from gateway.domain.states import RunState
from tests.browser.chromium import Complaints
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import StageServer
from tests.browser.test_access import REFUSED, guarded, sign_in

__all__ = ["guarded"]

SUBSCRIPTION = 'subscription { runChanged(filter: {orchestrators: ["north"]}) { externalId state } }'


async def ask(page: Page, url: str) -> Locator:
    """Open the page and send the query that it proposes; returns where the answer comes."""
    await page.goto(f"{url}/graphql")
    await expect(page.locator(".graphiql-query-editor .CodeMirror")).to_contain_text("runs")
    await page.get_by_role("button", name="Execute query").click()
    return page.get_by_role("region", name="Result Window")


async def subscribe(page: Page) -> None:
    await page.locator(".graphiql-query-editor .CodeMirror").click()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insert_text(SUBSCRIPTION)
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_role("button", name="Stop query")).to_be_visible()


async def test_a_query_and_a_subscription(page: Page, gateway: GatewayProcess, north: StageServer):
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    answer = await ask(page, gateway.url)
    await expect(answer).to_contain_text('"name": "north"')
    await subscribe(page)
    await expect(answer).not_to_contain_text('"name": "north"')
    north.stage.put("ingest-explored", RunState.RUNNING, "ingest_sales")
    await expect(answer).to_contain_text('"externalId": "ingest-explored"')
    await page.get_by_role("button", name="Stop query").click()
    assert [url for url in requested if not url.startswith((gateway.url, "data:", "blob:"))] == []


async def test_who_has_signed_in_on_the_page_is_known_here(
    page: Page, guarded, north: StageServer, complaints: Complaints
):
    complaints.expect(*REFUSED)
    gateway, tokens = guarded
    answer = await ask(page, gateway.url)
    await expect(answer).to_contain_text("UNAUTHENTICATED")
    await page.goto(gateway.url)
    await sign_in(page, tokens["viewer"])
    await expect(page.get_by_role("article", name="north")).to_be_visible()
    answer = await ask(page, gateway.url)
    await expect(answer).to_contain_text('"name": "north"')
    await subscribe(page)
    await expect(answer).not_to_contain_text('"name": "north"')
    north.stage.put("ingest-explored-as-viewer", RunState.RUNNING, "ingest_sales")
    await expect(answer).to_contain_text('"externalId": "ingest-explored-as-viewer"')
