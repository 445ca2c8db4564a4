"""The demo's podium.yaml is one that Podium takes, and holds no secret."""

from gateway.app.config.load import load_file
from gateway.app.demo.airflow import PASSWORDS, LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.prefect import LocalPrefect
from gateway.app.demo.stack import podium_yaml, secrets_of


def test_it_connects_every_orchestrator_by_reference(tmp_path):
    servers = [LocalAirflow(tmp_path, "postgresql://podium@127.0.0.1/airflow"), LocalDagster(tmp_path)]
    path = tmp_path / "podium.yaml"
    path.write_text(podium_yaml(servers, "http://127.0.0.1:8084"))
    file = load_file(path)
    assert file.dependencies == ()  # they need all three
    assert [one.name for one in file.orchestrators] == ["airflow-demo", "dagster-demo"]
    assert PASSWORDS["admin"] not in path.read_text()
    assert secrets_of(servers) == {"DEMO_AIRFLOW_PASSWORD": PASSWORDS["admin"]}


def test_with_all_three_they_depend_on_each_other(tmp_path):
    url = "postgresql://podium@127.0.0.1/"
    servers = [LocalAirflow(tmp_path, f"{url}a"), LocalPrefect(tmp_path, f"{url}p"), LocalDagster(tmp_path)]
    path = tmp_path / "podium.yaml"
    path.write_text(podium_yaml(servers, "http://127.0.0.1:8084"))
    promised = [one.name for one in load_file(path).slas]
    assert promised == [
        "ingest-is-quick",
        "revenue-before-midnight",
        "crm-sync-works",
        "marts-work",
        "leads-are-scored",
    ]
    assert [(one.name, str(one.target)) for one in load_file(path).dependencies] == [
        ("marts-after-loads", "dagster-demo/shop/marts"),
        ("scores-after-revenue", "prefect-demo/score-leads/nightly"),
    ]
