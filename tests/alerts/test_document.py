"""The webhook's document is what its published schema says."""

import re
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from gateway.alerts.document import addressed, document, examples
from gateway.alerts.texts import ROOT
from gateway.domain.incidents import NoticeKind
from tests.alerts.made_up import DOCUMENTS
from tests.alerts.published import faults, notification
from tests.alerts.test_channels import HURT, SIGNAL, incident_at
from tests.house.source import ROOT as ROOT_FOLDER

EXAMPLE = next(examples())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(told=DOCUMENTS)
def test_every_document_is_as_the_schema_has_it(told):
    assert faults(notification(), told) == []


def test_so_is_each_that_templates_are_tried_with():
    assert [faults(notification(), told) for told in examples()] == [[]] * 2 * len(NoticeKind)
    assert list(EXAMPLE) == ["version", "event", "incident", "timeline", "receiver", "sequence", "key"]
    assert sorted(EXAMPLE) == sorted(ROOT)


def test_so_is_the_one_in_the_documentation():
    (shown,) = re.findall(
        r"```json\n(.*?)```", (ROOT_FOLDER / "docs" / "alerts.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert faults(notification(), orjson.loads(shown)) == []
    assert orjson.loads(shown)["incident"].keys() == EXAMPLE["incident"].keys()


def changed(path: str, value: Any) -> dict[str, Any]:
    told: Any = deepcopy(EXAMPLE)
    *parents, last = path.split(".")
    place = told
    for part in parents:
        place = place[int(part) if part.isdigit() else part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return told


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((key, ...) for key in EXAMPLE),
        *((f"incident.{key}", ...) for key in EXAMPLE["incident"]),
        *((f"incident.rootCause.{key}", ...) for key in EXAMPLE["incident"]["rootCause"]),
        *((f"incident.impact.{key}", ...) for key in EXAMPLE["incident"]["impact"]),
        ("version", 2),
        ("event", "opnd"),
        ("sequence", 0),
        ("incident.severity", "error"),
        ("incident.state", "CLOSED"),
        ("incident.openedAt", "yesterday"),
        ("incident.openedAt", None),
        ("incident.mergedInto", 11),
        ("incident.signals.0.labels", {"owner": 5}),
        ("timeline.0.at", "2026-05-05"),
        ("incident.signals", [EXAMPLE["incident"]["rootCause"]] * 51),
    ],
)
def test_a_document_that_is_altered_is_refused(path, value):
    assert faults(notification(), changed(path, value)) != []


@pytest.mark.parametrize(
    "path", ["new", "incident.new", "incident.rootCause.new", "incident.impact.new", "timeline.0.new"]
)
def test_new_keys_may_come(path):
    assert faults(notification(), changed(path, {"a": 1})) == []


@pytest.mark.parametrize(
    ("kind", "public_url", "expected"),
    [
        (NoticeKind.OPENED, "https://podium.example.com/", "https://podium.example.com/incidents/7?acknowledge"),
        (NoticeKind.REPEATED, "https://podium.example.com", "https://podium.example.com/incidents/7?acknowledge"),
        (NoticeKind.ESCALATED, "https://podium.example.com", "https://podium.example.com/incidents/7?acknowledge"),
        (NoticeKind.ACKNOWLEDGED, "https://podium.example.com", None),
        (NoticeKind.RESOLVED, "https://podium.example.com", None),
        (NoticeKind.TEST, "https://podium.example.com", None),
        (NoticeKind.OPENED, None, None),
    ],
)
def test_there_is_a_link_to_acknowledge_while_nobody_has(kind, public_url, expected):
    told = addressed(document(kind, incident_at(kind), [SIGNAL], HURT, (), public_url), "chat", 1, "key")
    assert told["incident"]["acknowledgeUrl"] == expected
