"""Rules and dashboard ask for what the gateway measures, by labels that it has."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from prometheus_client import REGISTRY

import gateway.app.wiring
from gateway.app.cli.entry import build
from tests.deploy.reading import DEPLOY, ROOT, text, yaml

#: What Prometheus itself says of where a sample is from, and its operator for Kubernetes.
OF_THE_TARGET = {"job", "instance", "namespace"}
OF_PROMETHEUS = {"up": set[str](), "ALERTS": {"alertname", "alertstate", "severity"}}
METRIC = re.compile(r"(?<![\w:$\"])((?:podium|process)_\w+|up|ALERTS|\w+:\w+:\w+)(?:\{([^}]*)\})?(?![\w(:])")
GROUPING = re.compile(r"\b(?:by|on|ignoring|without)\s*\(([^)]*)\)")

RULES: list[dict[str, Any]] = [
    rule for group in yaml(DEPLOY / "prometheus" / "podium.rules.yaml")["groups"] for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
DASHBOARD: dict[str, Any] = json.loads(text(DEPLOY / "grafana" / "podium.json"))


@cache
def exported() -> dict[str, set[str]]:
    """Metric by its name in Prometheus -> labels, of all that importing the gateway has made."""
    assert gateway.app.wiring.create_app
    known: dict[str, set[str]] = {}
    for name, collector in REGISTRY._names_to_collectors.items():
        extra = {"le"} if name.endswith("_bucket") else set[str]()
        known[name] = {*getattr(collector, "_labelnames", ()), *extra}
    return known


@cache
def known() -> dict[str, set[str]]:
    """And what the rules record: its name begins with the labels it has."""
    every = {label for labels in exported().values() for label in labels}
    return exported() | OF_PROMETHEUS | {rule["record"]: every for rule in RULES if "record" in rule}


def expressions() -> Iterator[tuple[str, str]]:
    """Where it stands, and what it is."""
    for rule in RULES:
        yield rule.get("alert") or rule["record"], rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]["query"]


EXPRESSIONS = list(expressions())


def test_expressions_are_found():
    assert len(EXPRESSIONS) > 60
    assert {name for _, expr in EXPRESSIONS for name in METRIC.findall(expr)} >= {("podium_sync_loops", "")}


@pytest.mark.parametrize(("where", "expr"), EXPRESSIONS)
def test_what_is_asked_for_is_measured(where: str, expr: str):
    metrics = METRIC.findall(expr)
    assert metrics, f"{where} asks for no metric"
    assert [name for name, _ in metrics if name not in known()] == []


@pytest.mark.parametrize(("where", "expr"), EXPRESSIONS)
def test_labels_are_those_of_the_metric(where: str, expr: str):
    for name, matchers in METRIC.findall(expr):
        asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
        assert asked <= known()[name] | OF_THE_TARGET, where
    labels = {label for name, _ in METRIC.findall(expr) for label in known()[name]}
    grouped = {label.strip() for found in GROUPING.findall(expr) for label in found.split(",")}
    assert grouped <= labels | OF_THE_TARGET, where


def test_every_metric_of_podium_is_on_the_dashboard():
    shown = json.dumps(DASHBOARD)
    families = {name for name in exported() if name.startswith("podium_") and not name.endswith("_created")}
    stems = {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in families}
    #: Told by the others better, or of interest to nobody day by day.
    left_out = {
        "podium_orchestrator_up",
        "podium_sync_circuit_open",
        "podium_kpi_compute_efficiency_ratio",
        "podium_lineage_remarks",
        "podium_lineage_removed",
        "podium_lineage_batch_seconds",
    }
    assert {stem for stem in stems if stem not in shown} == left_out


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_it_is_and_what_to_do(rule: dict[str, Any]):
    assert {name: len(said) > 15 for name, said in rule["annotations"].items()} == {
        "summary": True,
        "description": True,
        "action": True,
    }
    assert rule["labels"]["severity"] in {"warning", "critical"}


def test_every_alert_is_tried():
    tried = text(DEPLOY / "prometheus" / "podium.rules.test.yaml")
    names = [rule["alert"] for rule in ALERTS]
    assert len(names) == len(set(names))
    assert [name for name in names if name not in tried] == []


def test_what_to_do_names_commands_and_log_messages_that_exist():
    actions = "\n".join(rule["annotations"]["action"] for rule in ALERTS)
    commands = build().commands  # pyright: ignore[reportAttributeAccessIssue]
    assert {name for name in re.findall(r"\bpodium ([a-z-]+)", actions) if name not in commands} == set()
    code = "\n".join(text(path) for folder in ("gateway", "lineage") for path in (ROOT / folder).rglob("*.py"))
    quoted = re.findall(r'"([^"]+)"', actions)
    assert len(quoted) >= 3
    assert [message for message in quoted if message not in code] == []


def test_the_chart_carries_the_same_rules_and_dashboard():
    carried = ROOT / "deploy" / "helm" / "podium" / "files"
    assert (carried / "podium.rules.yaml").samefile(DEPLOY / "prometheus" / "podium.rules.yaml")
    assert (carried / "podium.json").samefile(DEPLOY / "grafana" / "podium.json")
