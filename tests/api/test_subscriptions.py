"""Watching runs over a real WebSocket of a real server."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from gateway.api import tokens
from gateway.domain.access import Role
from gateway.domain.states import RunState
from gateway.store.changes import BACKLOG, Change, Subject
from gateway.store.repository import tokens as stored_tokens
from tests.api.sockets import opened, serving
from tests.waiting import eventually

pytestmark = pytest.mark.slow

WATCH = """subscription ($filter: RunFilter) { runChanged(filter: $filter) {
  externalId state pipeline { key latestRun { state } orchestrator { name } }
} }"""


@pytest.fixture
async def port(app) -> AsyncIterator[int]:
    async with serving(app) as port:
        yield port


@pytest.fixture
async def ingest(world):
    return await world.pipeline(await world.orchestrator("airflow"), "ingest")


def listeners(database) -> int:
    return len(database.feed._listeners)


@pytest.fixture
def watched(database):
    """Waits until so many subscriptions listen, the first of a connection with it."""

    async def watched(count: int = 1) -> None:
        async def is_listening() -> bool:
            return listeners(database) >= count

        await eventually(is_listening)

    return watched


async def test_a_change_is_told_within_a_second(port, world, ingest, watched):
    async with opened(port) as socket:
        await socket.begin()
        await socket.subscribe(WATCH)
        await watched()
        for state in (RunState.QUEUED, RunState.RUNNING, RunState.SUCCESS):
            began = time.monotonic()
            await world.run(ingest, "r1", state)
            message = await socket.receive()
            assert time.monotonic() - began < 1
            assert message == {
                "type": "next",
                "id": "1",
                "payload": {
                    "data": {
                        "runChanged": {
                            "externalId": "r1",
                            "state": state,
                            "pipeline": {
                                "key": "ingest",
                                "latestRun": {"state": state},
                                "orchestrator": {"name": "airflow"},
                            },
                        }
                    }
                },
            }


async def test_what_changed_before_the_first_subscription_stood_is_told(port, world, ingest):
    async with opened(port) as socket:
        await socket.begin()
        await world.run(ingest, "r1", RunState.RUNNING)
        await socket.subscribe(WATCH)
        message = await socket.receive()
        assert message["payload"]["data"]["runChanged"]["externalId"] == "r1"


async def test_only_what_the_filter_lets_through(port, world, ingest, watched):
    crm = await world.pipeline(await world.orchestrator("prefect"), "crm")
    async with opened(port) as socket:
        await socket.begin()
        await socket.subscribe(WATCH, "failed", filter={"states": ["FAILED"]})
        await socket.subscribe(WATCH, "prefect", filter={"orchestrators": ["prefect"]})
        await watched(2)
        await world.run(ingest, "a1", RunState.RUNNING)
        await world.run(ingest, "a1", RunState.FAILED)
        heard = [await socket.receive()]
        await world.run(crm, "p1", RunState.RUNNING)
        while heard[-1]["id"] == "failed":  # twice, where the first change was looked at after the second
            heard.append(await socket.receive())
        told = {(one["id"], one["payload"]["data"]["runChanged"]["externalId"]) for one in heard}
        assert told == {("failed", "a1"), ("prefect", "p1")}


async def test_queries_and_mutations_work_on_the_same_connection(port, world, ingest):
    async with opened(port) as socket:
        await socket.begin()
        await world.run(ingest, "r1", RunState.RUNNING)
        for identity, state in (("a", RunState.RUNNING), ("b", RunState.SUCCESS)):
            await world.run(ingest, "r1", state)
            await socket.subscribe("{ pipelines { edges { node { latestRun { state } } } } }", identity)
            message = await socket.receive()
            assert message["payload"]["data"]["pipelines"]["edges"] == [{"node": {"latestRun": {"state": state}}}]
            assert (await socket.receive()) == {"type": "complete", "id": identity}


async def test_nothing_is_left_behind_when_a_client_leaves(port, world, ingest, watched, database):
    async with opened(port) as socket:
        await socket.begin()
        await socket.subscribe(WATCH, "1")
        await socket.subscribe(WATCH, "2")
        await watched(2)
        await socket.send(type="complete", id="1")

        async def one_is_left() -> bool:
            return listeners(database) == 1

        assert await eventually(one_is_left)

    async def none_is_left() -> bool:
        return listeners(database) == 0

    assert await eventually(none_is_left)


async def test_a_bad_filter_ends_the_subscription_with_its_reason(port):
    async with opened(port) as socket:
        await socket.begin()
        await socket.subscribe(WATCH, filter={"pipelines": ["nonsense"]})
        message = await socket.receive()
        payload = message["payload"]
        errors = payload if isinstance(payload, list) else payload["errors"]
        assert errors[0]["message"] == "filter.pipelines: 'nonsense' is not an id."
        assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_invalid_query_is_an_error_message(port):
    async with opened(port) as socket:
        await socket.begin()
        await socket.subscribe("{ nothing }")
        message = await socket.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        await socket.subscribe("{ runs(first: 500) { edges { node { taskRuns { log } } } } }", "2")
        message = await socket.receive()
        assert message["payload"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"


async def test_a_client_that_is_too_slow_is_told_to_read_anew(port, database, watched):
    async with opened(port) as socket:
        await socket.begin()
        await socket.subscribe(WATCH)
        await watched()
        database.feed.publish(Change(Subject.RUN, number) for number in range(BACKLOG + 1))
        code, reason = await socket.closed()
        assert code == 4205
        assert reason == "Changes were missed; read everything anew."
    assert listeners(database) == 0


async def test_a_lost_listener_connection_also_ends_it(port, database, watched):
    async with opened(port) as socket:
        await socket.begin()
        await socket.subscribe(WATCH)
        await watched()
        database.feed.overflow()
        assert (await socket.closed())[0] == 4205


class TestProtocol:
    @pytest.fixture
    def database(self, on_sqlite):
        return on_sqlite

    @pytest.mark.parametrize(
        "message",
        [
            "[]",
            "null",
            "5",
            "{}",
            '{"type": 1}',
            '{"type": "nothing"}',
            '{"type": "subscribe", "id": 1, "payload": {"query": "{me{name}}"}}',
            '{"type": "subscribe", "id": "1"}',
            '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
            '{"type": "subscribe", "id": "1", "payload": {"query": "{me{name}}", "variables": []}}',
            '{"type": "connection_init", "payload": 5}',
            "not json",
            '{"type": "subscribe", "id": "1", "payload": {"query": "{"}}',
        ],
    )
    async def test_a_message_that_is_none_ends_the_connection_with_4400(self, port, message):
        async with opened(port) as socket:
            if "connection_init" not in message:
                await socket.begin()
            await socket.connection.send(message)
            code, reason = await socket.closed()
            assert code == 4400
            assert reason

    async def test_binary_too(self, port):
        async with opened(port) as socket:
            await socket.begin()
            await socket.connection.send(b"\x00")
            assert (await socket.closed())[0] == 4400

    async def test_a_ping_is_answered(self, port):
        async with opened(port) as socket:
            await socket.begin()
            await socket.send(type="ping")
            assert await socket.receive() == {"type": "pong"}

    async def test_who_does_not_say_hello_first_is_sent_away(self, port):
        async with opened(port) as socket:
            await socket.subscribe(WATCH)
            assert (await socket.closed())[0] == 4401

    async def test_a_connection_has_only_so_many_operations(self, port, database, watched):
        async with opened(port) as socket:
            await socket.begin()
            for number in range(50):
                await socket.subscribe(WATCH, str(number))
            await watched(50)
            await socket.subscribe(WATCH, "one more")
            message = await socket.receive()
            assert (message["type"], message["id"]) == ("error", "one more")

    async def test_an_address_without_sockets(self, port):
        with pytest.raises(InvalidStatus):
            async with connect(f"ws://127.0.0.1:{port}/nothing", proxy=None):
                pass


class TestAccess:
    @pytest.fixture
    def database(self, on_sqlite):
        return on_sqlite

    @pytest.fixture
    async def token(self, database) -> str:
        async with database.write() as session:
            return await tokens.issue(session, "watcher", Role.VIEWER, datetime.now(UTC))

    async def test_a_token_in_the_first_message_or_in_the_handshake(self, port, token):
        for payload in ({"Authorization": f"Bearer {token}"}, {"authorization": f"bearer {token}"}, {"token": token}):
            async with opened(port) as socket:
                await socket.begin(payload)
                await socket.subscribe("{ me { name role } }")
                message = await socket.receive()
                assert message["payload"]["data"]["me"] == {"name": "watcher", "role": "VIEWER"}
        async with opened(port, authorization=f"Bearer {token}", origin="https://ui.example.com") as socket:
            await socket.begin()

    @pytest.mark.parametrize("payload", [{}, {"Authorization": "Bearer wrong"}, {"token": 5}, {"token": ""}])
    async def test_without_a_right_one_it_is_closed_with_4401(self, port, token, payload):
        async with opened(port) as socket:
            await socket.send(type="connection_init", payload=payload)
            code, reason = await socket.closed()
            assert code == 4401
            assert reason in {"This needs a token.", "The token is not valid."}

    async def test_a_viewer_only_looks(self, port, token):
        async with opened(port) as socket:
            await socket.begin({"token": token})
            await socket.subscribe('mutation { cancelRun(id: "UnVuOjE") { id } }')
            message = await socket.receive()
            assert message["payload"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"

    async def test_a_subscription_ends_with_its_token(self, port, token, database, watched):
        async with opened(port) as socket:
            await socket.begin({"token": token})
            await socket.subscribe(WATCH)
            await watched()
            async with database.write() as session:
                await stored_tokens.revoke(session, "watcher", datetime.now(UTC))
            assert (await socket.closed(within=5))[0] == 4403
        assert listeners(database) == 0

    @pytest.mark.parametrize(
        "headers", [{"origin": "https://evil.example.com"}, {"origin": "null"}, {"x-forwarded-for": "203.0.113.9"}]
    )
    async def test_without_tokens_a_foreign_page_is_refused_at_the_handshake(self, port, headers):
        with pytest.raises(InvalidStatus) as refused:
            async with opened(port, **headers):
                pass
        assert refused.value.response.status_code == 403

    async def test_without_tokens_our_own_page_is_let_in(self, port):
        async with opened(port, origin=f"http://127.0.0.1:{port}") as socket:
            await socket.begin()
            await socket.subscribe("{ me { role } }")
            assert (await socket.receive())["payload"]["data"] == {"me": {"role": "ADMIN"}}


async def test_many_watchers_hear_of_many_changes(port, world, ingest, watched):
    async def watch(expected: int) -> list[str]:
        async with opened(port) as socket:
            await socket.begin()
            await socket.subscribe(WATCH)
            return [(await socket.receive())["payload"]["data"]["runChanged"]["externalId"] for _ in range(expected)]

    watchers = [asyncio.create_task(watch(30)) for _ in range(5)]
    await watched(5)
    for number in range(30):
        await world.run(ingest, f"r{number}")
    for heard in await asyncio.gather(*watchers):
        assert set(heard) == {f"r{number}" for number in range(30)}
