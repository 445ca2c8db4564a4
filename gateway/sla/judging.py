"""One SLA, what is known of it and what has happened: which verdicts are due. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from gateway.domain.slas import Evaluation, Forecast, Sla, SlaKind, SlaState, Verdict
from gateway.domain.states import RunState
from gateway.sla.evaluate import Done, Seen, judge_due, judge_duration, judge_rate
from gateway.sla.freshness import judge_freshness
from gateway.sla.slots import Slot, day_at, days_of, deadline_of, deadlines

#: Slots that are caught up with at once, after Podium was away.
MOST_SLOTS = 400

#: A forecast is written anew where it has moved by more than this and a tenth of its interval, or its probability by
#: more than that.
_MOVED, _SHIFTED = timedelta(minutes=1), 0.02

#: When the SLA's result is expected after an instant, for something due then; None: nobody can say.
Forecaster = Callable[[datetime, datetime], Forecast | None]


@dataclass(frozen=True, slots=True)
class Result:
    """A success or a write."""

    at: datetime
    run_id: int | None = None
    #: The instant whose data it made, where it says so.
    logical_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What an SLA is judged by."""

    #: Results since the earliest slot that is open, oldest first.
    results: Sequence[Result] = ()
    #: The last one before these.
    before: datetime | None = None
    #: DURATION: runs to be judged, and the limit.
    runs: Sequence[tuple[str, Seen]] = ()
    limit: timedelta | None = None
    #: SUCCESS_RATE: runs that ended within the window, by the day at whose end it ends, and by state.
    counts: Mapping[str, Mapping[RunState, int]] = field(default_factory=dict[str, Mapping[RunState, int]])


@dataclass(frozen=True, slots=True)
class Due:
    """A verdict on one key."""

    key: str
    opens_at: datetime
    verdict: Verdict
    known: Evaluation | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Verdicts that differ from what is known, what is no longer judged, and when time alone may change any."""

    due: Sequence[Due] = ()
    dropped: Sequence[int] = ()
    look_again_at: datetime | None = None


def judge(sla: Sla, known: Sequence[Evaluation], facts: Facts, now: datetime, forecaster: Forecaster) -> Outcome:
    """All of it."""
    match sla.spec.kind:
        case SlaKind.DEADLINE:
            return _deadlines(sla, known, facts, now, forecaster)
        case SlaKind.FRESHNESS:
            return _by_day(sla, known, now, lambda day: _fresh(sla, day, facts, now, forecaster, known))
        case SlaKind.SUCCESS_RATE:
            target = sla.spec.target_rate or 0.0
            return _by_day(sla, known, now, lambda day: judge_rate(target, facts.counts.get(day.key, {}), day, now))
        case SlaKind.DURATION:
            return _durations(sla, known, facts, now, forecaster)


def first_wanted(sla: Sla, known: Sequence[Evaluation], now: datetime) -> datetime:
    """From when on results count."""
    spec = sla.spec
    if spec.kind is SlaKind.FRESHNESS:
        return min([*(day.opens_at for day, _ in open_days(sla, known, now)), now])
    if known:  # what follows opens later
        opened = [one.opens_at for one in known if not one.is_final]
        return min([*opened, max(one.opens_at for one in known), now])
    first = next(deadlines(spec, sla.active_since), None)
    return min(first.opens_at, now) if first is not None else now


def _judged_until(sla: Sla, known: Sequence[Evaluation]) -> datetime:
    """What was due before is judged already, or not at all."""
    return max([sla.active_since, *(one.due_at for one in known if one.due_at is not None)])


def _deadlines(sla: Sla, known: Sequence[Evaluation], facts: Facts, now: datetime, forecaster: Forecaster) -> Outcome:
    due: list[Due] = []
    dropped: list[int] = []
    for one in known:
        if one.is_final:
            continue
        slot = _slot_of(sla, one)
        if slot is None:
            dropped.append(one.id)
        else:
            due.append(_judge_slot(slot, facts, now, forecaster, one))
    left = [one for one in known if one.id not in dropped]
    since = _judged_until(sla, left)
    if dropped:  # it is due at another time now
        since = max(since, sla.changed_at)
    last_key = max((one.key for one in left), default="")
    fresh = (slot for slot in deadlines(sla.spec, since) if slot.key > last_key)
    for slot in islice(fresh, MOST_SLOTS):
        if slot.opens_at > now and (due or left):
            again = slot.opens_at
            break
        due.append(_judge_slot(slot, facts, now, forecaster, None))
        if slot.opens_at > now:
            again = slot.opens_at
            break
    else:
        again = None
    return _outcome(due, dropped, again)


def _slot_of(sla: Sla, known: Evaluation) -> Slot | None:
    """What a key means now. What was due before the last change stays as it was; None: it is no longer judged."""
    if known.due_at is not None and known.due_at <= sla.changed_at:
        later = deadlines(sla.spec, known.due_at)
        following = next((slot for slot in later if slot.key > known.key), None)
        closes_at = max(following.opens_at, known.due_at) if following else None
        return Slot(known.key, known.opens_at, known.due_at, closes_at)
    slot = deadline_of(sla.spec, known.key)
    is_judged = slot is not None and slot.due_at is not None and slot.due_at > max(sla.active_since, sla.changed_at)
    return slot if is_judged else None


def _judge_slot(slot: Slot, facts: Facts, now: datetime, forecaster: Forecaster, known: Evaluation | None) -> Due:
    done = next((Done(one.at, one.run_id) for one in facts.results if _counts(one, slot)), None)
    forecast = None
    if done is None and slot.due_at is not None and slot.opens_at <= now and not _is_closed(slot, now):
        forecast = forecaster(slot.opens_at, slot.due_at)
    was_at_risk = known is not None and known.state is SlaState.AT_RISK
    return Due(slot.key, slot.opens_at, judge_due(slot, done, now, forecast, was_at_risk=was_at_risk), known)


def _is_closed(slot: Slot, now: datetime) -> bool:
    return slot.closes_at is not None and now >= slot.closes_at


def _counts(result: Result, slot: Slot) -> bool:
    if slot.data is not None:
        return result.logical_at is not None and slot.data.start <= result.logical_at < slot.data.end
    return slot.opens_at <= result.at and (slot.closes_at is None or result.at < slot.closes_at)


def open_days(sla: Sla, known: Sequence[Evaluation], now: datetime) -> list[tuple[Slot, Evaluation | None]]:
    """Days to be judged, of kinds that are judged day by day: those that are open, and all since, up to today."""
    found: list[tuple[Slot, Evaluation | None]] = [
        (day_at(sla.spec, one.opens_at), one) for one in known if not one.is_final
    ]
    days, today = days_of(sla.spec), day_at(sla.spec, now)
    last = max((day_at(sla.spec, one.opens_at) for one in known), key=lambda day: day.opens_at, default=None)
    day = today if last is None else day_at(sla.spec, max(last.due_at or now, sla.active_since))
    for _ in range(MOST_SLOTS):
        if day.opens_at > now or (last is not None and day.opens_at <= last.opens_at):
            break
        if days.applies(day.opens_at.astimezone(sla.spec.zone).date()):
            found.append((day, None))
        day = day_at(sla.spec, day.due_at or now)
    return found


def _by_day(sla: Sla, known: Sequence[Evaluation], now: datetime, judge_day: Callable[[Slot], Verdict]) -> Outcome:
    due = [_of_day(day, one, judge_day) for day, one in open_days(sla, known, now)]
    return _outcome(due, (), day_at(sla.spec, now).due_at)


def _of_day(day: Slot, known: Evaluation | None, judge_day: Callable[[Slot], Verdict]) -> Due:
    return Due(known.key if known else day.key, day.opens_at, judge_day(day), known)


def _fresh(
    sla: Sla, day: Slot, facts: Facts, now: datetime, forecaster: Forecaster, known: Sequence[Evaluation]
) -> Verdict:
    days = days_of(sla.spec)
    limit, zone = sla.spec.limit or timedelta(0), sla.spec.zone
    was_at_risk = any(one.key == day.key and one.state is SlaState.AT_RISK for one in known)
    return judge_freshness(
        day,
        _writes(sla, facts),
        now,
        expires=lambda at: days.later(at, limit, zone),
        forecaster=forecaster,
        was_at_risk=was_at_risk,
    )


def _writes(sla: Sla, facts: Facts) -> Sequence[datetime]:
    """When it was written, in order; before the promise, the last time only. With none, the promise counts as one."""
    known = [*([facts.before] if facts.before is not None else []), *(one.at for one in facts.results)]
    since = next((at for at in reversed(known) if at <= sla.active_since), None)
    if since is None:
        return known if facts.before is not None else [sla.active_since, *known]
    return [since, *(at for at in known if at > sla.active_since)]


def _durations(sla: Sla, known: Sequence[Evaluation], facts: Facts, now: datetime, forecaster: Forecaster) -> Outcome:
    by_key = {one.key: one for one in known}
    due: list[Due] = []
    for key, run in facts.runs:
        before = by_key.get(key)
        if run.started_at is None or run.started_at < sla.active_since or (before is not None and before.is_final):
            continue
        if not days_of(sla.spec).applies(run.started_at.astimezone(sla.spec.zone).date()):
            continue
        # The limit that history sets is that of the run's beginning.
        limit = facts.limit
        if before is not None and before.measured is not None and sla.spec.deviations is not None:
            limit = timedelta(seconds=before.measured)
        forecast = None
        if limit is not None and not run.state.is_terminal:
            forecast = forecaster(run.started_at, run.started_at + limit)
        was_at_risk = before is not None and before.state is SlaState.AT_RISK
        verdict = judge_duration(limit, run, now, forecast, was_at_risk=was_at_risk)
        due.append(Due(key, run.started_at, verdict, before))
    return _outcome(due, (), None)


def _outcome(due: Sequence[Due], dropped: Sequence[int], again: datetime | None) -> Outcome:
    looks = [one.verdict.look_again_at for one in due if one.verdict.look_again_at is not None]
    looks += [again] if again is not None else []
    return Outcome([one for one in due if differs(one)], dropped, min(looks, default=None))


def differs(due: Due) -> bool:
    """Whether a verdict says anything new."""
    known, verdict = due.known, due.verdict
    if known is None:
        return True
    if (known.state, known.reason, known.due_at, known.completed_at, known.run_id, known.is_final) != (
        verdict.state,
        verdict.reason,
        verdict.due_at,
        verdict.completed_at,
        verdict.run_id,
        verdict.is_final,
    ):
        return True
    return known.measured != verdict.measured or _has_moved(known.forecast, verdict.forecast)


def _has_moved(before: Forecast | None, after: Forecast | None) -> bool:
    if before is None or after is None:
        return before is not after
    if abs(before.breach_probability - after.breach_probability) > _SHIFTED:
        return True
    if [step.pipeline_id for step in before.path] != [step.pipeline_id for step in after.path]:
        return True
    if before.at is None or after.at is None:
        return before.at is not after.at
    width = after.high - after.low if after.high is not None and after.low is not None else timedelta(0)
    return abs(before.at - after.at) > max(_MOVED, width / 10)
