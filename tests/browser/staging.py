"""A gateway with much to see: three stages that play Airflow, Prefect and Dagster, and a morning's runs."""

import contextlib
import tempfile
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from gateway.domain.states import RunState
from tests.alerts.receiving import receiving
from tests.browser.gateway import GatewayProcess
from tests.browser.plays import LEAVES, PLAYED_BY, PLAYS, config, emit_lineage, rehearse
from tests.browser.stage import Stage, StageServer
from tests.waiting import eventually


@contextlib.asynccontextmanager
async def staged(days: int = 0) -> AsyncGenerator[str]:
    """The address of a gateway over all plays, after so many days and a bad morning; one of them is gone."""
    servers = {play.name: StageServer(rehearse(play, days)) for play in PLAYS}
    with tempfile.TemporaryDirectory() as folder, receiving() as inbox, receiving() as refusing:
        refusing.answers = [(410, {}, {"error": "This channel has been archived."})] * 50
        gateway = GatewayProcess(Path(folder), adapters=PLAYED_BY)
        urls = {name: server.url for name, server in servers.items()}
        await gateway.start(config(urls, inbox.url, refusing.url))
        try:
            await emit_lineage(gateway.url)
            await eventually(lambda: _is_read(gateway.url, list(servers.values())), within=60, every=0.5)
            await eventually(lambda: _is_told(gateway.url), within=60, every=0.5)
            await _take_care(gateway.url)
            await _let_wait(gateway.url, servers)
            servers[LEAVES].stop()
            await eventually(lambda: _has_lost_one(gateway.url), within=60, every=0.5)
            yield gateway.url
        finally:
            await gateway.stop()
            for server in servers.values():
                server.stop()


async def _is_told(url: str) -> bool:
    """Whether the incident with the most in it is whole, and every message about it sent or given up."""
    said = await ask(url, "{incidents {edges {node {title signals {id} notifications {state}}}}}")
    found = [edge["node"] for edge in said["incidents"]["edges"] if "ingest_sales" in edge["node"]["title"]]
    told = [one["state"] for node in found for one in node["notifications"]]
    return bool(found) and len(found[0]["signals"]) >= 3 and "FAILED" in told and "PENDING" not in told


async def _take_care(url: str) -> None:
    """Somebody has one of them in hand, is done with another, and knows of a third that it will go on."""
    said = await ask(url, "{incidents {edges {node {id title}}}}")
    ids = {edge["node"]["title"].split(" ")[0]: edge["node"]["id"] for edge in said["incidents"]["edges"]}
    await ask(url, f"""mutation {{
      acknowledgeIncident(id: "{ids["airflow-prod/dbt_snapshots"]}", comment: "A lock; looking into it.") {{ id }}
      resolveIncident(id: "{ids["prefect-crm/newsletter"]}", comment: "Sent by hand.") {{ id }}
      createSilence(input: {{
        matchers: [{{label: "orchestrator", value: "airflow-legacy"}}]
        endsAt: "{(datetime.now(UTC) + timedelta(hours=3)).isoformat()}" comment: "It is being moved."
      }}) {{ id }}
    }}""")  # fmt: skip


#: Made by hand, so that it can be edited.
BOARD = "board-after-numbers"


async def _let_wait(url: str, servers: dict[str, StageServer]) -> None:
    """A dependency that has fired well, fired badly, and waits."""
    made = await ask(url, f"""mutation {{ createDependency(input: {{
        name: "{BOARD}" description: "What the board reads, once all its numbers are in."
        keyedBy: DAY timezone: "Europe/Zurich" timeout: "PT18H" parameters: {{day: "{{{{ key }}}}"}}
        target: {{orchestrator: "airflow-prod" key: "quality_checks"}}
        upstream: [
            {{pipeline: {{orchestrator: "prefect-crm" key: "lead-scoring"}}}}
            {{any: [
                {{pipeline: {{orchestrator: "dagster-analytics" key: "marts"}} task: "load"}}
                {{dataset: {{namespace: "postgres://warehouse:5432" name: "sales.orders"}} freshWithin: "PT6H"}}
            ]}}
            {{pipeline: {{orchestrator: "airflow-legacy" key: "payments"}} partitions: ["eu", "us"]}}
        ]
    }}) {{ id }} }}""")  # fmt: skip
    identity, today = made["createDependency"]["id"], datetime.now(ZoneInfo("Europe/Zurich"))
    stage = servers["airflow-prod"].stage
    for back, state in ((2, RunState.SUCCESS), (1, RunState.FAILED)):
        key = f"{today - timedelta(days=back):%Y-%m-%d}"
        await ask(url, f'mutation {{ fireDependency(id: "{identity}", key: "{key}") {{ id }} }}')
        started = await eventually(lambda: _started(stage), within=30, every=0.2)
        stage.put(started[0], state)
    servers["prefect-crm"].stage.put("lead-scoring-now", RunState.SUCCESS, "lead-scoring", logical_at=datetime.now(UTC))
    await eventually(lambda: _firings(url), within=30, every=0.5)


async def _started(stage: Stage) -> list[str]:
    """What has been asked for, and does not run yet."""
    return [run.external_id for run in stage.runs.values() if run.state is RunState.QUEUED]


async def _firings(url: str) -> bool:
    said = await ask(url, f'{{dependency(name: "{BOARD}") {{firings {{edges {{node {{state}}}}}}}}}}')
    return len(said["dependency"]["firings"]["edges"]) == 3


async def ask(url: str, query: str) -> Any:
    """What GraphQL answers."""
    async with httpx.AsyncClient() as client:
        said = (await client.post(f"{url}/graphql", json={"query": query})).json()
    assert "errors" not in said, said["errors"]
    return said["data"]


async def _is_read(url: str, servers: list[StageServer]) -> bool:
    """Whether every run of every stage has come in, with its tasks."""
    said = await ask(url, "{runs(first: 200) {totalCount edges {node {taskRuns {task}}}}}")
    complete = all(edge["node"]["taskRuns"] for edge in said["runs"]["edges"])
    return complete and said["runs"]["totalCount"] == sum(len(server.stage.runs) for server in servers)


async def _has_lost_one(url: str) -> bool:
    said = await ask(url, "{orchestrators {status}}")
    return {"status": "UNREACHABLE"} in said["orchestrators"]


@contextlib.asynccontextmanager
async def empty() -> AsyncGenerator[str]:
    """The address of a gateway that follows nothing yet."""
    with tempfile.TemporaryDirectory() as folder:
        gateway = GatewayProcess(Path(folder))
        await gateway.start()
        try:
            yield gateway.url
        finally:
            await gateway.stop()
