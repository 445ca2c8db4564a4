"""Image, compose, chart and unit speak to the gateway as it is: its settings, routes, podium.yaml and way to end."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.app.cli.serving import GRACE
from gateway.app.config.load import load_file
from gateway.app.config.models import SECTIONS
from gateway.app.settings import PREFIX, Settings
from gateway.app.wiring import create_app
from gateway.domain.durations import parse_duration
from tests.deploy.reading import CHART, DEPLOY, DOCKERFILE, ROOT, files, text, yaml

SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}
COMPOSE: dict[str, Any] = yaml(DEPLOY / "compose.yaml")


@pytest.fixture(scope="module")
def routes(tmp_path_factory) -> set[str]:
    """Paths of the real application."""
    folder: Path = tmp_path_factory.mktemp("data")
    return set(create_app(Settings(data_dir=folder)).openapi()["paths"])


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_every_variable_is_a_setting(path: Path):
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", text(path))) <= SETTINGS


def test_settings_are_found_where_they_are_given():
    for path in (
        DOCKERFILE,
        DEPLOY / "compose.yaml",
        DEPLOY / "systemd" / "podium.service",
        CHART / "templates" / "_helpers.tpl",
    ):
        assert PREFIX in text(path)


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        (DOCKERFILE, r"'GET', '([^']+)'", {"/readyz"}),
        (CHART / "templates" / "deployment.yaml", r"httpGet: \{path: ([^,]+),", {"/readyz", "/healthz"}),
        (CHART / "templates" / "monitoring.yaml", r"path: (/\S+)", {"/metrics"}),
        (DEPLOY / "proxy" / "Caddyfile", r"health_uri (\S+)", {"/readyz"}),
    ],
    ids=["Dockerfile", "probes", "ServiceMonitor", "proxy"],
)
def test_what_is_asked_is_a_route(routes: set[str], path: Path, pattern: str, expected: set[str]):
    assert set(re.findall(pattern, text(path))) == expected
    assert expected <= routes


def test_the_sample_is_a_sound_podium_yaml():
    sample = load_file(DEPLOY / "podium.yaml")
    assert [one.name for one in sample.orchestrators] == ["airflow-prod"]


def test_what_is_referred_to_is_a_secret_that_compose_gives():
    podium = COMPOSE["services"]["podium-1"]
    for said in (text(DEPLOY / "podium.yaml"), json.dumps(podium["environment"])):
        referred = re.findall(r"file:/run/secrets/([a-z_]+)", said)
        assert referred
        assert set(referred) <= set(podium["secrets"]) <= set(COMPOSE["secrets"])


def test_compose_listens_on_this_machine_only_and_mounts_what_is_there():
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    mounts = [mount.split(":")[0] for service in COMPOSE["services"].values() for mount in service.get("volumes", ())]
    assert [mount for mount in mounts if mount.startswith(".") and not (DEPLOY / mount).exists()] == []


def test_secrets_are_never_committed():
    assert text(DEPLOY / "secrets" / ".gitignore").split() == ["*", "!.gitignore"]
    assert all(one["file"].startswith("./secrets/") for one in COMPOSE["secrets"].values())


def test_everybody_waits_until_podium_has_ended():
    unit = re.search(r"^TimeoutStopSec=(\d+)$", text(DEPLOY / "systemd" / "podium.service"), re.MULTILINE)
    chart = text(CHART / "templates" / "deployment.yaml")
    pod = re.search(r"terminationGracePeriodSeconds: (\d+)", chart)
    before = re.search(r'command: \[sleep, "(\d+)"\]', chart)
    assert unit
    assert pod
    assert before
    compose = parse_duration(COMPOSE["services"]["podium-1"]["stop_grace_period"]).total_seconds()
    assert min(int(unit[1]), compose, int(pod[1]) - int(before[1])) >= 2 * GRACE


def test_the_chart_is_of_the_version_it_installs():
    chart = yaml(CHART / "Chart.yaml")
    assert f'version = "{chart["appVersion"]}"' in text(ROOT / "pyproject.toml")


def test_the_schema_of_the_chart_knows_its_values_and_every_section_of_podium_yaml():
    schema = json.loads(text(CHART / "values.schema.json"))["properties"]
    assert schema.keys() - {"global"} == yaml(CHART / "values.yaml").keys()
    assert schema["config"]["properties"].keys() == set(SECTIONS)
