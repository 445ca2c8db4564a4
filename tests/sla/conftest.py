"""A monitor whose clock is moved by the test, over pipelines and runs that are stored as sync stores them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.dependencies import DependencySpec, PipelineRef
from gateway.domain.records import Orchestrator, Pipeline, Run
from gateway.domain.slas import Evaluation, Sla, SlaKind, SlaSpec
from gateway.domain.states import RunState
from gateway.sla.monitor import Monitor
from gateway.store.database import Database
from gateway.store.repository import dependencies, sla_evaluations, slas
from lineage.service import Lineage
from tests.api.world import World
from tests.store.conftest import database

__all__ = ["database"]

ZURICH = ZoneInfo("Europe/Zurich")
MARTS = PipelineRef("dagster", "marts")


def zurich(text: str) -> datetime:
    """An instant as a clock in Zurich shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZURICH).astimezone(UTC)


@dataclass
class Story:
    """What happens, in order."""

    database: Database
    now: datetime
    world: World = field(init=False)
    orchestrators: dict[str, Orchestrator] = field(default_factory=dict)
    pipelines: dict[PipelineRef, Pipeline] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = World(self.database, self.now)

    def clock(self) -> datetime:
        return self.now

    async def pipeline(self, ref: PipelineRef = MARTS, **more: Any) -> Pipeline:
        """It is listed so from now on."""
        if ref.orchestrator not in self.orchestrators:
            self.orchestrators[ref.orchestrator] = await self.world.orchestrator(ref.orchestrator)
        self.pipelines[ref] = await self.world.pipeline(self.orchestrators[ref.orchestrator], ref.key, **more)
        return self.pipelines[ref]

    async def sla(self, name: str = "sales-by-nine", **more: Any) -> int:
        """A promise, by default of a deadline at nine in Zurich."""
        values: dict[str, Any] = {
            "kind": SlaKind.DEADLINE,
            "pipeline": None if "dataset" in more else MARTS,
            "timezone": "Europe/Zurich",
            **more,
        }
        if values["kind"] is SlaKind.DEADLINE:
            values.setdefault("deadline", timedelta(hours=9))
        async with self.database.write() as session:
            return await slas.define(session, SlaSpec(name, **values), "API", self.now)

    async def depend(self, spec: DependencySpec) -> None:
        async with self.database.write() as session:
            await dependencies.define(session, spec, "API", self.now)

    async def ran(
        self,
        start: str | datetime,
        end: str | datetime | None = None,
        state: RunState = RunState.SUCCESS,
        ref: PipelineRef = MARTS,
        **more: Any,
    ) -> Run:
        """A run from one time in Zurich to another; without an end it goes on."""
        begun = zurich(start) if isinstance(start, str) else start
        ended = zurich(end) if isinstance(end, str) else end
        name = more.pop("name", f"{ref.key} {begun.isoformat()}")
        self.world.now = self.now
        given = {"queued_at": begun, "started_at": begun, "ended_at": ended, **more}
        return await self.world.run(self.pipelines[ref], name, state if ended else RunState.RUNNING, **given)

    async def look(self, at: str | datetime | None = None) -> None:
        """The time comes, and everything is looked at."""
        if at is not None:
            self.now = zurich(at) if isinstance(at, str) else at
        async with self.lineage() as lineage:
            await Monitor(self.database, lineage, "test", self.clock).look_at_all()

    @contextlib.asynccontextmanager
    async def lineage(self) -> AsyncGenerator[Lineage]:
        """As it is stored now."""
        lineage = Lineage(self.database, self.clock)
        follower = asyncio.create_task(lineage._follower.run())
        try:
            await lineage.graph()
            yield lineage
        finally:
            follower.cancel()
            await asyncio.gather(follower, return_exceptions=True)

    async def judged(self, name: str = "sales-by-nine") -> dict[str, Evaluation]:
        """How it stands, by key, the first opened first."""
        async with self.database.read() as session:
            sla = await slas.by_name(session, name)
            found = await sla_evaluations.page(session, sla.id, None, 1000)
        return {one.key: one for one in reversed(found)}

    async def known(self, name: str = "sales-by-nine") -> Sla:
        """As it is kept."""
        async with self.database.read() as session:
            found = await slas.by_name(session, name)
        assert found is not None
        return found

    async def current(self, name: str = "sales-by-nine") -> Evaluation:
        """What it is said to stand at."""
        async with self.database.read() as session:
            sla = await slas.by_name(session, name)
            return (await sla_evaluations.current(session, [sla.id]))[sla.id]

    async def states(self, name: str = "sales-by-nine") -> dict[str, str]:
        """State and reason by key."""
        return {key: f"{one.state} {one.reason}" for key, one in (await self.judged(name)).items()}


@pytest.fixture
def story(database) -> Story:
    """It begins on a Monday at noon."""
    return Story(database, zurich("2026-05-04T12:00"))
