"""Fills a database with orchestrators, pipelines and runs, by the same functions that sync uses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.health import Health
from gateway.domain.observation import (
    ObservedPipeline,
    ObservedRun,
    ObservedTask,
    ObservedTaskRun,
    PipelineStructure,
    Probe,
)
from gateway.domain.records import Orchestrator, OrchestratorDefinition, Pipeline, Run
from gateway.domain.states import OrchestratorStatus, RunState
from gateway.store.database import Database
from gateway.store.repository import orchestrators, pipelines, run_writes, structures, task_runs
from gateway.sync.apply import apply_runs
from tests.sync.vendor import CAPABILITIES, T0


@dataclass
class World:
    database: Database
    now: datetime

    async def orchestrator(self, name: str = "airflow-prod", kind: str = "memory", **more: Any) -> Orchestrator:
        definition = OrchestratorDefinition(name, kind, f"https://{name}.example.com", {}, {}, **more)
        async with self.database.write() as session:
            identity = await orchestrators.define(session, definition, "CONFIG", self.now)
            await orchestrators.save_probe(session, identity, Probe("3.0.1", CAPABILITIES))
            await orchestrators.save_health(session, identity, Health(OrchestratorStatus.HEALTHY), self.now)
            return (await orchestrators.by_ids(session, [identity]))[identity]

    async def pipeline(self, orchestrator: Orchestrator, key: str = "ingest", **more: Any) -> Pipeline:
        observed = ObservedPipeline(key, more.pop("name", key), **more)
        async with self.database.write() as session:
            await pipelines.save_listed(session, orchestrator.id, [observed], self.now)
            return (await pipelines.by_keys(session, orchestrator.id, [key]))[key]

    async def structure(self, pipeline: Pipeline, tasks: list[str], edges: set[tuple[str, str]]) -> None:
        graph = PipelineStructure([ObservedTask(key, key.title()) for key in tasks], frozenset(edges))
        async with self.database.write() as session:
            await structures.save(session, pipeline.id, graph, None, self.now)

    async def run(self, pipeline: Pipeline, external_id: str, state: RunState = RunState.SUCCESS, **more: Any) -> Run:
        """A run queued at T0 unless said otherwise."""
        more = {"queued_at": T0, **more}
        return (await self.runs(pipeline, [ObservedRun(pipeline.key, external_id, state, state.lower(), **more)]))[0]

    async def runs(self, pipeline: Pipeline, observed: list[ObservedRun]) -> list[Run]:
        async with self.database.write() as session:
            orchestrator = (await orchestrators.by_ids(session, [pipeline.orchestrator_id]))[pipeline.orchestrator_id]
            self.now += timedelta(seconds=1)
            await apply_runs(session, orchestrator, observed, self.now, self.now)
            stored = await run_writes.stored_for(session, orchestrator.id, [run.external_id for run in observed])
        return [stored[pipeline.id, run.external_id] for run in observed]

    async def task_runs(self, run: Run, *observed: ObservedTaskRun) -> None:
        async with self.database.write() as session:
            await task_runs.save(session, run.id, observed, self.now)

    async def some_runs(self, count: int, pipelines: int = 5, orchestrators: int = 2) -> list[Run]:
        """Runs a minute apart, spread over pipelines and orchestrators, oldest first."""
        made: list[Run] = []
        systems = [await self.orchestrator(f"system-{number}") for number in range(orchestrators)]
        places = [await self.pipeline(systems[number % orchestrators], f"job-{number}") for number in range(pipelines)]
        for number, place in enumerate(places):
            made += await self.runs(
                place,
                [
                    ObservedRun(
                        place.key, f"run-{index}", RunState.SUCCESS, "success", queued_at=T0 + timedelta(minutes=index)
                    )
                    for index in range(number, count, pipelines)
                ],
            )
        return sorted(made, key=lambda run: run.sort_at)
