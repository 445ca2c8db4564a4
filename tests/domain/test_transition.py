"""What an observed run means for the stored one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.observation import ObservedRun
from gateway.domain.records import Run
from gateway.domain.states import RunState, RunTrigger
from gateway.domain.transition import Reason, judge

T0 = datetime(2026, 5, 1, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def observed(state=RunState.RUNNING, native="running", **more) -> ObservedRun:
    return ObservedRun("ingest", "run-1", state, native, queued_at=T0, started_at=more.pop("started_at", T0), **more)


def stored(seen: ObservedRun, *, attempt: int = 1, read_at: datetime = T0) -> Run:
    return Run(
        id=1,
        orchestrator_id=1,
        pipeline_id=1,
        external_id=seen.external_id,
        state=seen.state,
        native_state=seen.native_state,
        trigger=seen.trigger,
        logical_at=seen.logical_at,
        partition=seen.partition,
        queued_at=seen.queued_at,
        started_at=seen.started_at,
        ended_at=seen.ended_at,
        parameters=seen.parameters,
        attempt=attempt,
        url=seen.url,
        parent_external_id=seen.parent_external_id,
        sort_at=T0,
        observed_at=T0,
        read_at=read_at,
        revision=1,
    )


def test_a_run_seen_for_the_first_time_is_attempt_one():
    verdict = judge(None, observed(), T0)
    assert (verdict.reason, verdict.attempt) == (Reason.FIRST_SEEN, 1)


def test_the_same_again_changes_nothing():
    assert judge(stored(observed()), observed(), T0 + MINUTE).reason is Reason.UNCHANGED


def test_an_end_is_a_change_of_state_within_the_attempt():
    done = observed(RunState.SUCCESS, "success", ended_at=T0 + MINUTE)
    verdict = judge(stored(observed()), done, T0 + MINUTE)
    assert (verdict.reason, verdict.attempt) == (Reason.STATE_CHANGED, 1)


def test_a_page_read_before_the_push_cannot_take_the_end_back():
    done = observed(RunState.SUCCESS, "success", ended_at=T0 + MINUTE)
    known = stored(done, read_at=T0 + MINUTE)
    assert judge(known, observed(), T0 + MINUTE / 2).reason is Reason.OUTDATED


def test_a_run_that_has_ended_and_runs_again_is_a_new_attempt():
    failed = observed(RunState.FAILED, "failed", ended_at=T0 + MINUTE)
    verdict = judge(stored(failed), observed(), T0 + 2 * MINUTE)
    assert (verdict.reason, verdict.attempt) == (Reason.REOPENED, 2)


def test_a_retry_that_ran_between_two_looks_is_still_counted():
    failed = observed(RunState.FAILED, "failed", ended_at=T0 + MINUTE)
    done = observed(RunState.SUCCESS, "success", started_at=T0 + 2 * MINUTE, ended_at=T0 + 3 * MINUTE)
    verdict = judge(stored(failed), done, T0 + 4 * MINUTE)
    assert (verdict.reason, verdict.attempt) == (Reason.REOPENED, 2)


def test_marking_a_failed_run_as_successful_is_no_new_attempt():
    failed = observed(RunState.FAILED, "failed", ended_at=T0 + MINUTE)
    marked = observed(RunState.SUCCESS, "success", ended_at=T0 + MINUTE)
    verdict = judge(stored(failed), marked, T0 + 2 * MINUTE)
    assert (verdict.reason, verdict.attempt) == (Reason.STATE_CHANGED, 1)


def test_the_vendors_own_count_of_attempts_wins():
    verdict = judge(stored(observed(attempt=1)), observed(attempt=3), T0 + MINUTE)
    assert (verdict.reason, verdict.attempt) == (Reason.REOPENED, 3)


def test_new_parameters_are_a_detail():
    verdict = judge(stored(observed()), observed(parameters={"day": "2026-05-01"}), T0 + MINUTE)
    assert verdict.reason is Reason.DETAILS_CHANGED


states = st.sampled_from(list(RunState))
instants = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
sightings = st.builds(
    ObservedRun,
    pipeline_key=st.just("ingest"),
    external_id=st.just("run-1"),
    state=states,
    native_state=st.sampled_from(["queued", "running", "success", "failed", "odd"]),
    trigger=st.sampled_from(list(RunTrigger)),
    started_at=instants,
    ended_at=instants,
    attempt=st.none() | st.integers(1, 5),
)


@given(sightings, st.lists(st.tuples(sightings, instants), max_size=6))
def test_whatever_is_seen_attempts_never_go_down_and_seeing_it_twice_changes_nothing(first, later):
    verdict = judge(None, first, T0)
    known = stored(first, attempt=verdict.attempt)
    for number, (sighting, _) in enumerate(later, 1):
        read_at = T0 + number * MINUTE
        vendor_counts_down = sighting.attempt is not None and sighting.attempt < known.attempt
        verdict = judge(known, sighting, read_at)
        assert verdict.attempt >= known.attempt or vendor_counts_down
        if verdict.reason.writes:
            known = stored(sighting, attempt=verdict.attempt, read_at=read_at)
        assert judge(known, sighting, read_at).reason is Reason.UNCHANGED


@pytest.mark.parametrize("reason", list(Reason))
def test_only_what_is_written_enters_the_history(reason):
    assert reason.writes or not reason.enters_history


def test_a_changed_native_word_is_a_change_of_state():
    late = observed(RunState.QUEUED, "Late")
    assert judge(stored(observed(RunState.QUEUED, "Scheduled")), late, T0 + MINUTE).reason is Reason.STATE_CHANGED
    assert judge(stored(late), replace(late, url="/runs/1"), T0 + MINUTE).reason is Reason.DETAILS_CHANGED
