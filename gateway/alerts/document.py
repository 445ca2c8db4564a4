"""What receivers are told: one document, version 1, as ``notification.schema.json`` has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from gateway.domain.incidents import (
    Incident,
    IncidentState,
    NoticeKind,
    Severity,
    Signal,
    SignalKind,
    Step,
    StepKind,
    Subjects,
)

VERSION = 1
#: Signals, and names of each kind, that a document holds; the rest is counted.
MOST_SIGNALS, MOST_NAMES, MOST_LINES = 50, 20, 20


@dataclass(frozen=True, slots=True)
class Named:
    """Names of what an incident hurts."""

    pipelines: Sequence[str] = ()
    datasets: Sequence[str] = ()
    slas: Sequence[str] = ()
    owners: Sequence[str] = ()
    orchestrators: Sequence[str] = ()


def key_of(incident_id: int) -> str:
    """By which all messages about one incident are known to receivers."""
    return f"podium-incident-{incident_id}"


def document(
    kind: NoticeKind,
    incident: Incident,
    signals: Sequence[Signal],
    hurt: Named,
    timeline: Sequence[Step],
    public_url: str | None,
) -> dict[str, Any]:
    """As ``docs/alerts.md`` describes it."""
    root = next((one for one in signals if one.id == incident.root_id), None)
    held = [one for one in signals if one.holds] or list(signals)
    url = f"{public_url.rstrip('/')}/incidents/{incident.id}" if public_url else None
    return {
        "version": VERSION,
        "event": kind.value,
        "incident": {
            "id": incident.id,
            "key": key_of(incident.id),
            "title": incident.title,
            "severity": incident.severity.value,
            "state": incident.state.value,
            "url": url,
            "acknowledgeUrl": _acknowledge_url(incident, kind, url),
            "openedAt": _text(incident.opened_at),
            "acknowledgedAt": _text(incident.acknowledged_at),
            "acknowledgedBy": incident.acknowledged_by,
            "resolvedAt": _text(incident.resolved_at),
            "mergedInto": key_of(incident.merged_into) if incident.merged_into is not None else None,
            "rootCause": _signal(root) if root is not None else None,
            "impact": {
                "pipelines": _some(hurt.pipelines),
                "datasets": _some(hurt.datasets),
                "slas": _some(hurt.slas),
                "owners": _some(hurt.owners),
                "orchestrators": _some(hurt.orchestrators),
            },
            "signals": [_signal(one) for one in held[:MOST_SIGNALS]],
            "signalCount": len(signals),
        },
        "timeline": [
            {"at": _text(one.at), "kind": one.kind.value, "text": one.text, "by": one.by}
            for one in timeline[-MOST_LINES:]
        ],
    }


def examples() -> Iterator[dict[str, Any]]:
    """Documents of each event, with all that one can hold and with as little as there can be. No label is for sure."""
    at = datetime(2026, 5, 5, 4, 10, 2, tzinfo=UTC)
    message = "airflow-prod/ingest_sales failed (run scheduled__2026-05-05)"
    signals = [
        Signal(place, 12, f"run_failed:{place}", SignalKind.RUN_FAILED, Subjects(), at, ended, message, severity, {})
        for place, ended, severity in ((1, None, Severity.CRITICAL), (2, at, Severity.ERROR))
    ]
    hurt = Named(["dagster/marts"], ["sales.orders"], ["sales-by-nine"], ["sales"], ["airflow-prod"])
    steps = [Step(at, StepKind.OPENED, "It has begun."), Step(at, StepKind.ACKNOWLEDGED, "It is seen to.", "alice")]
    bare = Incident(12, message, Severity.CRITICAL, IncidentState.OPEN, None, at)
    full = replace(bare, root_id=1, acknowledged_at=at, acknowledged_by="alice", resolved_at=at, merged_into=11)
    for kind in NoticeKind:
        over = replace(bare, state=IncidentState.RESOLVED, resolved_at=at) if kind is NoticeKind.RESOLVED else bare
        for told in (
            document(kind, full, signals, hurt, steps, "https://podium.example.com"),
            document(kind, over, (), Named(), (), None),
        ):
            yield addressed(told, "data-chat", 1, "podium-incident-12-data-chat-1")


def addressed(told: Mapping[str, Any], receiver: str, sequence: int, key: str) -> dict[str, Any]:
    """A document as this receiver gets it."""
    return {**told, "receiver": receiver, "sequence": sequence, "key": key}


def _acknowledge_url(incident: Incident, kind: NoticeKind, url: str | None) -> str | None:
    is_open = incident.resolved_at is None and incident.merged_into is None and not incident.is_resolved
    if url is None or not is_open or incident.acknowledged_at is not None:
        return None
    return None if kind in (NoticeKind.RESOLVED, NoticeKind.TEST) else f"{url}?acknowledge"


def _signal(one: Signal) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "message": one.message,
        "severity": one.severity.value,
        "beganAt": _text(one.began_at),
        "endedAt": _text(one.ended_at),
        "orchestrator": one.labels.get("orchestrator"),
        "pipeline": one.labels.get("pipeline"),
        "labels": dict(one.labels),
    }


def _some(names: Sequence[str]) -> list[str]:
    if len(names) <= MOST_NAMES:
        return list(names)
    return [*names[:MOST_NAMES], f"and {len(names) - MOST_NAMES} more"]


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")
