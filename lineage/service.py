"""Lineage as the rest of Podium uses it."""

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from adapters.sdk.protocol import Clock
from gateway.store.database import Database
from lineage.follower import Follower
from lineage.graph import Graph
from lineage.intake import Intake
from lineage.openlineage.check import Event
from lineage.projector import Projector


class Lineage:
    """Takes in events, adds them up, and holds the graph that they make."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._intake = Intake(database, clock)
        self._follower = Follower(database)
        self.projector = Projector(database, self._intake.grown)

    def loops(self) -> Mapping[str, Coroutine[Any, Any, None]]:
        """What must run as tasks for as long as Podium does, by name."""
        return {
            "lineage-intake": self._intake.run(),
            "lineage-projector": self.projector.run(),
            "lineage-follower": self._follower.run(),
        }

    async def receive(self, events: Sequence[Event]) -> None:
        """Returns once all are durable. NotTakenError."""
        await self._intake.receive(events)

    async def graph(self) -> Graph:
        """The graph as it is now; at the very start this waits until it has been read."""
        await self._follower.loaded()
        return self._follower.graph
