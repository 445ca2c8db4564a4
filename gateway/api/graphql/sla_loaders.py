"""Loaders of SLAs and how they stand, one batch per kind and request."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from strawberry.dataloader import DataLoader

from gateway.domain.dependencies import PipelineRef
from gateway.domain.slas import Evaluation, Sla
from gateway.domain.tallies import Tally
from gateway.store.database import Database
from gateway.store.repository import sla_actions, sla_evaluations, slas
from gateway.store.repository.sla_actions import OrderedAction
from gateway.store.repository.sla_evaluations import Step


class SlaLoaders:
    """As ``Loaders``."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    @cached_property
    def slas(self) -> DataLoader[int, Sla | None]:
        """By id, removed ones too."""
        return DataLoader(self._slas)

    @cached_property
    def of_pipelines(self) -> DataLoader[PipelineRef, Sequence[Sla]]:
        """By orchestrator's name and key, those that are defined now."""
        return DataLoader(self._of_pipelines)

    @cached_property
    def of_datasets(self) -> DataLoader[frozenset[tuple[str, str]], Sequence[Sla]]:
        """By all names of a dataset, those that are defined now."""
        return DataLoader(self._of_datasets)

    @cached_property
    def current(self) -> DataLoader[int, Evaluation | None]:
        """How an SLA stands, by its id."""
        return DataLoader(self._current)

    @cached_property
    def evaluations(self) -> DataLoader[int, Evaluation | None]:
        """By id."""
        return DataLoader(self._evaluations)

    @cached_property
    def steps(self) -> DataLoader[int, Sequence[Step]]:
        """By the evaluation's id."""
        return DataLoader(self._steps)

    @cached_property
    def actions(self) -> DataLoader[int, Sequence[OrderedAction]]:
        """By the evaluation's id."""
        return DataLoader(self._actions)

    @cached_property
    def tallies(self) -> DataLoader[tuple[int, timedelta], Tally]:
        """By the SLA's id and how far back."""
        return DataLoader(self._tallies)

    async def _slas(self, ids: list[int]) -> list[Sla | None]:
        async with self._database.read() as session:
            found = await slas.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _of_pipelines(self, refs: list[PipelineRef]) -> list[Sequence[Sla]]:
        async with self._database.read() as session:
            known = await slas.active(session)
        return [[one for one in known if one.spec.pipeline == ref] for ref in refs]

    async def _of_datasets(self, names: list[frozenset[tuple[str, str]]]) -> list[Sequence[Sla]]:
        async with self._database.read() as session:
            known = [one for one in await slas.active(session) if one.spec.dataset is not None]
        named = [(one, (one.spec.dataset.namespace, one.spec.dataset.name)) for one in known if one.spec.dataset]
        return [[one for one, name in named if name in wanted] for wanted in names]

    async def _current(self, ids: list[int]) -> list[Evaluation | None]:
        async with self._database.read() as session:
            found = await sla_evaluations.current(session, ids)
        return [found.get(identity) for identity in ids]

    async def _evaluations(self, ids: list[int]) -> list[Evaluation | None]:
        async with self._database.read() as session:
            found = await sla_evaluations.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _steps(self, ids: list[int]) -> list[Sequence[Step]]:
        async with self._database.read() as session:
            found = await sla_evaluations.steps_of(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _actions(self, ids: list[int]) -> list[Sequence[OrderedAction]]:
        async with self._database.read() as session:
            found = await sla_actions.of_evaluations(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _tallies(self, keys: list[tuple[int, timedelta]]) -> list[Tally]:
        now = self._clock()
        found: dict[tuple[int, timedelta], Tally] = {}
        async with self._database.read() as session:
            for window in {window for _, window in keys}:
                ids = [identity for identity, one in keys if one == window]
                tallies = await sla_evaluations.tallies(session, ids, now - window, now)
                found |= {(identity, window): tally for identity, tally in tallies.items()}
        return [found.get(key, Tally()) for key in keys]
