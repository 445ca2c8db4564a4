"""Key figures: how well work gets done, over any window."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.errors import BadInput
from gateway.api.graphql.inputs import DEFAULT_WINDOW, PipelineFilter, PipelineFilterArgument, page_size, usable
from gateway.api.graphql.nodes import PageInfo
from gateway.api.graphql.runs import page_info
from gateway.domain import kpis as domain
from gateway.kpis import measure
from gateway.store.database import ReadSession
from gateway.store.repository import pipelines

if TYPE_CHECKING:
    from gateway.api.graphql.pipelines import Pipeline

DEFAULT_STEP = timedelta(days=1)
#: More points than that no chart shows.
MOST_STEPS = 100

LazyPipeline = Annotated["Pipeline", strawberry.lazy("gateway.api.graphql.pipelines")]


@strawberry.enum(description="By what key figures are put together")
class KpiGrouping(Enum):
    """By what key figures are put together."""

    PIPELINE = "PIPELINE"
    OWNER = "OWNER"
    ORCHESTRATOR = "ORCHESTRATOR"
    TOTAL = "TOTAL"


@strawberry.type(description="How well work got done in a window")
class Kpis:
    """How well work got done in a window."""

    name: str | None = strawberry.field(
        description="The pipeline as orchestrator/key, the owner, or the orchestrator; null: the total, or no owner"
    )
    pipelines: int = strawberry.field(description="Those that are listed now")
    runs: int = strawberry.field(
        description="Runs that came to an end, other than those that people started and those that retry another run"
    )
    unaided_success_rate: float | None = strawberry.field(
        description="Share of these that succeeded at once, without anybody's help, 0..1; null where there is none"
    )
    incidents: int = strawberry.field(description="Incidents that were opened and whose cause it was")
    mean_time_to_detect: timedelta | None = strawberry.field(
        description="From the failure in its system to the incident"
    )
    mean_time_to_notify: timedelta | None = strawberry.field(
        description="From the failure in its system to the first message that a receiver took"
    )
    mean_time_to_resolve: timedelta | None = strawberry.field(
        description="From the failure in its system until all was well again, of incidents that are over"
    )
    slas_met: int = strawberry.field(description="Promises that came due and were kept")
    slas_missed: int
    sla_adherence: float | None = strawberry.field(description="met / (met + missed), 0..1; null where none came due")
    data_age: timedelta | None = strawberry.field(
        description="Time since the last good run at the end of the window, the mean of pipelines; of those that are "
        "scheduled and not paused, or had a good run in the window"
    )
    mean_data_age: timedelta | None = strawberry.field(description="The same, the mean of all moments in the window")
    run_time: timedelta = strawberry.field(description="Of runs whose time in queue is known")
    queue_time: timedelta
    compute_efficiency: float | None = strawberry.field(
        description="runTime / (runTime + queueTime), 0..1; null where none is known"
    )
    pipeline_id: strawberry.Private[int | None] = None

    @classmethod
    def of(cls, found: measure.Measure) -> "Kpis":
        """As measured."""
        figures = found.kpis
        return cls(
            name=found.name,
            pipelines=figures.pipelines,
            runs=figures.runs,
            unaided_success_rate=figures.unaided_success_rate,
            incidents=figures.incidents,
            mean_time_to_detect=figures.detect.mean,
            mean_time_to_notify=figures.notify.mean,
            mean_time_to_resolve=figures.resolve.mean,
            slas_met=figures.met,
            slas_missed=figures.missed,
            sla_adherence=figures.sla_adherence,
            data_age=figures.age_now.mean,
            mean_data_age=figures.age.mean,
            run_time=timedelta(seconds=figures.run_seconds),
            queue_time=timedelta(seconds=figures.queue_seconds),
            compute_efficiency=figures.compute_efficiency,
            pipeline_id=found.pipeline_id,
        )

    @strawberry.field(description="Null unless figures are put together by pipeline")
    async def pipeline(self, info: Info) -> LazyPipeline | None:
        """What they are about."""
        from gateway.api.graphql.pipelines import Pipeline  # noqa: PLC0415  # the types refer to each other

        found = await info.context.loaders.pipelines.load(self.pipeline_id) if self.pipeline_id is not None else None
        return Pipeline.of(found) if found else None


@strawberry.type
class KpisEdge:
    """Figures and their place in a list."""

    cursor: str
    node: Kpis


@strawberry.type(description="A page of key figures, by name; those without a name come last")
class KpisConnection:
    """A page of key figures."""

    edges: list[KpisEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="Key figures of one stretch of time")
class KpiStep:
    """Key figures of one stretch of time."""

    since: datetime
    until: datetime = strawberry.field(description="Exclusive")
    kpis: Kpis


@strawberry.type
class KpiQueries:
    """What can be asked of key figures."""

    @strawberry.field(
        description="Key figures of the window that ends at `until`, by default now; pipelines, owners and schedules "
        "are today's. `filter` leaves only what is about such pipelines"
    )
    async def kpis(
        self,
        info: Info,
        by: KpiGrouping = KpiGrouping.TOTAL,
        window: timedelta = DEFAULT_WINDOW,
        until: datetime | None = None,
        first: int | None = None,
        after: str | None = None,
        where: PipelineFilterArgument = None,
    ) -> KpisConnection:
        """By name."""
        limit = page_size(first, info.context.limits)
        position = ids.parse_name_cursor(after) if after is not None else None
        end = until or info.context.services.clock()
        begin = end - usable(window)
        async with info.context.services.database.read() as session:
            narrowed = await _narrowed(info, session, where)
            reading = await measure.read(session, begin, end, narrowed)
        found = reading.by(domain.KpiGrouping(by.value))
        left = [one for one in found if position is None or _place(one.name) > _place(position or None)]
        edges = [KpisEdge(cursor=ids.name_cursor(one.name or ""), node=Kpis.of(one)) for one in left[:limit]]
        place = page_info([edge.cursor for edge in edges], has_next=len(left) > limit, is_continued=after is not None)
        return KpisConnection(edges=edges, page_info=place, total_count=len(found))

    @strawberry.field(
        description="Key figures in total of each `step` of a window, oldest first; the last step ends with the window"
    )
    async def kpi_series(
        self,
        info: Info,
        window: timedelta = DEFAULT_WINDOW,
        step: timedelta = DEFAULT_STEP,
        until: datetime | None = None,
        where: PipelineFilterArgument = None,
    ) -> list[KpiStep]:
        """What a chart shows."""
        end = until or info.context.services.clock()
        if not usable(window) / MOST_STEPS <= step <= window:
            raise BadInput(
                "step",
                f"{step} is not a step of a window of {window}.",
                f"Use at most the window, and at least its {MOST_STEPS}th part.",
            )
        async with info.context.services.database.read() as session:
            narrowed = await _narrowed(info, session, where)
            readings = await measure.series(session, end - window, end, step, narrowed)
        return [
            KpiStep(since=one.since, until=one.until, kpis=Kpis.of(one.by(domain.KpiGrouping.TOTAL)[0]))
            for one in readings
        ]


async def _narrowed(info: Info, session: ReadSession, where: PipelineFilter | None) -> Sequence[int] | None:
    """None: nothing is left out."""
    return await pipelines.matching_ids(session, where.to_domain(info.context.limits)) if where is not None else None


def _place(name: str | None) -> tuple[bool, str]:
    """What has no name comes last."""
    return name is None, name or ""
