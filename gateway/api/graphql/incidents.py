"""Incidents, what is wrong in them, and who has been told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset, load_datasets
from gateway.api.graphql.dependencies import Dependency
from gateway.api.graphql.enums import IncidentState, MatchOperator, NotificationState, Severity, SignalKind
from gateway.api.graphql.impact import Impact, RootCause
from gateway.api.graphql.inputs import bounded, page_size
from gateway.api.graphql.lineage import LineageNode
from gateway.api.graphql.nodes import Node, PageInfo
from gateway.api.graphql.orchestrators import Orchestrator
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.runs import Run, page_info
from gateway.api.graphql.scalars import Json
from gateway.api.graphql.slas import Sla
from gateway.domain import incidents as domain
from gateway.store.repository import incidents
from gateway.store.repository.incidents import IncidentFilter

States = list[IncidentState] | None
Severities = list[Severity] | None
Orchestrators = Annotated[
    list[str] | None,
    strawberry.argument(description="Names: something in it is, or was, wrong there"),
]


@strawberry.type(description="One thing that is, or was, wrong")
class Signal:
    """One thing that is wrong."""

    id: strawberry.ID
    kind: SignalKind
    at: datetime = strawberry.field(description="When it began in its system")
    ended_at: datetime | None = strawberry.field(description="Null: it still is so")
    times: int = strawberry.field(description="How often it has begun")
    severity: Severity
    message: str
    labels: Json
    record: strawberry.Private[domain.Signal]

    @classmethod
    def of(cls, record: domain.Signal) -> "Signal":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.SIGNAL, record.id)),
            kind=record.kind,
            at=record.began_at,
            ended_at=record.ended_at,
            times=record.times,
            severity=record.severity,
            message=record.message,
            labels=_json(record.labels),
            record=record,
        )

    @strawberry.field
    async def orchestrator(self, info: Info) -> Orchestrator | None:
        """Where it is, if that is in one."""
        identity = self.record.about.orchestrator_id
        found = await info.context.loaders.orchestrators.load(identity) if identity is not None else None
        return Orchestrator.of(found) if found else None

    @strawberry.field
    async def pipeline(self, info: Info) -> Pipeline | None:
        """What it is about, if that is a pipeline."""
        identity = self.record.about.pipeline_id
        found = await info.context.loaders.pipelines.load(identity) if identity is not None else None
        return Pipeline.of(found) if found else None

    @strawberry.field
    async def run(self, info: Info) -> Run | None:
        """What it is about, if that is a run."""
        identity = self.record.about.run_id
        found = await info.context.loaders.runs.load(identity) if identity is not None else None
        return Run.of(found) if found else None

    @strawberry.field
    async def dataset(self, info: Info) -> Dataset | None:
        """What it is about, if that is a dataset."""
        return await _dataset(info, self.record.about.dataset_id)

    @strawberry.field
    async def sla(self, info: Info) -> Sla | None:
        """What it is about, if that is a promise."""
        identity = self.record.about.sla_id
        found = await info.context.loaders.slas.slas.load(identity) if identity is not None else None
        return Sla.of(found) if found else None

    @strawberry.field
    async def dependency(self, info: Info) -> Dependency | None:
        """What it is about, if that is a dependency."""
        identity = self.record.about.dependency_id
        found = await info.context.loaders.coordination.dependencies.load(identity) if identity is not None else None
        return Dependency.of(found) if found else None


@strawberry.type(description="One message to one receiver")
class Notification:
    """One message to one receiver."""

    id: strawberry.ID
    receiver: str
    event: str = strawberry.field(description="opened, updated, repeated, acknowledged, escalated or resolved")
    state: NotificationState
    attempts: int
    last_error: str | None
    created_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, record: domain.Notification) -> "Notification":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.NOTIFICATION, record.id)),
            receiver=record.receiver,
            event=record.kind.value,
            state=record.state,
            attempts=record.attempts,
            last_error=record.last_error,
            created_at=record.created_at,
            sent_at=record.sent_at,
        )


@strawberry.type(description="A line in an incident's timeline")
class IncidentStep:
    """A line in an incident's timeline."""

    at: datetime
    kind: str
    text: str
    by: str | None = strawberry.field(description="Who did it; null: Podium")


@strawberry.type(description="One problem, however many signals it makes across systems")
class Incident(Node):
    """One problem."""

    title: str
    severity: Severity
    state: IncidentState
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    resolved_at: datetime | None
    reopened: int = strawberry.field(description="How often it has come back")
    record: strawberry.Private[domain.Incident]

    @classmethod
    def of(cls, record: domain.Incident) -> "Incident":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.INCIDENT, record.id)),
            title=record.title,
            severity=record.severity,
            state=record.state,
            opened_at=record.opened_at,
            acknowledged_at=record.acknowledged_at,
            acknowledged_by=record.acknowledged_by,
            resolved_at=record.resolved_at,
            reopened=record.reopened,
            record=record,
        )

    @strawberry.field(description="What is, or was, wrong, the first that began first")
    async def signals(self, info: Info) -> list[Signal]:
        """All of them."""
        return [Signal.of(one) for one in await info.context.loaders.incidents.signals.load(self.record.id)]

    @strawberry.field(description="The signal that no other explains, also where it is about no pipeline or dataset")
    async def cause(self, info: Info) -> Signal | None:
        """Where it began."""
        found = await self._root(info)
        return Signal.of(found) if found else None

    @strawberry.field(description="The pipeline or dataset where it began; null where that is a whole orchestrator")
    async def root_cause(self, info: Info) -> RootCause | None:
        """Where it began."""
        root = await self._root(info)
        if root is None:
            return None
        loaders, about = info.context.loaders, root.about
        pipeline = await loaders.pipelines.load(about.pipeline_id) if about.pipeline_id is not None else None
        node: LineageNode | None = Pipeline.of(pipeline) if pipeline else await _dataset(info, about.dataset_id)
        if node is None:
            return None
        run = await loaders.runs.load(about.run_id) if about.run_id is not None else None
        return RootCause(node=node, run=Run.of(run) if run else None, reason=root.message, path=[node.id])

    @strawberry.field(description="Everything that comes after what is wrong in it")
    async def impact(self, info: Info) -> Impact:
        """By dependencies, what orchestrators start themselves, and lineage."""
        loaders = info.context.loaders
        found = await loaders.incidents.impacts.load(self.record.id)
        pipelines = [Pipeline.of(one) for one in await loaders.pipelines.load_many(list(found.pipelines)) if one]
        datasets = await load_datasets(info, found.datasets)
        slas = [one for one in await loaders.slas.slas.load_many(list(found.slas)) if one]
        orchestrators = await loaders.orchestrators.load_many(list(found.orchestrators))
        owners = {owner for one in (*pipelines, *datasets) for owner in one.owners}
        return Impact(
            datasets=datasets,
            pipelines=pipelines,
            owners=sorted(owners | {one.spec.owner for one in slas if one.spec.owner}),
            orchestrators=[Orchestrator.of(one) for one in orchestrators if one],
            slas=[Sla.of(one) for one in slas],
        )

    @strawberry.field(description="Who has been told, oldest first")
    async def notifications(self, info: Info) -> list[Notification]:
        """All of them."""
        found = await info.context.loaders.incidents.notifications.load(self.record.id)
        return [Notification.of(one) for one in found]

    @strawberry.field(description="What has happened, oldest first")
    async def timeline(self, info: Info) -> list[IncidentStep]:
        """Its last lines."""
        found = await info.context.loaders.incidents.timelines.load(self.record.id)
        return [IncidentStep(at=one.at, kind=one.kind.value, text=one.text, by=one.by) for one in found]

    @strawberry.field(description="The incident that it has turned out to be a part of; null: none")
    async def merged_into(self, info: Info) -> "Incident | None":
        """Itself not a part of another."""
        into = self.record.merged_into
        found = await info.context.loaders.incidents.incidents.load(into) if into is not None else None
        while found is not None and found.merged_into is not None:
            found = await info.context.loaders.incidents.incidents.load(found.merged_into)
        return Incident.of(found) if found else None

    async def _root(self, info: Info) -> domain.Signal | None:
        told = await info.context.loaders.incidents.signals.load(self.record.id)
        return next((one for one in told if one.id == self.record.root_id), None)


@strawberry.type(description="A label matcher as Prometheus Alertmanager has it: =, !=, =~, !~")
class Matcher:
    """A condition on one label."""

    label: str
    operator: MatchOperator
    value: str


@strawberry.type(description="Nobody is told of signals with such labels for a while")
class Silence(Node):
    """Nobody is told of such signals for a while."""

    matchers: list[Matcher]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    comment: str

    @classmethod
    def of(cls, record: domain.Silence) -> "Silence":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.SILENCE, record.id)),
            matchers=[Matcher(label=one.label, operator=one.operator, value=one.value) for one in record.matchers],
            starts_at=record.starts_at,
            ends_at=record.ends_at,
            created_by=record.created_by,
            comment=record.comment,
        )


@strawberry.type
class IncidentEdge:
    """An incident and its place in a list."""

    cursor: str
    node: Incident


@strawberry.type(description="A page of incidents, the last opened first")
class IncidentConnection:
    """A page of incidents."""

    edges: list[IncidentEdge]
    page_info: PageInfo
    wanted: strawberry.Private[IncidentFilter]

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        async with info.context.services.database.read() as session:
            return await incidents.count(session, self.wanted)


async def incident_page(
    info: Info,
    states: States,
    severities: Severities,
    orchestrators: Orchestrators,
    first: int | None,
    after: str | None,
) -> IncidentConnection:
    """A page of those in some states, as bad as said, and there."""
    limit = page_size(first, info.context.limits)
    before = ids.parse_incident_cursor(after) if after is not None else None
    names = bounded("orchestrators", orchestrators or (), info.context.limits)
    wanted = IncidentFilter(tuple(states or ()), tuple(severities or ()), tuple(names))
    found: Sequence[domain.Incident] = ()
    if limit > 0:
        async with info.context.services.database.read() as session:
            found = await incidents.page(session, wanted, before, limit + 1)
    edges = [
        IncidentEdge(cursor=ids.incident_cursor(one.opened_at, one.id), node=Incident.of(one)) for one in found[:limit]
    ]
    place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None)
    return IncidentConnection(edges=edges, page_info=place, wanted=wanted)


async def _dataset(info: Info, name: int | None) -> Dataset | None:
    """By the id of a name."""
    if name is None:
        return None
    graph = await info.context.services.lineage.graph()
    found = await info.context.loaders.lineage.datasets.load(graph.dataset_of(name))
    return Dataset.of(found) if found else None


def _json(labels: Mapping[str, str]) -> Any:
    return dict(labels)
