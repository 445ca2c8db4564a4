"""What goes over the wire, and what errors say."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from adapters.dagster.adapter import DagsterAdapter
from adapters.dagster.auth import Auth, headers
from adapters.dagster.client import base_url
from adapters.sdk.errors import Drift, NotFound, Rejected, Unavailable
from gateway.domain.observation import RunRef
from tests.adapters.dagster.pretend import PretendDagster, adapter_for
from tests.adapters.dagster.recorded import recorded

Connect = Callable[..., DagsterAdapter]
SECRET = "s3cret-token"


@pytest.mark.parametrize("url", ["http://h:1/x", "http://h:1/x/", "http://h:1/x/graphql", "http://h:1/x/graphql/"])
def test_url_with_or_without_graphql(url: str) -> None:
    assert base_url(url) == "http://h:1/x"


@pytest.mark.parametrize(
    ("given", "url", "header"),
    [
        ({}, "http://h", {}),
        ({"token": SECRET}, "https://acme.dagster.cloud/prod", {"Dagster-Cloud-Api-Token": SECRET}),
        ({"token": SECRET}, "https://dagster.example.com", {"authorization": f"Bearer {SECRET}"}),
        ({"token": SECRET, "scheme": "cloud"}, "https://dagster.example.com", {"Dagster-Cloud-Api-Token": SECRET}),
    ],
)
def test_token(given: dict[str, str], url: str, header: dict[str, str]) -> None:
    assert headers(Auth.model_validate(given), url) == header


@pytest.mark.parametrize(
    "given", [{"username": "u"}, {"password": "p"}, {"token": "t", "username": "u", "password": "p"}, {"pass": "p"}]
)
def test_auth_that_makes_no_sense(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Auth.model_validate(given)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {"detail": "Not Found"}), Drift),
        ((405, {}), Drift),
        ((400, {"errors": [{"message": "Cannot query field 'permissions' on type 'Query'."}]}), Drift),
        ((200, {"errors": [{"message": "syntax", "locations": []}]}), Drift),
        ((200, {"errors": [{"message": "disk full", "path": ["instance"]}], "data": None}), Unavailable),
        ((200, []), Drift),
        ((200, {"data": None}), Drift),
        ((200, {"data": {"version": "1.13"}}), Drift),
        ((200, {"ok": True}), Drift),
    ],
)
async def test_something_else_answers(
    dagster: PretendDagster, connect: Connect, answer: Any, error: type[Exception]
) -> None:
    dagster.instead["Probe"] = [answer] * 3
    with pytest.raises(error):
        await connect().probe()


async def test_drift_asks_whether_it_is_dagster(dagster: PretendDagster, connect: Connect) -> None:
    dagster.instead["Probe"] = [(404, {"detail": "Not Found"})]
    with pytest.raises(Drift, match=r"answered 404.*Not Found.*Is http://127\.0\.0\.1:\d+ really Dagster"):
        await connect().probe()


async def test_vendor_error_never_shows_the_secret(dagster: PretendDagster) -> None:
    adapter = adapter_for(dagster.url, auth=Auth(token=SecretStr(SECRET)))
    told = {"__typename": "PythonError", "message": f"header was Bearer {SECRET}"}
    dagster.instead["Run"] = [(200, {"data": {"runOrError": told}})]
    with pytest.raises(Unavailable, match=r"header was Bearer \*\*\*") as caught:
        await adapter.run(RunRef("", "x"))
    assert SECRET not in str(caught.value)
    await adapter.aclose()


@pytest.mark.parametrize(
    ("operation", "field", "answer", "error"),
    [
        ("Run", "runOrError", "refused_run_missing", NotFound),
        ("Terminate", "terminateRun", "refused_terminate_terminal", Rejected),
        ("Terminate", "terminateRun", "refused_terminate_missing", NotFound),
    ],
)
async def test_recorded_refusals(
    dagster: PretendDagster, connect: Connect, operation: str, field: str, answer: str, error: type[Exception]
) -> None:
    raw = recorded(answer)
    dagster.add(1.0, runId="x", status="CANCELED")
    dagster.instead[operation] = [(200, {"data": raw})]
    adapter, ref = connect(), RunRef("", "x")
    with pytest.raises(error) as caught:
        await (adapter.run(ref) if operation == "Run" else adapter.cancel(ref))
    assert raw[field]["message"] in str(caught.value)


@pytest.mark.parametrize(
    ("body", "ref"),
    [
        ({"run_id": "r"}, RunRef("", "r")),
        ({"run_id": "r", "job_name": "etl"}, RunRef("", "r")),
        ({"run_id": "r", "job_name": "etl", "location": "shop"}, RunRef("shop/etl", "r")),
        ({"run_id": "r", "job_name": "etl", "location": "shop", "repository": "crm"}, RunRef("crm@shop/etl", "r")),
    ],
)
async def test_pushed_message(connect: Connect, body: dict[str, str], ref: RunRef) -> None:
    assert list(connect().webhook({}, body)) == [ref]


@pytest.mark.parametrize("body", [None, [], "x", {}, {"run_id": 5}, {"run_id": ""}])
async def test_pushed_nonsense(connect: Connect, body: Any) -> None:
    with pytest.raises(Rejected):
        connect().webhook({}, body)
