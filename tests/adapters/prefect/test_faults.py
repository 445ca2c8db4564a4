"""What goes wrong on the wire while runs are read."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.prefect.adapter import PrefectAdapter
from adapters.sdk.errors import AdapterError, Drift, RateLimited, Unauthorized, Unavailable
from adapters.sdk.registry import ConnectionSpec, open_adapter
from gateway.domain.states import RunState
from tests.adapters.prefect.stand_in import START, Served, StandIn

pytestmark = pytest.mark.slow

SINCE = START - timedelta(days=7)
SECRET = "planted-secret-value"


@pytest.fixture
def server() -> StandIn:
    server = StandIn()
    for _ in range(12):
        server.now += timedelta(seconds=1)
        server.move(server.create(), "COMPLETED")
    return server


@pytest.fixture
async def served(server: StandIn) -> AsyncIterator[Served]:
    served = Served(server)
    yield served
    await served.stop()


@pytest.fixture
async def adapter(server: StandIn, served: Served, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PrefectAdapter]:
    monkeypatch.setenv("PREFECT_PASSWORD", SECRET)
    spec = ConnectionSpec(
        "prefect",
        "prefect",
        await served.start(),
        auth={"username": "podium", "password": "env:PREFECT_PASSWORD"},
        options={"page_size": 5},
    )
    adapter = open_adapter(spec, clock=lambda: server.now, timeout=2)
    assert isinstance(adapter, PrefectAdapter)
    yield adapter
    await adapter.aclose()


async def read(adapter: PrefectAdapter, cursor: str | None = None) -> set[str]:
    return {run.external_id async for page in adapter.runs(cursor, SINCE) for run in page.runs}


def answer(status: int, content: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}", "connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + content


BROKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n[{"


@pytest.mark.parametrize(
    "fault", [BROKEN, b"", answer(503, b"{}"), answer(429, b"", "retry-after: 0"), answer(500, b"<html>oops</html>")]
)
async def test_passing_faults_are_overcome(
    adapter: PrefectAdapter, served: Served, server: StandIn, fault: bytes
) -> None:
    served.instead = [fault, fault]
    assert await read(adapter) == server.runs.keys()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (BROKEN, Unavailable),
        (answer(502, b"bad gateway"), Unavailable),
        (answer(429, b"", "retry-after: 120"), RateLimited),
        (answer(401, SECRET.encode()), Unauthorized),
        (answer(200, b'[{"id": '), Drift),
        (answer(200, b"<html><title>Login</title></html>", "content-type: text/html"), Drift),
        (answer(200, b'{"rows": []}'), Drift),
        (answer(200, b'["no object"]'), Drift),
        (answer(200, b'[{"id": "x", "state_type": "RUNNING"}]'), Drift),
    ],
)
async def test_lasting_faults_have_a_name_and_the_reader_goes_on_afterwards(
    adapter: PrefectAdapter, served: Served, server: StandIn, fault: bytes, error: type[AdapterError]
) -> None:
    stream = adapter.runs(None, SINCE)
    first = await anext(stream)
    served.instead = [fault] * 3
    with pytest.raises(error) as caught:
        async for _ in stream:
            pass
    assert SECRET not in str(caught.value)
    served.instead = []
    assert {run.external_id for run in first.runs} | await read(adapter, first.cursor) == server.runs.keys()


async def test_unknown_states_and_odd_instants_stop_nothing(adapter: PrefectAdapter, server: StandIn) -> None:
    odd = server.create()
    server.runs[odd] |= {
        "state_type": "COMPLETED",
        "state_name": "Mostly done",
        "start_time": "2026-11-21T11:59:59.1234567+01:00",
        "end_time": "2026-11-21T13:00:01+01:00",
        "expected_start_time": "2026-11-21T12:00:00.5Z",
        "run_count": None,
        "parameters": None,
        "something_new": {"a": 1},
    }
    strange = server.create()
    server.move(strange, "DREAMING")
    server.runs[strange]["end_time"] = server.runs[odd]["end_time"]
    found = {run.external_id: run async for page in adapter.runs(None, SINCE) for run in page.runs}
    assert found[odd].state is RunState.SUCCESS
    assert found[odd].native_state == "Mostly done"
    assert found[strange].state is RunState.UNKNOWN
    assert found[strange].native_state == "Dreaming"
