"""Dependencies that gave up, promises that are broken or will be, orchestrators that do not answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from gateway.alerts.relation import labelled
from gateway.domain.dependencies import Dependency, FiringState, PipelineRef
from gateway.domain.incidents import Fact, Severity, SignalKind, Subjects
from gateway.domain.slas import Sla, SlaKind, SlaSpec, SlaState
from gateway.domain.states import OrchestratorStatus
from gateway.store.database import ReadSession
from gateway.store.repository import alert_facts
from gateway.store.repository.alert_facts import LastFiring, Standing
from lineage.openlineage.state import name_id

#: How long an orchestrator may not answer before it is said to be unreachable.
SILENT_FOR = timedelta(minutes=2)


async def firings(
    session: ReadSession, known: Mapping[int, Dependency], ids: Mapping[PipelineRef, tuple[int, int]], since: datetime
) -> dict[int, Fact]:
    """Of dependencies, that the last firing expired, or that its target could not be triggered.

    ``ids``: (pipeline, orchestrator) by name. A run that was triggered and failed is the run's own affair.
    """
    found: dict[int, Fact] = {}
    for one in await alert_facts.last_firings(session, since, known):
        is_expired = one.state is FiringState.EXPIRED
        if is_expired or (one.state is FiringState.FAILED and one.run_id is None):
            kind = SignalKind.DEPENDENCY_EXPIRED if is_expired else SignalKind.TRIGGER_FAILED
            found[one.dependency_id] = _firing(kind, one, known[one.dependency_id], ids)
    return found


async def promises(
    session: ReadSession, known: Mapping[int, Sla], ids: Mapping[PipelineRef, tuple[int, int]]
) -> dict[int, list[Fact]]:
    """Of SLAs, that they are missed and still not fulfilled, or about to be."""
    found: dict[int, list[Fact]] = {}
    for one in await alert_facts.standings(session, known):
        if one.state is SlaState.AT_RISK:
            fact = _promise(SignalKind.SLA_AT_RISK, one, known[one.sla_id], ids)
        elif one.state is SlaState.MISSED and one.completed_at is None:
            fact = _promise(SignalKind.SLA_MISSED, one, known[one.sla_id], ids)
        else:
            continue
        found.setdefault(one.sla_id, []).append(fact)
    return found


async def unreachable(session: ReadSession, now: datetime) -> dict[int, Fact]:
    """Orchestrators of which nothing is known for some time."""
    found: dict[int, Fact] = {}
    for identity, name, kind, status, since, why in await alert_facts.unreachable(session):
        if since > now - SILENT_FOR:
            continue
        verb = "does not let Podium in" if status is OrchestratorStatus.UNAUTHORIZED else "does not answer"
        message = f"{name} {verb}" + (f": {why.removeprefix(f'{name}: ')}" if why else "")
        signal = SignalKind.ORCHESTRATOR_UNREACHABLE
        told = labelled(
            {
                "signal": signal.lower(),
                "severity": signal.severity.lower(),
                "orchestrator": name,
                "orchestrator_kind": kind,
            }
        )
        found[identity] = Fact(
            signal, identity, Subjects(orchestrator_id=identity), since, message, signal.severity, told
        )
    return found


def _firing(
    kind: SignalKind, one: LastFiring, dependency: Dependency, ids: Mapping[PipelineRef, tuple[int, int]]
) -> Fact:
    target = dependency.spec.target
    pipeline, orchestrator = ids.get(target, (None, None))
    what = "is not complete in time" if kind is SignalKind.DEPENDENCY_EXPIRED else f"could not trigger {target}"
    message = f"{one.dependency} {what} for {one.key}" + (f": {one.error}" if one.error else "")
    about = Subjects(orchestrator, pipeline, dependency_id=one.dependency_id)
    told = {
        "signal": kind.lower(),
        "severity": kind.severity.lower(),
        "orchestrator": target.orchestrator,
        "pipeline": target.key,
        "dependency": one.dependency,
    }
    return Fact(kind, one.dependency_id, about, one.ended_at, message, kind.severity, told)


def _promise(kind: SignalKind, one: Standing, sla: Sla, ids: Mapping[PipelineRef, tuple[int, int]]) -> Fact:
    spec = sla.spec
    message = f"{spec.name} is {'missed' if kind is SignalKind.SLA_MISSED else 'at risk'} ({_when(spec, one)})"
    pipeline, orchestrator = ids.get(spec.pipeline, (None, None)) if spec.pipeline else (None, None)
    dataset = name_id(spec.dataset.namespace, spec.dataset.name) if spec.dataset else None
    state = SlaState.MISSED if kind is SignalKind.SLA_MISSED else SlaState.AT_RISK
    asked = [action for action in spec.actions if action.on is state]
    raised = [action.severity for action in asked if action.severity is not None]
    severity = kind.severity if spec.severity is None else _milder(spec.severity, kind)
    severity = max([severity, *raised], key=lambda level: level.rank)
    told = labelled(
        {
            "signal": kind.lower(),
            "severity": severity.lower(),
            "sla": spec.name,
            "owner": spec.owner,
            "notify": ",".join(action.notify for action in asked if action.notify is not None),
            "orchestrator": spec.pipeline.orchestrator if spec.pipeline else None,
            "pipeline": spec.pipeline.key if spec.pipeline else None,
            "dataset": spec.dataset.name if spec.dataset else None,
        }
    )
    about = Subjects(orchestrator, pipeline, one.run_id, dataset, sla_id=one.sla_id)
    return Fact(kind, one.sla_id, about, one.since, message, severity, told)


def _when(spec: SlaSpec, one: Standing) -> str:
    """What a person wants to know of its time."""
    if spec.kind not in (SlaKind.DEADLINE, SlaKind.FRESHNESS):
        return f"{spec.target}, {one.key}"
    expected = f", expected {_utc(one.predicted_at)}" if one.predicted_at else ""
    return f"{spec.target}, due {_utc(one.due_at)}{expected}"


def _milder(severity: Severity, kind: SignalKind) -> Severity:
    """A promise that may yet be kept is a step less bad than one that is broken."""
    if kind is SignalKind.SLA_MISSED:
        return severity
    return list(Severity)[max(0, severity.rank - 1)]


def _utc(at: datetime | None) -> str:
    return "?" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
