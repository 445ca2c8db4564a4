"""Looks at every run that has ended: which firings it brings further, and which it brings to their end."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from adapters.sdk.protocol import Clock
from gateway.coordination.evaluation import evaluate
from gateway.coordination.match import Rules
from gateway.coordination.progress import step
from gateway.domain.dependencies import DatasetRef, Firing, FiringState, PipelineRef
from gateway.domain.records import Run
from gateway.domain.states import RunState
from gateway.failpoints import reach
from gateway.store.changes import Subject
from gateway.store.columns import EPOCH, MICROSECOND
from gateway.store.database import Database, ReadSession, WriteSession
from gateway.store.repository import (
    arrivals,
    dataset_writes,
    dependencies,
    firings,
    orchestrators,
    pipelines,
    runs,
    task_runs,
)

log = structlog.get_logger(__name__)

#: Ended runs of one unit of work.
AT_ONCE = 100
#: Seconds after which a look is due though nobody has told of a change.
EVERY = 1.0
PAUSE = 1.0


class Matcher:
    """``run`` it in a task, on every replica: each ended run is taken by one of them, with all that comes of it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rules = Rules()
        self._revision = 0

    async def run(self) -> None:
        """Look for ever."""
        with self._database.feed.listen(Subject.RUN, Subject.WRITTEN_DATASET, Subject.DEPENDENCY) as listener:
            while True:
                try:
                    while await self.step():
                        pass
                except Exception:  # the loop's own net: whatever it is, the next look is due
                    if await self._database.is_reachable():  # else readiness says so
                        log.exception("dependencies could not be evaluated")
                    await asyncio.sleep(PAUSE)
                await listener.batch(EVERY)

    async def step(self) -> bool:
        """Look at the next ended runs, and at what has waited too long; returns whether there may be more."""
        if self._revision == 0 and not await self._has_rules():
            return False
        async with self._database.write() as session:
            # Nobody changes a dependency while it is evaluated: what is begun by what it was is not looked at again.
            await session.serialize("dependencies", 0, shared=True)
            await self._look_at_rules(session)
            taken = await arrivals.take_ended(session, AT_ONCE)
            written = await arrivals.take_written(session, AT_ONCE)
            known = await runs.by_ids(session, taken)
            ended = [known[run_id] for run_id in taken if run_id in known]
            await self._follow(session, ended)
            await self._match(session, ended)
            await self._match_writes(session, written)
            waiting = await self._look_again(session)
            late = await firings.expired(session, self._clock(), AT_ONCE)
            for firing_id in late:
                await step(
                    session,
                    firing_id,
                    FiringState.EXPIRED,
                    "not complete in time",
                    self._clock(),
                    ended_at=self._clock(),
                )
        return AT_ONCE in {len(taken), len(written), len(waiting), len(late)}

    async def _has_rules(self) -> bool:
        """Whether there has ever been a dependency: where there has not, nobody need take turns at writing."""
        async with self._database.read() as session:
            return await dependencies.revision(session) > 0

    async def _look_at_rules(self, session: ReadSession) -> None:
        revision = await dependencies.revision(session)
        if revision != self._revision:
            self._rules = Rules.of(await dependencies.active(session))
            self._revision = revision

    async def _match(self, session: WriteSession, ended: Iterable[Run]) -> None:
        named = await _named(session, ended)
        of_tasks = [run.id for (ref, _), run in named.items() if self._rules.needs_tasks(ref)]
        tasks = await task_runs.of_runs(session, of_tasks) if of_tasks else {}
        concerned = {
            (dependency.id, key): run
            for (ref, _), run in named.items()
            for dependency, key in self._rules.concerned(ref, run, tasks.get(run.id, ()))
        }
        for dependency_id, key in sorted(concerned):  # in one order everywhere, so that nobody waits in a circle
            run = concerned[dependency_id, key]
            await evaluate(session, self._rules.by_id[dependency_id], key, self._clock(), run)

    async def _match_writes(self, session: WriteSession, written: Sequence[tuple[int, int]]) -> None:
        names = await dataset_writes.all_names(session, {name_id for name_id, _ in written}) if written else {}
        concerned = {
            (dependency.id, key or "")
            for name_id, at in written
            for name in names.get(name_id, ())
            for dependency, key in self._rules.concerned_by_write(DatasetRef(*name), EPOCH + at * MICROSECOND)
        }
        for dependency_id, key in sorted(concerned):
            if key:
                await evaluate(session, self._rules.by_id[dependency_id], key, self._clock())
            else:  # it may be fresh enough now for all that wait
                await firings.look_again(session, dependency_id, self._clock(), anew=False)

    async def _look_again(self, session: WriteSession) -> Sequence[Firing]:
        """At what waits and whose dependency has changed."""
        found = await firings.take_waiting(session, self._clock(), AT_ONCE)
        for firing in sorted(found, key=lambda one: (one.dependency_id, one.key)):
            dependency = self._rules.by_id.get(firing.dependency_id)
            if dependency is not None and dependency.is_on:
                await evaluate(session, dependency, firing.key, self._clock())
        return found

    async def _follow(self, session: WriteSession, ended: Iterable[Run]) -> None:
        by_id = {run.id: run for run in ended}
        concerned = await firings.of_runs(session, by_id) | await firings.with_ended_runs(session, AT_ONCE)
        by_id |= await runs.by_ids(session, concerned.keys() - by_id.keys())
        for run_id, firing in sorted(concerned.items()):
            await follow(session, firing, by_id[run_id], self._clock)


async def follow(session: WriteSession, firing: Firing, run: Run, clock: Clock) -> None:
    """Let a firing end as its run did. A run that is retried and succeeds makes a failed firing good."""
    if run.state is RunState.SUCCESS:
        state, reason = FiringState.SUCCEEDED, "its run succeeded"
    elif run.state.is_terminal:
        state, reason = FiringState.FAILED, f"its run ended as {run.state.value}"
    else:
        return
    ended_at = run.ended_at or clock()
    reach("follow.before", firing.idempotency_key)
    await step(session, firing.id, state, reason, clock(), ended_at=ended_at)
    reach("follow.written", firing.idempotency_key)


async def _named(session: ReadSession, ended: Iterable[Run]) -> "dict[tuple[PipelineRef, int], Run]":
    by_pipeline = await pipelines.by_ids(session, {run.pipeline_id for run in ended})
    names = await orchestrators.by_ids(session, {one.orchestrator_id for one in by_pipeline.values()})
    return {
        (PipelineRef(names[run.orchestrator_id].name, by_pipeline[run.pipeline_id].key), run.id): run for run in ended
    }
