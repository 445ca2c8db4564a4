"""Loaders of dependencies and firings, one batch per kind and request."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from strawberry.dataloader import DataLoader

from gateway.domain.dependencies import Dependency, Firing, FiringState, PipelineRef
from gateway.domain.records import Pipeline
from gateway.store.database import Database
from gateway.store.repository import dependencies, firings, pipelines

Step = tuple[datetime, FiringState, str]


class CoordinationLoaders:
    """As ``Loaders``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def dependencies(self) -> DataLoader[int, Dependency | None]:
        """By id, removed ones too."""
        return DataLoader(self._dependencies)

    @cached_property
    def around(self) -> DataLoader[PipelineRef, tuple[Sequence[Dependency], Sequence[Dependency]]]:
        """(those that start it, those that wait for it) by pipeline."""
        return DataLoader(self._around)

    @cached_property
    def firings(self) -> DataLoader[int, Firing | None]:
        """By id."""
        return DataLoader(self._firings)

    @cached_property
    def firings_of_runs(self) -> DataLoader[int, Firing | None]:
        """By the id of the run that each has made."""
        return DataLoader(self._firings_of_runs)

    @cached_property
    def steps(self) -> DataLoader[int, Sequence[Step]]:
        """By the firing's id."""
        return DataLoader(self._steps)

    @cached_property
    def pipelines(self) -> DataLoader[PipelineRef, Pipeline | None]:
        """By orchestrator's name and key."""
        return DataLoader(self._pipelines)

    async def _dependencies(self, ids: list[int]) -> list[Dependency | None]:
        async with self._database.read() as session:
            found = await dependencies.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _around(self, refs: list[PipelineRef]) -> list[tuple[Sequence[Dependency], Sequence[Dependency]]]:
        async with self._database.read() as session:
            known = await dependencies.active(session)
        return [
            (
                [one for one in known if one.spec.target == ref],
                [one for one in known if ref in {condition.pipeline for condition in one.spec.upstream.conditions()}],
            )
            for ref in refs
        ]

    async def _firings(self, ids: list[int]) -> list[Firing | None]:
        async with self._database.read() as session:
            found = await firings.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _firings_of_runs(self, ids: list[int]) -> list[Firing | None]:
        async with self._database.read() as session:
            found = await firings.of_runs(session, ids)
        return [found.get(identity) for identity in ids]

    async def _steps(self, ids: list[int]) -> list[Sequence[Step]]:
        async with self._database.read() as session:
            found = await firings.steps(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _pipelines(self, refs: list[PipelineRef]) -> list[Pipeline | None]:
        async with self._database.read() as session:
            found = await pipelines.by_names(session, [(ref.orchestrator, ref.key) for ref in refs])
        return [found.get((ref.orchestrator, ref.key)) for ref in refs]
