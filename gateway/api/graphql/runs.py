"""Runs and their task runs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, cast

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import RunState, RunTrigger, TaskRunState
from gateway.api.graphql.errors import ApiError, BadInput, Code
from gateway.api.graphql.inputs import page_size
from gateway.api.graphql.nodes import Node, PageInfo
from gateway.api.graphql.scalars import Json
from gateway.api.graphql.selection import names_below
from gateway.domain import filters, records
from gateway.store.database import ReadSession
from gateway.store.repository import run_order, runs

if TYPE_CHECKING:
    from gateway.api.graphql.firings import Firing
    from gateway.api.graphql.pipelines import Pipeline

LazyFiring = Annotated["Firing", strawberry.lazy("gateway.api.graphql.firings")]
LazyPipeline = Annotated["Pipeline", strawberry.lazy("gateway.api.graphql.pipelines")]


@strawberry.type(description="One attempt of one task within a run")
class TaskRun:
    """One attempt of one task within a run."""

    task: str
    map_index: int | None
    attempt: int
    state: TaskRunState
    native_state: str
    started_at: datetime | None
    ended_at: datetime | None
    url: str | None
    run_id: strawberry.Private[int]

    @classmethod
    def of(cls, record: records.TaskRun) -> "TaskRun":
        """As it is stored."""
        return cls(
            task=record.task,
            map_index=record.map_index,
            attempt=record.attempt,
            state=record.state,
            native_state=record.native_state,
            started_at=record.started_at,
            ended_at=record.ended_at,
            url=record.url,
            run_id=record.run_id,
        )

    @strawberry.field(description="The last lines of this attempt's log, read from the orchestrator on demand")
    async def log(self, info: Info, tail: int = 200) -> str | None:
        """Asked of the orchestrator; null where it keeps none."""
        longest = info.context.limits.log_lines
        if not 1 <= tail <= longest:
            raise BadInput("tail", f"{tail} is not a number of lines.", f"Ask for 1 to {longest} lines.")
        executor = info.context.services.executor
        return await executor.log(self.run_id, self.task, self.map_index, self.attempt, tail)


@strawberry.type(description="One step in a run's history")
class RunStateChange:
    """One step in a run's history."""

    attempt: int
    state: RunState
    native_state: str
    observed_at: datetime


@strawberry.type(description="One run of a pipeline")
class Run(Node):
    """One run of a pipeline."""

    external_id: str = strawberry.field(description="The orchestrator's own run identifier")
    state: RunState
    native_state: str = strawberry.field(description="The state in the orchestrator's own word")
    trigger: RunTrigger
    logical_at: datetime | None = strawberry.field(
        description="Airflow's logical date, Dagster's partition start, ...: the instant whose data this run makes"
    )
    partition: str | None
    queued_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    duration: timedelta | None
    parameters: Json | None
    attempt: int
    url: str | None
    observed_at: datetime = strawberry.field(description="When Podium first saw this state")
    record: strawberry.Private[records.Run]

    @classmethod
    def of(cls, record: records.Run) -> "Run":
        """As it is stored."""
        return cls(
            id=strawberry.ID(ids.global_id(ids.Kind.RUN, record.id)),
            external_id=record.external_id,
            state=record.state,
            native_state=record.native_state,
            trigger=record.trigger,
            logical_at=record.logical_at,
            partition=record.partition,
            queued_at=record.queued_at,
            started_at=record.started_at,
            ended_at=record.ended_at,
            duration=None if record.duration is None else max(record.duration, timedelta(0)),
            parameters=Json(record.parameters),
            attempt=record.attempt,
            url=record.url,
            observed_at=record.observed_at,
            record=record,
        )

    @strawberry.field
    def pipeline(self, info: Info) -> LazyPipeline:
        """What has run. At once where it was read along with the run, else a promise that the executor awaits."""
        from gateway.api.graphql.pipelines import Pipeline  # noqa: PLC0415  # the types refer to each other

        at_hand = info.context.loaders.pipelines_at_hand.get(self.record.pipeline_id)
        return Pipeline.of(at_hand) if at_hand is not None else cast("Pipeline", self._pipeline(info))

    async def _pipeline(self, info: Info) -> "Pipeline":
        from gateway.api.graphql.pipelines import Pipeline  # noqa: PLC0415  # the types refer to each other

        record = await info.context.loaders.pipelines.load(self.record.pipeline_id)
        if record is None:
            raise ApiError(Code.NOT_FOUND, "The pipeline of this run has been deleted.")
        return Pipeline.of(record)

    @strawberry.field(description="Every attempt of every task; the arguments narrow them")
    async def task_runs(
        self, info: Info, task: str | None = None, map_index: int | None = None, attempt: int | None = None
    ) -> list[TaskRun]:
        """In the order they started."""
        found = await info.context.loaders.task_runs.load(self.record.id)
        return [
            TaskRun.of(record)
            for record in found
            if task in {None, record.task}
            and map_index in {None, record.map_index}
            and attempt in {None, record.attempt}
        ]

    @strawberry.field(description="The run that this one re-executes or belongs to")
    async def parent(self, info: Info) -> "Run | None":
        """At the same orchestrator; null where it is not known here."""
        external_id = self.record.parent_external_id
        if external_id is None:
            return None
        found = await info.context.loaders.runs_by_external_id.load((self.record.orchestrator_id, external_id))
        return Run.of(found) if found else None

    @strawberry.field(description="The dependency firing that triggered it, if Podium did")
    async def firing(self, info: Info) -> LazyFiring | None:
        """Null where somebody or something else started it."""
        from gateway.api.graphql.firings import Firing  # noqa: PLC0415  # the types refer to each other

        found = await info.context.loaders.coordination.firings_of_runs.load(self.record.id)
        return Firing.of(found) if found else None

    @strawberry.field(description="Every state it has been seen in, oldest first")
    async def history(self, info: Info) -> list[RunStateChange]:
        """From the first sight on."""
        return [
            RunStateChange(
                attempt=change.attempt,
                state=change.state,
                native_state=change.native_state,
                observed_at=change.observed_at,
            )
            for change in await info.context.loaders.histories.load(self.record.id)
        ]


@strawberry.type
class RunEdge:
    """A run and its place in a list."""

    cursor: str
    node: Run


@strawberry.type(description="A page of runs, newest first unless asked otherwise")
class RunConnection:
    """A page of runs."""

    edges: list[RunEdge]
    page_info: PageInfo
    wanted: strawberry.Private[filters.RunFilter | None]

    @strawberry.field(description="How many there are on all pages; counted only when asked for")
    async def total_count(self, info: Info) -> int:
        """Without regard to pages."""
        if self.wanted is None:
            return 0
        async with info.context.services.database.read() as session:
            return await runs.count(session, self.wanted)


async def run_page(
    info: Info,
    wanted: filters.RunFilter | None,
    first: int | None,
    after: str | None,
    sort: filters.RunSort = filters.NEWEST_FIRST,
) -> RunConnection:
    """A page of the runs that a filter lets through; an empty one where the filter is None."""
    limit = page_size(first, info.context.limits)
    position = ids.parse_run_cursor(after, sort.order) if after is not None else None
    found: Sequence[records.Run] = ()
    if wanted is not None and limit > 0:
        async with info.context.services.database.read() as session:
            found = await _found(session, wanted, position, limit + 1, sort)
            await info.context.loaders.read_along(session, found, names_below(info))
    return _connection(found, wanted, limit, sort.order, is_continued=after is not None)


async def _found(
    session: ReadSession,
    wanted: filters.RunFilter,
    position: filters.RunPosition | None,
    limit: int,
    sort: filters.RunSort,
) -> Sequence[records.Run]:
    if sort.order is filters.RunOrder.DURATION:
        return await run_order.by_duration(session, wanted, position, limit, longest_first=sort.is_descending)
    return await runs.page(session, wanted, position, limit, newest_first=sort.is_descending)


async def pipeline_run_page(
    info: Info, pipeline_id: int, wanted: filters.RunFilter | None, first: int | None, after: str | None
) -> RunConnection:
    """A page of one pipeline's runs; first pages of many pipelines share one statement."""
    limit = page_size(first, info.context.limits)
    if wanted is None or after is not None or limit == 0:
        return await run_page(info, wanted, first, after)
    key = (pipeline_id, replace(wanted, pipelines=()), limit + 1)
    found = await info.context.loaders.recent_runs.load(key)
    return _connection(found, wanted, limit, filters.RunOrder.TIME, is_continued=False)


def _connection(
    found: Sequence[records.Run],
    wanted: filters.RunFilter | None,
    limit: int,
    order: filters.RunOrder,
    *,
    is_continued: bool,
) -> RunConnection:
    edges = [
        RunEdge(
            cursor=ids.run_cursor(filters.RunPosition(record.sort_at, record.id, record.duration), order),
            node=Run.of(record),
        )
        for record in found[:limit]
    ]
    place = page_info([edge.cursor for edge in edges], has_next=len(found) > limit, is_continued=is_continued)
    return RunConnection(edges=edges, page_info=place, wanted=wanted)


def page_info(cursors: Sequence[str], *, has_next: bool, is_continued: bool) -> PageInfo:
    """Where a page lies; a page that was asked for ``after`` something has a page before it."""
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=is_continued,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
