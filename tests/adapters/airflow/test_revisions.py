"""A DAG's revision says that its graph stays as it was read; Airflow changes a version in place until a run uses it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.sdk.protocol import Adapter
from tests.adapters.airflow.scripted import Reply, ScriptedAirflow
from tests.adapters.airflow.test_faults import run

DAG = json.loads((Path(__file__).parent / "captures/v2/dags.json").read_text())["body"]["dags"][0]


@dataclass
class Deployment:
    """DAG versions, oldest first, and those that each DAG's latest run uses."""

    versions: list[tuple[str, str]]
    used: dict[str, list[str]] = field(default_factory=dict)

    def play(self, airflow: ScriptedAirflow) -> None:
        for dag_id in {dag_id for dag_id, _ in self.versions}:
            airflow.routes["GET", f"/api/v2/dags/{dag_id}/dagRuns"] = lambda _query, _body, dag_id=dag_id: self._runs(
                dag_id
            )
            airflow.routes["GET", f"/api/v2/dags/{dag_id}/tasks"] = lambda _query, _body: Reply(200, {"tasks": []})
        airflow.routes["GET", "/api/v2/dags"] = self._dags
        airflow.routes["GET", "/api/v2/dags/~/dagVersions"] = self._versions

    def _runs(self, dag_id: str) -> Reply:
        versions = [{"id": version} for version in self.used.get(dag_id, [])]
        return Reply(200, {"dag_runs": [run(0, dag_id=dag_id, dag_versions=versions)] if versions else []})

    def _dags(self, query: dict[str, str], _body: Any) -> Reply:
        names = sorted({dag_id for dag_id, _ in self.versions})
        offset = int(query.get("offset") or 0)
        return Reply(
            200, {"dags": [DAG | {"dag_id": name} for name in names[offset : offset + 2]], "total_entries": len(names)}
        )

    def _versions(self, query: dict[str, str], _body: Any) -> Reply:
        newest = self.versions[::-1]
        offset = int(query.get("offset") or 0)
        rows = [{"dag_id": dag_id, "id": version} for dag_id, version in newest[offset : offset + 2]]
        return Reply(200, {"dag_versions": rows, "total_entries": len(newest)})


async def revisions(adapter: Adapter) -> dict[str, str | None]:
    return {one.key: one.revision async for page in adapter.pipelines() for one in page}


async def test_a_version_counts_once_a_run_uses_it(airflow, adapter):
    deployment = Deployment([("orders_etl", "v1")])
    deployment.play(airflow)
    await adapter.structure("orders_etl")
    assert await revisions(adapter) == {"orders_etl": None}, "it may still be changed in place"
    deployment.used["orders_etl"] = ["v1"]
    await adapter.structure("orders_etl")
    assert await revisions(adapter) == {"orders_etl": "v1"}


async def test_a_new_version_does_not_count_until_a_run_uses_it(airflow, adapter):
    deployment = Deployment([("orders_etl", "v1")], {"orders_etl": ["v1"]})
    deployment.play(airflow)
    await adapter.structure("orders_etl")
    assert await revisions(adapter) == {"orders_etl": "v1"}
    deployment.versions.append(("orders_etl", "v2"))
    assert await revisions(adapter) == {"orders_etl": None}
    await adapter.structure("orders_etl")
    assert await revisions(adapter) == {"orders_etl": None}
    deployment.used["orders_etl"] = ["v1", "v2"]  # a run that was cleared and went on with the new one
    await adapter.structure("orders_etl")
    assert await revisions(adapter) == {"orders_etl": "v2"}


async def test_only_news_is_read_of_many_versions(airflow, adapter):
    deployment = Deployment([(f"dag_{n}", f"v{n}") for n in range(1, 9)], {f"dag_{n}": [f"v{n}"] for n in range(1, 9)})
    deployment.play(airflow)
    for n in range(1, 9):
        await adapter.structure(f"dag_{n}")
    everything = {f"dag_{n}": f"v{n}" for n in range(1, 9)}
    assert await revisions(adapter) == everything
    before = airflow.count("GET", "/api/v2/dags/~/dagVersions")
    deployment.versions.append(("dag_1", "v9"))
    assert await revisions(adapter) == everything | {"dag_1": None}
    assert airflow.count("GET", "/api/v2/dags/~/dagVersions") == before + 1
