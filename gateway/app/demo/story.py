"""The demo's first minutes: runs that succeed, fail and are cancelled, started through Podium itself."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

PIPELINE = "query($name: String!, $key: String!) { pipeline(orchestrator: $name, key: $key) { id isActive } }"
CANCEL = "mutation($id: ID!) { cancelRun(id: $id) { id } }"
RUNNING = "query($id: ID!) { node(id: $id) { ... on Run { state } } }"
TRIGGER = "mutation($input: TriggerPipelineInput!) { triggerPipeline(input: $input) { id externalId } }"
LATEST = "{ runs(first: 100) { edges { node { state pipeline { orchestrator { name } } } } } }"


@dataclass(frozen=True, slots=True)
class Start:
    """A run to be started."""

    orchestrator: str
    pipeline: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    partition: str | None = None
    #: Whether somebody changes their mind while it runs.
    is_cancelled: bool = False


def starts(day: str) -> list[Start]:
    """What is started first: every orchestrator shows a success, and each kind of trouble is seen somewhere."""
    return [
        Start("airflow-demo", "ingest_sales"),
        Start("airflow-demo", "ingest_sales", {"fail": True}),
        Start("airflow-demo", "refresh_stores"),
        Start("prefect-demo", "crm-sync/hourly", {"fail": True}),
        Start("prefect-demo", "crm-sync/hourly"),
        Start("prefect-demo", "crm-sync/hourly", {"sleep": 600}, is_cancelled=True),
        Start("prefect-demo", "score-leads/nightly"),
        Start("dagster-demo", "shop/marts", partition=day),
        Start("dagster-demo", "shop/orders_export", {"ops": {"upload": {"config": {"fail": True}}}}),
    ]


class Storyteller:
    """A client of the demo's own Podium."""

    def __init__(self, url: str) -> None:
        self._to_cancel: list[str] = []
        self._client = httpx.Client(base_url=url, timeout=60)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL answer; RuntimeError with its first error."""
        answer = self._client.post("/graphql", json={"query": query, "variables": variables}).json()
        if answer.get("errors"):
            raise RuntimeError(answer["errors"][0]["message"])
        return answer["data"]

    def wait_for_pipelines(self, orchestrators: set[str], within: float) -> None:
        """Until every pipeline of the story is listed. TimeoutError."""
        wanted = [start for start in starts("") if start.orchestrator in orchestrators]
        deadline = time.monotonic() + within
        while missing := [start.pipeline for start in wanted if self._pipeline(start) is None]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"Podium has not seen {', '.join(sorted(set(missing)))} within {within:g} s.")
            time.sleep(0.3)

    def begin(self, orchestrators: set[str]) -> None:
        """Start the story's runs, those of different orchestrators side by side."""
        now = datetime.now(UTC)
        day = f"{now - timedelta(days=2):%Y-%m-%d}"  # yesterday's is made by a dependency
        with ThreadPoolExecutor(max(len(orchestrators), 1)) as threads:
            beginning = [
                threads.submit(self._begin_at, name, starts(day), f"{now:%Y%m%dT%H%M%S}") for name in orchestrators
            ]
        for begun in beginning:
            begun.result()

    def _begin_at(self, orchestrator: str, story: list[Start], key: str) -> None:
        for number, start in enumerate(story):
            if start.orchestrator != orchestrator:
                continue
            given = {"pipeline": self._pipeline(start), "parameters": dict(start.parameters)}
            given |= {"idempotencyKey": f"demo-{key}-{number}"} | (
                {"partition": start.partition} if start.partition else {}
            )
            run = self.ask(TRIGGER, input=given)
            if start.is_cancelled:
                self._to_cancel.append(run["triggerPipeline"]["id"])

    def wait_for_runs(self, orchestrators: set[str], within: float) -> None:
        """Until each orchestrator shows a run that succeeded. TimeoutError."""
        deadline = time.monotonic() + within
        while missing := orchestrators - self._succeeded():
            if time.monotonic() > deadline:
                raise TimeoutError(f"No run has succeeded within {within:g} s at {', '.join(sorted(missing))}.")
            time.sleep(0.5)

    def change_minds(self) -> None:
        """Cancel what was started to be cancelled and runs by now."""
        for run in self._to_cancel[:]:
            if self.ask(RUNNING, id=run)["node"]["state"] == "RUNNING":
                self.ask(CANCEL, id=run)
                self._to_cancel.remove(run)

    def _succeeded(self) -> set[str]:
        runs = [edge["node"] for edge in self.ask(LATEST)["runs"]["edges"]]
        return {run["pipeline"]["orchestrator"]["name"] for run in runs if run["state"] == "SUCCESS"}

    def _pipeline(self, start: Start) -> str | None:
        found = self.ask(PIPELINE, name=start.orchestrator, key=start.pipeline)["pipeline"]
        return found["id"] if found and found["isActive"] else None
