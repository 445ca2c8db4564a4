"""What a Prefect automation posts. Pure.

An automation with the action "Call a webhook" and this JSON as the body of its CustomWebhookCredentials block, or as
the action's payload, tells of a run the moment it changes::

    {"event": "{{ event.event }}", "flow_run": "{{ event.resource.id }}"}

Its trigger expects ``prefect.flow-run.*`` on ``{"prefect.resource.id": "prefect.flow-run.*"}`` with
``for_each: ["prefect.resource.id"]``. Accepted as well: ``{"flow_run_id": "..."}``, ``{"flow_run": {"id": "..."}}``
(the whole object), a raw event, and lists of any of these. ``flow_name`` and ``deployment_name`` may stand beside.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from adapters.prefect.catalog import deployment_key
from adapters.prefect.ids import is_id
from adapters.sdk.errors import Rejected
from gateway.domain.observation import RunRef

PREFIX = "prefect.flow-run."
EXPECTED = 'Expected {"flow_run": "prefect.flow-run.<id>"} or {"flow_run_id": "<id>"}.'


def run_refs(body: Any) -> Sequence[RunRef]:
    """The runs that a message is about, each once. The pipeline's key is "" where the message does not tell it."""
    messages = cast("list[Any]", body) if isinstance(body, list) else [body]
    return list(dict.fromkeys(ref for message in messages for ref in _refs(message)))


def _refs(message: Any) -> Iterator[RunRef]:
    if not isinstance(message, dict):
        raise Rejected("The message is not a JSON object.", remedy=EXPECTED)
    told = cast("dict[str, Any]", message)
    for nested in ("event", "events"):
        if isinstance(told.get(nested), dict | list):
            yield from run_refs(told[nested])
            return
    run_id = next(_run_ids(told), None)
    if run_id is not None:
        yield RunRef(_pipeline(told), run_id)
    elif not _is_about_something_else(told):
        raise Rejected("The message names no flow run.", remedy=EXPECTED)


def _run_ids(told: Mapping[str, Any]) -> Iterator[str]:
    resource: Any = told.get("resource")
    flow_run: Any = told.get("flow_run")
    candidates = (
        told.get("flow_run_id"),
        cast("dict[str, Any]", flow_run).get("id") if isinstance(flow_run, dict) else flow_run,
        cast("dict[str, Any]", resource).get("prefect.resource.id") if isinstance(resource, dict) else None,
        told.get("id") if str(told.get("id", "")).startswith(PREFIX) else None,
    )
    for candidate in candidates:
        text = candidate.removeprefix(PREFIX) if isinstance(candidate, str) else ""
        if is_id(text):
            yield text


def _pipeline(told: Mapping[str, Any]) -> str:
    flow, deployment = told.get("flow_name"), told.get("deployment_name")
    return deployment_key(flow, deployment) if isinstance(flow, str) and isinstance(deployment, str) else ""


def _is_about_something_else(told: Mapping[str, Any]) -> bool:
    """An event that an automation sends although it is about no flow run, e.g. a deployment's."""
    name = told.get("event")
    return isinstance(name, str) and name.startswith("prefect.") and not name.startswith(PREFIX)
