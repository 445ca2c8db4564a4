"""What the README says of adapters is what their manifests say."""

import re

import pytest

from adapters.sdk import registry
from gateway.domain.states import TriggerGuarantee
from tests.house.source import ROOT

GUARANTEE = {TriggerGuarantee.EXACTLY_ONCE: "exactly once", TriggerGuarantee.AT_LEAST_ONCE: "at least once"}


def adapter_rows() -> dict[str, str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return {match[1]: match[0] for match in re.finditer(r"^\| \[`([a-z-]+)`\]\S+ \|.*$", text, re.MULTILINE)}


@pytest.mark.parametrize("kind", ["airflow", "prefect", "dagster"])
def test_the_readme_tells_what_an_adapter_guarantees_and_can_do(kind):
    manifest = registry.adapter_class(kind).manifest
    row = adapter_rows()[kind]
    assert GUARANTEE[manifest.trigger] in row
    for capability in ("TRIGGER", "CANCEL", "RETRY", "PAUSE"):
        assert (capability in manifest.capabilities) == (capability.lower() in row)


@pytest.mark.parametrize("kind", ["airflow", "prefect", "dagster"])
def test_an_adapters_page_has_every_field_of_its_connection(kind):
    """The page that configuration.md leads to; secrets are among the fields of ``auth``."""
    adapter = registry.adapter_class(kind)
    page = (ROOT / "adapters" / kind / "README.md").read_text(encoding="utf-8")
    rows = "\n".join(re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE))
    fields = {*adapter.Auth.model_fields, *adapter.Options.model_fields}
    assert set(re.findall(r"`([a-z_]+)`", rows)) == {"auth", "options", *fields}
    assert f"adapters/{kind}/README.md)" in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_every_page_the_readme_leads_to_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)", text)
    assert [target for target in targets if not (ROOT / target).exists()] == []
    assert len(targets) > 8


def test_every_decision_is_in_their_table():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("0*.md"))
