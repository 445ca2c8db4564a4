"""When a result is expected, across systems: from what has been, along what it waits for, by what runs now."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.periods import KeyGranularity
from gateway.domain.slas import SlaState
from gateway.domain.states import RunState, TaskRunState
from gateway.store.repository import corrections
from gateway.store.repository.corrections import StoredCorrection
from tests.sla.conftest import MARTS, Story, zurich

INGEST = PipelineRef("airflow", "ingest")
CRM = PipelineRef("prefect", "crm")


async def chain(story: Story, days: int = 25) -> None:
    """Each night ingest runs from 02:00 for two hours and crm from 02:00 for one; then marts takes three."""
    for ref in (INGEST, CRM, MARTS):
        await story.pipeline(ref)
    upstream = Group(Mode.ALL, (Condition(INGEST), Condition(CRM)))
    await story.depend(DependencySpec("marts-after-both", upstream, MARTS, KeyGranularity.DAY, "Europe/Zurich"))
    for day in range(days):
        night = zurich("2026-05-05T02:00") - timedelta(days=days - day)
        some = timedelta(minutes=day % 7 - 3)
        await story.ran(night, night + timedelta(hours=2) + some, ref=INGEST)
        await story.ran(night, night + timedelta(hours=1) - some, ref=CRM)
        await story.ran(night + timedelta(hours=2) + some, night + timedelta(hours=5) + 2 * some)


async def test_on_a_usual_night_the_path_leads_through_what_takes_longest(story):
    await chain(story)
    await story.sla()
    await story.ran("2026-05-05T02:00", ref=INGEST)
    await story.ran("2026-05-05T02:00", ref=CRM)
    await story.look("2026-05-05T02:30")
    found = (await story.judged())["2026-05-05"]
    assert found.state is SlaState.ON_TRACK
    assert abs(found.forecast.at - zurich("2026-05-05T07:00")) < timedelta(minutes=10)
    assert found.forecast.low < found.forecast.at < found.forecast.high < zurich("2026-05-05T07:40")
    assert found.forecast.breach_probability < 0.05
    ids = {pipeline.id: ref for ref, pipeline in story.pipelines.items()}
    assert [ids[step.pipeline_id] for step in found.forecast.path] == [INGEST, MARTS]
    assert abs(found.forecast.path[0].expected_end - zurich("2026-05-05T04:00")) < timedelta(minutes=6)
    assert found.forecast.path[0].run_id is not None


async def test_an_upstream_that_lasts_endangers_what_comes_after_it_before_it_is_missed(story):
    """Two hours late at 06:00: three more hours cannot be done by nine. It is known then, and not at nine."""
    await chain(story)
    await story.sla()
    await story.ran("2026-05-05T02:00", ref=INGEST, name="tonight")
    await story.ran("2026-05-05T02:00", "2026-05-05T03:00", ref=CRM)
    await story.look("2026-05-05T03:30")
    assert (await story.judged())["2026-05-05"].state is SlaState.ON_TRACK
    await story.look("2026-05-05T06:00")
    found = (await story.judged())["2026-05-05"]
    assert (found.state, found.forecast.breach_probability > 0.95) == (SlaState.AT_RISK, True)
    await story.ran("2026-05-05T02:00", "2026-05-05T06:10", ref=INGEST, name="tonight")
    await story.ran("2026-05-05T06:10", name="marts of tonight")
    await story.look("2026-05-05T06:20")
    found = (await story.judged())["2026-05-05"]
    assert abs(found.forecast.at - zurich("2026-05-05T09:10")) < timedelta(minutes=10)
    assert [step.run_id is not None for step in found.forecast.path] == [True]
    await story.ran("2026-05-05T06:10", "2026-05-05T08:50", name="marts of tonight")
    await story.look("2026-05-05T08:51")
    assert (await story.states())["2026-05-05"] == "MET done_in_time"


async def test_a_failure_leaves_little_hope(story):
    await chain(story)
    await story.sla()
    await story.ran("2026-05-05T02:00", "2026-05-05T02:05", RunState.FAILED, ref=INGEST)
    await story.ran("2026-05-05T02:00", "2026-05-05T03:00", ref=CRM)
    await story.look("2026-05-05T05:00")
    found = (await story.judged())["2026-05-05"]
    assert found.state is SlaState.AT_RISK
    assert found.forecast.high is None or found.forecast.high > zurich("2026-05-05T12:00")


async def test_without_history_nobody_can_say(story):
    await story.pipeline()
    await story.sla()
    await story.ran("2026-05-05T02:00")
    await story.look("2026-05-05T08:55")
    found = (await story.judged())["2026-05-05"]
    assert (found.state, found.forecast) == (SlaState.ON_TRACK, None)


async def test_with_little_history_more_is_thought_possible(story):
    widths: dict[int, Any] = {}
    for days in (2, 25):
        other = Story(story.database, story.now)
        ref = PipelineRef("airflow", f"after {days} days")
        await other.pipeline(ref, next_run_at=zurich("2026-05-05T06:00"))
        await other.sla(f"of-{days}", pipeline=ref)
        for day in range(days):
            start = zurich("2026-05-04T06:00") - timedelta(days=day)
            await other.ran(start, start + timedelta(minutes=60 + day % 5), ref=ref)
        await other.look("2026-05-05T05:00")
        forecast: Any = (await other.judged(f"of-{days}"))["2026-05-05"].forecast
        widths[days] = forecast.high - forecast.low
    assert widths[2] > 4 * widths[25]


async def test_what_somebody_knows_better_counts_while_it_holds(story):
    await chain(story)
    await story.sla()
    longer = StoredCorrection(
        0,
        story.pipelines[INGEST].id,
        zurich("2026-05-04T00:00"),
        zurich("2026-05-06T00:00"),
        2.5,
        None,
        "the source is slow",
        "ada",
        story.now,
    )
    async with story.database.write() as session:
        known = await corrections.add(session, longer)
    await story.ran("2026-05-05T02:00", ref=INGEST)
    await story.ran("2026-05-05T02:00", ref=CRM)
    await story.look("2026-05-05T02:30")
    assert abs((await story.judged())["2026-05-05"].forecast.at - zurich("2026-05-05T10:00")) < timedelta(minutes=15)
    async with story.database.write() as session:
        assert await corrections.remove(session, known.id, story.now)
    await story.look("2026-05-05T02:31")
    assert abs((await story.judged())["2026-05-05"].forecast.at - zurich("2026-05-05T07:00")) < timedelta(minutes=10)


async def test_it_does_not_flap(story):
    """Between the two thresholds it stays what it was."""
    await chain(story)
    await story.sla(deadline=timedelta(hours=7))
    await story.ran("2026-05-05T02:00", ref=INGEST)
    await story.ran("2026-05-05T02:00", ref=CRM)
    states = []
    for minute in range(0, 60, 5):
        await story.look(f"2026-05-05T03:{minute:02}")
        states.append((await story.judged())["2026-05-05"].state)
    assert sum(one is not other for one, other in pairwise(states)) <= 1


async def test_how_far_a_run_is_counts_and_not_how_long_it_has_taken(story):
    """Reading takes one to three hours, loading half an hour: once it has been read, half an hour is left."""
    await story.pipeline(MARTS)
    for day in range(20):
        start = zurich("2026-05-05T02:00") - timedelta(days=20 - day)
        read = start + timedelta(minutes=60 + day * 6)
        end = read + timedelta(minutes=30)
        run = await story.ran(start, end)
        await story.world.task_runs(run, task("read", start, read), task("load", read, end))
    await story.sla()
    run = await story.ran("2026-05-05T02:00", name="tonight")
    start, read = zurich("2026-05-05T02:00"), zurich("2026-05-05T03:00")
    await story.world.task_runs(run, task("read", start, None, index=0), task("read", start, read, index=1))
    await story.look("2026-05-05T03:05")
    found = (await story.judged())["2026-05-05"]
    assert found.forecast.high > zurich("2026-05-05T05:00"), "one instance of it still reads"
    await story.world.task_runs(run, task("read", start, read, index=0))
    await story.look("2026-05-05T03:10")
    found = (await story.judged())["2026-05-05"]
    assert abs(found.forecast.at - zurich("2026-05-05T03:30")) < timedelta(minutes=2)
    assert found.forecast.high < zurich("2026-05-05T03:40")


def task(name: str, start: datetime, end: datetime | None, index: int | None = None) -> ObservedTaskRun:
    state = TaskRunState.SUCCESS if end else TaskRunState.RUNNING
    return ObservedTaskRun(name, state, "x", map_index=index, attempt=1, started_at=start, ended_at=end)
