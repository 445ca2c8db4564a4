"""A real Prefect, connected by GraphQL to a Podium that starts above nothing."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from gateway.app.demo.prefect import LocalPrefect
from tests.app.server import Server, serving
from tests.waiting import eventually

pytestmark = pytest.mark.live

TEST = "mutation($input: ConnectOrchestratorInput!) { test: testConnection(input: $input) { ok version error remedy } }"
CONNECT = "mutation($input: ConnectOrchestratorInput!) { made: connectOrchestrator(input: $input) { id status } }"
DISCONNECT = "mutation($id: ID!) { disconnectOrchestrator(id: $id) }"
PIPELINES = "{ pipelines(filter: {isActive: true}) { edges { node { key } } } }"
ORCHESTRATORS = "{ orchestrators { name origin status version lastSyncedAt } }"


@pytest.fixture
def gateway(tmp_path) -> Iterator[Server]:
    with serving(tmp_path) as server:
        yield server


@pytest.fixture
async def http(gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as client:
        yield client


async def ask(http: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = (await http.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def test_connected_seen_and_disconnected(http, prefect_server: LocalPrefect):
    wanted = {"name": "prefect-new", "kind": "prefect", "url": prefect_server.url, "pollInterval": "PT2S"}
    assert (await ask(http, ORCHESTRATORS))["orchestrators"] == []
    told = (await ask(http, TEST, input={**wanted, "kind": "dagster"}))["test"]
    assert (told["ok"], told["version"]) == (False, None), "something else answers there"
    told = (await ask(http, TEST, input=wanted))["test"]
    assert (told["ok"], told["error"], told["version"].split(".")[0]) == (True, None, "3")
    made = (await ask(http, CONNECT, input=wanted))["made"]
    assert made["status"] == "PENDING"

    async def pipelines() -> set[str]:
        return {edge["node"]["key"] for edge in (await ask(http, PIPELINES))["pipelines"]["edges"]}

    assert await eventually(pipelines, within=60, every=0.5)
    one = (await ask(http, ORCHESTRATORS))["orchestrators"][0]
    assert (one["name"], one["origin"], one["version"]) == ("prefect-new", "API", told["version"])
    await ask(http, DISCONNECT, id=made["id"])
    assert await pipelines() == set()
    assert (await ask(http, ORCHESTRATORS))["orchestrators"] == []


async def test_a_wrong_password_is_told_with_its_remedy(http, gateway, prefect_auth_server: LocalPrefect):
    wanted = {"name": "locked", "kind": "prefect", "url": prefect_auth_server.url}
    wrong = [{"name": "username", "value": "podium"}, {"name": "password", "value": "not-the-right-one"}]
    told = (await ask(http, TEST, input={**wanted, "auth": wrong}))["test"]
    assert told["ok"] is False
    assert "password from what was typed in" in told["remedy"]
    right = [{"name": "auth_string", "value": "podium:prefect-secret"}]
    assert (await ask(http, TEST, input={**wanted, "auth": right}))["test"]["ok"] is True
    assert "not-the-right-one" not in gateway.log.read_text()
    assert "prefect-secret" not in gateway.log.read_text()
