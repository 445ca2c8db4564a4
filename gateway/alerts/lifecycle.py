"""How an incident lives: it opens, grows, becomes quiet, is resolved, and may come back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.alerts.grouping import Case, Problem
from gateway.alerts.relation import Wrong
from gateway.domain.incidents import Fact, Incident, IncidentState, Severity, Signal, Step, StepKind

#: How long all must be well before an incident is over; twice as long with each time that it came back.
CALM = timedelta(minutes=2)
LONGEST_CALM = timedelta(hours=2)
#: How long after it is over it still is the same incident that comes back.
REOPENS_WITHIN = timedelta(minutes=30)
#: What went wrong longer ago than this, and was never noted, is left alone.
STALE = timedelta(hours=24)
#: Lines of a timeline for what comes at once; the rest is counted.
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of an incident now."""

    incident: Incident
    steps: Sequence[Step] = ()
    begins: Sequence[Fact] = ()
    ends: Sequence[Signal] = ()
    #: Cases that become a part of it.
    merges: Sequence[Case] = ()
    #: The key of the signal that is its cause.
    root_key: str | None = None


def begun(problem: Problem, now: datetime) -> Turn:
    """A problem is an incident, a new one or one that is known."""
    root = problem.root
    if root is None:
        raise ValueError("a problem has a cause")
    survivor = _survivor(problem.cases)
    merges = [case for case in problem.cases if case is not survivor and not case.incident.is_resolved]
    worst = _worst(problem.begins, [one for case in problem.cases for one in case.signals if one.holds])
    if survivor is None:
        opened = Incident(0, _title(root), worst, IncidentState.OPEN, None, opened_at=now)
        steps = [Step(now, StepKind.OPENED, _title(root)), *_lines(problem.begins, root.key, now)]
        return Turn(opened, steps, problem.begins, root_key=root.key)
    incident, steps = _goes_on(survivor, worst, now) if problem.begins else (survivor.incident, [])
    incident = replace(incident, title=_title(root))
    is_found = survivor.root is None or root.key != survivor.root.key
    if is_found:
        steps.append(Step(now, StepKind.CAUSE_FOUND, _title(root)))
    steps += [Step(now, StepKind.MERGED, f"{case.incident.title} is a part of it.") for case in merges]
    steps += _lines(problem.begins, root.key if is_found else "", now)
    return Turn(incident, steps, problem.begins, merges=merges, root_key=root.key)


def went_on(case: Case, ends: Sequence[Signal], now: datetime) -> Turn | None:
    """Some of its signals hold no more, or time has passed. None: nothing changes."""
    ended = {one.id for one in ends}
    holds = any(one.holds and one.id not in ended for one in case.signals)
    incident, steps = case.incident, _endings(ends, now)
    if holds:
        incident = replace(incident, quiet_since=None)
    elif incident.quiet_since is None:
        incident = replace(incident, quiet_since=now)
    elif now - incident.quiet_since >= calm(case):
        incident = replace(incident, state=IncidentState.RESOLVED, resolved_at=now)
        steps.append(Step(now, StepKind.RESOLVED, "All is well again."))
    if incident == case.incident and not ends:
        return None
    return Turn(incident, steps, ends=ends)


def calm(case: Case) -> timedelta:
    """How long all must be well before it is over."""
    times = max((one.times for one in case.signals), default=1) - 1
    return min(LONGEST_CALM, CALM * 2 ** min(max(times, case.incident.reopened), 10))


def silenced(incident: Incident, *, is_silent: bool, now: datetime) -> Turn | None:
    """Everything that it tells of is silenced, or not any more. None: nothing changes."""
    if is_silent and incident.state in (IncidentState.OPEN, IncidentState.ACKNOWLEDGED):
        state, text = IncidentState.SUPPRESSED, "Silenced."
    elif not is_silent and incident.state is IncidentState.SUPPRESSED:
        state = IncidentState.OPEN if incident.acknowledged_at is None else IncidentState.ACKNOWLEDGED
        text = "No longer silenced."
    else:
        return None
    return Turn(replace(incident, state=state), [Step(now, StepKind.SILENCED, text)])


def acknowledged(incident: Incident, by: str, comment: str | None, now: datetime) -> Turn:
    """Somebody takes care of it."""
    changed = replace(incident, state=IncidentState.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=by)
    return Turn(changed, [Step(now, StepKind.ACKNOWLEDGED, comment or "Acknowledged.", by)])


def resolved(incident: Incident, by: str, comment: str | None, now: datetime) -> Turn:
    """Somebody says that it is over."""
    changed = replace(incident, state=IncidentState.RESOLVED, resolved_at=now, quiet_since=now)
    return Turn(changed, [Step(now, StepKind.RESOLVED, comment or "Resolved by hand.", by)])


def _survivor(cases: Sequence[Case]) -> Case | None:
    """The first that was opened; where all are over, the last."""
    going_on = [case for case in cases if not case.incident.is_resolved]
    return min(going_on, key=lambda case: case.incident.id) if going_on else (cases[-1] if cases else None)


def _goes_on(case: Case, worst: Severity, now: datetime) -> tuple[Incident, list[Step]]:
    severity = max(case.incident.severity, worst, key=lambda one: one.rank)
    incident = replace(case.incident, severity=severity, quiet_since=None)
    if not incident.is_resolved:
        return incident, []
    again = replace(
        incident,
        state=IncidentState.OPEN,
        severity=worst,
        resolved_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        reopened=incident.reopened + 1,
    )
    return again, [Step(now, StepKind.REOPENED, "It is back.")]


def _worst(*found: Iterable[Fact | Signal]) -> Severity:
    everything = [one.severity for some in found for one in some]
    return max(everything, key=lambda one: one.rank, default=Severity.INFO)


def _title(root: Wrong) -> str:
    return root.message


def _lines(facts: Sequence[Fact], root_key: str, now: datetime) -> list[Step]:
    told = [one for one in facts if one.key != root_key]
    steps = [Step(now, StepKind.SIGNAL_BEGAN, one.message) for one in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        steps.append(Step(now, StepKind.SIGNAL_BEGAN, f"and {len(told) - MOST_LINES} more"))
    return steps


def _endings(ends: Sequence[Signal], now: datetime) -> list[Step]:
    steps = [Step(now, StepKind.SIGNAL_ENDED, f"No longer: {one.message}") for one in ends[:MOST_LINES]]
    if len(ends) > MOST_LINES:
        steps.append(Step(now, StepKind.SIGNAL_ENDED, f"and {len(ends) - MOST_LINES} more"))
    return steps
