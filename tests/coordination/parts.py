"""All that it takes for one dependency to fire: upstreams, a target, and what looks and carries."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gateway.coordination.dispatcher import Dispatcher
from gateway.coordination.executor import Executor
from gateway.coordination.matcher import Matcher
from gateway.domain.dependencies import (
    Condition,
    DependencySpec,
    Firing,
    Group,
    Mode,
    PipelineRef,
)
from gateway.domain.periods import KeyGranularity
from gateway.domain.records import Pipeline
from gateway.domain.states import RunState
from gateway.store.repository import dependencies, firings, lineage_log
from lineage.intake import Grown, logged_event
from lineage.openlineage.check import check
from lineage.projector import Projector
from tests.api.world import World
from tests.lineage.made import dataset, run_event
from tests.sync.vendor import T0

INGEST, CRM, MARTS = PipelineRef("airflow", "ingest"), PipelineRef("prefect", "crm"), PipelineRef("dagster", "marts")
BOTH = Group(Mode.ALL, (Condition(INGEST), Condition(CRM)))
DAILY = DependencySpec(
    "marts-after-ingest", BOTH, MARTS, KeyGranularity.DAY, "Europe/Zurich", parameters={"day": "{{ key }}"}
)
WAREHOUSE = "postgres://warehouse:5432"
DAY = datetime(2026, 5, 2, 1, tzinfo=UTC)


class Parts:
    def __init__(self, database, connections, clock, vendor) -> None:
        self.database = database
        self.clock = clock
        self.vendor = vendor
        self.world = World(database, T0)
        self.pipelines: dict[PipelineRef, Pipeline] = {}
        self.matcher = Matcher(database, clock)
        self.dispatcher = Dispatcher(database, Executor(database, connections, clock), clock)

    async def connect(self) -> None:
        """Let all three be known."""
        for ref in (INGEST, CRM, MARTS):
            orchestrator = await self.world.orchestrator(ref.orchestrator)
            self.pipelines[ref] = await self.world.pipeline(orchestrator, ref.key)
            self.vendor.add_pipeline(ref.key)

    async def define(self, spec: DependencySpec) -> None:
        async with self.database.write() as session:
            await dependencies.define(session, spec, "CONFIG", self.clock.now)

    async def ran(
        self, ref: PipelineRef, run: str, logical_at: datetime, state: RunState = RunState.SUCCESS, **more
    ) -> None:
        self.clock.forward(timedelta(seconds=1))
        self.world.now = self.clock.now
        more = {"ended_at": self.clock.now, **more}
        await self.world.run(self.pipelines[ref], run, state, logical_at=logical_at, **more)
        await self.settle()

    async def wrote(self, table: str, at: datetime, kind: str = "COMPLETE", namespace: str = WAREHOUSE) -> None:
        """An emitter tells of a write."""
        self.clock.now = max(self.clock.now, at)
        event = run_event(kind, outputs=[dataset(table, namespace)], run=f"{table}-{at}", job=f"load-{table}")
        async with self.database.write() as session:
            told = check({**event, "eventTime": at.isoformat()})
            await lineage_log.append(session, [logged_event(told)], self.clock.now)
        projector = Projector(self.database, Grown())
        while await projector.step():
            pass
        await self.settle()

    async def settle(self) -> None:
        """Until nothing more happens by itself."""
        while await self.matcher.step():
            pass
        await self.dispatcher.look()
        await self.dispatcher.settled()
        while await self.matcher.step():
            pass

    async def firings(self) -> Sequence[Firing]:
        async with self.database.read() as session:
            return list(reversed(await firings.page(session, None, None, None, 100)))

    async def told(self) -> list[tuple[str, str]]:
        return [(firing.key, firing.state.value) for firing in await self.firings()]

    def triggered(self) -> list[dict[str, object]]:
        return [dict(run.parameters) for run in self.vendor.runs.values() if run.pipeline_key == MARTS.key]
