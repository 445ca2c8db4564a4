"""Orchestrators and how they fare."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.connection_forms import OrchestratorConnectionSettings
from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import Capability, DefinitionOrigin, OrchestratorStatus, Role
from gateway.api.graphql.inputs import PipelineFilterArgument, RunFilterArgument
from gateway.api.graphql.nodes import Node
from gateway.api.graphql.pipelines import PipelineConnection, pipeline_page
from gateway.api.graphql.runs import RunConnection, run_page
from gateway.domain import filters, records


@strawberry.type(
    description="One connected system: an Airflow deployment, a Dagster instance, an AWS account's state machines, ..."
)
class Orchestrator(Node):
    """One connected system."""

    name: str = strawberry.field(description="Unique slug chosen by the user, e.g. airflow-prod")
    kind: str = strawberry.field(
        description="Adapter name: airflow, prefect, dagster, argo, step-functions, data-factory, ..."
    )
    url: str
    version: str | None
    status: OrchestratorStatus
    status_since: datetime
    status_message: str | None = strawberry.field(description="Human-readable reason where status is not HEALTHY")
    last_synced_at: datetime | None
    capabilities: list[Capability]
    poll_interval: timedelta = strawberry.field(description="How often its runs are read")
    origin: DefinitionOrigin
    record: strawberry.Private[records.Orchestrator]

    @classmethod
    def of(cls, record: records.Orchestrator) -> "Orchestrator":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.ORCHESTRATOR, record.id)),
            name=record.name,
            kind=record.kind,
            url=record.definition.url,
            version=record.version,
            status=record.status,
            status_since=record.status_since,
            status_message=record.status_message,
            last_synced_at=record.last_synced_at,
            capabilities=sorted(record.capabilities),
            poll_interval=timedelta(seconds=record.definition.poll_seconds),
            origin=DefinitionOrigin(record.origin),
            record=record,
        )

    @strawberry.field(
        description="How it is connected, without any secret; null where a file says that, or the caller is no admin"
    )
    async def connection(self, info: Info) -> OrchestratorConnectionSettings | None:
        """For the form that changes it."""
        principal = info.context.require(Role.VIEWER)
        is_shown = self.origin is DefinitionOrigin.API and principal.role.includes(Role.ADMIN)
        if not is_shown:
            return None
        # The adapter may have to be imported, which takes long.
        return await asyncio.to_thread(OrchestratorConnectionSettings.of, self.record.definition)

    @strawberry.field(description="Its pipelines, by name")
    async def pipelines(
        self, info: Info, first: int | None = None, after: str | None = None, where: PipelineFilterArgument = None
    ) -> PipelineConnection:
        """As ``Query.pipelines``, of this orchestrator only."""
        wanted = where.to_domain(info.context.limits) if where else filters.PipelineFilter()
        is_possible = not wanted.orchestrators or self.name in wanted.orchestrators
        own = replace(wanted, orchestrators=(self.name,)) if is_possible else None
        return await pipeline_page(info, own, first, after)

    @strawberry.field(description="Its runs, newest first")
    async def runs(
        self, info: Info, first: int | None = None, after: str | None = None, where: RunFilterArgument = None
    ) -> RunConnection:
        """As ``Query.runs``, of this orchestrator only."""
        wanted = where.to_domain(info.context.limits) if where else filters.RunFilter()
        is_possible = not wanted.orchestrators or self.name in wanted.orchestrators
        own = replace(wanted, orchestrators=(self.name,)) if is_possible else None
        return await run_page(info, own, first, after)
