"""Who hears of an incident, why, and when: what is silenced or inhibited is taken away, the rest is routed. Pure."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from gateway.domain.alerting import Alerting, Destination, Inhibition, Timing
from gateway.domain.incidents import Incident, IncidentState, NoticeKind, Notification, Signal, SignalKind, Silence
from gateway.domain.matchers import all_match
from gateway.domain.windows import Window
from gateway.schedules import open_since

#: Ends of fingerprints: nobody, or somebody, takes care of it.
_OPEN, _TAKEN = "-open", "-acknowledged"


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody is to be told, now."""

    receiver: str
    kind: NoticeKind
    sequence: int
    fingerprint: str


def unsilenced(
    signals: Iterable[Signal], silences: Sequence[Silence], alerting: Alerting, now: datetime
) -> list[Signal]:
    """Signals that hold and that no silence and no maintenance covers."""
    quiet = [one.matchers for one in silences if one.is_active(now)]
    quiet += [
        one.matchers
        for one in alerting.maintenance
        if open_since(Window(one.cron, one.duration), now, ZoneInfo(one.timezone)) is not None
    ]
    return [one for one in signals if one.holds and not any(all_match(some, one.labels) for some in quiet)]


def uninhibited(signals: Sequence[Signal], everywhere: Iterable[Signal], alerting: Alerting) -> list[Signal]:
    """Signals that nothing that holds anywhere keeps quiet."""
    left, sources = list(signals), [one for one in everywhere if one.holds] if alerting.inhibitions else []
    for rule in alerting.inhibitions:
        found = [one for one in sources if all_match(rule.source, one.labels)]
        strict = {rule.values(one.labels) for one in found if not all_match(rule.target, one.labels)}
        loose = {rule.values(one.labels) for one in found}
        left = [one for one in left if not _is_inhibited(one, rule, strict, loose)]
    return left


def _is_inhibited(
    signal: Signal, rule: Inhibition, strict: Container[tuple[str, ...]], loose: Container[tuple[str, ...]]
) -> bool:
    """What is both a source and a target is not kept quiet by others that are both, nor by itself."""
    if not all_match(rule.target, signal.labels):
        return False
    return rule.values(signal.labels) in (strict if all_match(rule.source, signal.labels) else loose)


def destinations(incident: Incident, heard: Sequence[Signal], alerting: Alerting) -> list[Destination]:
    """Each receiver once, with the most eager of its routes."""
    found: dict[str, Destination] = {}
    for signal in heard:
        routes = alerting.route.of(signal.labels) if alerting.route is not None else ()
        for route in routes:
            _keep(found, Destination(route.receiver, route.timing, incident.opened_at + route.timing.group_wait))
        for name in filter(None, signal.labels.get("notify", "").split(",")):
            _keep(found, Destination(name, Timing(), incident.opened_at))
        for one in alerting.escalations if incident.acknowledged_at is None else ():
            if all_match(one.matchers, signal.labels):
                _keep(found, Destination(one.receiver, Timing(), incident.opened_at + one.after, True))
    return list(found.values())


def due(
    incident: Incident,
    signals: Sequence[Signal],
    to: Sequence[Destination],
    last: dict[str, Notification],
    now: datetime,
) -> list[Due]:
    """Everybody who is to be told now. ``last``: what each receiver was told last of this incident."""
    told = fingerprint(incident, signals)
    found: list[Due] = []
    for receiver, before in last.items():
        kind = _news(incident, before)
        if kind is not None:
            found.append(Due(receiver, kind, before.sequence + 1, told))
    for one in to if not incident.is_resolved else ():
        kind = _growth(incident, one, last.get(one.receiver), told, now)
        if kind is not None and one.receiver not in {other.receiver for other in found}:
            sequence = last[one.receiver].sequence + 1 if one.receiver in last else 1
            found.append(Due(one.receiver, kind, sequence, told))
    return found


def fingerprint(incident: Incident, signals: Sequence[Signal]) -> str:
    """Another where there is something new to tell: how bad it is, its cause, what has gone wrong in it.

    That nothing begins at an orchestrator that is away, or after it, goes without saying.
    """
    root = next((one.kind for one in signals if one.id == incident.root_id), None)
    expected = SignalKind.RUN_LATE if root is SignalKind.ORCHESTRATOR_UNREACHABLE else None
    news = sorted(one.key for one in signals if one.kind is not expected)
    text = "\n".join((incident.severity, str(incident.root_id), *news))
    return blake2b(text.encode(), digest_size=8).hexdigest() + (_OPEN if incident.acknowledged_at is None else _TAKEN)


def _news(incident: Incident, before: Notification) -> NoticeKind | None:
    """What is said at once, to all who have been told."""
    if incident.is_resolved:
        return None if before.kind is NoticeKind.RESOLVED else NoticeKind.RESOLVED
    if incident.state is IncidentState.ACKNOWLEDGED and before.fingerprint.endswith(_OPEN):
        return NoticeKind.ACKNOWLEDGED
    return None


def _growth(
    incident: Incident, to: Destination, before: Notification | None, told: str, now: datetime
) -> NoticeKind | None:
    if before is None:
        kind = NoticeKind.ESCALATED if to.is_escalation else NoticeKind.OPENED
        return kind if to.not_before <= now else None
    since = now - before.created_at
    if before.kind is NoticeKind.RESOLVED:
        return NoticeKind.OPENED if since >= to.timing.group_interval else None
    if before.fingerprint != told and since >= to.timing.group_interval:
        return NoticeKind.UPDATED
    if since >= to.timing.repeat_interval and incident.acknowledged_at is None:
        return NoticeKind.REPEATED
    return None


def _keep(found: dict[str, Destination], one: Destination) -> None:
    """The most eager of several."""
    known = found.setdefault(one.receiver, one)
    timing = Timing(
        min(known.timing.group_wait, one.timing.group_wait),
        min(known.timing.group_interval, one.timing.group_interval),
        min(known.timing.repeat_interval, one.timing.repeat_interval),
    )
    first, is_escalation = min(known.not_before, one.not_before), known.is_escalation and one.is_escalation
    found[one.receiver] = Destination(one.receiver, timing, first, is_escalation)
