"""Reading an orchestrator: nothing is missed, nothing is repeated visibly, whatever happens in between."""

import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sdk.errors import Unavailable
from gateway.domain.filters import PipelineFilter
from gateway.domain.observation import ObservedTaskRun, RunRef
from gateway.domain.records import Run
from gateway.domain.states import RunState, TaskRunState
from gateway.store.database import Database
from gateway.store.repository import pipelines, runs, structures, task_runs
from gateway.sync.apply import apply_runs
from gateway.sync.streams import Reader, next_task_read
from tests.sync.conftest import DEFINITION, all_runs, define
from tests.sync.vendor import T0, Clock, Vendor, VendorAdapter

SECOND = timedelta(seconds=1)


async def test_a_second_look_at_the_same_is_no_news(reader, vendor, database):
    for number in range(5):
        vendor.put(f"run-{number}")
    await reader.read_runs()
    before = await all_runs(database)
    vendor.changed += list(vendor.runs)  # the vendor lists them all once more
    await reader.read_runs()
    assert await all_runs(database) == before
    assert len(before) == 5


async def test_a_read_that_breaks_off_goes_on_where_it_was(reader, vendor, database):
    for number in range(7):
        vendor.put(f"run-{number}")
    vendor.trouble_at_page = {3: Unavailable("cut off in the middle")}
    with pytest.raises(Unavailable):
        await reader.read_runs()
    assert len(await all_runs(database)) == 4
    vendor.put("run-0", RunState.SUCCESS)
    await reader.read_runs()
    found = await all_runs(database)
    assert len(found) == 7
    assert found["run-0"].state is RunState.SUCCESS


async def test_after_a_day_of_silence_nothing_is_lost(reader, vendor, database, clock):
    vendor.put("run-0")
    await reader.read_runs()
    vendor.trouble = Unavailable("down")
    with pytest.raises(Unavailable):
        await reader.read_runs()
    vendor.put("run-0", RunState.FAILED, ended_at=T0 + SECOND)
    for number in range(1, 50):
        vendor.put(f"run-{number}", RunState.SUCCESS)
    clock.forward(timedelta(days=1))
    vendor.trouble = None
    await reader.read_runs()
    found = await all_runs(database)
    assert len(found) == 50
    assert found["run-0"].state is RunState.FAILED


async def test_every_state_a_run_was_seen_in_stays_in_its_history(reader, vendor, database):
    for state in (RunState.QUEUED, RunState.RUNNING, RunState.FAILED, RunState.RUNNING, RunState.SUCCESS):
        vendor.put("run-0", state)
        await reader.read_runs()
    run = (await all_runs(database))["run-0"]
    async with database.read() as session:
        steps = [(step.state, step.attempt) for step in await runs.history(session, run.id)]
    assert steps == [
        (RunState.QUEUED, 1),
        (RunState.RUNNING, 1),
        (RunState.FAILED, 1),
        (RunState.RUNNING, 2),
        (RunState.SUCCESS, 2),
    ]
    assert run.attempt == 2


async def test_a_push_that_overtakes_a_page_is_not_undone_by_it(reader, vendor, database, clock):
    """The page was read while the run was going on, and is stored after the push told of its end."""
    vendor.put("run-0")
    page = [vendor.runs["run-0"]]
    read_at = clock()
    clock.forward(SECOND)
    vendor.put("run-0", RunState.SUCCESS, ended_at=T0)
    await reader.read_again([RunRef("ingest", "run-0")])
    async with database.write() as session:
        applied = await apply_runs(session, reader.orchestrator, page, read_at, clock())
    assert applied.outdated == [RunRef("ingest", "run-0")]
    assert (await all_runs(database))["run-0"].state is RunState.SUCCESS


async def test_a_run_that_is_gone_at_the_vendor_stays_here(reader, vendor, database):
    vendor.put("run-0")
    await reader.read_runs()
    del vendor.runs["run-0"]
    await reader.read_again([RunRef("ingest", "run-0")])
    assert "run-0" in await all_runs(database)


async def test_a_run_of_an_unlisted_pipeline_has_a_place(reader, vendor, database):
    vendor.put("run-0", pipeline="not_listed_yet")
    await reader.read_runs()
    async with database.read() as session:
        found = await pipelines.by_keys(session, reader.orchestrator.id, ["not_listed_yet"])
    assert not found["not_listed_yet"].is_active
    vendor.add_pipeline("not_listed_yet")
    await reader.read_pipelines()
    async with database.read() as session:
        found = await pipelines.by_keys(session, reader.orchestrator.id, ["not_listed_yet"])
    assert found["not_listed_yet"].is_active


async def test_history_stays_when_a_pipeline_disappears(reader, vendor, database):
    vendor.add_pipeline("report")
    await reader.read_pipelines()
    vendor.put("run-0", pipeline="report")
    await reader.read_runs()
    del vendor.pipelines["report"]
    await reader.read_pipelines()
    async with database.read() as session:
        active = await pipelines.page(session, PipelineFilter(is_active=True), None, 10)
    assert [pipeline.key for pipeline, _ in active] == ["ingest"]
    assert "run-0" in await all_runs(database)


async def test_a_list_that_breaks_off_retires_nothing(reader, vendor, database):
    await reader.read_pipelines()
    vendor.trouble = Unavailable("cut off")
    with pytest.raises(Unavailable):
        await reader.read_pipelines()
    async with database.read() as session:
        assert await pipelines.count(session, PipelineFilter(is_active=True)) == 1


async def test_a_list_that_breaks_off_is_none(reader, vendor, database):
    async def keys():
        async with database.read() as session:
            name = reader.orchestrator.definition.name
            return (await pipelines.listed_keys(session, [name]))[name]

    for key in ("report", "sales"):
        vendor.add_pipeline(key)
    await reader.read_runs()
    vendor.trouble_in_list = {2: Unavailable("cut off in the middle")}
    with pytest.raises(Unavailable):
        await reader.read_pipelines()
    assert await keys() is None
    await reader.read_pipelines()
    assert await keys() == ["ingest", "report", "sales"]


async def test_a_graph_is_read_once_for_each_revision(reader, vendor, database):
    await reader.read_pipelines()
    await reader.read_structures()
    await reader.read_structures()
    assert vendor.calls.count("structure") == 1
    async with database.read() as session:
        pipeline = (await pipelines.by_keys(session, reader.orchestrator.id, ["ingest"]))["ingest"]
        assert [task.key for task in (await structures.tasks_of(session, [pipeline.id]))[pipeline.id]] == ["extract"]


async def test_tasks_that_the_vendor_reports_late_are_still_seen(reader, vendor, database, clock):
    vendor.put("run-0", RunState.SUCCESS, ended_at=clock())
    await reader.read_runs()
    await reader.read_task_runs()  # still RUNNING at the vendor
    vendor.task_runs["run-0"] = [ObservedTaskRun("extract", TaskRunState.SUCCESS, "success")]
    clock.forward(timedelta(seconds=10))
    await reader.read_task_runs()
    run = (await all_runs(database))["run-0"]
    async with database.read() as session:
        seen = (await task_runs.of_runs(session, [run.id]))[run.id]
    assert [(task.task, task.state) for task in seen] == [("extract", TaskRunState.SUCCESS)]
    before = len(vendor.calls)
    clock.forward(timedelta(hours=1))
    await reader.read_task_runs()
    assert vendor.calls[before:] == [], "all has ended: it is left in peace"


async def test_only_a_running_run_is_asked_for_tasks_again_and_again(database, reader, vendor, clock):
    vendor.put("run-0", RunState.QUEUED)
    await reader.read_runs()
    run: Run = (await all_runs(database))["run-0"]
    assert next_task_read(run, [], clock(), SECOND) is None
    vendor.put("run-0", RunState.RUNNING)
    await reader.read_runs()
    run = (await all_runs(database))["run-0"]
    assert next_task_read(run, [], clock(), SECOND) == clock() + SECOND


actions = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.sampled_from(list(RunState))),
        st.tuples(st.just("read"), st.just(0), st.none()),
        st.tuples(st.just("cut"), st.integers(1, 4), st.none()),
        st.tuples(st.just("push"), st.integers(0, 5), st.none()),
    ),
    max_size=25,
)


@pytest.mark.slow
@given(actions)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_the_next_full_read_agrees_with_the_vendor(tmp_path_factory, migrated_sqlite, script):
    database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path_factory.mktemp('db'))}")
    vendor, clock = Vendor(), Clock()
    reader = Reader(database, await define(database, DEFINITION, clock), VendorAdapter(vendor), clock)
    for what, number, state in script:
        clock.forward(SECOND)
        if what == "put":
            vendor.put(f"run-{number}", state)
        elif what == "push":
            await reader.read_again([RunRef("ingest", f"run-{number}")])
        else:
            vendor.trouble_at_page = {number: Unavailable("cut off")} if what == "cut" else {}
            try:
                await reader.read_runs()
            except Unavailable:
                assert what == "cut"
    vendor.trouble_at_page = {}
    await reader.read_runs()
    found = await all_runs(database)
    assert {key: run.state for key, run in found.items()} == {key: run.state for key, run in vendor.runs.items()}
    await database.aclose()
