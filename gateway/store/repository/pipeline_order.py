"""Orders of pipelines besides that by name.

Pages go on by values: the value, then name and id, by which what is equal stays in order. So a page neither repeats nor
misses a pipeline whose value has stayed the same, whatever has moved around it. What has no value comes last,
whichever way round.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from gateway.domain.filters import PipelineOrder, PipelinePosition, PipelineSort
from gateway.domain.states import RunState
from gateway.store.tables import orchestrators, pipelines

#: As the page lists states: what goes on, what went wrong, what went well.
STATES = (
    RunState.RUNNING,
    RunState.QUEUED,
    RunState.FAILED,
    RunState.SUCCESS,
    RunState.CANCELLED,
    RunState.SKIPPED,
    RunState.UNKNOWN,
)


def value_of(order: PipelineOrder, dialect: str) -> ColumnElement[Any]:
    """What pipelines are ordered by."""
    match order:
        case PipelineOrder.NAME:
            return pipelines.c.search
        case PipelineOrder.ORCHESTRATOR:
            named = select(orchestrators.c.name).where(orchestrators.c.id == pipelines.c.orchestrator_id)
            return named.scalar_subquery()
        case PipelineOrder.OWNER:
            of_list = func.json_extract if dialect == "sqlite" else func.jsonb_extract_path_text
            return func.lower(of_list(pipelines.c.owners, "$[0]" if dialect == "sqlite" else "0"))
        case PipelineOrder.SCHEDULE:
            return pipelines.c.schedule
        case PipelineOrder.NEXT_RUN:
            return case((pipelines.c.is_paused.is_(False), pipelines.c.next_run_at))
        case PipelineOrder.LATEST_STATE:
            return case({state: place for place, state in enumerate(STATES)}, value=pipelines.c.latest_state)
        case PipelineOrder.LATEST_RUN:
            return pipelines.c.latest_sort_at


def ordered(statement: Select[Any], sort: PipelineSort, dialect: str) -> Select[Any]:
    """The statement with that order."""
    if sort.order is PipelineOrder.NAME:
        by = [pipelines.c.search, pipelines.c.id]
        return statement.order_by(*([one.desc() for one in by] if sort.is_descending else by))
    value = value_of(sort.order, dialect)
    placed = value.desc() if sort.is_descending else value
    return statement.order_by(value.is_(None), placed, pipelines.c.search, pipelines.c.id)


def after(sort: PipelineSort, position: PipelinePosition, dialect: str) -> ColumnElement[bool]:
    """What comes behind a position in that order."""
    name = tuple_(pipelines.c.search, pipelines.c.id)
    here = (position.search, position.id)
    if sort.order is PipelineOrder.NAME:
        return name < here if sort.is_descending else name > here
    value = value_of(sort.order, dialect)
    if position.value is None:
        return and_(value.is_(None), name > here)
    beyond = value < position.value if sort.is_descending else value > position.value
    return or_(beyond, and_(value == position.value, name > here), value.is_(None))
