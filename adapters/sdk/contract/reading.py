"""The part of the contract on what is seen."""

import pytest

from adapters.sdk.contract.workbench import Workbench, runs_in, until
from adapters.sdk.errors import NotFound
from gateway.domain.observation import ObservedRun, ObservedTaskRun, PipelineStructure, RunRef
from gateway.domain.states import RunState, RunTrigger, TaskRunState

Begun = dict[str, ObservedRun]


class Reading:
    """Pipelines, graphs, runs, task runs and logs."""

    async def test_who_is_there(self, workbench: Workbench) -> None:
        """The version is told, and nothing is promised that the manifest does not."""
        found = await workbench.adapter.probe()
        assert found.version
        assert found.capabilities <= workbench.adapter.manifest.capabilities

    async def test_pipelines(self, workbench: Workbench) -> None:
        """Every pipeline is listed, however small the pages are."""
        listed, at_once = [
            {one.key async for page in adapter.pipelines() for one in page}
            for adapter in (workbench.adapter, workbench.connect(has_small_pages=False))
        ]
        subject = workbench.subject
        assert {start.pipeline for start in (subject.quick, subject.failing, subject.lasting)} <= listed
        assert subject.scheduled in listed
        assert listed == at_once

    async def test_what_is_not_there(self, workbench: Workbench, begun: Begun) -> None:
        """Asking for what was deleted says so."""
        with pytest.raises(NotFound):
            await workbench.adapter.structure(f"{workbench.subject.quick.pipeline}-is-gone")
        gone = begun["quick"].external_id[:-4] + "0bad"
        with pytest.raises(NotFound):
            await workbench.adapter.run(RunRef(workbench.subject.quick.pipeline, gone))

    async def test_a_run_that_succeeds(self, workbench: Workbench, begun: Begun) -> None:
        """Its state, times, link, tasks and the graph that they follow."""
        run = await workbench.ended(begun["quick"])
        assert (run.state, run.trigger) == (RunState.SUCCESS, RunTrigger.API)
        assert run.pipeline_key == workbench.subject.quick.pipeline
        assert run.started_at is not None
        assert run.ended_at is not None
        assert (run.queued_at or run.started_at) <= run.started_at <= run.ended_at
        assert run.url
        assert run.url.startswith("http")
        tasks = {one.task for one in await _settled(workbench, run)}
        graph = await until(lambda: _graph(workbench))
        assert tasks <= {task.key for task in graph.tasks}
        assert {end for edge in graph.edges for end in edge} <= {task.key for task in graph.tasks}

    async def test_a_run_that_fails(self, workbench: Workbench, begun: Begun) -> None:
        """The log of the task that failed tells why, and its last line alone can be had."""
        run = await workbench.ended(begun["failing"])
        assert run.state is RunState.FAILED
        failed = [one for one in await _settled(workbench, run) if one.state is TaskRunState.FAILED]
        adapter = workbench.adapter

        async def told() -> bool:
            return workbench.subject.complaint in await adapter.log(run.ref, failed[-1], tail=500)

        assert await until(told)
        assert len((await adapter.log(run.ref, failed[-1], tail=1)).splitlines()) == 1

    async def test_each_cursor_leads_to_the_rest(self, workbench: Workbench, begun: Begun) -> None:
        """Whoever is stopped after any page goes on there and misses nothing."""
        await workbench.ended(begun["quick"])
        pages = await workbench.read(workbench.adapter)
        assert {run.external_id for run in begun.values()} <= runs_in(pages).keys()
        assert len([runs for runs, _ in pages if runs]) >= 2, "too few runs to fill several pages"
        for place, (_, cursor) in enumerate(pages):
            unseen = runs_in(pages).keys() - runs_in(pages[: place + 1]).keys()
            assert unseen <= runs_in(await workbench.read(workbench.connect(), cursor)).keys()

    async def test_what_is_new_and_what_changes(self, workbench: Workbench) -> None:
        """Reading on from the last cursor shows a new run, and then its end."""
        cursor = (await workbench.read(workbench.adapter))[-1][1]
        run = await workbench.start(workbench.subject.quick)
        states: list[RunState] = []

        async def read_on() -> bool:
            nonlocal cursor
            pages = await workbench.read(workbench.adapter, cursor)
            cursor = pages[-1][1]
            states.extend(one.state for name, one in runs_in(pages).items() if name == run.external_id)
            return bool(states) and states[-1].is_terminal

        assert await until(read_on)
        assert states[-1] is RunState.SUCCESS


async def _settled(workbench: Workbench, run: ObservedRun) -> list[ObservedTaskRun]:
    """The task runs of a run that has ended: some vendors tell of them a while later."""

    async def look() -> list[ObservedTaskRun] | None:
        found = list(await workbench.adapter.task_runs(run.ref))
        return found if all(one.state.is_terminal for one in found) else None

    return await until(look)


async def _graph(workbench: Workbench) -> PipelineStructure | None:
    found = await workbench.adapter.structure(workbench.subject.quick.pipeline)
    return found if found.tasks else None
