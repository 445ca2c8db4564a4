"""GraphiQL, as it is shipped: no network, no token typed twice."""

from playwright.async_api import Page, expect

from gateway.domain.states import RunState
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import StageServer

SUBSCRIPTION = 'subscription { runChanged(filter: {orchestrators: ["north"]}) { externalId state } }'


async def test_a_query_and_a_subscription(page: Page, gateway: GatewayProcess, north: StageServer):
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    await page.goto(f"{gateway.url}/graphql")
    answer = page.get_by_role("region", name="Result Window")
    editor = page.locator(".graphiql-query-editor .CodeMirror")
    await expect(editor).to_contain_text("runs")
    await page.get_by_role("button", name="Execute query").click()
    await expect(answer).to_contain_text('"name": "north"')

    await editor.click()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insert_text(SUBSCRIPTION)
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_role("button", name="Stop query")).to_be_visible()
    await expect(answer).not_to_contain_text('"name": "north"')
    north.stage.put("ingest-explored", RunState.RUNNING, "ingest_sales")
    await expect(answer).to_contain_text('"externalId": "ingest-explored"')
    await page.get_by_role("button", name="Stop query").click()
    assert [url for url in requested if not url.startswith((gateway.url, "data:", "blob:"))] == []
