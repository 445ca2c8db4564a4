"""Which pipelines an automation puts before a deployment, and which it does not."""

from typing import Any

import pytest

from adapters.prefect.automations import Runner, upstream
from adapters.sdk.errors import Drift

SHOP = Runner.of("shop/daily", ("f-shop", "shop"), ("d-shop", "daily"))
SHOP_BY_HAND = Runner.of("shop/by-hand", ("f-shop", "shop"), ("d-hand", "by-hand"))
CRM = Runner.of("crm/daily", ("f-crm", "crm"), ("d-crm", "daily"))
EVERYONE = [SHOP, SHOP_BY_HAND, CRM]
ID, NAME, ROLE = "prefect.resource.id", "prefect.resource.name", "prefect.resource.role"


def automation(match_related, **more) -> Any:
    trigger = {
        "type": "event",
        "posture": "Reactive",
        "match": {ID: "prefect.flow-run.*"},
        "match_related": match_related,
    }
    actions = [{"type": "run-deployment", "source": "selected", "deployment_id": "d-crm"}]
    return {"id": "a", "enabled": True, "trigger": trigger, "actions": actions, **more}


@pytest.mark.parametrize(
    ("match_related", "keys"),
    [
        ({ID: "prefect.flow.f-shop", ROLE: "flow"}, {"shop/daily", "shop/by-hand"}),
        ({ID: ["prefect.deployment.d-shop"]}, {"shop/daily"}),
        ({NAME: "daily", ROLE: "deployment"}, {"shop/daily", "crm/daily"}),
        ([{NAME: "daily", ROLE: "deployment"}, {NAME: ["shop"], ROLE: "flow"}], {"shop/daily"}),
        ([{NAME: "shop", ROLE: "flow"}, {ID: "prefect.tag.nightly", ROLE: "tag"}], {"shop/daily", "shop/by-hand"}),
        ({ID: "prefect.flow.*", ROLE: "flow"}, set()),
        ({NAME: "!shop", ROLE: "flow"}, set()),
        ({ID: "prefect.tag.nightly", ROLE: "tag"}, set()),
        ({}, set()),
        (None, set()),
    ],
)
def test_what_it_names_comes_before_what_it_starts(match_related, keys):
    assert upstream([automation(match_related)], EVERYONE) == {"d-crm": frozenset(keys)}


def test_parts_of_a_compound_one_and_several_automations_add_up():
    by_flow = automation({NAME: "shop", ROLE: "flow"})["trigger"]
    by_deployment = automation({ID: "prefect.deployment.d-crm"})
    compound = automation({}, trigger={"type": "compound", "require": "all", "triggers": [by_flow]})
    found = upstream([compound, by_deployment], EVERYONE)
    assert found == {"d-crm": frozenset({"shop/daily", "shop/by-hand", "crm/daily"})}


@pytest.mark.parametrize(
    "idle",
    [
        {"enabled": False},
        {"actions": [{"type": "call-webhook", "block_document_id": "b"}]},
        {"actions": [{"type": "run-deployment", "source": "inferred", "deployment_id": None}]},
        {"trigger": {"type": "event", "posture": "Proactive", "match_related": {NAME: "shop", ROLE: "flow"}}},
    ],
    ids=["switched off", "starts nothing", "starts whatever ran", "waits for nothing to happen"],
)
def test_one_that_starts_nothing_after_something_is_left_out(idle):
    found = upstream([automation({NAME: "shop", ROLE: "flow"}, **idle)], EVERYONE)
    assert not any(found.values())


def test_one_of_an_unknown_form_is_told():
    odd: Any = {"id": "a", "trigger": {}}
    with pytest.raises(Drift, match="an automation"):
        upstream([odd], EVERYONE)
