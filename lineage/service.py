"""Lineage as the rest of Podium uses it."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.sdk.errors import Unavailable
from adapters.sdk.protocol import Clock
from gateway.store.database import Database
from lineage import history
from lineage.deriver import Deriver
from lineage.follower import Follower
from lineage.forwarding import Forwarding
from lineage.graph import Graph
from lineage.intake import Intake
from lineage.joining import Joins, Waits
from lineage.loading import Landscape
from lineage.naming import Naming
from lineage.openlineage.check import Event
from lineage.projector import Projector
from lineage.retention import KEEP, Retention

#: Seconds that a question waits for the graph at the very start.
PATIENCE = 10.0


class Lineage:
    """Takes in events, adds them up, and holds the graph that they make."""

    def __init__(self, database: Database, clock: Clock, replica: str = "this", keep: timedelta = KEEP) -> None:
        self._database = database
        self._intake = Intake(database, clock)
        self._follower = Follower(database)
        self.projector = Projector(database, self._intake.grown)
        self.retention = Retention(database, replica, clock, keep)
        self.forwarding = Forwarding(database, replica, clock)
        self.deriver = Deriver(database, self._intake, replica, clock)

    def loops(self) -> Mapping[str, Coroutine[Any, Any, None]]:
        """What must run as tasks for as long as Podium does, by name."""
        return {
            "lineage-intake": self._intake.run(),
            "lineage-projector": self.projector.run(),
            "lineage-follower": self._follower.run(),
            "lineage-deriver": self.deriver.run(),
            "lineage-retention": self.retention.run(),
            "lineage-forwarding": self.forwarding.run(),
        }

    async def receive(self, events: Sequence[Event]) -> None:
        """Returns once all are durable. NotTakenError."""
        await self._intake.receive(events)

    async def graph(self, as_of: datetime | None = None) -> Graph:
        """The graph as it is now, or as it was. Unavailable where it cannot be read."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._follower.loaded()
        except TimeoutError:
            raise Unavailable("The lineage graph has not been read yet.", remedy="Try again in a moment.") from None
        if as_of is None:
            return self._follower.graph
        return await history.graph_at(self._database, as_of)

    async def landscape(self) -> Landscape:
        """The graph as it is now, and the pipelines in it. Unavailable."""
        return Landscape(await self.graph(), self._follower.joins, self._follower.pipelines)

    @property
    def naming(self) -> Naming:
        """The rules by which datasets are named."""
        return self.projector.renaming.naming

    @property
    def waits(self) -> Waits:
        """Which pipelines start which, by dependencies across systems."""
        return self._follower.waits

    @property
    def joins(self) -> Joins:
        """Which pipelines and tasks the graph's jobs are."""
        return self._follower.joins
