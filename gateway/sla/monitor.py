"""Looks at SLAs when something has happened that concerns them, or their time has come; on one replica at a time."""

import asyncio
import time
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

import structlog

from adapters.sdk.errors import Unavailable
from adapters.sdk.protocol import Clock
from gateway.domain.slas import Evaluation, SlaAction
from gateway.sla import metrics
from gateway.sla.facts import Known, facts_of
from gateway.sla.judging import Outcome, judge
from gateway.sla.working_set import WorkingSet
from gateway.store.changes import Change, Listener, Subject
from gateway.store.database import Database
from gateway.store.lead import Lead
from gateway.store.repository import run_facts, sla_actions, sla_evaluations, slas
from gateway.store.repository.sla_evaluations import Judged
from lineage.service import Lineage

log = structlog.get_logger(__name__)

NAME = "sla-monitor"
#: Seconds in which what happens gathers, so that it is looked at together.
GATHER = 0.2
PAUSE = 1.0
#: Seconds between two readings of what hangs together; runs come all the time, dependencies and lineage seldom.
NETWORK_EVERY = 10.0
#: SLAs of one unit of work.
AT_ONCE = 1000
#: SLAs judged before others in this process have their turn.
BREATH = 50
_NETWORK = frozenset({Subject.DEPENDENCY, Subject.LINEAGE_JOB, Subject.ORCHESTRATOR})
_SUBJECTS = (*_NETWORK, Subject.SLA, Subject.RUN, Subject.PIPELINE, Subject.LINEAGE_NAME, Subject.FORECAST)


class Monitor:
    """``run`` it in a task, on every replica. What it holds in memory is read anew where anything may be missed."""

    def __init__(self, database: Database, lineage: Lineage, replica: str, clock: Clock) -> None:
        self._database = database
        self._lineage = lineage
        self._lead = Lead(database, NAME, replica, clock)
        self._clock = clock
        self._working_set = WorkingSet()
        self._networked_at = 0.0
        self._is_outdated = False

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                with self._database.feed.listen(*_SUBJECTS) as listener:
                    if await self._is_promised() and await self._lead.take():
                        await self._follow(listener)
            except Exception:  # the loop's own net: whatever it is, everything is looked at anew
                if await self._database.is_reachable():  # else readiness says so
                    log.exception("SLAs could not be judged")
            await asyncio.sleep(PAUSE)

    async def aclose(self) -> None:
        """Let another replica go on at once."""
        await self._lead.release()

    async def look_at_all(self) -> None:
        """Read everything anew, and judge it."""
        self._working_set = WorkingSet()
        await self._read_network()
        await self.look(self._working_set.slas)

    async def look(self, sla_ids: Iterable[int]) -> None:
        """Judge some SLAs now."""
        wanted = iter(sorted(set(sla_ids) & self._working_set.slas.keys()))
        while some := list(islice(wanted, AT_ONCE)):
            began = time.perf_counter()
            await self._judge(some)
            metrics.TICK_SECONDS.observe(time.perf_counter() - began)
            metrics.JUDGED.inc(len(some))

    async def _follow(self, listener: Listener) -> None:
        """Until something has been missed, or another replica leads."""
        async with self._lead.kept() as renewing:
            await self.look_at_all()
            while not listener.overflowed and not renewing.done():
                await self.take(await listener.gathered(PAUSE, GATHER))

    async def take(self, changes: Sequence[Change]) -> None:
        """Look at what changes concern, and at what is due."""
        by_subject: dict[Subject, set[int]] = {}
        for change in changes:
            by_subject.setdefault(change.subject, set()).add(change.id)
        is_new = not self._working_set.knows(by_subject.get(Subject.PIPELINE, ()))
        if Subject.SLA in by_subject:
            await self._read_network()
        elif is_new or _NETWORK & by_subject.keys():
            self._is_outdated = True
        if self._is_outdated and time.monotonic() - self._networked_at >= NETWORK_EVERY:
            await self._read_network()
        pipelines = by_subject.get(Subject.PIPELINE, set()) | by_subject.get(Subject.FORECAST, set())
        if self._working_set.slas and Subject.RUN in by_subject:
            async with self._database.read() as session:
                pipelines |= await run_facts.pipelines_of(session, by_subject[Subject.RUN])
        self._working_set.forget(pipelines)
        datasets = await self._datasets(by_subject.get(Subject.LINEAGE_NAME, set()))
        await self.look(
            self._working_set.concerned(pipelines, datasets)
            | self._working_set.due(self._clock())
            | by_subject.get(Subject.SLA, set())
        )

    async def _datasets(self, names: Collection[int]) -> set[int]:
        if not names or not self._working_set.slas:
            return set()
        graph = await self._lineage.graph()
        return {graph.dataset_of(name) for name in names}

    async def _read_network(self) -> None:
        try:
            async with self._database.read() as session:
                if await slas.revision(session) > 0:
                    await self._working_set.load(session, self._lineage)
        except Unavailable:
            self._is_outdated = True  # the graph is still being read
            return
        self._networked_at, self._is_outdated = time.monotonic(), False

    async def _judge(self, sla_ids: Sequence[int]) -> None:
        now = self._clock()
        async with self._database.read() as session:
            await self._working_set.prepare(session, sla_ids, now)
            known = self._working_set.known(sla_ids)
            facts = await facts_of(session, known, now)
        walk = self._working_set.walk(now)
        outcomes: list[tuple[Known, Outcome]] = []
        for place, one in enumerate(known):
            forecaster = partial(self._working_set.forecast, walk, one.sla.id)
            outcomes.append((one, judge(one.sla, one.evaluations, facts[one.sla.id], now, forecaster)))
            if place % BREATH == 0:
                await asyncio.sleep(0)
        await self._write(outcomes, now)

    async def _write(self, outcomes: Sequence[tuple[Known, Outcome]], now: datetime) -> None:
        judged = [
            Judged(one.sla.id, due.key, due.opens_at, due.verdict, due.known)
            for one, outcome in outcomes
            for due in outcome.due
        ]
        dropped = [identity for _, outcome in outcomes for identity in outcome.dropped]
        if judged or dropped:
            async with self._database.write() as session:
                await sla_evaluations.drop(session, dropped)
                written = await sla_evaluations.save(session, judged, now)
                await sla_actions.order(session, self._asked_for(written), now)
            self._working_set.stands(written, dropped)
        for one, outcome in outcomes:
            if outcome.look_again_at is None:
                self._working_set.looks.pop(one.sla.id, None)
            else:
                self._working_set.looks[one.sla.id] = outcome.look_again_at

    def _asked_for(self, written: Sequence[Evaluation]) -> list[tuple[int, int, SlaAction]]:
        """What SLAs want done now that they stand so."""
        return [
            (one.id, place, action)
            for one in written
            if one.sla_id in self._working_set.slas
            for place, action in enumerate(self._working_set.slas[one.sla_id].spec.actions)
            if action.on is one.state and one.completed_at is None
        ]

    async def _is_promised(self) -> bool:
        """Whether there has ever been an SLA: where there has not, nobody need take turns at writing."""
        async with self._database.read() as session:
            return await slas.revision(session) > 0
