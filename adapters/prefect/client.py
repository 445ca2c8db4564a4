"""How Prefect talks: JSON over HTTP, where most reads are a POST with a filter in its body."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlsplit

from adapters.prefect import auth
from adapters.prefect.addresses import Addresses
from adapters.prefect.payloads import (
    Automation,
    Deployment,
    Event,
    EventPage,
    Flow,
    FlowRun,
    Log,
    Orchestrated,
    State,
    TaskRun,
)
from adapters.sdk.errors import Drift
from adapters.sdk.http import HttpClient
from adapters.sdk.protocol import Connection

#: The most that Prefect sends at once; a server may be configured for less.
LARGEST_PAGE = 200
LARGEST_EVENT_PAGE = 50

Filter = Mapping[str, Any]


class PrefectClient:
    """One method per endpoint. Each raises the errors of ``adapters.sdk.errors``."""

    def __init__(self, connection: Connection, addresses: Addresses, credentials: auth.Auth) -> None:
        self._connection = connection
        self._http = HttpClient(
            connection,
            product="Prefect 3",
            base_url=addresses.api,
            auth=auth.basic(credentials, connection),
            headers=auth.headers(credentials),
        )

    async def version(self) -> object:
        """The server's version; whatever else answers there answers something else."""
        return await self._http.read("GET", "admin/version")

    async def flow_runs(
        self, where: Filter, *, flows: Filter | None = None, sort: str, limit: int, offset: int = 0
    ) -> list[FlowRun]:
        """Flow runs that a FlowRunFilter (and a FlowFilter on their flows) lets through."""
        body = {"flow_runs": where, "sort": sort, "limit": limit, "offset": offset}
        return await self._rows("flow_runs/filter", body if flows is None else {**body, "flows": flows})

    async def flow_run(self, run_id: str) -> FlowRun:
        """One flow run. NotFound."""
        return await self._object("GET", f"flow_runs/{quote(run_id, safe='')}")

    async def task_runs(self, where: Filter, *, limit: int, offset: int = 0) -> list[TaskRun]:
        """Task runs that a TaskRunFilter lets through, by descending id: the one order without ties."""
        body = {"task_runs": where, "sort": "ID_DESC", "limit": limit, "offset": offset}
        return await self._rows("task_runs/filter", body)

    async def task_run_states(self, task_run_id: str) -> list[State]:
        """Every state that a task run has had, oldest first."""
        answer = await self._http.read("GET", "task_run_states/", params={"task_run_id": task_run_id})
        return self._list(answer, "task_run_states")

    async def deployments(self, where: Filter, *, limit: int, offset: int = 0) -> list[Deployment]:
        """Deployments that a DeploymentFilter lets through, the youngest first."""
        body = {"deployments": where, "sort": "CREATED_DESC", "limit": limit, "offset": offset}
        return await self._rows("deployments/filter", body)

    async def deployment(self, flow_name: str, name: str) -> Deployment:
        """One deployment by its names. NotFound."""
        path = f"deployments/name/{quote(flow_name, safe='')}/{quote(name, safe='')}"
        return await self._object("GET", path)

    async def flows(self, where: Filter, *, runs: Filter | None = None, limit: int, offset: int = 0) -> list[Flow]:
        """Flows that a FlowFilter lets through (and that have a flow run as ``runs`` asks), the youngest first."""
        body = {"flows": where, "sort": "CREATED_DESC", "limit": limit, "offset": offset}
        return await self._rows("flows/filter", body if runs is None else {**body, "flow_runs": runs})

    async def flow(self, name: str) -> Flow:
        """One flow by its name. NotFound."""
        return await self._object("GET", f"flows/name/{quote(name, safe='')}")

    async def automations(self, *, limit: int, offset: int = 0) -> list[Automation]:
        """Automations by name. NotFound where the server is without them."""
        return await self._rows("automations/filter", {"sort": "NAME_ASC", "limit": limit, "offset": offset})

    async def logs(self, where: Filter, *, limit: int, offset: int = 0) -> list[Log]:
        """Log records that a LogFilter lets through, the youngest first."""
        body = {"logs": where, "sort": "TIMESTAMP_DESC", "limit": limit, "offset": offset}
        return await self._rows("logs/filter", body)

    async def events(self, where: Filter, *, limit: int) -> tuple[list[Event], str | None]:
        """The first page of events that an EventFilter lets through, and the token of the next page."""
        return self._event_page(await self._object("POST", "events/filter", {"filter": where, "limit": limit}))

    async def more_events(self, token: str) -> tuple[list[Event], str | None]:
        """A further page of events, and the token of the one after it."""
        return self._event_page(await self._object("GET", "events/filter/next", params={"page-token": token}))

    async def create_flow_run(self, deployment_id: str, body: Mapping[str, Any]) -> FlowRun:
        """Start a run. Unavailable: whether it exists is unknown."""
        answer = await self._http.write("POST", f"deployments/{deployment_id}/create_flow_run", json=body)
        return self._dict(answer, "create_flow_run")

    async def set_state(self, run_id: str, state: Mapping[str, Any]) -> Orchestrated:
        """Ask for a state by Prefect's own rules; the answer says what became of it."""
        path = f"flow_runs/{quote(run_id, safe='')}/set_state"
        return self._dict(await self._http.write("POST", path, json={"state": state, "force": False}), path)

    async def set_paused(self, deployment_id: str, *, paused: bool) -> None:
        """Switch a deployment's schedules off or on."""
        await self._http.write("POST", f"deployments/{deployment_id}/{'pause' if paused else 'resume'}_deployment")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _rows(self, path: str, body: Filter) -> list[Any]:
        return self._list(await self._http.read("POST", path, json=body), path)

    async def _object(
        self, method: str, path: str, body: Filter | None = None, params: Mapping[str, Any] | None = None
    ) -> Any:
        return self._dict(await self._http.read(method, path, json=body, params=params), path)

    def _event_page(self, page: EventPage) -> tuple[list[Event], str | None]:
        following = page.get("next_page")
        # Behind a proxy the server may not know its own address: the token is what counts.
        tokens: Sequence[str] = parse_qs(urlsplit(following).query).get("page-token", []) if following else []
        return self._list(page.get("events"), "events/filter"), tokens[0] if tokens else None

    def _list(self, answer: Any, path: str) -> list[Any]:
        if not isinstance(answer, list):
            raise self._drift(path, "a list", answer)
        return cast("list[Any]", answer)

    def _dict(self, answer: Any, path: str) -> Any:
        if not isinstance(answer, dict):
            raise self._drift(path, "an object", answer)
        return cast("dict[str, Any]", answer)

    def _drift(self, path: str, expected: str, answer: object) -> Drift:
        name = self._connection.name
        message = f"{name}: {path} answered with {type(answer).__name__} where {expected} was expected."
        return Drift(message, remedy=f"Is {self._connection.url} really Prefect 3?")
