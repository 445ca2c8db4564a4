"""The only caller of what changes something at an orchestrator.

A trigger is written to the outbox before it is sent. Two requests with one key, in one process or in two, share one
outbox row; whoever claims it sends, the other waits for the outcome. A claim that runs out (its holder was killed) is
settled by looking up, at the orchestrator, whether the run was made.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from adapters.sdk.errors import AdapterError, Rejected
from adapters.sdk.protocol import IDEMPOTENCY_KEY, Adapter, Clock, utc_now
from gateway.domain.commands import Command, CommandState, TriggerOrder
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.domain.observation import ObservedRun, ObservedTaskRun, RunRef, TriggerRequest
from gateway.domain.records import Orchestrator, Pipeline, Run
from gateway.domain.states import Capability, RunTrigger, TriggerGuarantee
from gateway.failpoints import reach
from gateway.store.database import Database, WriteSession
from gateway.store.repository import commands, firings, orchestrators, pipelines, run_writes, runs, task_runs
from gateway.sync.apply import apply_runs
from gateway.sync.connections import Connections

log = structlog.get_logger(__name__)

#: A claim is renewed for as long as its holder lives; after this time without it the holder is taken for dead.
CLAIM = timedelta(seconds=15)
RECOVERY_ROUND = timedelta(seconds=5)
LOOK_AGAIN = 0.1
#: Why an order failed that its holder has left open.
ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class _Target:
    """A pipeline with all that is needed to act on it."""

    orchestrator: Orchestrator
    pipeline: Pipeline
    adapter: Adapter
    run: Run | None = None

    @property
    def ref(self) -> RunRef:
        if self.run is None:
            raise NotFoundError("There is no such run.")
        return RunRef(self.pipeline.key, self.run.external_id)


class Executor:
    """Carries out what people and dependencies ask for. Raises RequestError kinds and adapter errors."""

    def __init__(self, database: Database, connections: Connections, clock: Clock = utc_now) -> None:
        self._database = database
        self._connections = connections
        self._clock = clock

    async def trigger(
        self,
        pipeline_id: int,
        *,
        idempotency_key: str | None,
        parameters: Mapping[str, Any],
        logical_at: datetime | None,
        partition: str | None,
        requested_by: str,
    ) -> Run:
        """Start a run, once for its key (a missing key: this call is one of its own); returns the run.

        ConflictError where the key was used with other parameters. Unavailable: unknown whether it started; the same
        call with the same key is safe.
        """
        key = idempotency_key or f"podium-{uuid.uuid4()}"
        if not IDEMPOTENCY_KEY.fullmatch(key):
            raise InvalidInputError(
                f"idempotencyKey {key!r} cannot be used.",
                remedy="Use 1 to 200 of the characters A-Z a-z 0-9 _ . ~ : + - and begin with a letter or digit.",
            )
        target = await self._target(pipeline_id, Capability.TRIGGER)
        order = TriggerOrder(
            target.orchestrator.id, pipeline_id, key, dict(parameters), logical_at, partition, requested_by
        )
        async with self._database.write() as session:
            command, is_new = await commands.enqueue(session, order, self._clock())
            if not is_new:
                _check_same(command.order, order)
                await commands.reopen(session, command.id, self._clock())
        return await self.carry_out(command.id)

    async def cancel(self, run_id: int) -> Run:
        """Ask the orchestrator to end a run; returns it as it is then."""
        target = await self._target_of_run(run_id, Capability.CANCEL)
        return await self._act(target, lambda: target.adapter.cancel(target.ref))

    async def retry(self, run_id: int) -> Run:
        """Run the failed part of a run again; returns the reopened run, or the new one where the vendor makes one."""
        target = await self._target_of_run(run_id, Capability.RETRY)
        return await self._act(target, lambda: target.adapter.retry(target.ref))

    async def read(self, run_id: int) -> Run:
        """A run as its orchestrator has it now."""
        target = await self._target_of_run(run_id, Capability.RETRY)
        return await self._act(target, lambda: target.adapter.run(target.ref))

    async def set_paused(self, pipeline_id: int, *, paused: bool) -> Pipeline:
        """Stop or resume a pipeline's own schedule."""
        target = await self._target(pipeline_id, Capability.PAUSE)
        await target.adapter.set_paused(target.pipeline.key, paused=paused)
        async with self._database.write() as session:
            await pipelines.set_paused(session, pipeline_id, paused=paused)
            return (await pipelines.by_ids(session, [pipeline_id]))[pipeline_id]

    async def log(self, run_id: int, task: str, map_index: int | None, attempt: int, tail: int) -> str | None:
        """The last lines of one attempt's log; None where there is no such attempt."""
        target = await self._target_of_run(run_id, Capability.LOGS)
        async with self._database.read() as session:
            attempts = (await task_runs.of_runs(session, [run_id])).get(run_id, [])
        for known in attempts:
            if (known.task, known.map_index, known.attempt) == (task, map_index, attempt):
                observed = ObservedTaskRun(
                    task, known.state, known.native_state, attempt, map_index, external_id=known.external_id
                )
                return await target.adapter.log(target.ref, observed, tail=tail)
        return None

    async def recover(self) -> None:
        """Settle, for ever, what a dead process left open: link the run that was made, or say that none was."""
        while True:
            await asyncio.sleep(RECOVERY_ROUND.total_seconds())
            try:
                await self.recover_once()
            except Exception:  # whatever one round fails on, the next one is due
                log.exception("settling abandoned triggers failed; trying again")

    async def recover_once(self) -> int:
        """One round of ``recover``; returns how many were settled."""
        async with self._database.read() as session:
            open_commands = await commands.abandoned(session, self._clock(), CLAIM, limit=100)
        settled = 0
        for command in open_commands:
            try:
                settled += await self._look_up(command)
            except AdapterError as error:
                log.debug("an abandoned trigger cannot be looked up yet", command=command.id, reason=str(error))
        return settled

    async def enqueue(self, session: WriteSession, order: TriggerOrder, firing_id: int) -> Command:
        """Write down what a firing asks for, once for its key; what has failed is tried again."""
        command, is_new = await commands.enqueue(session, order, self._clock(), firing_id)
        if not is_new:
            await commands.reopen(session, command.id, self._clock())
        return command

    async def carry_out(self, command_id: int) -> Run:
        """Send what was written down, unless somebody else does; returns the run. Raises as ``trigger`` does."""
        async with self._database.read() as session:
            command = await commands.get(session, command_id)
        if command is None:
            raise NotFoundError("There is no such trigger.")
        target = await self._target(command.order.pipeline_id, Capability.TRIGGER)
        while True:
            async with self._database.write() as session:
                claimed = await commands.claim(session, command_id, self._clock(), CLAIM)
                reach("claim.written", command.order.idempotency_key)
            if claimed is not None:
                return await self._send(target, claimed)
            async with self._database.read() as session:
                command = await commands.get(session, command_id)
                known = await runs.by_ids(session, [command.run_id]) if command and command.run_id else {}
            if command is None:
                raise NotFoundError("The trigger has been deleted meanwhile.")
            if command.state is CommandState.DONE and command.run_id in known:
                return known[command.run_id]
            if command.state is CommandState.FAILED and not await self._taken_up(command):
                raise Rejected(command.error or "The trigger failed.")
            await asyncio.sleep(LOOK_AGAIN)  # another request with this key is being carried out

    async def _taken_up(self, command: Command) -> bool:
        """Whoever waits for what was left open sends it, once it is known that no run was made."""
        if command.error_kind != ABANDONED:
            return False
        async with self._database.write() as session:
            await commands.reopen(session, command.id, self._clock())
        return True

    async def _send(self, target: _Target, command: Command) -> Run:
        read_at = self._clock()
        async with self._settling(command), self._holding(command):
            known = await self._made_before(target, command)
            reach("send.before", command.order.idempotency_key)
            made = known or (await target.adapter.trigger(_request(target, command.order))).run
            reach("send.answered", command.order.idempotency_key)
        return await self._link(target, command, made, read_at)

    async def _made_before(self, target: _Target, command: Command) -> ObservedRun | None:
        """Where the vendor knows no keys and this is sent again: what the first time has made, as far as can be seen.

        Where nothing can be seen it may still come, so a firing is marked as one that may run twice.
        """
        is_safe = target.adapter.manifest.trigger is TriggerGuarantee.EXACTLY_ONCE
        if is_safe or command.attempts <= 1:
            return None
        found = await target.adapter.find_triggered(target.pipeline.key, command.order.idempotency_key)
        if found is None and command.firing_id is not None:
            async with self._database.write() as session:
                await firings.mark_possible_double(session, command.firing_id)
        return found

    @asynccontextmanager
    async def _holding(self, command: Command) -> AsyncGenerator[None]:
        """Keep a claim for as long as the block takes, however slowly the orchestrator answers."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(CLAIM.total_seconds() / 3)
                async with self._database.write() as session:
                    await commands.renew(session, command, self._clock(), CLAIM)

        renewing = asyncio.create_task(renew(), name=f"claim/{command.id}")
        try:
            yield
        finally:
            renewing.cancel()
            # A claim that could not be renewed is no reason to forget what the orchestrator has answered.
            await asyncio.gather(renewing, return_exceptions=True)

    @asynccontextmanager
    async def _settling(self, command: Command) -> AsyncGenerator[None]:
        """Record a failure: final where the orchestrator refused, open where nobody knows what happened."""
        try:
            yield
        except AdapterError as error:
            state = CommandState.PENDING if error.is_retryable else CommandState.FAILED
            async with self._database.write() as session:
                await commands.settle(
                    session, command, state=state, now=self._clock(), error=str(error), error_kind=error.kind
                )
            raise

    async def _look_up(self, command: Command) -> bool:
        target = await self._target(command.order.pipeline_id, Capability.TRIGGER)
        read_at = self._clock()
        async with self._database.write() as session:
            claimed = await commands.claim(session, command.id, self._clock(), CLAIM)
        if claimed is None:
            return False
        async with self._holding(claimed):
            found = await target.adapter.find_triggered(target.pipeline.key, command.order.idempotency_key)
        if found is not None:
            await self._link(target, claimed, found, read_at)
            return True
        why = "The orchestrator had not made the run when the attempt ended; trigger it again with the same key."
        async with self._database.write() as session:
            return await commands.settle(
                session, claimed, state=CommandState.FAILED, now=self._clock(), error=why, error_kind=ABANDONED
            )

    async def _link(self, target: _Target, command: Command, observed: ObservedRun, read_at: datetime) -> Run:
        async with self._database.write() as session:
            run = await _store(session, target, observed, read_at, self._clock())
            if command.firing_id is not None:
                await run_writes.set_trigger(session, run.id, RunTrigger.DEPENDENCY)
            await commands.settle(session, command, state=CommandState.DONE, now=self._clock(), run_id=run.id)
            reach("link.written", command.order.idempotency_key)
        reach("link.committed", command.order.idempotency_key)
        return run

    async def _act(self, target: _Target, action: Callable[[], Awaitable[ObservedRun]]) -> Run:
        observed = await action()
        # What an action returns was read after it, so it outranks any poll that began meanwhile.
        async with self._database.write() as session:
            return await _store(session, target, observed, self._clock(), self._clock())

    async def _target_of_run(self, run_id: int, needed: Capability) -> _Target:
        async with self._database.read() as session:
            run = (await runs.by_ids(session, [run_id])).get(run_id)
        if run is None:
            raise NotFoundError("There is no such run.")
        target = await self._target(run.pipeline_id, needed)
        return _Target(target.orchestrator, target.pipeline, target.adapter, run)

    async def _target(self, pipeline_id: int, needed: Capability) -> _Target:
        async with self._database.read() as session:
            pipeline = (await pipelines.by_ids(session, [pipeline_id])).get(pipeline_id)
            if pipeline is None:
                raise NotFoundError("There is no such pipeline.")
            orchestrator = (await orchestrators.by_ids(session, [pipeline.orchestrator_id]))[pipeline.orchestrator_id]
        if orchestrator.removed_at is not None:
            raise ConflictError(
                f"{orchestrator.name} is no longer connected.", remedy="Add it to podium.yaml again and apply it."
            )
        if orchestrator.capabilities and needed not in orchestrator.capabilities:
            raise ConflictError(f"{orchestrator.name} ({orchestrator.kind}) cannot {needed.lower().replace('_', ' ')}.")
        return _Target(orchestrator, pipeline, self._connections.get(orchestrator))


def _request(target: _Target, order: TriggerOrder) -> TriggerRequest:
    return TriggerRequest(
        target.pipeline.key, order.idempotency_key, order.parameters, order.logical_at, order.partition
    )


def _check_same(known: TriggerOrder, order: TriggerOrder) -> None:
    for name in ("parameters", "logical_at", "partition"):
        if getattr(known, name) != getattr(order, name):
            raise ConflictError(
                f"idempotencyKey {order.idempotency_key!r} was used before with other {name}.",
                remedy="Repeat the same request, or use a new key.",
            )


async def _store(
    session: WriteSession, target: _Target, observed: ObservedRun, read_at: datetime, now: datetime
) -> Run:
    await apply_runs(session, target.orchestrator, [observed], read_at, now)
    ids = await pipelines.ensure(session, target.orchestrator.id, [observed.pipeline_key], now)
    stored = await run_writes.stored_for(session, target.orchestrator.id, [observed.external_id])
    return stored[ids[observed.pipeline_key], observed.external_id]
