"""What the pictures show: three stages that play Airflow, Prefect and Dagster, and a morning with trouble."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from gateway.domain.states import RunState, RunTrigger
from tests.browser.gateway import config_of, entry
from tests.browser.stage import Stage

PLAYED_BY = {
    "airflow": "tests.browser.stage_adapter:AsAirflow",
    "prefect": "tests.browser.stage_adapter:AsPrefect",
    "dagster": "tests.browser.stage_adapter:AsDagster",
}


@dataclass(frozen=True)
class Play:
    """One stage: what it plays, and its pipelines with schedule and minutes between runs."""

    name: str
    kind: str
    version: str
    pipelines: dict[str, tuple[str | None, int]]


PLAYS = (
    Play("airflow-prod", "airflow", "3.3.2", {
        "ingest_sales": ("*/30 * * * *", 30), "load_customers": ("@hourly", 60), "export_finance": ("0 6 * * *", 400),
        "dbt_snapshots": ("0 */2 * * *", 120), "quality_checks": (None, 95),
    }),
    Play("prefect-crm", "prefect", "3.8.8", {
        "crm-sync": ("every 15 minutes", 15), "lead-scoring": ("0 * * * *", 60), "newsletter": (None, 300),
    }),
    Play("dagster-analytics", "dagster", "1.13.27", {
        "marts": ("asset-triggered", 45), "churn_model": ("0 5 * * *", 350), "daily_report": ("30 6 * * *", 390),
    }),
    Play("airflow-legacy", "airflow", "2.11.2", {"payments": ("@daily", 500)}),
)  # fmt: skip


#: Pipelines whose last run has failed, whatever the others did.
FAILING = ("ingest_sales", "marts", "dbt_snapshots", "newsletter")
#: The one that does not answer in the end.
LEAVES = "airflow-legacy"
#: Where emitters say that the pipelines run.
NAMESPACES = {"airflow-prod": "airflow", "dagster-analytics": "dagster"}


def config(urls: dict[str, str], inbox: str, refusing: str) -> str:
    """The podium.yaml of all plays: what waits for what, what is promised, and who is told."""
    entries = [entry(play.name, urls[play.name], kind=play.kind, namespace=NAMESPACES.get(play.name)) for play in PLAYS]
    return (
        config_of(*entries)
        + f"""
dependencies:
  - {_waits("marts-after-ingest", "dagster-analytics/marts", "airflow-prod/ingest_sales", "prefect-crm/crm-sync")}
  - {_waits("report-after-marts", "dagster-analytics/daily_report", "dagster-analytics/marts")}
  - {_waits("scoring-after-marts", "prefect-crm/lead-scoring", "dagster-analytics/marts")}
  - {_waits("finance-after-ingest", "airflow-prod/export_finance", "airflow-prod/ingest_sales")}
slas:
  - {{name: report-is-fresh, pipeline: dagster-analytics/daily_report, kind: freshness, limit: 1m, owner: sales}}
  - {{name: finance-by-noon, pipeline: airflow-prod/export_finance, kind: deadline, deadline: "23:59", owner: finance}}
  - {_promises("marts-by-night", "dagster-analytics/marts", "sales", "kind: deadline, deadline: '23:45'")}
  - {_promises("crm-is-quick", "prefect-crm/crm-sync", "crm", "kind: duration, limit: 2m")}
  - {_promises("leads-are-scored", "prefect-crm/lead-scoring", "crm", "kind: freshness, limit: 3h")}
  - {_promises("ingest-works", "airflow-prod/ingest_sales", "it", "kind: success_rate, target_rate: 0.9, window: 2d")}
alerts:
  receivers:
    - {{name: data-chat, webhook: {{url: '{inbox}'}}}}
    - {{name: pager, webhook: {{url: '{refusing}'}}}}
  route:
    receiver: data-chat
    group_wait: 1s
    routes:
      - {{matchers: ['severity="critical"'], receiver: pager, continue: true}}
"""
    )


def _promises(name: str, pipeline: str, owner: str, what: str) -> str:
    return f"{{name: {name}, pipeline: {pipeline}, owner: {owner}, objective: 0.95, {what}}}"


def _waits(name: str, target: str, *upstream: str) -> str:
    # No run here is of a partition, so nothing is ever started by it.
    return f"{{name: {name}, keyed_by: partition, upstream: [{', '.join(upstream)}], target: {target}}}"


def rehearse(play: Play, days: int = 0) -> Stage:
    """A stage with the last hours' runs, and some of each of so many days before, when more of them failed."""
    stage = Stage(version=play.version)
    now = datetime.now(UTC).replace(microsecond=0)
    for place, (key, (schedule, minutes)) in enumerate(play.pipelines.items()):
        stage.add_pipeline(
            key,
            schedule=schedule,
            timezone="Europe/Zurich",
            owners=["data-platform"],
            tags=["prod"],
            is_paused=key == "newsletter",
            description=f"Brings {key.replace('_', ' ').replace('-', ' ')} up to date.",
            next_run_at=None if schedule is None else now + timedelta(minutes=minutes / 2),
        )
        for back in range(8 * 60 // minutes, -1, -1):
            _perform(stage, key, schedule, now - timedelta(minutes=back * minutes + 3 * place + 2), number=back + place)
        pause = max(60, 2 * minutes)
        for back in range(8 * 60 + pause, days * 24 * 60, pause):
            queued, number = now - timedelta(minutes=back + 3 * place), back // pause + place
            _perform(stage, key, schedule, queued, number=number, fails_each=max(4, 9 - back // (24 * 60)))
    return stage


def _perform(
    stage: Stage, key: str, schedule: str | None, queued: datetime, *, number: int, fails_each: int = 7
) -> None:
    state = RunState.FAILED if number % fails_each == 3 else RunState.SUCCESS
    is_last = datetime.now(UTC) - queued < timedelta(minutes=30)
    if is_last and key in FAILING:
        state = RunState.FAILED
    seconds = 35 + 47 * (number % 5)
    is_new = datetime.now(UTC) - queued < timedelta(minutes=6)
    if is_new and number % 2 == 0 and key not in FAILING:
        state = RunState.RUNNING
    started = queued + timedelta(seconds=2)
    run = stage.put(
        f"{key}-{queued:%Y%m%dT%H%M}",
        state,
        key,
        trigger=RunTrigger.MANUAL if schedule is None or number % 9 == 5 else RunTrigger.SCHEDULE,
        logical_at=queued.replace(minute=0, second=0),
        parameters={"day": f"{queued:%Y-%m-%d}", "full_refresh": False},
        queued_at=queued,
        started_at=started,
    )
    if state is not RunState.RUNNING:
        stage.runs[run.external_id] = replace(run, ended_at=started + timedelta(seconds=seconds))


async def emit_lineage(url: str) -> None:
    """Tell what two of the pipelines read and write, as their emitters would."""
    orders, daily = _dataset("sales.orders"), _dataset("analytics.daily_sales")
    events = [
        _event("airflow", "ingest_sales", [_dataset("raw.orders")], [orders]),
        _event("dagster", "marts", [orders], [daily, _dataset("analytics.customer_value")]),
        _event("dagster", "daily_report", [daily], []),
    ]
    async with httpx.AsyncClient() as client:
        for event in events:
            (await client.post(f"{url}/api/v1/lineage", json=event)).raise_for_status()


def _dataset(name: str) -> dict[str, Any]:
    return {"namespace": "postgres://warehouse:5432", "name": name}


def _event(namespace: str, job: str, inputs: list[Any], outputs: list[Any]) -> dict[str, Any]:
    return {
        "eventType": "COMPLETE",
        "eventTime": (datetime.now(UTC) - timedelta(hours=3)).isoformat(),
        "producer": "https://github.com/OpenLineage/OpenLineage",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": str(uuid4())},
        "job": {"namespace": namespace, "name": job},
        "inputs": inputs,
        "outputs": outputs,
    }
