"""Firings of dependencies, and what each of them waits for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset
from gateway.api.graphql.enums import FiringState, KeyGranularity, RunState
from gateway.api.graphql.errors import ApiError, Code
from gateway.api.graphql.inputs import page_size
from gateway.api.graphql.nodes import Node, PageInfo
from gateway.api.graphql.pipelines import LazyDependency, Pipeline
from gateway.api.graphql.runs import Run, page_info
from gateway.coordination import evaluation
from gateway.domain import dependencies as domain
from gateway.store.repository import firings
from lineage.openlineage.state import name_id

States = list[FiringState] | None


@strawberry.type(description="One thing that a dependency waits for")
class Condition:
    """One thing that a dependency waits for."""

    name: str = strawberry.field(description="What it looks at, e.g. airflow-prod/ingest_sales, known or not")
    states: list[RunState] | None = strawberry.field(
        description="Terminal states of the pipeline's run that satisfy the condition"
    )
    fresh_within: timedelta | None = strawberry.field(
        description="The dataset must have been written within this time of the evaluation; without it, within the "
        "key's period"
    )
    offset: int = strawberry.field(description="How many periods the upstream's key lies before the firing's")
    every: KeyGranularity | None = strawberry.field(
        description="Each of these shorter periods within the firing's key must be there"
    )
    task: str | None = strawberry.field(description="Of the pipeline: this task counts, as soon as it has ended")
    partitions: list[str] = strawberry.field(description="There must be a run for each of them")
    cron: str | None = strawberry.field(description="It holds in windows that open at these times, and then `lasts`")
    lasts: timedelta | None
    record: strawberry.Private[domain.Condition]

    @classmethod
    def of(cls, record: domain.Condition) -> "Condition":
        """As it is defined."""
        return cls(
            name=str(record),
            states=list(record.states) if record.pipeline is not None else None,
            fresh_within=record.fresh_within,
            offset=record.offset,
            every=record.every,
            task=record.task,
            partitions=list(record.partitions),
            cron=record.window.cron if record.window else None,
            lasts=record.window.lasts if record.window else None,
            record=record,
        )

    @strawberry.field(description="Null while no orchestrator lists it")
    async def pipeline(self, info: Info) -> Pipeline | None:
        """What must have run."""
        if self.record.pipeline is None:
            return None
        found = await info.context.loaders.coordination.pipelines.load(self.record.pipeline)
        return Pipeline.of(found) if found else None

    @strawberry.field(description="Null while no event has told of it")
    async def dataset(self, info: Info) -> Dataset | None:
        """What must have been written."""
        if self.record.dataset is None:
            return None
        graph = await info.context.services.lineage.graph()
        ref = self.record.dataset
        found = await info.context.loaders.lineage.datasets.load(graph.dataset_of(name_id(ref.namespace, ref.name)))
        return Dataset.of(found) if found else None


@strawberry.type(description="Whether a condition holds for one firing, and by what")
class ConditionState:
    """A condition in one firing."""

    condition: Condition
    is_satisfied: bool
    at: datetime | None
    run_id: strawberry.Private[int | None]

    @strawberry.field(description="The run that satisfied it; the last one where it takes several")
    async def by(self, info: Info) -> Run | None:
        """Null while none has."""
        found = await info.context.loaders.runs.load(self.run_id) if self.run_id is not None else None
        return Run.of(found) if found else None


@strawberry.type(description="One step of a firing, and why it was taken")
class FiringStep:
    """One step of a firing."""

    at: datetime
    state: FiringState
    reason: str


@strawberry.type(description="One evaluation of a dependency for one key")
class Firing(Node):
    """One evaluation of a dependency for one key."""

    key: str = strawberry.field(description="The logical key, e.g. 2026-05-01 for a DAY")
    generation: int = strawberry.field(description="From 1; grows where a key fires again")
    state: FiringState
    idempotency_key: str = strawberry.field(
        description="Sent to the target orchestrator so that a repeated trigger makes no second run"
    )
    attempts: int
    is_possible_double: bool = strawberry.field(
        description="Sent again to an orchestrator without idempotency keys, while nobody knew what became of the "
        "first time: look there for a second run"
    )
    last_error: str | None
    created_at: datetime
    triggered_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    record: strawberry.Private[domain.Firing]

    @classmethod
    def of(cls, record: domain.Firing) -> "Firing":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.FIRING, record.id)),
            key=record.key,
            generation=record.generation,
            state=record.state,
            idempotency_key=record.idempotency_key,
            attempts=record.attempts,
            is_possible_double=record.is_possible_double,
            last_error=record.last_error,
            created_at=record.created_at,
            triggered_at=record.triggered_at,
            ended_at=record.ended_at,
            expires_at=record.expires_at,
            record=record,
        )

    @strawberry.field
    async def dependency(self, info: Info) -> LazyDependency:
        """What it is a firing of; also where that is no longer defined."""
        found = await info.context.loaders.coordination.dependencies.load(self.record.dependency_id)
        if found is None:
            raise ApiError(Code.NOT_FOUND, "The dependency of this firing has been deleted.")
        from gateway.api.graphql.dependencies import Dependency  # noqa: PLC0415  # the types refer to each other

        return Dependency.of(found)

    @strawberry.field(description="It waits for a person to fire or cancel it: its key has fired before (onRerun: ASK)")
    async def asks(self, info: Info) -> bool:
        """Whether somebody has to decide."""
        dependency = await info.context.loaders.coordination.dependencies.load(self.record.dependency_id)
        return dependency is not None and evaluation.asks(dependency, self.record)

    @strawberry.field
    async def satisfied(self, info: Info) -> list[ConditionState]:
        """Each condition of its dependency, in order."""
        dependency = await info.context.loaders.coordination.dependencies.load(self.record.dependency_id)
        conditions = list(dependency.spec.upstream.conditions()) if dependency else []
        return [_state_of(self.record, place, condition) for place, condition in enumerate(conditions)]

    @strawberry.field(description="The run that it has started")
    async def run(self, info: Info) -> Run | None:
        """Null until it is known."""
        found = await info.context.loaders.runs.load(self.record.run_id) if self.record.run_id is not None else None
        return Run.of(found) if found else None

    @strawberry.field(description="What has happened to it so far, oldest first")
    async def steps(self, info: Info) -> list[FiringStep]:
        """With the reason of each step."""
        found = await info.context.loaders.coordination.steps.load(self.record.id)
        return [FiringStep(at=at, state=state, reason=reason) for at, state, reason in found]


@strawberry.type
class FiringEdge:
    """A firing and its place in a list."""

    cursor: str
    node: Firing


@strawberry.type(description="A page of firings, newest first")
class FiringConnection:
    """A page of firings."""

    edges: list[FiringEdge]
    page_info: PageInfo
    dependency_id: strawberry.Private[int | None]
    states: strawberry.Private[States]

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        async with info.context.services.database.read() as session:
            return await firings.count(session, self.dependency_id, self.states)


async def firing_page(
    info: Info, dependency_id: int | None, states: States, first: int | None, after: str | None
) -> FiringConnection:
    """A page of the firings of one dependency, or of all."""
    limit = page_size(first, info.context.limits)
    before = ids.parse_firing_cursor(after) if after is not None else None
    found: Sequence[domain.Firing] = ()
    if limit > 0:
        async with info.context.services.database.read() as session:
            found = await firings.page(session, dependency_id, states, before, limit + 1)
    edges = [FiringEdge(cursor=ids.firing_cursor(one.id), node=Firing.of(one)) for one in found[:limit]]
    place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None)
    return FiringConnection(edges=edges, page_info=place, dependency_id=dependency_id, states=states)


def _state_of(firing: domain.Firing, place: int, condition: domain.Condition) -> ConditionState:
    known = firing.satisfied.get(place)
    return ConditionState(
        condition=Condition.of(condition),
        is_satisfied=known is not None,
        at=known.at if known else None,
        run_id=known.run_id if known else None,
    )
