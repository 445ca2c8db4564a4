"""The Prefect adapter against a real server that asks for a password and runs no flows: reading and being refused."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from adapters.prefect.adapter import PrefectAdapter
from adapters.sdk.errors import Drift, Unauthorized, Unavailable
from gateway.app.demo.prefect import LocalPrefect
from gateway.domain.observation import ObservedRun, RunRef
from gateway.domain.states import RunState
from tests.live.prefect_api import api, connection, make_run, move, post
from tests.waiting import eventually

pytestmark = pytest.mark.live

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Connect = Callable[..., PrefectAdapter]


@pytest.fixture(scope="module")
async def connect(prefect_auth_server: LocalPrefect) -> AsyncIterator[Connect]:
    """Opens adapters with the right credentials, unless others are given, and closes them when all is done."""
    opened: list[PrefectAdapter] = []

    def opener(**given: Any) -> PrefectAdapter:
        given = {"url": prefect_auth_server.url, "auth": dict(prefect_auth_server.auth)} | given
        opened.append(PrefectAdapter(connection(**given)))
        return opened[-1]

    yield opener
    for adapter in opened:
        await adapter.aclose()


@pytest.fixture
async def client(prefect_auth_server: LocalPrefect) -> AsyncIterator[httpx.AsyncClient]:
    """The API as a script would use it."""
    async with api(prefect_auth_server) as client:
        yield client


@pytest.fixture
async def flow_id(client: httpx.AsyncClient) -> str:
    """A flow that scripts run."""
    return (await post(client, "flows/", {"name": "from-a-script"}))["id"]


class Follower:
    """Reads on from its cursor and keeps the last thing told of each run."""

    def __init__(self, adapter: PrefectAdapter) -> None:
        self.adapter = adapter
        self.cursor: str | None = None
        self.known: dict[str, ObservedRun] = {}

    async def read(self, pages: int | None = None) -> None:
        count = 0
        async for page in self.adapter.runs(self.cursor, LONG_AGO):
            self.known.update((run.external_id, run) for run in page.runs)
            self.cursor = page.cursor
            count += 1
            if count == pages:
                break

    def states(self, *run_ids: str) -> list[str]:
        return [self.known[run_id].native_state if run_id in self.known else "unseen" for run_id in run_ids]


@pytest.mark.parametrize("auth", [{}, {"username": "podium", "password": "a-wrong-secret"}, {"api_key": "wrong-key"}])
async def test_unauthorized(connect: Connect, auth: dict[str, str]) -> None:
    adapter = connect(auth=auth)
    with pytest.raises(Unauthorized) as caught:
        await adapter.probe()
    told = str(caught.value)
    assert "401" in told
    assert ("env:PREFECT_SECRET" in told) if auth else ("set auth" in told)
    assert not [secret for secret in ("a-wrong-secret", "wrong-key") if secret in told]
    with pytest.raises(Unauthorized):
        await anext(adapter.runs(None, LONG_AGO))


async def test_authorized_in_one_part_and_in_two(connect: Connect) -> None:
    for auth in ({"username": "podium", "password": "prefect-secret"}, {"auth_string": "podium:prefect-secret"}):
        assert (await connect(auth=auth).probe()).version == "3.8.8"


async def test_another_address_is_not_prefect(connect: Connect, prefect_auth_server: LocalPrefect) -> None:
    adapter = connect(url=f"{prefect_auth_server.url}/somewhere")
    with pytest.raises(Drift, match="answered 404.*really Prefect"):
        await adapter.probe()


@pytest.mark.parametrize("page_size", [2, 200])
async def test_nothing_is_missed_while_runs_are_added(
    connect: Connect, client: httpx.AsyncClient, flow_id: str, page_size: int
) -> None:
    """Equal instants, ends and new runs between pages, and a reader that is killed after each page."""
    same_instant = datetime.now(UTC) - timedelta(minutes=1)
    runs = [await make_run(client, flow_id, same_instant) for _ in range(5)]
    runs += [await make_run(client, flow_id) for _ in range(4)]
    for run_id in runs[5:]:
        await move(client, run_id, "RUNNING")
    tomorrow = await make_run(client, flow_id, datetime.now(UTC) + timedelta(days=1))
    reader = Follower(connect(page_size=page_size))
    for number in range(5):
        await reader.read(pages=1)
        runs.append(await make_run(client, flow_id))
        await move(client, runs[number], "COMPLETED")
        await move(client, runs[5 + number % 4], "FAILED")
    await reader.read()
    assert reader.states(*runs[:5]) == ["Completed"] * 5
    assert reader.states(*runs[5:9]) == ["Failed"] * 4
    assert reader.states(*runs[9:], tomorrow) == ["Scheduled"] * 5 + ["unseen"]
    for run_id in runs[9:]:
        await move(client, run_id, "CANCELLED")
    await reader.read()
    assert reader.states(*runs[9:]) == ["Cancelled"] * 5
    assert {reader.known[run_id].pipeline_key for run_id in runs} == {"from-a-script"}


async def test_changes_behind_the_marks(connect: Connect, client: httpx.AsyncClient, flow_id: str) -> None:
    """Another ending, a second attempt of an old run, and a planned run that is put forward."""
    ended, retried = await make_run(client, flow_id), await make_run(client, flow_id)
    planned = await make_run(client, flow_id, datetime.now(UTC) + timedelta(days=1))
    for run_id in (ended, retried):
        await move(client, run_id, "FAILED")
    reader = Follower(connect(sweep_seconds=3600))
    await reader.read()
    assert reader.states(ended, retried, planned) == ["Failed", "Failed", "unseen"]
    await move(client, ended, "COMPLETED")
    await move(client, retried, "SCHEDULED", "AwaitingRetry")
    await move(client, planned, "SCHEDULED", "Scheduled")

    async def seen() -> bool:
        await reader.read()
        return reader.states(ended, retried, planned) == ["Completed", "AwaitingRetry", "Scheduled"]

    await eventually(seen, within=20, every=0.5)
    assert reader.known[retried].state is RunState.QUEUED


async def test_an_automation_tells_of_a_run(connect: Connect, client: httpx.AsyncClient, flow_id: str) -> None:
    """As its documentation says: trigger, block and body."""
    bodies: list[Any] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        bodies.append(orjson.loads(await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(take, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    block = await make_webhook_block(client, f"http://127.0.0.1:{port}/")
    automation = {
        "name": "tell podium",
        "trigger": {
            "type": "event",
            "posture": "Reactive",
            "expect": ["prefect.flow-run.*"],
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "for_each": ["prefect.resource.id"],
            "threshold": 1,
            "within": 0,
        },
        "actions": [
            {
                "type": "call-webhook",
                "block_document_id": block,
                "payload": '{"event": "{{ event.event }}", "flow_run": "{{ event.resource.id }}"}',
            }
        ],
    }
    await post(client, "automations/", automation)
    adapter = connect()
    run_id = await make_run(client, flow_id)

    async def told() -> bool:
        await move(client, run_id, "RUNNING")  # automations are loaded a moment after they are made
        return RunRef("", run_id) in [ref for body in bodies for ref in adapter.webhook({}, body)]

    await eventually(told, within=30, every=1)
    assert (await adapter.run(RunRef("", run_id))).state is RunState.RUNNING
    listener.close()


async def make_webhook_block(client: httpx.AsyncClient, url: str) -> str:
    """A block that knows where to post; its id."""
    block_type = (await client.get("block_types/slug/webhook")).json()
    schemas = await post(
        client, "block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [block_type["id"]]}}}
    )
    document = {
        "name": "podium",
        "block_type_id": block_type["id"],
        "block_schema_id": schemas[0]["id"],
        "data": {"url": url, "method": "POST", "allow_private_urls": True},
    }
    return (await post(client, "block_documents/", document))["id"]


async def test_server_that_stops_and_comes_back(
    connect: Connect, client: httpx.AsyncClient, flow_id: str, prefect_auth_server: LocalPrefect
) -> None:
    run_id = await make_run(client, flow_id)
    reader = Follower(connect(timeout=5.0))
    await reader.read()
    await move(client, run_id, "RUNNING")
    await asyncio.to_thread(prefect_auth_server.stop_server)
    with pytest.raises(Unavailable, match="could not be reached"):
        await reader.adapter.probe()
    with pytest.raises(Unavailable):
        await reader.read()
    await asyncio.to_thread(prefect_auth_server.start_server)
    await reader.read()
    assert reader.states(run_id) == ["Running"]
