"""Does what SLAs ask for when they come to be at risk or missed: once for each key, whoever dies on the way."""

import asyncio
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from adapters.sdk.errors import AdapterError, RateLimited
from adapters.sdk.protocol import Clock
from gateway.domain.commands import BY_SLA
from gateway.domain.errors import RequestError
from gateway.domain.records import Run
from gateway.domain.slas import Sla
from gateway.domain.states import RunState
from gateway.failpoints import reach
from gateway.sla import templates
from gateway.store.changes import Subject
from gateway.store.database import Database
from gateway.store.repository import pipelines, run_facts, runs, sla_actions, slas
from gateway.store.repository.sla_actions import ActionState, OrderedAction
from gateway.templates import TemplateFaultError

log = structlog.get_logger(__name__)

#: Actions that are begun with at once, and seconds after which a look is due though nobody has told of a change.
AT_ONCE, EVERY = 20, 1.0
#: For how long an action is a replica's: longer than any orchestrator may take to answer.
HELD = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)
#: An action that could not be done for so long is given up: the promise is about another key by then.
PATIENCE = timedelta(hours=6)


class Starter(Protocol):
    """Starts runs at orchestrators. Raises RequestError kinds and adapter errors."""

    async def trigger(
        self,
        pipeline_id: int,
        *,
        idempotency_key: str | None,
        parameters: Mapping[str, Any],
        logical_at: datetime | None,
        partition: str | None,
        requested_by: str,
    ) -> Run: ...

    async def retry(self, run_id: int) -> Run: ...

    async def read(self, run_id: int) -> Run: ...


class Actions:
    """``run`` it in a task, on every replica."""

    def __init__(self, database: Database, executor: Starter, clock: Clock) -> None:
        self._database = database
        self._executor = executor
        self._clock = clock

    async def run(self) -> None:
        """Act for ever."""
        with self._database.feed.listen(Subject.SLA_ACTION) as listener:
            while True:
                try:
                    await self.look()
                except Exception:  # the loop's own net: whatever it is, the next look is due
                    if await self._database.is_reachable():  # else readiness says so
                        log.exception("what SLAs ask for could not be looked at")
                await listener.batch(EVERY)

    async def look(self) -> None:
        """Do all that is due."""
        async with self._database.read() as session:
            found = await sla_actions.due(session, self._clock(), AT_ONCE)
        await asyncio.gather(*(self._carry(identity) for identity in found))

    async def _carry(self, identity: tuple[int, int]) -> None:
        async with self._database.write() as session:
            one = await sla_actions.claim(session, identity, self._clock(), HELD)
            sla = (await slas.by_ids(session, [one.sla_id])).get(one.sla_id) if one is not None else None
        if one is None or sla is None:
            return
        place = f"{sla.spec.name}.{one.place}"
        try:
            reach("act.before", place)
            outcome, run_id = await self._do(sla, one)
            reach("act.done", place)
        except Exception as error:  # whatever it is, no other action waits for this one
            if not isinstance(error, AdapterError | RequestError):
                log.exception("an SLA's action could not be done", sla=sla.spec.name, key=one.key)
            await self._failed(sla, one, error)
        else:
            log.info("an SLA's action is done", sla=sla.spec.name, key=one.key, outcome=outcome)
            async with self._database.write() as session:
                await sla_actions.end(session, one, ActionState.DONE, outcome, run_id, self._clock())

    async def _do(self, sla: Sla, one: OrderedAction) -> tuple[str, int | None]:
        """What came of it, and its run. RequestError, AdapterError."""
        action = one.action
        if action.trigger is not None:
            return await self._trigger(sla, one)
        if action.retry:
            return await self._retry(sla, one)
        return "told with its incident", None

    async def _trigger(self, sla: Sla, one: OrderedAction) -> tuple[str, int | None]:
        """The same order has the same key, so it makes one run however often it is given."""
        wanted = one.action.trigger
        async with self._database.read() as session:
            target = await pipelines.by_name(session, wanted.orchestrator, wanted.key) if wanted else None
        if target is None:
            raise RequestError(f"{wanted} is not known.")
        run = await self._executor.trigger(
            target.id,
            idempotency_key=f"sla.{one.evaluation_id}.{one.place}",
            parameters=_parameters(sla, one),
            logical_at=None,
            partition=None,
            requested_by=f"{BY_SLA}{sla.spec.name}",
        )
        return f"{wanted} was triggered: {run.external_id}", run.id

    async def _retry(self, sla: Sla, one: OrderedAction) -> tuple[str, int | None]:
        """Only what has failed is retried: where somebody was quicker, it runs already.

        Whoever had the order before may have died after it was carried out, and the run may have failed again since.
        """
        ref = sla.spec.pipeline
        async with self._database.read() as session:
            target = await pipelines.by_name(session, ref.orchestrator, ref.key) if ref else None
            last = (await run_facts.latest(session, [target.id], 1)).get(target.id, []) if target else []
        if last and one.attempts > 1 and await self._has_run_since(last[-1].id, one.ordered_at):
            return f"{last[-1].external_id} was retried", last[-1].id
        if not last or last[-1].state is not RunState.FAILED:
            return "there is no failed run to retry", None
        run = await self._executor.retry(last[-1].id)
        return f"{last[-1].external_id} was retried", run.id

    async def _has_run_since(self, run_id: int, at: datetime) -> bool:
        """Whether the last attempt of a run is younger than that, by Podium's own clock."""
        run = await self._executor.read(run_id)
        async with self._database.read() as session:
            seen = [one.observed_at for one in await runs.history(session, run_id) if one.attempt == run.attempt]
        return bool(seen) and seen[0] > at

    async def _failed(self, sla: Sla, one: OrderedAction, error: Exception) -> None:
        now = self._clock()
        is_final = isinstance(error, RequestError) or (isinstance(error, AdapterError) and not error.is_retryable)
        may_help = not is_final and now - one.ordered_at < PATIENCE
        log.warning(
            "an SLA's action failed", sla=sla.spec.name, key=one.key, reason=str(error), is_given_up=not may_help
        )
        async with self._database.write() as session:
            if may_help:
                await sla_actions.defer(session, one, str(error), now + _wait(one.attempts, error))
            else:
                await sla_actions.end(session, one, ActionState.FAILED, str(error), None, now)


def _parameters(sla: Sla, one: OrderedAction) -> Mapping[str, Any]:
    try:
        return templates.parameters(one.action, sla.spec.name, one.key)
    except TemplateFaultError as error:
        raise RequestError(str(error)) from None


def _wait(attempts: int, error: Exception) -> timedelta:
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts, 10))
    return longest * random.uniform(0.5, 1)  # so that many that failed together do not come back together
