"""deploy/README.md says how an upgrade goes, and the chart starts new replicas beside old ones: both rest on this."""

import re

from tests.deploy.reading import CHART, DEPLOY, ROOT, text, yaml

ADDS = {"create_table", "add_column", "create_index", "get_bind", "f", "execute"}


def test_migrations_only_add():
    """One that does not needs another word in deploy/README.md, and in the changelog: stop all replicas first."""
    versions = sorted((ROOT / "gateway" / "store" / "migrations" / "versions").glob("0*.py"))
    upgrades = [text(path).partition("def downgrade")[0] for path in versions]
    assert len(upgrades) >= 13
    assert {name for upgrade in upgrades for name in re.findall(r"\bop\.(\w+)", upgrade)} <= ADDS
    assert [path.name for path in versions if re.search(r"\b(DROP|ALTER|RENAME)\b", text(path))] == []


def test_old_replicas_serve_until_new_ones_do():
    strategy = yaml(CHART / "values.yaml")["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}


def test_the_readme_leads_to_what_is_there():
    for page in (DEPLOY / "README.md", CHART / "README.md"):
        targets = re.findall(r"\]\(([^)#]+)", text(page))
        assert targets
        assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_chart_tells_of_every_value():
    told = set(re.findall(r"`([A-Za-z]+)(?:\.[A-Za-z]+)?`", text(CHART / "README.md")))
    assert yaml(CHART / "values.yaml").keys() - told - {"image"} == set()
