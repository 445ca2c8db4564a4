"""What can be done with SLAs and their forecasts."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Any

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Context, Info
from gateway.api.graphql.enums import Role, Severity, SlaKind, SlaState
from gateway.api.graphql.errors import ApiError, BadInput, Code
from gateway.api.graphql.inputs import bounded, optional_text, text
from gateway.api.graphql.scalars import Json
from gateway.api.graphql.sla_queries import ForecastCorrection
from gateway.api.graphql.slas import Sla
from gateway.api.graphql.starts import DatasetNameInput, PipelineKeyInput
from gateway.domain import slas as domain
from gateway.domain.clock_times import parse_clock
from gateway.domain.dependencies import DatasetRef, PipelineRef
from gateway.sla.definitions import SlaDefinitions
from gateway.store.repository import corrections
from gateway.store.repository.corrections import StoredCorrection

IdArgument = Annotated[strawberry.ID, strawberry.argument(name="id")]
LONGEST_CORRECTION = timedelta(days=366)
LARGEST_FACTOR = 100.0
LISTS = "`forecastCorrections` lists those that hold."
FINDS = "`search` finds pipelines by a part of their name."


@strawberry.input(description="One of trigger, retry, notify, severity; see SlaAction")
class SlaActionInput:
    """As in podium.yaml."""

    on: SlaState
    trigger: PipelineKeyInput | None = None
    parameters: Json | None = None
    retry: bool = False
    notify: str | None = None
    severity: Severity | None = None

    def to_domain(self, field: str) -> domain.SlaAction:
        """BAD_USER_INPUT."""
        given: Any = self.parameters or {}
        if not isinstance(given, dict):
            raise BadInput(f"{field}.parameters", "is no object.", 'Send an object like {"day": "2026-05-01"}.')
        parameters: dict[str, Any] = given  # pyright: ignore[reportUnknownVariableType]
        return domain.SlaAction(self.on, _ref(self.trigger), parameters, self.retry, self.notify, self.severity)


@strawberry.input(description="A promise about a pipeline or a dataset")
class SlaInput:
    """As in podium.yaml."""

    name: str
    kind: SlaKind
    description: str | None = None
    owner: str | None = None
    pipeline: PipelineKeyInput | None = None
    dataset: DatasetNameInput | None = None
    deadline: str | None = None
    timezone: str = "UTC"
    calendar: str | None = None
    limit: timedelta | None = None
    target_rate: float | None = None
    window: timedelta | None = None
    objective: float | None = None
    is_enabled: bool = True
    data_day: int | None = None
    days_off: list[str] | None = None
    deviations: float | None = None
    severity: Severity | None = strawberry.field(default=None, description="How bad it is where it is missed")
    actions: list[SlaActionInput] | None = None

    def to_domain(self, context: Context) -> domain.SlaSpec:
        """BAD_USER_INPUT for what cannot be read; whether it can hold is looked at later."""
        limits = context.limits
        return domain.SlaSpec(
            name=text("input.name", self.name, limits),
            kind=self.kind,
            pipeline=_ref(self.pipeline),
            dataset=DatasetRef(self.dataset.namespace, self.dataset.name) if self.dataset else None,
            description=optional_text("input.description", self.description, limits),
            owner=optional_text("input.owner", self.owner, limits),
            deadline=_clock(self.deadline),
            data_day=self.data_day,
            timezone=self.timezone,
            calendar=self.calendar,
            days_off=tuple(bounded("input.daysOff", self.days_off or [], limits)),
            limit=self.limit,
            deviations=self.deviations,
            severity=self.severity,
            actions=tuple(
                one.to_domain(f"input.actions[{place}]")
                for place, one in enumerate(bounded("input.actions", self.actions or [], limits))
            ),
            target_rate=self.target_rate,
            window=self.window,
            objective=self.objective,
            is_enabled=self.is_enabled,
        )


@strawberry.input(description="What somebody knows better than a forecast: one of factor and notBefore, or both")
class ForecastCorrectionInput:
    """What somebody knows better than a forecast."""

    pipeline: PipelineKeyInput
    until: datetime = strawberry.field(description="It is about runs that begin before that")
    since: datetime | None = strawberry.field(default=None, description="And from then on; now where not given")
    factor: float | None = strawberry.field(default=None, description="They take so many times as long, e.g. 1.5")
    not_before: datetime | None = strawberry.field(default=None, description="The next one begins not before that")
    comment: str | None = None

    def check(self, since: datetime) -> None:
        """BAD_USER_INPUT."""
        if self.factor is None and self.not_before is None:
            raise BadInput("input", "says nothing.", "Send factor, notBefore, or both.")
        if self.factor is not None and not 0 < self.factor <= LARGEST_FACTOR:
            raise BadInput("input.factor", f"{self.factor} is out of range.", "Send more than 0 and at most 100.")
        if not since < self.until <= since + LONGEST_CORRECTION:
            raise BadInput("input.until", "is not a usable end.", "Send an instant after since, at most a year on.")


SlaArgument = Annotated[SlaInput, strawberry.argument(name="input")]
CorrectionArgument = Annotated[ForecastCorrectionInput, strawberry.argument(name="input")]


@strawberry.type
class SlaMutations:
    """What can be done with SLAs and their forecasts."""

    @strawberry.mutation(description="Define a promise; needs the role admin")
    async def create_sla(self, info: Info, wanted: SlaArgument) -> Sla:
        """CONFLICT where its name is taken."""
        info.context.require(Role.ADMIN)
        with _changing(info.context) as definitions:
            return Sla.of(await definitions.create(wanted.to_domain(info.context)))

    @strawberry.mutation(description="Let a promise be otherwise from now on; needs the role admin")
    async def update_sla(self, info: Info, identity: IdArgument, wanted: SlaArgument) -> Sla:
        """CONFLICT where it comes from a file."""
        info.context.require(Role.ADMIN)
        sla_id = ids.parse_as(ids.Kind.SLA, identity)
        with _changing(info.context) as definitions:
            return Sla.of(await definitions.update(sla_id, wanted.to_domain(info.context)))

    @strawberry.mutation(description="Let a promise no longer hold; how it was kept stays. Needs the role admin")
    async def delete_sla(self, info: Info, identity: IdArgument) -> strawberry.ID:
        """CONFLICT where it comes from a file."""
        info.context.require(Role.ADMIN)
        with _changing(info.context) as definitions:
            await definitions.delete(ids.parse_as(ids.Kind.SLA, identity))
        return identity

    @strawberry.mutation(description="Say what a forecast cannot know, for a while; needs the role operator")
    async def correct_forecast(self, info: Info, wanted: CorrectionArgument) -> ForecastCorrection:
        """NOT_FOUND where there is no such pipeline."""
        context = info.context
        principal = context.require(Role.OPERATOR)
        now = context.services.clock()
        since = wanted.since or now
        wanted.check(since)
        ref = PipelineRef(wanted.pipeline.orchestrator, wanted.pipeline.key)
        pipeline = await context.loaders.coordination.pipelines.load(ref)
        if pipeline is None:
            raise ApiError(Code.NOT_FOUND, f"input.pipeline: there is no pipeline {ref}.", remedy=FINDS)
        given = StoredCorrection(
            id=0,
            pipeline_id=pipeline.id,
            since=since,
            until=wanted.until,
            factor=wanted.factor if wanted.factor is not None else 1.0,
            not_before=wanted.not_before,
            comment=optional_text("input.comment", wanted.comment, context.limits),
            made_by=principal.name,
            made_at=now,
        )
        async with context.services.database.write() as session:
            return ForecastCorrection.of(await corrections.add(session, given))

    @strawberry.mutation(description="Let a forecast be as it was before; needs the role operator")
    async def remove_forecast_correction(self, info: Info, identity: IdArgument) -> strawberry.ID:
        """NOT_FOUND where there is none that holds."""
        info.context.require(Role.OPERATOR)
        correction_id = ids.parse_as(ids.Kind.FORECAST_CORRECTION, identity)
        async with info.context.services.database.write() as session:
            if not await corrections.remove(session, correction_id, info.context.services.clock()):
                raise ApiError(Code.NOT_FOUND, "There is no such correction, or it holds no more.", remedy=LISTS)
        return identity


@contextmanager
def _changing(context: Context) -> Generator[SlaDefinitions]:
    """Afterwards nothing that was loaded before counts any more."""
    try:
        yield SlaDefinitions(context.services.database, context.services.clock)
    finally:
        context.forget()


def _ref(given: PipelineKeyInput | None) -> PipelineRef | None:
    return PipelineRef(given.orchestrator, given.key) if given is not None else None


def _clock(given: str | None) -> timedelta | None:
    if given is None:
        return None
    try:
        return parse_clock(given)
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        raise BadInput("input.deadline", f"{message}.", f"{remedy.capitalize()}") from None
