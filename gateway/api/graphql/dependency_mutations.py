"""What can be done with dependencies and their firings."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Any, cast

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Context, Info
from gateway.api.graphql.dependencies import Dependency
from gateway.api.graphql.enums import DependencyMode, KeyGranularity, Rerun, Role, RunState
from gateway.api.graphql.errors import BadInput
from gateway.api.graphql.firings import Firing
from gateway.api.graphql.inputs import text
from gateway.api.graphql.runs import Run
from gateway.api.graphql.scalars import Json
from gateway.api.graphql.starts import DatasetNameInput, PipelineKeyInput
from gateway.coordination import preview
from gateway.coordination.definitions import Definitions
from gateway.coordination.steering import Steering
from gateway.domain import dependencies as domain
from gateway.domain.windows import Window

DEFAULT_WINDOW = timedelta(days=7)
LONGEST_WINDOW = timedelta(days=366)
MOST_CONDITIONS = 100
IdArgument = Annotated[strawberry.ID, strawberry.argument(name="id")]
FromArgument = Annotated[str, strawberry.argument(name="from")]
ToArgument = Annotated[str, strawberry.argument(name="to")]


@strawberry.input(description="One thing to wait for: a pipeline, or a group of which all or any must hold")
class ConditionInput:
    """A pipeline or a group."""

    pipeline: PipelineKeyInput | None = None
    dataset: DatasetNameInput | None = None
    fresh_within: timedelta | None = strawberry.field(
        default=None, description="The dataset was written within this time; without it, within the key's period"
    )
    states: list[RunState] | None = strawberry.field(default_factory=lambda: [RunState.SUCCESS])
    offset: int = 0
    every: KeyGranularity | None = None
    task: str | None = None
    partitions: list[str] | None = None
    cron: str | None = strawberry.field(
        default=None, description="A window that opens at these times, for as long as `lasts`"
    )
    lasts: timedelta | None = None
    all: "list[ConditionInput] | None" = None
    any: "list[ConditionInput] | None" = None

    def to_domain(self, field: str) -> domain.Condition | domain.Group:
        """BAD_USER_INPUT where it is not exactly one kind."""
        if sum(one is not None for one in (self.pipeline, self.dataset, self.cron, self.all, self.any)) != 1:
            raise BadInput(field, "must have one of pipeline, dataset, cron, all or any.", "Leave the others out.")
        if (self.cron is None) != (self.lasts is None):
            raise BadInput(f"{field}.lasts", "belongs to cron: how long the window stays open.", "Send both.")
        for name, value in (("task", self.task), ("partitions", self.partitions)):
            if value and self.pipeline is None:
                raise BadInput(f"{field}.{name}", "is for a pipeline only.", "Leave it out.")
        if self.fresh_within is not None and self.dataset is None:
            raise BadInput(f"{field}.freshWithin", "is for a dataset only.", "Leave it out.")
        if self.pipeline is not None:
            ref = domain.PipelineRef(self.pipeline.orchestrator, self.pipeline.key)
            states = tuple(self.states or (RunState.SUCCESS,))
            return domain.Condition(
                ref,
                self.task or None,
                states=states,
                offset=self.offset,
                every=self.every,
                partitions=tuple(self.partitions or ()),
            )
        if self.cron is not None and self.lasts is not None:
            return domain.Condition(window=Window(self.cron, self.lasts))
        if self.dataset is not None:
            named = domain.DatasetRef(self.dataset.namespace, self.dataset.name)
            return domain.Condition(dataset=named, fresh_within=self.fresh_within, offset=self.offset, every=self.every)
        mode = domain.Mode.ALL if self.all is not None else domain.Mode.ANY
        return _group(mode, self.all or self.any or [], field)


@strawberry.input(description="A dependency; text in parameters and partition may be a template")
class DependencyInput:
    """As in podium.yaml."""

    name: str
    upstream: list[ConditionInput]
    target: PipelineKeyInput
    description: str | None = None
    mode: DependencyMode = DependencyMode.ALL
    parameters: Json | None = None
    keyed_by: KeyGranularity = KeyGranularity.RUN
    timezone: str = "UTC"
    timeout: timedelta | None = None
    is_enabled: bool = True
    partition: str | None = None
    on_rerun: Rerun = Rerun.IGNORE
    max_active: int | None = None
    max_per_minute: int | None = None
    allow_cycle: bool = False

    def to_domain(self, context: Context) -> domain.DependencySpec:
        """BAD_USER_INPUT for what can hold in no dependency."""
        parameters: object = self.parameters if self.parameters is not None else {}
        if not isinstance(parameters, dict):
            raise BadInput("input.parameters", "is not an object.", 'Send an object, e.g. {"day": "{{ key }}"}.')
        for name, limit in (("maxActive", self.max_active), ("maxPerMinute", self.max_per_minute)):
            if limit is not None and limit < 1:
                raise BadInput(f"input.{name}", f"{limit} is too small.", "Send 1 or more, or leave it out.")
        return domain.DependencySpec(
            name=text("input.name", self.name, context.limits),
            description=self.description,
            upstream=_group(self.mode, self.upstream, "input.upstream"),
            target=domain.PipelineRef(self.target.orchestrator, self.target.key),
            keyed_by=self.keyed_by,
            timezone=self.timezone,
            parameters=cast("dict[str, Any]", parameters),
            partition=self.partition,
            timeout=self.timeout,
            is_enabled=self.is_enabled,
            on_rerun=self.on_rerun,
            max_active=self.max_active,
            max_per_minute=self.max_per_minute,
            allow_cycle=self.allow_cycle,
        )


InputArgument = Annotated[DependencyInput, strawberry.argument(name="input")]


@strawberry.type(description="What a dependency would have done for one key")
class FiringPreview:
    """What a dependency would have done for one key."""

    key: str
    at: datetime = strawberry.field(description="When it would have fired, or else when the key began")
    would_trigger: bool
    reason: str
    run_ids: strawberry.Private[list[int]]

    @strawberry.field
    async def satisfied_by(self, info: Info) -> list[Run]:
        """The runs that its conditions were met by."""
        found = await info.context.loaders.runs.load_many(self.run_ids)
        return [Run.of(one) for one in found if one]


@strawberry.type
class DependencyMutations:
    """What can be done with dependencies and their firings."""

    @strawberry.mutation(description="Define a dependency; needs the role admin")
    async def create_dependency(self, info: Info, wanted: InputArgument) -> Dependency:
        """CONFLICT where its name is taken."""
        info.context.require(Role.ADMIN)
        with _changing(info.context) as definitions:
            return Dependency.of(await definitions.create(wanted.to_domain(info.context)))

    @strawberry.mutation(description="Let a dependency be otherwise from now on; needs the role admin")
    async def update_dependency(self, info: Info, identity: IdArgument, wanted: InputArgument) -> Dependency:
        """CONFLICT where it comes from a file."""
        info.context.require(Role.ADMIN)
        dependency_id = ids.parse_as(ids.Kind.DEPENDENCY, identity)
        with _changing(info.context) as definitions:
            return Dependency.of(await definitions.update(dependency_id, wanted.to_domain(info.context)))

    @strawberry.mutation(description="Let a dependency no longer hold; its firings stay. Needs the role admin")
    async def delete_dependency(self, info: Info, identity: IdArgument) -> strawberry.ID:
        """CONFLICT where it comes from a file."""
        info.context.require(Role.ADMIN)
        with _changing(info.context) as definitions:
            await definitions.delete(ids.parse_as(ids.Kind.DEPENDENCY, identity))
        return identity

    @strawberry.mutation(
        description="What this dependency would have fired over the past window, without triggering anything"
    )
    async def preview_dependency(
        self, info: Info, wanted: InputArgument, window: timedelta = DEFAULT_WINDOW
    ) -> list[FiringPreview]:
        """The newest keys where there are very many."""
        context = info.context
        context.require(Role.VIEWER)
        if not timedelta(0) < window <= LONGEST_WINDOW:
            raise BadInput("window", "is not a usable window.", "Use more than PT0S and at most P366D.")
        spec, now = wanted.to_domain(context), context.services.clock()
        async with context.services.database.read() as session:
            await _definitions(context).check(session, spec)
            found = await preview.preview(session, spec, now - window, now)
        return [
            FiringPreview(
                key=one.key, at=one.at, would_trigger=one.would_trigger, reason=one.reason, run_ids=list(one.run_ids)
            )
            for one in found
        ]

    @strawberry.mutation(
        description="Stop a dependency for now, or let it go on, also one that a file defines; needs the role operator"
    )
    async def set_dependency_paused(self, info: Info, identity: IdArgument, paused: bool) -> Dependency:
        """Nothing begins while it is paused, and what waits goes on waiting."""
        info.context.require(Role.OPERATOR)
        dependency_id = ids.parse_as(ids.Kind.DEPENDENCY, identity)
        return Dependency.of(await _steering(info.context).set_paused(dependency_id, paused=paused))

    @strawberry.mutation(description="Fire a key by hand, whatever it still waits for; needs the role operator")
    async def fire_dependency(self, info: Info, identity: IdArgument, key: str) -> Firing:
        """CONFLICT where the key has fired."""
        principal = info.context.require(Role.OPERATOR)
        dependency_id = ids.parse_as(ids.Kind.DEPENDENCY, identity)
        wanted = text("key", key, info.context.limits)
        return Firing.of(await _steering(info.context).fire(dependency_id, wanted, principal.name))

    @strawberry.mutation(
        description="Fire all keys of a stretch of time that have not fired, `maxActive` at once and oldest first, "
        "whatever they still wait for; needs the role operator"
    )
    async def backfill_dependency(  # the keys are both included
        self, info: Info, identity: IdArgument, from_key: FromArgument, to_key: ToArgument, max_active: int = 1
    ) -> list[Firing]:
        """The firings that it has made; keys that have fired are left out."""
        principal = info.context.require(Role.OPERATOR)
        if max_active < 1:
            raise BadInput("maxActive", f"{max_active} is too small.", "Send 1 or more.")
        dependency_id = ids.parse_as(ids.Kind.DEPENDENCY, identity)
        first, last = (text(name, key, info.context.limits) for name, key in (("from", from_key), ("to", to_key)))
        made = await _steering(info.context).backfill(dependency_id, first, last, max_active, principal.name)
        return [Firing.of(one) for one in made]

    @strawberry.mutation(
        description="Fire a key once more whose firing has failed, expired or was cancelled, which makes a new run; "
        "needs the role operator"
    )
    async def refire_firing(self, info: Info, identity: IdArgument) -> Firing:
        """CONFLICT where it is not over, or went well."""
        principal = info.context.require(Role.OPERATOR)
        firing_id = ids.parse_as(ids.Kind.FIRING, identity)
        return Firing.of(await _steering(info.context).refire(firing_id, principal.name))

    @strawberry.mutation(description="Let a firing that waits, or is ready, never fire; needs the role operator")
    async def cancel_firing(self, info: Info, identity: IdArgument) -> Firing:
        """CONFLICT where it is under way or over."""
        principal = info.context.require(Role.OPERATOR)
        firing_id = ids.parse_as(ids.Kind.FIRING, identity)
        return Firing.of(await _steering(info.context).cancel(firing_id, principal.name))


def _definitions(context: Context) -> Definitions:
    services = context.services
    return Definitions(services.database, services.lineage, services.clock)


@contextmanager
def _changing(context: Context) -> Generator[Definitions]:
    """Afterwards nothing that was loaded before counts any more."""
    try:
        yield _definitions(context)
    finally:
        context.forget()


def _steering(context: Context) -> Steering:
    return Steering(context.services.database, context.services.clock)


def _group(mode: domain.Mode, items: list[ConditionInput], field: str) -> domain.Group:
    if not 1 <= len(items) <= MOST_CONDITIONS:
        raise BadInput(field, f"has {len(items)} entries.", f"Send 1 to {MOST_CONDITIONS}.")
    return domain.Group(mode, tuple(item.to_domain(f"{field}[{place}]") for place, item in enumerate(items)))
