"""What should have begun and has not."""

import pytest

from gateway.domain.dependencies import PipelineRef
from gateway.domain.incidents import SignalKind
from gateway.domain.states import RunState, RunTrigger
from tests.sla.conftest import zurich

SYNC = PipelineRef("prefect", "crm-sync")


async def queued(night, at: str, name: str, **more) -> None:
    given = {"queued_at": zurich(at), **more}
    await night.world.run(night.pipelines[SYNC], name, given.pop("state", RunState.QUEUED), **given)


async def test_a_run_that_is_there_and_does_not_begin(night):
    """Prefect plans the next run as soon as one is due: that nobody takes it up shows in the run alone."""
    await night.pipeline(SYNC, next_run_at=zurich("2026-05-04T15:00"))
    await queued(night, "2026-05-04T13:00", "late")
    await night.look("2026-05-04T13:09")
    assert await night.incidents() == []
    await queued(night, "2026-05-04T13:05", "later")
    await night.look("2026-05-04T13:11")
    (incident,) = await night.incidents()
    (signal,) = await night.signals(incident)
    assert signal.kind is SignalKind.RUN_LATE
    assert signal.message == "prefect/crm-sync has not begun (run late), due 2026-05-04 11:00 UTC"
    night.world.now = zurich("2026-05-04T13:12")
    for name in ("late", "later"):
        await queued(night, "2026-05-04T13:00", name, state=RunState.RUNNING, started_at=zurich("2026-05-04T13:12"))
    await night.look("2026-05-04T13:12")
    assert [one.holds for one in await night.signals(incident)] == [False]


@pytest.mark.parametrize(
    "reason", ["another one runs", "the past is filled up", "it is paused", "it waits to try again"]
)
async def test_what_waits_for_its_turn_is_not_late(night, reason):
    await night.pipeline(SYNC, is_paused=reason == "it is paused")
    trigger = RunTrigger.BACKFILL if reason == "the past is filled up" else RunTrigger.SCHEDULE
    began = zurich("2026-05-04T13:01") if reason == "it waits to try again" else None
    await queued(night, "2026-05-04T13:00", "waits", trigger=trigger, started_at=began)
    if reason == "another one runs":
        await night.ran("2026-05-04T12:30", None, RunState.RUNNING, SYNC)
    await night.look("2026-05-04T14:00")
    assert await night.incidents() == []
