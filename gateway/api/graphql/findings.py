"""What a text leads to, kind by kind: for a search box over everything."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import strawberry
from strawberry.dataloader import DataLoader

from gateway.api.graphql.context import Info
from gateway.api.graphql.datasets import Dataset, LineageJob
from gateway.api.graphql.dependencies import Dependency
from gateway.api.graphql.incidents import Incident
from gateway.api.graphql.inputs import page_size, text
from gateway.api.graphql.orchestrators import Orchestrator
from gateway.api.graphql.pipelines import Pipeline, Task
from gateway.api.graphql.runs import Run
from gateway.api.graphql.slas import Sla
from gateway.domain import records
from gateway.store.database import ReadSession
from gateway.store.repository import findings, orchestrators

#: More words say nothing more.
MOST_WORDS = 8

Search = Callable[[ReadSession, Sequence[str], int], Awaitable[list[int]]]


@strawberry.type(description="A task, and whose it is")
class FoundTask:
    """A task, and whose it is."""

    task: Task
    pipeline: Pipeline


@strawberry.type(description="What a text leads to: names that hold all of its words, the best match first")
class Found:
    """Each kind is looked for only where it is asked for."""

    words: strawberry.Private[list[str]]
    most: strawberry.Private[int]

    @strawberry.field(description="Listed ones; a word may also be of the orchestrator's name")
    async def pipelines(self, info: Info) -> list[Pipeline]:
        """By key and name."""
        found = await self._found(info, findings.pipeline_ids, info.context.loaders.pipelines)
        return [Pipeline.of(one) for one in found]

    @strawberry.field(description="A word may also be of the pipeline's name")
    async def tasks(self, info: Info) -> list[FoundTask]:
        """By key and name, of listed pipelines."""
        if not self.words or not self.most:
            return []
        async with info.context.services.database.read() as session:
            rows = await findings.tasks_of_pipelines(session, self.words, self.most)
        owning = await info.context.loaders.pipelines.load_many([row.pipeline_id for row in rows])
        return [
            FoundTask(
                task=Task.of(records.Task(row.pipeline_id, row.key, row.name, row.type, row.group, row.url)),
                pipeline=Pipeline.of(pipeline),
            )
            for row, pipeline in zip(rows, owning, strict=True)
            if pipeline is not None
        ]

    @strawberry.field(description="By externalId; of many, the newest")
    async def runs(self, info: Info) -> list[Run]:
        """By the whole text, spaces and all."""

        async def search(session: ReadSession, words: Sequence[str], most: int) -> list[int]:
            return await findings.run_ids(session, " ".join(words), most)

        return [Run.of(one) for one in await self._found(info, search, info.context.loaders.runs)]

    @strawberry.field(description="By any of their names")
    async def datasets(self, info: Info) -> list[Dataset]:
        """Of lineage."""
        found = await self._found(info, findings.dataset_ids, info.context.loaders.lineage.datasets)
        return [Dataset.of(one) for one in found]

    @strawberry.field
    async def jobs(self, info: Info) -> list[LineageJob]:
        """Of lineage."""
        found = await self._found(info, findings.job_ids, info.context.loaders.lineage.jobs)
        return [LineageJob.of(one) for one in found]

    @strawberry.field
    async def slas(self, info: Info) -> list[Sla]:
        """Those that are defined now."""
        return [Sla.of(one) for one in await self._found(info, findings.sla_ids, info.context.loaders.slas.slas)]

    @strawberry.field(description="A word may also be of what they start")
    async def dependencies(self, info: Info) -> list[Dependency]:
        """Those that are defined now."""
        loader = info.context.loaders.coordination.dependencies
        return [Dependency.of(one) for one in await self._found(info, findings.dependency_ids, loader)]

    @strawberry.field(description="Those that are not over first, then the last opened first")
    async def incidents(self, info: Info) -> list[Incident]:
        """By their titles."""
        loader = info.context.loaders.incidents.incidents
        return [Incident.of(one) for one in await self._found(info, findings.incident_ids, loader)]

    @strawberry.field(description="By name and kind")
    async def orchestrators(self, info: Info) -> list[Orchestrator]:
        """Those that are connected now."""
        if not self.words:
            return []
        async with info.context.services.database.read() as session:
            known = await orchestrators.active(session)
        held = [one for one in known if all(word in f"{one.name} {one.kind}".lower() for word in self.words)]
        return [Orchestrator.of(one) for one in held[: self.most]]

    async def _found(self, info: Info, search: Search, loader: DataLoader[int, Any]) -> list[Any]:
        if not self.words or not self.most:
            return []
        async with info.context.services.database.read() as session:
            identities = await search(session, self.words, self.most)
        return [one for one in await loader.load_many(identities) if one is not None]


def find(info: Info, wanted: str, first: int) -> Found:
    """Nothing for an empty text."""
    limits = info.context.limits
    words = text("text", wanted, limits).lower().split()[:MOST_WORDS]
    return Found(words=words, most=page_size(first, limits))
