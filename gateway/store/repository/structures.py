"""Task graphs of pipelines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from gateway.domain.observation import PipelineStructure
from gateway.domain.records import Task, TaskEdge
from gateway.store.changes import Subject
from gateway.store.database import ReadSession, WriteSession
from gateway.store.tables import pipelines, task_edges, tasks


async def tasks_of(session: ReadSession, pipeline_ids: Iterable[int]) -> dict[int, Sequence[Task]]:
    """Tasks of each pipeline, in the vendor's order."""
    found: dict[int, list[Task]] = defaultdict(list)
    statement = select(tasks).where(tasks.c.pipeline_id.in_(list(pipeline_ids))).order_by(tasks.c.position, tasks.c.key)
    for row in await session.all(statement):
        found[row.pipeline_id].append(Task(row.pipeline_id, row.key, row.name, row.type, row.group, row.url))
    return dict(found)


async def edges_of(session: ReadSession, pipeline_ids: Iterable[int]) -> dict[int, Sequence[TaskEdge]]:
    """Edges of each pipeline, sorted."""
    found: dict[int, list[TaskEdge]] = defaultdict(list)
    statement = (
        select(task_edges)
        .where(task_edges.c.pipeline_id.in_(list(pipeline_ids)))
        .order_by(task_edges.c.upstream, task_edges.c.downstream)
    )
    for row in await session.all(statement):
        found[row.pipeline_id].append(TaskEdge(row.pipeline_id, row.upstream, row.downstream))
    return dict(found)


async def save(
    session: WriteSession, pipeline_id: int, structure: PipelineStructure, revision: str | None, now: datetime
) -> None:
    """Replace a pipeline's graph by the one just read at ``revision``.

    An empty graph replaces nothing: some vendors show a graph only while there is a run to read it from.
    """
    if structure.tasks:
        await session.execute(delete(task_edges).where(task_edges.c.pipeline_id == pipeline_id))
        await session.execute(delete(tasks).where(tasks.c.pipeline_id == pipeline_id))
        await _insert(session, pipeline_id, structure)
    await session.execute(
        update(pipelines)
        .where(pipelines.c.id == pipeline_id)
        .values(structure_revision=revision, structure_read_at=now)
    )
    session.changed(Subject.PIPELINE, pipeline_id)


async def _insert(session: WriteSession, pipeline_id: int, structure: PipelineStructure) -> None:
    rows = [
        {
            "pipeline_id": pipeline_id,
            "key": task.key,
            "name": task.name,
            "type": task.type,
            "group": task.group,
            "url": task.url,
            "position": position,
        }
        for position, task in enumerate({task.key: task for task in structure.tasks}.values())
    ]
    await session.execute(session.upsert(tasks), rows)
    known = {task.key for task in structure.tasks}
    edges = [
        {"pipeline_id": pipeline_id, "upstream": upstream, "downstream": downstream}
        for upstream, downstream in sorted(structure.edges)
        if upstream in known and downstream in known
    ]
    if edges:
        await session.execute(session.upsert(task_edges), edges)
