"""What Podium asks of Prefect: start, cancel and retry runs, pause deployments."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from adapters.prefect.catalog import Catalog
from adapters.prefect.client import PrefectClient
from adapters.prefect.mapping import (
    LOGICAL_AT_LABEL,
    PARTITION_LABEL,
    REQUEST_LABEL,
    understanding,
    unknown_parameters,
)
from adapters.prefect.payloads import Deployment, FlowRun, Orchestrated
from adapters.prefect.states import TERMINAL_TYPES, native
from adapters.sdk.errors import Rejected, Unavailable
from adapters.sdk.redaction import Redactor
from gateway.domain.observation import ObservedRun, Triggered, TriggerRequest
from gateway.domain.suggestions import did_you_mean


class Commands:
    """Every way in which Podium changes something at Prefect."""

    def __init__(self, name: str, client: PrefectClient, catalog: Catalog, redactor: Redactor) -> None:
        self._name = name
        self._client = client
        self._catalog = catalog
        self._redactor = redactor

    async def deployment(self, pipeline_key: str) -> Deployment:
        """The deployment behind a key. NotFound; Rejected for a flow, which only its callers can run."""
        flow_name, slash, name = pipeline_key.partition("/")
        if not slash:
            raise Rejected(
                f"{self._name}: {pipeline_key} is a flow without a deployment.",
                remedy="Only deployments can be started and paused.",
            )
        deployment = await self._client.deployment(flow_name, name)
        await self._catalog.learn_deployments([deployment])
        return deployment

    async def trigger(self, request: TriggerRequest) -> Triggered:
        """Start a run of a deployment, once for its key."""
        deployment = await self.deployment(request.pipeline_key)
        self._check_parameters(deployment, request.parameters)
        token = uuid4().hex
        row = await self._create(deployment["id"], request, token)
        run = (await self._catalog.observe([row]))[0]
        return Triggered(run, is_new=(row.get("labels") or {}).get(REQUEST_LABEL) == token)

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        """The run that a key has made. NotFound where the deployment is gone."""
        deployment = await self.deployment(pipeline_key)
        row = await self._find(deployment["id"], idempotency_key)
        return (await self._catalog.observe([row]))[0] if row else None

    async def cancel(self, run_id: str) -> ObservedRun:
        """Ask for the end. A run that waits for its time ends at once; a process is given time to end.

        A run that is being submitted must go through CANCELLING, too: a process that has been launched starts
        although its run is CANCELLED already.
        """
        row = await self._client.flow_run(run_id)
        if row.get("state_type") in TERMINAL_TYPES:
            raise Rejected(f"{self._name}: flow run {run_id} has already ended as {_native(row)}.")
        answer = await self._client.set_state(run_id, {"type": "CANCELLING", "message": "Cancelled by Podium"})
        self._expect(answer, run_id, {"CANCELLING", "CANCELLED"})
        return await self.run(run_id)

    async def retry(self, run_id: str) -> ObservedRun:
        """Start the same run again; tasks with results of their own are not repeated."""
        row = await self._client.flow_run(run_id)
        if row.get("state_type") not in TERMINAL_TYPES:
            raise Rejected(f"{self._name}: flow run {run_id} has not ended, it is {_native(row)}.")
        state = {"type": "SCHEDULED", "name": "AwaitingRetry", "message": "Retried by Podium"}
        self._expect(await self._client.set_state(run_id, state), run_id, {"SCHEDULED"})
        return await self.run(run_id)

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        """Switch a deployment's schedules off or on. Rejected where there is nothing to switch off."""
        deployment = await self.deployment(pipeline_key)
        if paused and not deployment.get("schedules"):
            raise Rejected(f"{self._name}: {pipeline_key} has no schedule that could be paused.")
        await self._client.set_paused(deployment["id"], paused=paused)

    async def run(self, run_id: str) -> ObservedRun:
        """One run as it is now."""
        return (await self._catalog.observe([await self._client.flow_run(run_id)]))[0]

    async def _create(self, deployment_id: str, request: TriggerRequest, token: str) -> FlowRun:
        row = await self._create_once(deployment_id, request, request.idempotency_key, token)
        if row.get("deployment_id") == deployment_id:
            return row
        # Prefect's keys count per flow: another deployment of this flow has had this one.
        own_key = _own_key(request.idempotency_key, deployment_id)
        return await self._create_once(deployment_id, request, own_key, token)

    async def _create_once(self, deployment_id: str, request: TriggerRequest, key: str, token: str) -> FlowRun:
        """One run for the key. Prefect honours the key, so after an unclear outcome that left no run, one repeat."""
        body = _body(request, key, token)
        try:
            return await self._client.create_flow_run(deployment_id, body)
        except Unavailable:
            if found := await self._find(deployment_id, request.idempotency_key):
                return found
        try:
            return await self._client.create_flow_run(deployment_id, body)
        except Unavailable:
            if found := await self._find(deployment_id, request.idempotency_key):
                return found
            raise

    async def _find(self, deployment_id: str, idempotency_key: str) -> FlowRun | None:
        keys = [idempotency_key, _own_key(idempotency_key, deployment_id)]
        where = {"idempotency_key": {"any_": keys}, "deployment_id": {"any_": [deployment_id]}}
        rows = await self._client.flow_runs(where, sort="ID_DESC", limit=1)
        return rows[0] if rows else None

    def _check_parameters(self, deployment: Deployment, parameters: Mapping[str, Any]) -> None:
        with understanding("a deployment"):
            unknown, known = unknown_parameters(deployment, parameters)
        if unknown:
            names = ", ".join(f"{name!r}{did_you_mean(name, known)}" for name in unknown)
            told = f"its parameters are {', '.join(known)}" if known else "it has no parameters"
            raise Rejected(f"{self._name}: the flow does not know the parameter {names}; {told}.")

    def _expect(self, answer: Orchestrated, run_id: str, wanted: set[str]) -> None:
        """Raise Rejected unless the run is now in a wanted state. REJECT with such a state means it was reached."""
        with understanding("an answer to a change of state"):
            state_type = (answer.get("state") or {}).get("type")
            reason = (answer.get("details") or {}).get("reason") or "no reason given"
            done = answer["status"] in {"ACCEPT", "REJECT"} and state_type in wanted
        if done:
            return
        told = self._redactor(str(reason)).rstrip(".")
        raise Rejected(f"{self._name}: Prefect answered {answer['status']} for flow run {run_id}: {told}.")


def _body(request: TriggerRequest, key: str, token: str) -> Mapping[str, Any]:
    labels = {REQUEST_LABEL: token}
    if request.logical_at is not None:
        labels[LOGICAL_AT_LABEL] = request.logical_at.isoformat()
    if request.partition is not None:
        labels[PARTITION_LABEL] = request.partition
    return {"parameters": dict(request.parameters), "idempotency_key": key, "labels": labels}


def _own_key(idempotency_key: str, deployment_id: str) -> str:
    return f"{idempotency_key}@{deployment_id}"


def _native(row: FlowRun) -> str:
    return native(row.get("state_type"), row.get("state_name"))
