"""What receivers are told: one document, version 1, and a few lines made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway.domain.incidents import Incident, NoticeKind, Signal, Step

VERSION = 1
#: Signals, and names of each kind, that a document holds; the rest is counted.
MOST_SIGNALS, MOST_NAMES, MOST_LINES = 50, 20, 20
_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)
TITLE = _environment.from_string(
    "{{ {'resolved': 'Resolved: ', 'acknowledged': 'Acknowledged: ', 'escalated': 'Not acknowledged: ',"
    " 'test': 'Test: '}.get(event, '') }}{{ incident.title }}"
)
TEXT = _environment.from_string(
    """\
{% if incident.mergedInto %}
It is a part of {{ incident.mergedInto }} now.
{% elif event == 'resolved' %}
All is well again since {{ incident.resolvedAt }}.
{% elif incident.rootCause %}
Cause: {{ incident.rootCause.message }}
{% endif %}
{% if incident.acknowledgedBy %}
{{ incident.acknowledgedBy }} takes care of it.
{% endif %}
{% for kind, names in incident.impact.items() if names %}
{{ kind }}: {{ names | join(', ') }}
{% endfor %}
{% if incident.signalCount > 1 %}
{{ incident.signalCount }} signals:
{% for one in incident.signals[:10] %}
- {{ one.message }}{{ ' (no longer)' if one.endedAt }}
{% endfor %}
{% endif %}
"""
)


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
    return {
        "version": VERSION,
        "event": kind.value,
        "incident": {
            "id": incident.id,
            "key": key_of(incident.id),
            "title": incident.title,
            "severity": incident.severity.value,
            "state": incident.state.value,
            "url": f"{public_url.rstrip('/')}/incidents/{incident.id}" if public_url else None,
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


def title_of(told: Mapping[str, Any]) -> str:
    """In one line."""
    return TITLE.render(told)


def text_of(told: Mapping[str, Any]) -> str:
    """In a few lines."""
    return TEXT.render(told).strip()


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
