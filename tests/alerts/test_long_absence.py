"""Podium was away for long: what had come to its end before, and nobody had been told of, is told."""

from datetime import timedelta

import pytest

from gateway.alerts.lifecycle import REOPENS_WITHIN
from gateway.domain.dependencies import PipelineRef
from gateway.domain.states import RunState
from tests.store.conftest import database
from tests.stories.conftest import night

__all__ = ["database", "night"]

INGEST = PipelineRef("airflow", "ingest")


@pytest.mark.parametrize("away", [timedelta(minutes=1), REOPENS_WITHIN + timedelta(minutes=1), timedelta(days=3)])
async def test_an_end_is_told_however_late(night, away):
    """It is resolved by hand, and Podium is stopped before it has said so."""
    await night.alerts(route={"receiver": "hook", "group_wait": "0s"})
    await night.pipeline(INGEST)
    await night.ran("2026-05-04T11:50", "2026-05-04T12:00", RunState.FAILED, INGEST)
    await night.look("2026-05-04T12:01")
    assert [event for event, _ in night.inbox.told()] == ["opened"]
    (incident,) = await night.incidents()
    await night.steering.resolve(incident.id, "ann", None)
    for _ in range(2):
        await night.look(night.now + away)
        assert [event for event, _ in night.inbox.told()] == ["opened", "resolved"], "once"
    assert night.inbox.bodies[1]["incident"]["rootCause"]["pipeline"] == "ingest"
