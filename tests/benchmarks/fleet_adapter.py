"""Plays the orchestrators of ``tests.benchmarks.fleet``: they list what the database holds, and nothing new happens."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.sdk.errors import NotFound
from adapters.sdk.protocol import Connection
from gateway.domain.observation import ObservedPipeline, PipelineStructure, Probe, RunPage
from gateway.domain.states import Capability
from tests.benchmarks import fleet
from tests.browser.stage_adapter import StageAdapter

CAPABILITIES = frozenset({Capability.TRIGGER, Capability.CANCEL})


class FleetAdapter(StageAdapter):
    """Answers from memory."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._number = int(connection.name.removeprefix("system-"))

    async def probe(self) -> Probe:
        return Probe("3.0", CAPABILITIES)

    async def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        yield fleet.listed(self._number)

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        return PipelineStructure([], frozenset())

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        yield RunPage([], "0")

    async def run(self, ref: Any) -> Any:
        """As it is stored: nobody asks twice."""
        raise NotFound(f"{ref.external_id} is not kept.")


class AsAirflow(FleetAdapter):
    """Plays Airflow."""

    manifest = replace(StageAdapter.manifest, kind="airflow", title="Airflow")


class AsPrefect(FleetAdapter):
    """Plays Prefect."""

    manifest = replace(StageAdapter.manifest, kind="prefect", title="Prefect")


class AsDagster(FleetAdapter):
    """Plays Dagster."""

    manifest = replace(StageAdapter.manifest, kind="dagster", title="Dagster")
