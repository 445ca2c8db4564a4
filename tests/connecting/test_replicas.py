"""What one replica is told, the others follow; also when it was killed right after."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from gateway.app.wiring import Gateway, build
from gateway.connecting.connecting import Given, Wanted
from gateway.domain.errors import InvalidInputError
from gateway.store.repository import orchestrators
from gateway.sync.vault import new_key
from tests.app.server import serving
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import PASSWORD, Stage, StageServer
from tests.waiting import eventually


@pytest.fixture(autouse=True)
def installed(tmp_path, monkeypatch):
    """The stage's adapter, as pip would install it."""
    monkeypatch.syspath_prepend(GatewayProcess(tmp_path)._site())


@pytest.fixture
def stage():
    stage = Stage()
    stage.add_pipeline("ingest")
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture
async def replicas(postgres_url) -> AsyncIterator[list[Gateway]]:
    key = new_key()
    async with AsyncExitStack() as stack:
        found = [build(postgres_url, secret_keys=[key]) for _ in range(2)]
        for gateway in found:
            await stack.enter_async_context(gateway.run())
        yield found


def wanted(url: str, **more: Any) -> Wanted:
    return Wanted("theatre", "stage", url, auth=[Given("password", PASSWORD)], **more)


async def status(gateway: Gateway) -> str | None:
    async with gateway.database.read() as session:
        found = await orchestrators.by_name(session, "theatre")
    return found.status if found else None


@pytest.mark.postgres
async def test_whichever_replica_is_told_one_follows(replicas, stage):
    one, other = replicas
    made = await one.connecting.connect(wanted(stage.url), "ada")
    assert await eventually(lambda: status(other), until=lambda found: found == "HEALTHY") == "HEALTHY"
    held = [gateway for gateway in replicas if gateway.supervisor._following]
    assert len(held) == 1, "one of them has the lease"
    teller = other if held[0] is one else one
    await teller.connecting.disconnect(made.id, "ada")

    async def following() -> int:
        return len(held[0].supervisor._following)

    await eventually(following, until=lambda count: count == 0, within=5)


@pytest.mark.postgres
async def test_a_name_is_taken_once_also_at_once(replicas, stage):
    tried = (gateway.connecting.connect(wanted(stage.url), "ada") for gateway in replicas)
    came_of_it = await asyncio.gather(*tried, return_exceptions=True)
    assert sorted(type(one).__name__ for one in came_of_it) == ["ConflictError", "Orchestrator"]


@pytest.mark.postgres
async def test_on_postgresql_without_a_key_nothing_typed_in_is_stored(postgres_url, stage):
    gateway = build(postgres_url)
    async with gateway.run():
        with pytest.raises(InvalidInputError, match="no key to encrypt secrets with. Set PODIUM_SECRET_KEYS"):
            await gateway.connecting.connect(wanted(stage.url), "ada")
        report = await gateway.connecting.test(wanted(stage.url))
        assert report.version == "4.2", "a trial stores nothing, and needs no key"
        assert await status(gateway) is None


async def test_it_is_followed_again_after_the_gateway_was_killed(tmp_path, stage):
    """Killed as soon as it had answered; the key is beside the database."""
    GatewayProcess(tmp_path)._site()
    query = "mutation($input: ConnectOrchestratorInput!) { connectOrchestrator(input: $input) { id } }"
    auth = [{"name": "password", "value": PASSWORD}]
    given = {"name": "theatre", "kind": "stage", "url": stage.url, "auth": auth, "pollInterval": "PT1S"}

    async def ask(url: str, query: str, **variables: Any) -> Any:
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            return (await http.post("/graphql", json={"query": query, "variables": variables})).json()["data"]

    with serving(tmp_path) as server:
        assert (await ask(server.url, query, input=given))["connectOrchestrator"]
        server.process.kill()
        server.process.wait()
        log = server.log.read_text()
    with serving(tmp_path) as server:

        async def pipelines() -> list[str]:
            found = (await ask(server.url, "{ pipelines { edges { node { key } } } }"))["pipelines"]["edges"]
            return [edge["node"]["key"] for edge in found]

        assert await eventually(pipelines, within=30, every=0.2) == ["ingest"]
        log += server.log.read_text()
    assert [json.loads(line)["by"] for line in log.splitlines() if "orchestrator connected" in line] == ["local"]
    assert PASSWORD not in log
