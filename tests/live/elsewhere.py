"""Runs started as an orchestrator's own users do it: at its API, past Podium."""

import httpx

from gateway.app.demo.local import LocalOrchestrator

#: A quick pipeline of each one's samples, by Podium's key.
QUICK = {"airflow": "sales_report", "prefect": "crm-sync/hourly", "dagster": "shop/orders_export"}
LAUNCH = """mutation { launchRun(executionParams: {
  mode: "default"
  selector: {jobName: "orders_export", repositoryName: "__repository__", repositoryLocationName: "shop"}
}) { ... on LaunchRunSuccess { run { runId } } } }"""


async def start(http: httpx.AsyncClient, server: LocalOrchestrator) -> str:
    """Start the quick pipeline; returns the run's id as its orchestrator names it."""
    begin = {"airflow": _at_airflow, "prefect": _at_prefect, "dagster": _at_dagster}[server.kind]
    return await begin(http, server)


async def _at_airflow(http: httpx.AsyncClient, server: LocalOrchestrator) -> str:
    token = (await http.post(f"{server.url}/auth/token", json=dict(server.auth))).raise_for_status().json()
    headers = {"authorization": f"Bearer {token['access_token']}"}
    path = f"{server.url}/api/v2/dags/{QUICK['airflow']}/dagRuns"
    answer = await http.post(path, json={"logical_date": None}, headers=headers)
    return answer.raise_for_status().json()["dag_run_id"]


async def _at_prefect(http: httpx.AsyncClient, server: LocalOrchestrator) -> str:
    found = await http.get(f"{server.url}/api/deployments/name/{QUICK['prefect']}")
    path = f"{server.url}/api/deployments/{found.raise_for_status().json()['id']}/create_flow_run"
    return (await http.post(path, json={})).raise_for_status().json()["id"]


async def _at_dagster(http: httpx.AsyncClient, server: LocalOrchestrator) -> str:
    answer = await http.post(f"{server.url}/graphql", json={"query": LAUNCH})
    return answer.raise_for_status().json()["data"]["launchRun"]["run"]["runId"]
