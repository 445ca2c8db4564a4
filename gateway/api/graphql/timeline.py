"""The timeline: runs of a window of time as lanes of bars, and the links that firings have made between them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import RunState
from gateway.api.graphql.errors import ApiError, BadInput, Code
from gateway.api.graphql.inputs import bounded, optional_text, page_size, texts
from gateway.api.graphql.nodes import PageInfo
from gateway.api.graphql.runs import page_info
from gateway.api.limits import Limits
from gateway.domain import timeline as domain
from gateway.store.database import ReadSession
from gateway.store.repository import timeline

if TYPE_CHECKING:
    from gateway.api.graphql.pipelines import Pipeline

LazyPipeline = Annotated["Pipeline", strawberry.lazy("gateway.api.graphql.pipelines")]

LONGEST_WINDOW = timedelta(days=7)
#: Bars of one lane: at most this many where nobody says, and whatever is asked for.
BARS, MOST_BARS = 120, 500


@strawberry.input(description="Narrows lanes; members are joined by AND, elements of a list by OR")
class TimelineFilter:
    """Narrows lanes."""

    orchestrators: list[str] | None = None
    pipelines: list[strawberry.ID] | None = None
    states: list[RunState] | None = strawberry.field(
        default=None, description="At least one run in the window is in one of these; the lane has its other runs too"
    )
    search: str | None = strawberry.field(
        default=None, description="Case-insensitive substring of the pipeline's key or name"
    )

    def to_domain(self, limits: Limits) -> domain.TimelineFilter:
        """BAD_USER_INPUT as for runs."""
        wanted = bounded("filter.pipelines", self.pipelines or [], limits)
        return domain.TimelineFilter(
            orchestrators=texts("filter.orchestrators", self.orchestrators, limits),
            pipelines=tuple(ids.parse_as(ids.Kind.PIPELINE, value, "filter.pipelines") for value in wanted),
            states=tuple(self.states or ()),
            search=optional_text("filter.search", self.search, limits),
        )


@strawberry.type(description="A run on a lane, or several that begin close to each other where a lane has too many")
class TimelineBar:
    """A run on a lane, or several."""

    run_id: strawberry.ID = strawberry.field(description="Of several: the newest")
    state: RunState = strawberry.field(description="Of several: the worst")
    runs: int = strawberry.field(name="runCount", description="How many it stands for")
    begins_at: datetime = strawberry.field(description="When it started; when it was queued, where it has not")
    ends_at: datetime | None = strawberry.field(description="Null while it goes on, and where nobody knows")

    @classmethod
    def of(cls, bar: domain.Bar) -> "TimelineBar":
        """As it was read."""
        return cls(
            run_id=strawberry.ID(ids.global_id(ids.Kind.RUN, bar.run_id)),
            state=bar.state,
            runs=bar.runs,
            begins_at=bar.begins_at,
            ends_at=bar.ends_at,
        )


@strawberry.type(description="A pipeline with runs in the window")
class TimelineLane:
    """A pipeline with runs in the window."""

    runs: int = strawberry.field(name="runCount")
    failed: int = strawberry.field(name="failedCount")
    active: int = strawberry.field(name="activeCount", description="Queued or running")
    bars: list[TimelineBar] = strawberry.field(description="The first first; about `maxBars` where there are more runs")
    pipeline_id: strawberry.Private[int]

    @strawberry.field
    async def pipeline(self, info: Info) -> LazyPipeline:
        """Whose lane it is."""
        from gateway.api.graphql.pipelines import Pipeline  # noqa: PLC0415  # the types refer to each other

        record = await info.context.loaders.pipelines.load(self.pipeline_id)
        if record is None:
            raise ApiError(Code.NOT_FOUND, "The pipeline of this lane has been deleted.")
        return Pipeline.of(record)


@strawberry.type(description="The lanes of one orchestrator, on all pages")
class TimelineGroup:
    """The lanes of one orchestrator."""

    orchestrator: str
    lanes: int = strawberry.field(name="laneCount")
    failing: int = strawberry.field(name="failingCount", description="Those whose last ended run has failed")
    active: int = strawberry.field(name="activeCount", description="Those with a run that is queued or running")


@strawberry.type(description="A run at one end of a link")
class TimelineLinkEnd:
    """A run at one end of a link."""

    run_id: strawberry.ID
    pipeline_id: strawberry.ID
    name: str = strawberry.field(description="Of the pipeline, as orchestrator/key")
    begins_at: datetime
    ends_at: datetime | None

    @classmethod
    def of(cls, end: domain.LinkEnd) -> "TimelineLinkEnd":
        """As it was read."""
        return cls(
            run_id=strawberry.ID(ids.global_id(ids.Kind.RUN, end.run_id)),
            pipeline_id=strawberry.ID(ids.global_id(ids.Kind.PIPELINE, end.pipeline_id)),
            name=end.name,
            begins_at=end.begins_at,
            ends_at=end.ends_at,
        )


@strawberry.type(description="A dependency has started one run because another had ended")
class TimelineLink:
    """A dependency has started one run because another had ended."""

    dependency: str
    upstream: TimelineLinkEnd
    downstream: TimelineLinkEnd


@strawberry.type
class TimelineEdge:
    """A lane and its place."""

    cursor: str
    node: TimelineLane


@strawberry.type(
    description="Lanes in the order of the moment: those whose last run failed, those with a run under way, those that "
    "failed before, then the newest"
)
class TimelineConnection:
    """A page of lanes."""

    edges: list[TimelineEdge]
    page_info: PageInfo
    total_count: int
    groups: list[TimelineGroup]
    window: strawberry.Private[tuple[datetime, datetime]]
    shown: strawberry.Private[list[int]]

    @strawberry.field(
        description="From and to runs of this page's pipelines, the newest first; the other end may be on another page"
    )
    async def links(self, info: Info) -> list[TimelineLink]:
        """At most a thousand."""
        if not self.shown:
            return []
        async with info.context.services.database.read() as session:
            found = await timeline.links(session, *self.window, self.shown)
        return [
            TimelineLink(
                dependency=link.dependency,
                upstream=TimelineLinkEnd.of(link.upstream),
                downstream=TimelineLinkEnd.of(link.downstream),
            )
            for link in found
        ]


TimelineFilterArgument = Annotated[TimelineFilter | None, strawberry.argument(name="filter")]
From = Annotated[datetime, strawberry.argument(name="from")]
To = Annotated[datetime, strawberry.argument(name="to")]


@strawberry.type
class TimelineQueries:
    """What can be asked of the timeline."""

    @strawberry.field(
        description="Pipelines with runs between two instants, at most seven days apart, each with its runs as bars"
    )
    async def timeline(
        self,
        info: Info,
        since: From,
        until: To,
        first: int | None = None,
        after: str | None = None,
        where: TimelineFilterArgument = None,
        by_orchestrator: bool = True,
        max_bars: int = BARS,
    ) -> TimelineConnection:
        """Of all orchestrators; lanes of one orchestrator stand together unless asked otherwise."""
        limit = page_size(first, info.context.limits)
        place = ids.parse_lane_cursor(after) if after is not None else 0
        wanted = where.to_domain(info.context.limits) if where else domain.TimelineFilter()
        _check(since, until, max_bars)
        async with info.context.services.database.read() as session:
            found = await timeline.lanes(session, since, until, wanted)
            ordered = domain.in_order(found, by_orchestrator=by_orchestrator)
            shown = ordered[place : place + limit]
            lanes = await _with_bars(session, since, until, shown, max_bars)
        edges = [
            TimelineEdge(cursor=ids.lane_cursor(place + number), node=lane) for number, lane in enumerate(lanes, 1)
        ]
        return TimelineConnection(
            edges=edges,
            page_info=page_info(
                [edge.cursor for edge in edges], has_next=len(ordered) > place + limit, is_continued=after is not None
            ),
            total_count=len(ordered),
            groups=[
                TimelineGroup(orchestrator=one.orchestrator, lanes=one.lanes, failing=one.failing, active=one.active)
                for one in domain.groups(ordered)
            ],
            window=(since, until),
            shown=[lane.pipeline_id for lane in shown],
        )


async def _with_bars(
    session: ReadSession, since: datetime, until: datetime, shown: list[domain.Lane], most: int
) -> list[TimelineLane]:
    found = await timeline.bars(session, since, until, shown, most)
    return [
        TimelineLane(
            runs=lane.runs,
            failed=lane.failed,
            active=lane.active,
            bars=[TimelineBar.of(bar) for bar in found.get(lane.pipeline_id, ())],
            pipeline_id=lane.pipeline_id,
        )
        for lane in shown
    ]


def _check(since: datetime, until: datetime, max_bars: int) -> None:
    """BAD_USER_INPUT for what nothing can be drawn in."""
    if not timedelta(0) < until - since <= LONGEST_WINDOW:
        remedy = f"Use an instant after {since.isoformat()} and at most {LONGEST_WINDOW.days} days later."
        raise BadInput("to", f"{until.isoformat()} does not end a usable window.", remedy)
    if not 1 <= max_bars <= MOST_BARS:
        raise BadInput("maxBars", f"{max_bars} is not a number of bars.", f"Ask for 1 to {MOST_BARS} bars.")
