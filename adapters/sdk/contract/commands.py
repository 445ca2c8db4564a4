"""The part of the contract on what is done."""

import asyncio
import contextlib

import pytest

from adapters.sdk.contract.proxy import Fault
from adapters.sdk.contract.workbench import Workbench, runs_in, until
from adapters.sdk.errors import Rejected, Unavailable
from adapters.sdk.protocol import Adapter
from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState, RunTrigger

#: The orchestrator has done what it was asked, and its answer is lost.
LOST = Fault(is_forwarded=True, is_cut=True)
UNANSWERED = Fault(is_forwarded=True, is_silent=True)
#: No adapter needs more requests to trigger a run.
MOST_REQUESTS = 12

Begun = dict[str, ObservedRun]


class Commands:
    """Trigger once, cancel, retry, pause."""

    async def test_one_key_makes_one_run(self, workbench: Workbench) -> None:
        """At the same moment, and again later."""
        request = workbench.request(workbench.subject.quick)
        at_once = await asyncio.gather(*(workbench.adapter.trigger(request) for _ in range(5)))
        later = await workbench.connect().trigger(request)
        assert len({made.run.external_id for made in (*at_once, later)}) == 1
        assert not later.is_new
        found = await workbench.adapter.find_triggered(request.pipeline_key, request.idempotency_key)
        assert found is not None
        assert found.external_id == later.run.external_id
        assert await workbench.adapter.find_triggered(request.pipeline_key, "nobody-has-used-this") is None

    @pytest.mark.parametrize("fault", [LOST, UNANSWERED], ids=["lost", "unanswered"])
    async def test_an_answer_that_is_lost_makes_no_second_run(self, workbench: Workbench, fault: Fault) -> None:
        """Whichever of the requests it was for."""
        before = await self._triggered(workbench)
        made: set[str] = set()
        adapter = workbench.connect_by_proxy(timeout=2.0 if fault.is_silent else 30.0)
        await adapter.probe()
        for after in range(MOST_REQUESTS):
            request = workbench.request(workbench.subject.quick)
            with workbench.proxy.spoiling(fault, after=after, times=1):
                with contextlib.suppress(Unavailable):
                    await adapter.trigger(request)
                has_spoiled = workbench.proxy.has_spoiled_all
            made.add((await workbench.adapter.trigger(request)).run.external_id)
            if not has_spoiled:
                break
        else:
            pytest.fail(f"a trigger took more than {MOST_REQUESTS} requests")

        async def all_seen() -> bool:
            return made <= await self._triggered(workbench)

        await until(all_seen)
        assert await self._triggered(workbench) - before == made

    async def test_cancel(self, workbench: Workbench, begun: Begun) -> None:
        """It ends as cancelled, not as failed; what has ended cannot be cancelled."""
        run = await workbench.reached(begun["lasting"], RunState.RUNNING)
        await workbench.adapter.cancel(run.ref)
        cancelled = await workbench.ended(run)
        assert cancelled.state is RunState.CANCELLED
        assert cancelled.ended_at is not None
        with pytest.raises(Rejected):
            await workbench.adapter.cancel(run.ref)
        again = {run.external_id: run for run in runs_in(await workbench.read(workbench.connect())).values()}
        assert again[run.external_id].state is RunState.CANCELLED

    async def test_retry(self, workbench: Workbench, begun: Begun) -> None:
        """What failed runs once more: as the same run, or as a new one that names it."""
        failed = await workbench.ended(begun["failing"])
        retried = await workbench.adapter.retry(failed.ref)
        assert failed.external_id in {retried.external_id, retried.parent_external_id}
        again = await workbench.ended(retried)
        assert again.started_at is not None
        assert failed.ended_at is not None
        assert again.ended_at is not None
        assert again.ended_at > failed.ended_at

    async def test_pause(self, workbench: Workbench) -> None:
        """And pausing what is paused changes nothing."""
        adapter, pipeline = workbench.adapter, workbench.subject.scheduled
        was_paused = await _is_paused(adapter, pipeline)
        for paused in (True, True, False, False):
            await adapter.set_paused(pipeline, paused=paused)
            assert await _is_paused(adapter, pipeline) is paused
        await adapter.set_paused(pipeline, paused=was_paused)

    async def _triggered(self, workbench: Workbench) -> set[str]:
        pipeline = workbench.subject.quick.pipeline
        found = runs_in(await workbench.read(workbench.adapter)).values()
        return {run.external_id for run in found if (run.pipeline_key, run.trigger) == (pipeline, RunTrigger.API)}


async def _is_paused(adapter: Adapter, pipeline: str) -> bool:
    return {one.key: one.is_paused async for page in adapter.pipelines() for one in page}[pipeline]
