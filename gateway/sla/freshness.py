"""Whether something stayed fresh over a day: a pure function of when it was written."""

from collections.abc import Callable, Sequence
from datetime import datetime

from gateway.domain.slas import Forecast, Reason, SlaState, Verdict
from gateway.sla.evaluate import SETTLED, Done, judge_due
from gateway.sla.slots import Slot


def judge_freshness(
    day: Slot,
    writes: Sequence[datetime],
    now: datetime,
    *,
    expires: Callable[[datetime], datetime | None],
    forecaster: Callable[[datetime, datetime], Forecast | None],
    was_at_risk: bool = False,
) -> Verdict:
    """One day of it, by all writes from the last before the day on, in order.

    The day is missed where at any moment of it the last write was too old. ``expires``: when a write is too old.
    """
    end = day.due_at or now
    is_over = now >= end + SETTLED
    for place, write in enumerate(writes):
        stale_at = expires(write)
        following = writes[place + 1] if place + 1 < len(writes) else None
        if stale_at is None or stale_at >= end:
            break
        if following is None:
            return _waiting(day, write, stale_at, now, forecaster, is_over=is_over, was_at_risk=was_at_risk)
        if following > stale_at and following > day.opens_at:
            again = None if is_over else end + SETTLED
            return Verdict(
                SlaState.MISSED, Reason.DONE_LATE, stale_at, following, is_final=is_over, look_again_at=again
            )
    last = writes[-1]
    if is_over:
        return Verdict(SlaState.MET, Reason.DONE_IN_TIME, end, last, is_final=True)
    stale_at = expires(last)
    forecast = forecaster(last, stale_at) if stale_at is not None else None
    return Verdict(SlaState.ON_TRACK, Reason.TIME_LEFT, stale_at, look_again_at=end + SETTLED, forecast=forecast)


def _waiting(
    day: Slot,
    write: datetime,
    stale_at: datetime,
    now: datetime,
    forecaster: Callable[[datetime, datetime], Forecast | None],
    *,
    is_over: bool,
    was_at_risk: bool,
) -> Verdict:
    """The last write is too old before the day is over, unless another comes."""
    if is_over and now >= stale_at + SETTLED:
        return Verdict(SlaState.MISSED, Reason.OVERDUE, stale_at, is_final=True)
    slot = Slot(day.key, day.opens_at, stale_at)
    none: Done | None = None
    return judge_due(slot, none, now, forecaster(write, stale_at), was_at_risk=was_at_risk)
