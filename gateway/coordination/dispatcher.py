"""Carries ready firings to their targets: each is written down before it is sent, and sent again until it is answered.

Which firings a dead replica had under way is known by its claims, which it no longer renews.
"""

import random
from datetime import timedelta
from zlib import crc32

import structlog

from adapters.sdk import secrets
from adapters.sdk.errors import AdapterError, NotFound, RateLimited, Rejected
from adapters.sdk.protocol import Clock
from gateway.coordination import metrics, templates
from gateway.coordination.evaluation import runs_of
from gateway.coordination.executor import Executor
from gateway.coordination.matcher import follow
from gateway.coordination.progress import step
from gateway.domain.commands import TriggerOrder
from gateway.domain.dependencies import Dependency, Firing, FiringState
from gateway.domain.errors import RequestError
from gateway.domain.records import Pipeline, Run
from gateway.failpoints import reach
from gateway.store.changes import Subject
from gateway.store.database import Database, WriteSession
from gateway.store.repository import backfills, dependencies, firings, pipelines, runs
from gateway.under_way import UnderWay

log = structlog.get_logger(__name__)

#: Firings under way at once, in one process.
AT_ONCE = 16
#: Seconds after which a look is due though nobody has told of a change.
EVERY = 1.0
#: How long a firing may be under way without anybody holding it, before another replica takes it.
STALLED = timedelta(seconds=2)
MINUTE = timedelta(minutes=1)
#: How soon a firing is tried again that has to wait for its target, and how late at most.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=1)


class _HinderedError(Exception):
    """The firing has to wait."""


class Dispatcher:
    """``run`` it in a task, on every replica."""

    def __init__(self, database: Database, executor: Executor, clock: Clock) -> None:
        self._database = database
        self._executor = executor
        self._clock = clock
        self._under_way = UnderWay(AT_ONCE)

    async def run(self) -> None:
        """Carry for ever; what is under way is broken off with it, and taken up again by whoever is next."""
        try:
            with self._database.feed.listen(Subject.FIRING, Subject.DEPENDENCY) as listener:
                while True:
                    try:
                        await self.look()
                    except Exception:  # the loop's own net: whatever it is, the next look is due
                        if await self._database.is_reachable():  # else readiness says so
                            log.exception("firings could not be looked at")
                    await listener.batch(EVERY)
        finally:
            await self._under_way.aclose()

    async def look(self) -> None:
        """Begin with all that is due and for which there is room."""
        now = self._clock()
        if self._under_way.room <= 0:
            return
        async with self._database.read() as session:
            found = await firings.due(session, now, now - STALLED, AT_ONCE)
        fresh = self._under_way.fresh(one.id for one in found)
        for firing in (one for one in found if one.id in fresh):
            self._under_way.begin(firing.id, self._carry(firing), "firing")

    async def settled(self) -> None:
        """Returns once nothing is under way in this process."""
        await self._under_way.settled()

    async def _carry(self, firing: Firing) -> None:
        try:
            command_id = await self._prepared(firing)
            if command_id is None:
                return
            run = await self._executor.carry_out(command_id)
        except (AdapterError, RequestError, secrets.SecretError, templates.TemplateFaultError) as error:
            await self._failed(firing, error)
        except Exception as error:  # whatever it is, this firing is tried again, and no other waits for it
            log.exception("a firing could not be carried out", firing=firing.idempotency_key)
            await self._failed(firing, error)
        else:
            await self._triggered(firing, run)

    async def _prepared(self, firing: Firing) -> int | None:
        """Firing and order in one unit of work, before anything is sent; None where somebody else has taken it."""
        now = self._clock()
        reach("take.before", firing.idempotency_key)
        async with self._database.write() as session:
            if firing.state is FiringState.TRIGGERING and firing.command_id is not None:
                return firing.command_id
            dependency = (await dependencies.by_ids(session, [firing.dependency_id]))[firing.dependency_id]
            try:
                target = await self._target(session, dependency, firing)
            except _HinderedError as hindrance:
                await firings.defer(session, firing.id, str(hindrance), now + FIRST_WAIT)
                return None
            if not await firings.take_ready(session, firing.id, now):
                return None
            order = await self._order(session, dependency, firing, target)
            command = await self._executor.enqueue(session, order, firing.id)
            await firings.set_command(session, firing.id, command.id)
            reach("take.written", firing.idempotency_key)
        reach("take.committed", firing.idempotency_key)
        return command.id

    async def _target(self, session: WriteSession, dependency: Dependency, firing: Firing) -> Pipeline:
        spec = dependency.spec
        if (spec.max_active, spec.max_per_minute, firing.backfill_id) != (None, None, None):
            await session.serialize("target", crc32(str(spec.target).encode()) - 2**31)
        if spec.max_active is not None or spec.max_per_minute is not None:
            active, sent = await firings.count_active(session, str(spec.target), self._clock() - MINUTE)
            if spec.max_active is not None and active >= spec.max_active:
                raise _HinderedError(f"{active} runs of {spec.target} are under way")
            if spec.max_per_minute is not None and sent >= spec.max_per_minute:
                raise _HinderedError(f"{sent} runs of {spec.target} were started within the last minute")
        if firing.backfill_id is not None and not await backfills.has_room(session, firing):
            raise _HinderedError("as many of its back-fill are under way as may be")
        target = await pipelines.by_name(session, spec.target.orchestrator, spec.target.key)
        if target is None:
            raise _HinderedError(f"{spec.target} is not known yet")
        return target

    async def _order(
        self, session: WriteSession, dependency: Dependency, firing: Firing, target: Pipeline
    ) -> TriggerOrder:
        """What is sent. TemplateFaultError."""
        context = templates.context_of(dependency.spec, firing, await runs.by_ids(session, runs_of(firing).values()))
        return TriggerOrder(
            orchestrator_id=target.orchestrator_id,
            pipeline_id=target.id,
            idempotency_key=firing.idempotency_key,
            parameters=templates.parameters(dependency.spec, context),
            logical_at=None,
            partition=templates.partition(dependency.spec, context),
            requested_by=f"dependency {dependency.spec.name}",
        )

    async def _triggered(self, firing: Firing, run: Run) -> None:
        now = self._clock()
        async with self._database.write() as session:
            reason = f"{run.external_id} was made"
            values = {"run_id": run.id, "triggered_at": now, "last_error": None}
            await step(session, firing.id, FiringState.TRIGGERED, reason, now, **values)
            known = (await runs.by_ids(session, [run.id]))[run.id]
            await follow(session, firing, known, self._clock)  # it may have ended before it was linked
            reach("record.written", firing.idempotency_key)
        reach("record.committed", firing.idempotency_key)
        if firing.ready_at is not None:
            metrics.TRIGGER_SECONDS.observe(max(0.0, (now - firing.ready_at).total_seconds()))

    async def _failed(self, firing: Firing, error: Exception) -> None:
        """Wait and try again where that may help; give up where it cannot."""
        now = self._clock()
        is_final = isinstance(error, (Rejected, NotFound, RequestError, templates.TemplateFaultError))
        async with self._database.write() as session:
            if is_final:
                values = {"last_error": str(error), "ended_at": now}
                await step(session, firing.id, FiringState.FAILED, str(error), now, **values)
                return
            metrics.RETRIES.labels(error.kind if isinstance(error, AdapterError) else "unexpected").inc()
            not_before = now + _wait(firing.attempts, error)
            values = {"last_error": str(error), "not_before": not_before}
            await step(session, firing.id, FiringState.READY, str(error), now, **values)


def _wait(attempts: int, error: Exception) -> timedelta:
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts, 10))
    return longest * random.uniform(0.5, 1)  # so that many that failed together do not come back together
