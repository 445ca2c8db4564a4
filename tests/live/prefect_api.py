"""What the live tests do to a real Prefect behind the adapter's back."""

from datetime import UTC, datetime
from typing import Any
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
