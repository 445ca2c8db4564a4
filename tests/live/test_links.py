"""Links lead into the orchestrators' own pages, to the very thing they are on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from adapters.sdk.protocol import Adapter
from adapters.sdk.registry import ConnectionSpec, open_adapter
from gateway.app.demo.local import LocalOrchestrator
from gateway.domain.observation import ObservedRun, TriggerRequest
from tests.browser.chromium import WIDE, browser
from tests.live.elsewhere import QUICK
from tests.waiting import eventually

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(600)]

#: Milliseconds: the vendors' pages are heavy.
PATIENCE = 90_000


@dataclass
class World:
    """An orchestrator, an ended run there, and a tab that is signed in."""

    server: LocalOrchestrator
    adapter: Adapter
    run: ObservedRun
    page: Page


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as launched:
        yield launched


@pytest.fixture(scope="module", params=["airflow3_server", "airflow2_server", "prefect_server", "dagster_server"])
async def world(request, chromium) -> AsyncIterator[World]:
    server: LocalOrchestrator = request.getfixturevalue(request.param)
    with pytest.MonkeyPatch.context() as variables:
        variables.setenv("LINKS_PASSWORD", server.auth.get("password", ""))
        auth = {"username": server.auth["username"], "password": "env:LINKS_PASSWORD"} if server.auth else {}
        adapter = open_adapter(ConnectionSpec("links", server.kind, server.url, auth))
    begun = (await adapter.trigger(TriggerRequest(QUICK[server.kind], f"links-{server.name}"))).run

    async def ended() -> ObservedRun | None:
        run = await adapter.run(begun.ref)
        return run if run.state.is_terminal else None

    run = await eventually(ended, within=120, every=0.3)
    assert run is not None
    page = await (await chromium.new_context(viewport=WIDE)).new_page()
    page.set_default_timeout(PATIENCE)
    yield World(server, adapter, run, page)
    await page.context.close()
    await adapter.aclose()


async def follow(world: World, url: str | None) -> None:
    """Open a link; where the orchestrator asks who is there, say so, and be brought on to where it leads."""
    assert url is not None
    await world.page.goto(url)
    if not world.server.auth:
        return
    password = world.page.locator("input[type=password]")
    name = world.page.get_by_text(world.run.pipeline_key).first
    await expect(password.or_(name).first).to_be_visible(timeout=PATIENCE)
    if await password.is_visible():
        await world.page.locator("input[name=username]").fill(world.server.auth["username"])
        await password.fill(world.server.auth["password"])
        await password.press("Enter")
        await expect(password).to_have_count(0, timeout=PATIENCE)


async def test_a_runs_link(world: World):
    await follow(world, world.run.url)
    shown = {"dagster": world.run.external_id[:8], "prefect": "crm-sync"}.get(world.server.kind, world.run.external_id)
    await expect(world.page.get_by_text(shown).first).to_be_visible(timeout=PATIENCE)


async def test_a_pipelines_link(world: World):
    listed = {one.key: one async for page in world.adapter.pipelines() for one in page}
    await follow(world, listed[world.run.pipeline_key].url)
    name = world.run.pipeline_key.rpartition("/")[2]
    await expect(world.page.get_by_text(name).first).to_be_visible(timeout=PATIENCE)


async def test_a_tasks_link(world: World):
    task = (await world.adapter.task_runs(world.run.ref))[0]
    await follow(world, task.url)
    await expect(world.page.get_by_text(task.task.rpartition(".")[2]).first).to_be_visible(timeout=PATIENCE)
