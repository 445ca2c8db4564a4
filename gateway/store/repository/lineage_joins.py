"""What lineage needs to know of pipelines to recognize them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from gateway.store.database import ReadSession
from gateway.store.tables import orchestrators, pipelines, tasks


@dataclass(frozen=True, slots=True)
class NamedPipeline:
    """A pipeline with everything its lineage jobs may be called by."""

    id: int
    key: str
    orchestrator: str
    orchestrator_id: int
    kind: str
    namespaces: tuple[str, ...]
    tasks: tuple[str, ...]


async def pipelines_by_name(session: ReadSession) -> Sequence[NamedPipeline]:
    """Every pipeline of the configured orchestrators. Without lineage namespaces, an orchestrator's name is one."""
    of_pipeline: dict[int, list[str]] = {}
    for row in await session.all(select(tasks.c.pipeline_id, tasks.c.key)):
        of_pipeline.setdefault(row.pipeline_id, []).append(row.key)
    of_orchestrator = (orchestrators.c.name, orchestrators.c.kind, orchestrators.c.lineage_namespaces)
    statement = (
        select(pipelines.c.id, pipelines.c.key, pipelines.c.orchestrator_id, *of_orchestrator)
        .join(orchestrators, orchestrators.c.id == pipelines.c.orchestrator_id)
        .where(orchestrators.c.removed_at.is_(None))
    )
    return [
        NamedPipeline(
            id=row.id,
            key=row.key,
            orchestrator=row.name,
            orchestrator_id=row.orchestrator_id,
            kind=row.kind,
            namespaces=tuple(row.lineage_namespaces or [row.name]),
            tasks=tuple(of_pipeline.get(row.id, ())),
        )
        for row in await session.all(statement)
    ]
