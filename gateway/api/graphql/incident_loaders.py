"""Loaders of incidents and what belongs to them, one batch per kind and request."""

from collections.abc import Sequence
from functools import cached_property

from strawberry.dataloader import DataLoader

from gateway.alerts.impact import Impact, impact_of
from gateway.alerts.relation import Relation
from gateway.domain.incidents import Incident, Notification, Signal, Silence, Step
from gateway.store.database import Database
from gateway.store.repository import dependencies, incidents, notifications, signals, silences, slas
from lineage.service import Lineage

#: Lines of a timeline that are read.
MOST_LINES = 500


class IncidentLoaders:
    """As ``Loaders``."""

    def __init__(self, database: Database, lineage: Lineage) -> None:
        self._database = database
        self._lineage = lineage

    @cached_property
    def incidents(self) -> DataLoader[int, Incident | None]:
        """By id."""
        return DataLoader(self._incidents)

    @cached_property
    def silences(self) -> DataLoader[int, Silence | None]:
        """By id, expired ones too."""
        return DataLoader(self._silences)

    @cached_property
    def signals(self) -> DataLoader[int, Sequence[Signal]]:
        """By the incident's id."""
        return DataLoader(self._signals)

    @cached_property
    def notifications(self) -> DataLoader[int, Sequence[Notification]]:
        """By the incident's id."""
        return DataLoader(self._notifications)

    @cached_property
    def timelines(self) -> DataLoader[int, Sequence[Step]]:
        """By the incident's id."""
        return DataLoader(self._timelines)

    @cached_property
    def impacts(self) -> DataLoader[int, Impact]:
        """By the incident's id."""
        return DataLoader(self._impacts)

    async def _incidents(self, ids: list[int]) -> list[Incident | None]:
        async with self._database.read() as session:
            found = await incidents.by_ids(session, ids)
        return [found.get(identity) for identity in ids]

    async def _silences(self, ids: list[int]) -> list[Silence | None]:
        async with self._database.read() as session:
            return [await silences.by_id(session, identity) for identity in ids]

    async def _signals(self, ids: list[int]) -> list[Sequence[Signal]]:
        async with self._database.read() as session:
            found = await signals.of_incidents(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _notifications(self, ids: list[int]) -> list[Sequence[Notification]]:
        async with self._database.read() as session:
            found = await notifications.of_incidents(session, ids)
        return [found.get(identity, ()) for identity in ids]

    async def _timelines(self, ids: list[int]) -> list[Sequence[Step]]:
        async with self._database.read() as session:
            found = await incidents.timelines(session, ids, MOST_LINES)
        return [found.get(identity, ()) for identity in ids]

    async def _impacts(self, ids: list[int]) -> list[Impact]:
        landscape = await self._lineage.landscape()
        async with self._database.read() as session:
            specs = [one.spec for one in await dependencies.active(session) if one.is_on]
            promised = {one.id: one for one in await slas.active(session)}
        relation = Relation(landscape, specs)
        roots = {one.root_id for one in await self.incidents.load_many(ids) if one is not None}
        told = await self.signals.load_many(ids)
        return [impact_of(sorted(some, key=lambda one: one.id not in roots), relation, promised) for some in told]
