"""Addresses, credentials and pushed messages."""

from typing import Any

import pytest

from adapters.prefect.addresses import Addresses, locate
from adapters.prefect.pushes import run_refs
from adapters.sdk.errors import Rejected
from adapters.sdk.registry import ConnectionSpec, check
from gateway.domain.observation import RunRef
from tests.adapters.prefect.recorded import body

RUN = "b021d76c-48e1-4e3a-a625-deacd95bb99b"
SERVER = Addresses("https://prefect.example.com/api", "https://prefect.example.com", is_cloud=False)
CLOUD = Addresses(
    "https://api.prefect.cloud/api/accounts/0a1b/workspaces/2c3d",
    "https://app.prefect.cloud/account/0a1b/workspace/2c3d",
    is_cloud=True,
)


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("https://prefect.example.com", SERVER),
        ("https://prefect.example.com/", SERVER),
        ("https://prefect.example.com/api", SERVER),
        ("https://prefect.example.com/api/", SERVER),
        ("https://api.prefect.cloud/api/accounts/0a1b/workspaces/2c3d", CLOUD),
        ("https://app.prefect.cloud/account/0a1b/workspace/2c3d", CLOUD),
        ("https://app.prefect.cloud/account/0a1b/workspace/2c3d/runs?tab=all", CLOUD),
    ],
)
def test_any_address_that_a_person_has_will_do(url: str, addresses: Addresses) -> None:
    assert locate(url) == addresses


def test_a_path_in_front_and_another_address_of_the_pages() -> None:
    found = locate("https://tools.example.com/prefect/api", "https://prefect.example.com/")
    assert found.api == "https://tools.example.com/prefect/api"
    assert found.run("x") == "https://prefect.example.com/runs/flow-run/x"


@pytest.mark.parametrize(
    ("auth", "options", "told"),
    [
        ({"api_key": "plain"}, {}, "auth.api_key"),
        ({"username": "a"}, {}, "belong together"),
        ({"token": "env:X"}, {}, "unknown key"),
        ({}, {"page_size": 201}, "options.page_size"),
    ],
)
def test_faults_in_the_configuration(auth: dict[str, Any], options: dict[str, Any], told: str) -> None:
    faults = check(ConnectionSpec("p", "prefect", "http://x", auth=auth, options=options))
    text = "; ".join(".".join(map(str, fault.path)) + ": " + fault.message for fault in faults)
    assert told in text


def test_sound_configurations() -> None:
    for auth in ({}, {"username": "a", "password": "env:P"}, {"api_key": "env:K"}):
        assert check(ConnectionSpec("p", "prefect", "http://x", auth=auth, options={"ui_url": "http://y"})) == []


def test_what_the_documented_automation_posts() -> None:
    recorded = body("automation_webhook")["actions"][0]["payload"]
    assert '"flow_run":"{{ event.resource.id }}"' in recorded
    posted = {"event": "prefect.flow-run.Completed", "flow_run": f"prefect.flow-run.{RUN}", "state": "COMPLETED"}
    assert run_refs(posted) == [RunRef("", RUN)]


@pytest.mark.parametrize(
    "message",
    [
        {"flow_run_id": RUN},
        {"flow_run": {"id": RUN, "name": "tangible-rottweiler"}},
        {"resource": {"prefect.resource.id": f"prefect.flow-run.{RUN}"}, "event": "prefect.flow-run.Failed"},
        {"event": {"event": "prefect.flow-run.Failed", "resource": {"prefect.resource.id": f"prefect.flow-run.{RUN}"}}},
        {"events": [{"flow_run_id": RUN}, {"flow_run_id": RUN}]},
        [{"flow_run_id": RUN}],
    ],
)
def test_other_messages_that_name_a_run(message: Any) -> None:
    assert run_refs(message) == [RunRef("", RUN)]


def test_recorded_events_name_their_runs() -> None:
    assert {ref.external_id for ref in run_refs(body("events_since")["events"])} == {RUN}


def test_names_make_a_key() -> None:
    assert run_refs({"flow_run_id": RUN, "flow_name": "etl", "deployment_name": "daily"}) == [RunRef("etl/daily", RUN)]


def test_events_about_something_else_are_no_fault() -> None:
    event = {"event": "prefect.deployment.updated", "resource": {"prefect.resource.id": "prefect.deployment.x"}}
    assert run_refs(event) == []


@pytest.mark.parametrize("message", [None, 7, "text", {}, {"flow_run_id": "no-uuid"}, {"flow_run_id": 7}, [{}], ["x"]])
def test_messages_without_a_run_are_refused(message: Any) -> None:
    with pytest.raises(Rejected, match="Expected"):
        run_refs(message)
