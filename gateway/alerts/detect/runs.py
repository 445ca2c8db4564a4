"""Runs that failed, have not begun, or do not end."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

import numpy as np

from gateway.alerts.relation import labelled
from gateway.domain.incidents import Fact, SignalKind, Subjects
from gateway.domain.states import RunState
from gateway.store.database import ReadSession
from gateway.store.repository import alert_facts, run_facts
from gateway.store.repository.alert_facts import PipelineName
from gateway.store.repository.run_facts import RunFact

#: Runs that are gone back through for one that has ended.
LAST_RUNS = 10
#: How long after it was expected a run is late.
LATE_AFTER = timedelta(minutes=10)
#: A run is stuck that goes on for so many times what 99 of 100 take, and for so much longer.
TIMES_USUAL, LONGER = 2.0, timedelta(minutes=10)
#: With fewer runs nobody can say what is usual; more are not looked at.
FEWEST_RUNS, MOST_RUNS = 20, 200


async def failed(session: ReadSession, pipeline_ids: Collection[int]) -> dict[int, Fact]:
    """Of each pipeline, that its last run that came to an end has failed."""
    names = await alert_facts.names(session, pipeline_ids)
    last = await run_facts.latest(session, names, LAST_RUNS)
    found: dict[int, Fact] = {}
    for identity, name in names.items():
        run = _last_ended(last.get(identity, ()))
        if run is not None and run.state is RunState.FAILED:
            message = f"{name} failed (run {run.external_id})"
            found[identity] = _fact(SignalKind.RUN_FAILED, name, run.ended_at or run.started_at, message, run.id)
    return found


async def late(session: ReadSession, now: datetime) -> dict[int, Fact]:
    """Pipelines whose expected start has passed, and those of which a run is there that does not begin."""
    queued = await alert_facts.waiting(session, now - LATE_AFTER)
    found = {
        identity: _fact(
            SignalKind.RUN_LATE, name, since, f"{name} has not begun (run {run}), due {_utc(since)}", run_id
        )
        for identity, (name, run_id, run, since) in queued.items()
    }
    for one in await alert_facts.overdue(session, now - LATE_AFTER):
        message = f"{one} has not begun, due {_utc(one.next_run_at)}"
        found.setdefault(one.id, _fact(SignalKind.RUN_LATE, one, one.next_run_at, message))
    return found


async def stuck(session: ReadSession, now: datetime, usual: dict[int, float | None]) -> dict[int, Fact]:
    """Runs that take far longer than such runs do; ``usual`` keeps what 99 of 100 take, in seconds, by pipeline."""
    going = await alert_facts.running(session, now - LONGER)
    unknown = {pipeline for _, pipeline, _, _ in going} - usual.keys()
    past = await alert_facts.durations(session, unknown, MOST_RUNS)
    usual |= {one: float(np.quantile(took, 0.99)) if len(took) >= FEWEST_RUNS else None for one, took in past.items()}
    names = await alert_facts.names(session, {pipeline for _, pipeline, _, _ in going})
    found: dict[int, Fact] = {}
    for run, pipeline, external, started in going:
        most = usual[pipeline]
        if most is None or pipeline not in names:
            continue
        since = started + max(timedelta(seconds=most * TIMES_USUAL), timedelta(seconds=most) + LONGER)
        if since <= now:
            took = timedelta(seconds=round(most))
            message = f"{names[pipeline]} does not end (run {external}; 99 of 100 take at most {took})"
            found[run] = _fact(SignalKind.RUN_STUCK, names[pipeline], since, message, run)
    return found


def labels_of(name: PipelineName) -> Mapping[str, str | None]:
    """By which a pipeline's signals are routed."""
    return {
        "orchestrator": name.orchestrator,
        "orchestrator_kind": name.orchestrator_kind,
        "pipeline": name.key,
        "owner": ",".join(name.owners),
    }


def _fact(
    kind: SignalKind, name: PipelineName, since: datetime | None, message: str, run_id: int | None = None
) -> Fact:
    if since is None:
        raise ValueError(f"{message}: nobody knows since when")
    about = Subjects(orchestrator_id=name.orchestrator_id, pipeline_id=name.id, run_id=run_id)
    told = labelled({"signal": kind.lower(), "severity": kind.severity.lower(), **labels_of(name)})
    return Fact(kind, name.id, about, since, message, kind.severity, told)


def _last_ended(runs: Iterable[RunFact]) -> RunFact | None:
    """Of runs, oldest first: what was cancelled or skipped says nothing of how it would have gone."""
    ended = [one for one in runs if one.state in (RunState.SUCCESS, RunState.FAILED)]
    return ended[-1] if ended else None


def _utc(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
