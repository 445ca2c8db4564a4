"""What the live tests do to a real Prefect behind the adapter's back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from adapters.prefect.adapter import PrefectAdapter
from adapters.sdk.protocol import Connection
from adapters.sdk.redaction import Redactor
from gateway.app.demo.prefect import LocalPrefect
from gateway.domain.observation import ObservedRun, RunRef, TriggerRequest
from gateway.domain.states import RunState
from tests.waiting import eventually


def connection(url: str, *, timeout: float = 30.0, auth: Any = None, **options: Any) -> Connection:
    """A connection to Prefect; ``auth`` as in podium.yaml with its secrets resolved."""
    secrets = [value for name, value in (auth or {}).items() if name != "username"]
    return Connection(
        name="prefect",
        url=url,
        auth=PrefectAdapter.Auth.model_validate(auth or {}),
        options=PrefectAdapter.Options.model_validate(options),
        redactor=Redactor(secrets),
        timeout=timeout,
        references={name: "env:PREFECT_SECRET" for name in auth or {} if name != "username"},
    )


def api(server: LocalPrefect) -> httpx.AsyncClient:
    """Prefect's API as a script would use it."""
    auth = (server.auth["username"], server.auth["password"]) if server.auth else None
    return httpx.AsyncClient(base_url=f"{server.url}/api/", auth=auth, timeout=30)


async def post(client: httpx.AsyncClient, path: str, body: Any = None) -> Any:
    """The answer to a POST that must succeed."""
    response = await client.post(path, json=body)
    response.raise_for_status()
    return response.json()


async def make_run(client: httpx.AsyncClient, flow_id: str, at: datetime | None = None) -> str:
    """A flow run without a deployment, planned for an instant."""
    planned = (at or datetime.now(UTC)).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": planned}}
    return (await post(client, "flow_runs/", {"flow_id": flow_id, "state": state}))["id"]


async def move(client: httpx.AsyncClient, run_id: str, state_type: str, name: str | None = None) -> None:
    """Set a state without asking Prefect's rules."""
    state = {"type": state_type, "name": name or state_type.capitalize()}
    await post(client, f"flow_runs/{run_id}/set_state", {"state": state, "force": True})


def key() -> str:
    """An idempotency key that nobody has used."""
    return f"test-{uuid4()}"


async def start(adapter: PrefectAdapter, pipeline: str, **parameters: Any) -> ObservedRun:
    """A new run."""
    return (await adapter.trigger(TriggerRequest(pipeline, key(), parameters))).run


async def reached(adapter: PrefectAdapter, run: ObservedRun, *states: RunState) -> ObservedRun:
    """The run once it is in one of these states, found without its pipeline's name."""

    async def look() -> ObservedRun | None:
        found = await adapter.run(RunRef("", run.external_id))
        return found if found.state in states else None

    found = await eventually(look, within=90, every=0.3)
    assert found is not None
    return found


class Interceptor:
    """Stands between adapter and server and loses some answers on their way back."""

    def __init__(self, url: str, is_lost: Callable[[str], bool], *, hang: bool) -> None:
        self._target = urlsplit(url)
        self._is_lost = is_lost
        self._hang = hang
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self.lost = 0

    async def start(self) -> str:
        """The address to connect to."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Break every connection."""
        for writer in self._writers:
            writer.close()
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                answer = await self._forward(head + await reader.readexactly(_length(head)))
                if self._is_lost(head.decode().split(" ", 2)[1]):
                    self.lost += 1
                    if self._hang:
                        await reader.read()
                    return
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _forward(self, request: bytes) -> bytes:
        upstream, sink = await asyncio.open_connection(self._target.hostname, self._target.port)
        sink.write(request)
        head = await upstream.readuntil(b"\r\n\r\n")
        body = await upstream.readexactly(_length(head))
        sink.close()
        return head + body


def _length(head: bytes) -> int:
    lines = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(lines[0].split(b":")[1]) if lines else 0
