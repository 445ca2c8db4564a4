"""SLAs, how each of them stands, and how it was kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset
from gateway.api.graphql.enums import DefinitionOrigin, RunState, Severity, SlaKind, SlaState
from gateway.api.graphql.errors import ApiError, Code
from gateway.api.graphql.inputs import DEFAULT_WINDOW, page_size, usable
from gateway.api.graphql.nodes import Node, PageInfo
from gateway.api.graphql.pipelines import Pipeline
from gateway.api.graphql.runs import Run, page_info
from gateway.api.graphql.sla_actions import SlaAction, SlaActionDone
from gateway.domain import slas as domain
from gateway.domain.clock_times import format_clock
from gateway.domain.tallies import budget_left
from gateway.store.repository import sla_evaluations, slas
from lineage.openlineage.state import name_id

SlaStates = list[SlaState] | None


@strawberry.type(description="A pipeline on the way to a result, and when it is expected to begin and end")
class CriticalPathStep:
    """One step of the way."""

    expected_start: datetime | None
    expected_end: datetime | None
    record: strawberry.Private[domain.PathStep]

    @strawberry.field
    async def pipeline(self, info: Info) -> Pipeline:
        """What has to end."""
        found = await info.context.loaders.pipelines.load(self.record.pipeline_id)
        if found is None:
            raise ApiError(Code.NOT_FOUND, "The pipeline of this step has been deleted.")
        return Pipeline.of(found)

    @strawberry.field(description="The run that goes on; null where it has not begun, or has ended")
    async def run(self, info: Info) -> Run | None:
        """What runs now."""
        found = await info.context.loaders.runs.load(self.record.run_id) if self.record.run_id is not None else None
        return Run.of(found) if found else None

    @strawberry.field(description="Of the run that goes on")
    async def state(self, info: Info) -> RunState | None:
        """How it goes."""
        found = await info.context.loaders.runs.load(self.record.run_id) if self.record.run_id is not None else None
        return found.state if found else None


@strawberry.type(description="One step in how a promise was judged")
class SlaStep:
    """One step in an evaluation's history."""

    at: datetime
    state: SlaState
    reason: str


@strawberry.type(description="How one key of an SLA stands, or stood")
class SlaEvaluation:
    """One key of an SLA."""

    id: strawberry.ID
    key: str = strawberry.field(description="What is judged, e.g. the day of a DEADLINE")
    state: SlaState
    reason: str = strawberry.field(description="Why it stands so, in one word")
    opens_at: datetime = strawberry.field(description="What was done before does not count")
    due_at: datetime | None
    completed_at: datetime | None
    late_by: timedelta | None = strawberry.field(description="How long after it was due it was done")
    measured: float | None = strawberry.field(
        description="SUCCESS_RATE: the rate. DURATION: the limit in seconds that held for the run"
    )
    is_final: bool = strawberry.field(description="Nothing that comes can change it")
    predicted_at: datetime | None = strawberry.field(
        description="Forecast from the history of what still has to run, across systems; null: no end is in sight"
    )
    predicted_low: datetime | None = strawberry.field(description="The ends of its 90 % interval")
    predicted_high: datetime | None
    breach_probability: float | None = strawberry.field(description="That it is done after it is due, 0..1")
    critical_path: list[CriticalPathStep] = strawberry.field(
        description="What it is waiting for now, in order; the last element is the SLA's own target"
    )
    evaluated_at: datetime
    record: strawberry.Private[domain.Evaluation]

    @classmethod
    def of(cls, record: domain.Evaluation) -> "SlaEvaluation":
        """As it is stored."""
        forecast = record.forecast
        path = forecast.path if forecast else ()
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.SLA_EVALUATION, record.id)),
            key=record.key,
            state=record.state,
            reason=record.reason.value,
            opens_at=record.opens_at,
            due_at=record.due_at,
            completed_at=record.completed_at,
            late_by=record.late_by,
            measured=record.measured,
            is_final=record.is_final,
            predicted_at=forecast.at if forecast else None,
            predicted_low=forecast.low if forecast else None,
            predicted_high=forecast.high if forecast else None,
            breach_probability=forecast.breach_probability if forecast else None,
            critical_path=[
                CriticalPathStep(expected_start=step.expected_start, expected_end=step.expected_end, record=step)
                for step in path
            ],
            evaluated_at=record.evaluated_at,
            record=record,
        )

    @strawberry.field
    async def sla(self, info: Info) -> "Sla":
        """What it is an evaluation of; also where that is no longer defined."""
        found = await info.context.loaders.slas.slas.load(self.record.sla_id)
        if found is None:
            raise ApiError(Code.NOT_FOUND, "The SLA of this evaluation has been deleted.")
        return Sla.of(found)

    @strawberry.field(description="The run that has brought the result, or whose duration is judged")
    async def run(self, info: Info) -> Run | None:
        """Null until there is one."""
        found = await info.context.loaders.runs.load(self.record.run_id) if self.record.run_id is not None else None
        return Run.of(found) if found else None

    @strawberry.field(description="What was done about it")
    async def actions(self, info: Info) -> list[SlaActionDone]:
        """In the order of the SLA's actions."""
        found = await info.context.loaders.slas.actions.load(self.record.id)
        return [SlaActionDone.of(one) for one in found]

    @strawberry.field(description="How it has stood so far, oldest first")
    async def steps(self, info: Info) -> list[SlaStep]:
        """With the reason of each step."""
        found = await info.context.loaders.slas.steps.load(self.record.id)
        return [SlaStep(at=step.at, state=step.state, reason=step.reason.value) for step in found]


@strawberry.type(description="A promise about a pipeline or a dataset")
class Sla(Node):
    """A promise."""

    name: str
    description: str | None
    owner: str | None
    kind: SlaKind
    deadline: str | None = strawberry.field(
        description="DEADLINE: wall-clock time in `timezone`, e.g. 09:00; 25:30 is 01:30 of the next day"
    )
    data_day: int | None = strawberry.field(
        description="DEADLINE: only a run counts whose logical day lies so many days after the deadline's (-1: before)"
    )
    timezone: str
    calendar: str | None = strawberry.field(
        description="Days it applies to: a cron day-of-week list or a named holiday calendar, e.g. business-days:CH"
    )
    days_off: list[str] = strawberry.field(description="Days it does not apply to besides")
    limit: timedelta | None = strawberry.field(description="FRESHNESS and DURATION: the limit")
    deviations: float | None = strawberry.field(
        description="DURATION: the limit in standard deviations above the mean of its own history"
    )
    target_rate: float | None = strawberry.field(description="SUCCESS_RATE: 0..1 over `window`")
    window: timedelta | None
    objective: float | None = strawberry.field(
        description="Adherence the team promises, 0..1, e.g. 0.99; errorBudget is what is left of it in the window"
    )
    severity: Severity | None = strawberry.field(description="How bad it is where it is missed; null: critical")
    actions: list[SlaAction]
    is_enabled: bool
    origin: DefinitionOrigin
    target_name: str = strawberry.field(description="What it is about, known or not")
    record: strawberry.Private[domain.Sla]

    @classmethod
    def of(cls, record: domain.Sla) -> "Sla":
        """As it is defined."""
        spec = record.spec
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.SLA, record.id)),
            name=spec.name,
            description=spec.description,
            owner=spec.owner,
            kind=spec.kind,
            deadline=format_clock(spec.deadline) if spec.deadline is not None else None,
            data_day=spec.data_day,
            timezone=spec.timezone,
            calendar=spec.calendar,
            days_off=list(spec.days_off),
            limit=spec.limit,
            deviations=spec.deviations,
            target_rate=spec.target_rate,
            window=spec.window,
            objective=spec.objective,
            severity=spec.severity,
            actions=[SlaAction.of(one) for one in spec.actions],
            is_enabled=spec.is_enabled,
            origin=DefinitionOrigin(record.origin),
            target_name=spec.target,
            record=record,
        )

    @strawberry.field(description="Null where it is about a dataset, or while no orchestrator lists it")
    async def pipeline(self, info: Info) -> Pipeline | None:
        """What it is about."""
        if self.record.spec.pipeline is None:
            return None
        found = await info.context.loaders.coordination.pipelines.load(self.record.spec.pipeline)
        return Pipeline.of(found) if found else None

    @strawberry.field(description="Null where it is about a pipeline, or while no event has told of it")
    async def dataset(self, info: Info) -> Dataset | None:
        """What it is about."""
        ref = self.record.spec.dataset
        if ref is None:
            return None
        graph = await info.context.services.lineage.graph()
        found = await info.context.loaders.lineage.datasets.load(graph.dataset_of(name_id(ref.namespace, ref.name)))
        return Dataset.of(found) if found else None

    @strawberry.field(description="How it stands: what was opened last; null until it has been judged")
    async def current(self, info: Info) -> SlaEvaluation | None:
        """The last key."""
        found = await info.context.loaders.slas.current.load(self.record.id)
        return SlaEvaluation.of(found) if found else None

    @strawberry.field(description="How it was judged, the last opened first")
    async def evaluations(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> "SlaEvaluationConnection":
        """All keys."""
        return await evaluation_page(info, self.record.id, first, after)

    @strawberry.field(description="Share of promises kept of those that came due in the window; null: none came due")
    async def adherence(self, info: Info, window: timedelta = DEFAULT_WINDOW) -> float | None:
        """0..1."""
        return (await info.context.loaders.slas.tallies.load((self.record.id, usable(window)))).adherence

    @strawberry.field(
        description="What is left of the promises that may be broken by the objective, 1 where none was broken; "
        "negative where too many were; null without an objective, or where none came due"
    )
    async def error_budget_left(self, info: Info, window: timedelta = DEFAULT_WINDOW) -> float | None:
        """At most 1."""
        tally = await info.context.loaders.slas.tallies.load((self.record.id, usable(window)))
        return budget_left([(tally, self.record.spec.objective)])


@strawberry.type
class SlaEvaluationEdge:
    """An evaluation and its place in a list."""

    cursor: str
    node: SlaEvaluation


@strawberry.type(description="A page of evaluations, the last opened first")
class SlaEvaluationConnection:
    """A page of evaluations."""

    edges: list[SlaEvaluationEdge]
    page_info: PageInfo
    sla_id: strawberry.Private[int]

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        async with info.context.services.database.read() as session:
            return await sla_evaluations.count(session, self.sla_id)


@strawberry.type
class SlaEdge:
    """An SLA and its place in a list."""

    cursor: str
    node: Sla


@strawberry.type(description="A page of SLAs, by name")
class SlaConnection:
    """A page of SLAs."""

    edges: list[SlaEdge]
    page_info: PageInfo
    wanted: strawberry.Private[domain.SlaFilter]

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        async with info.context.services.database.read() as session:
            return await slas.count(session, self.wanted)


async def sla_page(info: Info, states: SlaStates, first: int | None, after: str | None) -> SlaConnection:
    """A page of all SLAs that stand in one of some states."""
    limit = page_size(first, info.context.limits)
    position = ids.parse_name_cursor(after) if after is not None else None
    wanted = domain.SlaFilter(tuple(states or ()))
    found: Sequence[domain.Sla] = ()
    if limit > 0:
        async with info.context.services.database.read() as session:
            found = await slas.page(session, wanted, position, limit + 1)
    edges = [SlaEdge(cursor=ids.name_cursor(one.spec.name), node=Sla.of(one)) for one in found[:limit]]
    place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None)
    return SlaConnection(edges=edges, page_info=place, wanted=wanted)


async def evaluation_page(info: Info, sla_id: int, first: int | None, after: str | None) -> SlaEvaluationConnection:
    """A page of how an SLA was judged."""
    limit = page_size(first, info.context.limits)
    before = ids.parse_evaluation_cursor(after) if after is not None else None
    found: Sequence[domain.Evaluation] = ()
    if limit > 0:
        async with info.context.services.database.read() as session:
            found = await sla_evaluations.page(session, sla_id, before, limit + 1)
    edges = [
        SlaEvaluationEdge(cursor=ids.evaluation_cursor(one.opens_at, one.id), node=SlaEvaluation.of(one))
        for one in found[:limit]
    ]
    place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=after is not None)
    return SlaEvaluationConnection(edges=edges, page_info=place, sla_id=sla_id)
