"""A whole night on a clock that the story moves: stored runs, both monitors, the outbox, and a real receiver."""

from collections.abc import Generator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from gateway.alerts.configuration import alert_definitions
from gateway.alerts.delivery import Delivery
from gateway.alerts.monitor import Monitor
from gateway.alerts.steering import Steering
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.health import Health
from gateway.domain.incidents import Incident, Signal
from gateway.domain.observation import ObservedPipeline, ObservedRun
from gateway.domain.states import OrchestratorStatus, RunState
from gateway.sla.monitor import Monitor as Promises
from gateway.store.repository import definitions, incidents, orchestrators, pipelines, signals
from gateway.sync.apply import apply_runs
from tests.alerts.receiving import Inbox, receiving
from tests.sla.conftest import Story, zurich
from tests.store.conftest import database

__all__ = ["database"]


class Night(Story):
    """A story in which somebody is told."""

    inbox: Inbox

    async def alerts(self, **more: Any) -> None:
        """Everything goes to the inbox, unless said otherwise."""
        section = {
            "receivers": [{"name": "hook", "webhook": {"url": self.inbox.url}}],
            "route": {"receiver": "hook"},
            **more,
        }
        found, faults = alert_definitions(section)
        assert faults == []
        async with self.database.write() as session:
            for one in found:
                await definitions.save(session, one)

    async def look(self, at: str | datetime | None = None) -> None:
        """The time comes; everything is looked at, and everybody is told who is to be told now."""
        if at is not None:
            self.now = zurich(at) if isinstance(at, str) else at
        async with self.lineage() as lineage:
            await Promises(self.database, lineage, "test", self.clock).look_at_all()
            await Monitor(self.database, lineage, "test", self.clock).look_at_all()
        await self.deliver()

    async def deliver(self) -> None:
        delivery = Delivery(self.database, self.clock)
        await delivery.look()
        await delivery.settled()

    async def pass_time(self, until: str, step: timedelta = timedelta(minutes=1)) -> None:
        """Look every so often."""
        end = zurich(until)
        while self.now < end:
            await self.look(min(end, self.now + step))

    async def listed(self, orchestrator: str, keys: list[str], **more: Any) -> None:
        """Many pipelines at once."""
        if orchestrator not in self.orchestrators:
            self.orchestrators[orchestrator] = await self.world.orchestrator(orchestrator)
        observed = [ObservedPipeline(key, key, **more) for key in keys]
        async with self.database.write() as session:
            await pipelines.save_listed(session, self.orchestrators[orchestrator].id, observed, self.now)

    async def all_ran(self, orchestrator: str, keys: list[str], start: str, end: str) -> None:
        """A run of each, which ended well."""
        begun, ended = zurich(start), zurich(end)
        observed = [
            ObservedRun(key, f"{key} {start}", RunState.SUCCESS, "x", queued_at=begun, started_at=begun, ended_at=ended)
            for key in keys
        ]
        async with self.database.write() as session:
            await apply_runs(session, self.orchestrators[orchestrator], observed, self.now, self.now)

    async def chain(self, *refs: PipelineRef) -> None:
        """Each is triggered after the one before it."""
        for before, after in pairwise(refs):
            group = Group(Mode.ALL, (Condition(pipeline=before),))
            await self.depend(DependencySpec(f"{after.key}-after-{before.key}", group, after))

    async def orchestrator_is(self, name: str, status: OrchestratorStatus, message: str | None = None) -> None:
        async with self.database.write() as session:
            identity = self.orchestrators[name].id
            await orchestrators.save_health(session, identity, Health(status, message), self.now)

    async def incidents(self) -> list[Incident]:
        """All of them, the first opened first."""
        async with self.database.read() as session:
            return list(reversed(await incidents.page(session, incidents.IncidentFilter(), None, 100)))

    async def signals(self, incident: Incident) -> list[Signal]:
        async with self.database.read() as session:
            return (await signals.of_incidents(session, [incident.id])).get(incident.id, [])

    async def root(self, incident: Incident) -> str:
        """What is said to be the cause."""
        return next(one.message for one in await self.signals(incident) if one.id == incident.root_id)

    @property
    def steering(self) -> Steering:
        return Steering(self.database, self.clock)


@pytest.fixture
def night(database) -> Generator[Night]:
    """It begins on a Monday at noon."""
    found = Night(database, zurich("2026-05-04T12:00"))
    with receiving() as found.inbox:
        yield found
