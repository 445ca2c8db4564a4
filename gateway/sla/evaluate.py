"""How one slot of an SLA stands: a pure function of facts and the time, with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.domain.slas import Forecast, Reason, SlaState, Verdict
from gateway.domain.states import RunState
from gateway.domain.statistics import JUDGED
from gateway.sla.slots import Slot

#: A promise is at risk from this breach probability on, and no longer below that: between them it stays as it is.
AT_RISK_FROM, SAFE_BELOW = 0.7, 0.35
#: What was done just in time is heard of only a while later.
SETTLED = timedelta(seconds=30)
#: How soon a success rate is looked at again for runs that have become too old to count.
LEAVING = timedelta(hours=1)
#: Forecasts that nothing has changed are made again not sooner than this.
SOONEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Done:
    """A result that counts."""

    at: datetime
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A run whose duration is judged."""

    run_id: int
    state: RunState
    started_at: datetime | None
    ended_at: datetime | None


def judge_due(
    slot: Slot, done: Done | None, now: datetime, forecast: Forecast | None = None, *, was_at_risk: bool = False
) -> Verdict:
    """Something that is due: a deadline, or the next write of what is to stay fresh."""
    due = slot.due_at
    if done is not None:
        is_late = due is not None and done.at > due
        state, reason = (SlaState.MISSED, Reason.DONE_LATE) if is_late else (SlaState.MET, Reason.DONE_IN_TIME)
        return Verdict(state, reason, due, done.at, done.run_id, is_final=True)
    if due is not None and now >= due + SETTLED:
        if slot.closes_at is not None and now >= slot.closes_at:
            return Verdict(SlaState.MISSED, Reason.NEVER_DONE, due, is_final=True)
        return Verdict(SlaState.MISSED, Reason.OVERDUE, due, look_again_at=slot.closes_at, forecast=forecast)
    if now < slot.opens_at:
        return Verdict(SlaState.PENDING, Reason.NOT_BEGUN, due, look_again_at=slot.opens_at)
    if due is None:
        return Verdict(SlaState.ON_TRACK, Reason.TIME_LEFT, None)
    return _in_time(due, now, forecast, was_at_risk=was_at_risk)


def judge_duration(
    limit: timedelta | None, run: Seen, now: datetime, forecast: Forecast | None = None, *, was_at_risk: bool = False
) -> Verdict:
    """How long a run takes; ``limit`` None: there is too little history to say what is long."""
    if run.started_at is None:
        return Verdict(SlaState.PENDING, Reason.NOT_BEGUN, None, run_id=run.run_id, is_final=run.state.is_terminal)
    if limit is None:
        reason = Reason.LITTLE_HISTORY
        return Verdict(SlaState.PENDING, reason, None, run_id=run.run_id, is_final=run.state.is_terminal)
    due = run.started_at + limit
    measured = limit.total_seconds()
    if run.ended_at is not None and run.state.is_terminal:
        verdict = judge_due(Slot("", run.started_at, due), Done(run.ended_at, run.run_id), now)
        if verdict.state is SlaState.MET and run.state is not RunState.SUCCESS:
            verdict = replace(verdict, reason=Reason.ENDED_UNSUCCESSFUL)
    else:
        verdict = judge_due(Slot("", run.started_at, due), None, now, forecast, was_at_risk=was_at_risk)
    return replace(verdict, run_id=run.run_id, measured=measured)


def judge_rate(target: float, counts: Mapping[RunState, int], day: Slot, now: datetime) -> Verdict:
    """The share of runs that succeed, judged day by day: it counts how it is when the day ends."""
    finished = sum(counts.get(state, 0) for state in JUDGED)
    succeeded = counts.get(RunState.SUCCESS, 0)
    is_over = day.due_at is not None and now >= day.due_at
    if finished == 0:
        return Verdict(
            SlaState.PENDING, Reason.LITTLE_HISTORY, day.due_at, is_final=is_over, look_again_at=_until(day, now)
        )
    rate = succeeded / finished
    if rate < target:
        state, reason = SlaState.MISSED, Reason.TOO_MANY_FAIL
    elif is_over:
        state, reason = SlaState.MET, Reason.ENOUGH_SUCCEED
    elif succeeded / (finished + 1) < target:
        state, reason = SlaState.AT_RISK, Reason.NO_FAILURE_LEFT
    else:
        state, reason = SlaState.ON_TRACK, Reason.ENOUGH_SUCCEED
    return Verdict(state, reason, day.due_at, is_final=is_over, look_again_at=_until(day, now), measured=rate)


def _until(day: Slot, now: datetime) -> datetime | None:
    """Runs leave the window though nothing happens; when exactly is not worth knowing."""
    return min(day.due_at, now + LEAVING) if day.due_at is not None and day.due_at > now else None


def _in_time(due: datetime, now: datetime, forecast: Forecast | None, *, was_at_risk: bool) -> Verdict:
    if forecast is None:
        return Verdict(SlaState.ON_TRACK, Reason.TIME_LEFT, due, look_again_at=due + SETTLED)
    is_at_risk = forecast.breach_probability >= (SAFE_BELOW if was_at_risk else AT_RISK_FROM)
    state, reason = (
        (SlaState.AT_RISK, Reason.FORECAST_LATE) if is_at_risk else (SlaState.ON_TRACK, Reason.FORECAST_IN_TIME)
    )
    again = min(due + SETTLED, _next_forecast(due, now, forecast))
    return Verdict(state, reason, due, look_again_at=again, forecast=forecast)


def _next_forecast(due: datetime, now: datetime, forecast: Forecast) -> datetime:
    """When what is waited for should have happened; where that is over, a tenth of the time that is left."""
    waited = [at for step in forecast.path for at in (step.expected_start, step.expected_end) if at and at > now]
    soonest = now + max(SOONEST, (due - now) / 10)
    return max(now + SOONEST, min(waited)) if waited else soonest
