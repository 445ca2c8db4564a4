"""Cross-system dependencies."""

from collections.abc import Sequence
from datetime import timedelta

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import DefinitionOrigin, DependencyMode, KeyGranularity, Rerun
from gateway.api.graphql.errors import ApiError, Code
from gateway.api.graphql.firings import Condition, FiringConnection, States, firing_page
from gateway.api.graphql.inputs import page_size
from gateway.api.graphql.nodes import Node, PageInfo
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.runs import page_info
from gateway.api.graphql.scalars import Json
from gateway.domain import dependencies as domain
from gateway.store.repository import dependencies


@strawberry.type(
    description="When all (or any) of `upstream` hold for the same logical key, trigger `target` once for that key"
)
class Dependency(Node):
    """A cross-system dependency."""

    name: str
    description: str | None
    mode: DependencyMode
    upstream: list[Condition] = strawberry.field(description="All conditions, those in groups too")
    parameters: Json
    partition: str | None = strawberry.field(description="The template of the target's partition")
    keyed_by: KeyGranularity = strawberry.field(
        description="How firings are keyed: one per run, hour, day, ... of the upstream's logical time, in `timezone`"
    )
    timezone: str
    timeout: timedelta | None = strawberry.field(
        description="Give up and raise an incident where a key that has begun is not complete in this time"
    )
    is_enabled: bool
    is_paused: bool = strawberry.field(
        description="Somebody has stopped it for now: nothing begins, and what waits goes on waiting"
    )
    origin: DefinitionOrigin = strawberry.field(
        description="CONFIG where it came from a file (read-only in the API), API where a mutation made it"
    )
    on_rerun: Rerun = strawberry.field(description="What an upstream does that ends once more for a key that has fired")
    max_active: int | None = strawberry.field(
        description="It starts no run while so many of its target are under way that dependencies have started"
    )
    max_per_minute: int | None = strawberry.field(
        description="It starts no run where dependencies have started so many of its target within a minute"
    )
    allow_cycle: bool = strawberry.field(description="Whether it may close a cycle of pipelines")
    target_name: str = strawberry.field(description="orchestrator/key of the target, known or not")
    record: strawberry.Private[domain.Dependency]

    @classmethod
    def of(cls, record: domain.Dependency) -> "Dependency":
        """As it is defined."""
        spec = record.spec
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.DEPENDENCY, record.id)),
            name=spec.name,
            description=spec.description,
            mode=spec.upstream.mode,
            upstream=[Condition.of(one) for one in spec.upstream.conditions()],
            parameters=Json(dict(spec.parameters)),
            partition=spec.partition,
            keyed_by=spec.keyed_by,
            timezone=spec.timezone,
            timeout=spec.timeout,
            is_enabled=spec.is_enabled,
            is_paused=record.is_paused,
            origin=DefinitionOrigin(record.origin),
            on_rerun=spec.on_rerun,
            max_active=spec.max_active,
            max_per_minute=spec.max_per_minute,
            allow_cycle=spec.allow_cycle,
            target_name=str(spec.target),
            record=record,
        )

    @strawberry.field(description="What it waits for, in words: all of (a/b, any of (c/d, e/f))")
    def expression(self) -> str:
        """With groups in groups."""
        return self.record.spec.upstream.in_words()

    @strawberry.field(description="NOT_FOUND while no orchestrator lists it; targetName is always there")
    async def target(self, info: Info) -> Pipeline:
        """What it starts."""
        ref = self.record.spec.target
        found = await info.context.loaders.coordination.pipelines.load(ref)
        if found is None:
            raise ApiError(
                Code.NOT_FOUND,
                f"{ref} is not known yet.",
                remedy=f"Firings wait for it; check the key, and that {ref.orchestrator} is connected.",
            )
        return Pipeline.of(found)

    @strawberry.field(description="The same where an orchestrator lists it, else null")
    async def known_target(self, info: Info) -> Pipeline | None:
        """For lists, in which one that is not known yet spoils nothing."""
        found = await info.context.loaders.coordination.pipelines.load(self.record.spec.target)
        return Pipeline.of(found) if found else None

    @strawberry.field
    async def firings(
        self, info: Info, first: int | None = None, after: str | None = None, states: States = None
    ) -> FiringConnection:
        """Newest first."""
        return await firing_page(info, self.record.id, states, first, after)


@strawberry.type
class DependencyEdge:
    """A dependency and its place in a list."""

    cursor: str
    node: Dependency


@strawberry.type(description="A page of dependencies, by name")
class DependencyConnection:
    """A page of dependencies."""

    edges: list[DependencyEdge]
    page_info: PageInfo

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        async with info.context.services.database.read() as session:
            return await dependencies.count(session)


async def dependency_page(info: Info, first: int | None, after: str | None) -> DependencyConnection:
    """A page of all dependencies."""
    limit = page_size(first, info.context.limits)
    position = ids.parse_name_cursor(after) if after is not None else None
    found: Sequence[domain.Dependency] = ()
    if limit > 0:
        async with info.context.services.database.read() as session:
            found = await dependencies.page(session, position, limit + 1)
    edges = [DependencyEdge(cursor=ids.name_cursor(one.spec.name), node=Dependency.of(one)) for one in found[:limit]]
    place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None)
    return DependencyConnection(edges=edges, page_info=place)
