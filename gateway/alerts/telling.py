"""Incidents become notifications: reads like a sentence, and writes them into the outbox."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.alerts import board
from gateway.alerts.audience import Due, destinations, due, uninhibited, unsilenced
from gateway.alerts.configuration import alerting_of
from gateway.alerts.detect.watch import Facts
from gateway.alerts.document import Named, document, key_of
from gateway.alerts.grouping import Case
from gateway.alerts.impact import impact_of
from gateway.alerts.lifecycle import REOPENS_WITHIN, Turn, silenced
from gateway.domain.incidents import Incident, NoticeKind, Notification, NotificationState, Step, StepKind
from gateway.failpoints import reach
from gateway.store.database import Database, ReadSession, WriteSession
from gateway.store.repository import alert_facts, definitions, incidents, notifications, silences

_SAID = {NoticeKind.ESCALATED: StepKind.ESCALATED}
#: What somebody is let know by each, in an incident's timeline.
_WORDS = {
    NoticeKind.OPENED: "that it has opened",
    NoticeKind.UPDATED: "what has changed",
    NoticeKind.REPEATED: "that it is still open",
    NoticeKind.ACKNOWLEDGED: "that it is taken care of",
    NoticeKind.ESCALATED: "that nobody has acknowledged it",
    NoticeKind.RESOLVED: "that it is resolved",
    NoticeKind.TEST: "that this is a test",
}
#: Pipelines whose owners are asked for.
MOST_OWNED = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from how an incident stands."""

    case: Case
    is_silent: bool
    told: Sequence[Due]

    def turned(self, incident: Incident, now: datetime) -> Turn | None:
        """What becomes of the incident as it is now, whoever has changed it meanwhile."""
        return silenced(incident, is_silent=self.is_silent, now=now)


async def tell(
    database: Database,
    cases: Sequence[Case],
    facts: Facts,
    begin: Callable[[WriteSession], Awaitable[None]],
    now: datetime,
    public_url: str | None,
) -> bool:
    """Write down who is to be told of what; whether any incident has changed by it."""
    if not cases:
        return False
    async with database.read() as session:
        merged = [Case(one, ()) for one in await incidents.merged(session, now - REOPENS_WITHIN)]
        found = await _decided(session, [*cases, *merged], now)
        decisions = [one for one in found if one.told or one.turned(one.case.incident, now)]
        if not decisions:
            return False
        timelines = await incidents.timelines(session, [one.case.incident.id for one in decisions], 20)
        named = {one.case.incident.id: await _named(session, one.case, facts) for one in decisions if one.told}
    async with database.write() as session:
        await begin(session)
        has_changed = False
        for one in decisions:
            identity = one.case.incident.id
            stored = await incidents.for_update(session, identity)
            turned = one.turned(stored, now) if stored is not None else None
            if turned is not None:
                has_changed = True
                await board.write(session, turned, now)
            for each in one.told:
                told = document(
                    each.kind,
                    one.case.incident,
                    one.case.signals,
                    named[identity],
                    timelines.get(identity, ()),
                    public_url,
                )
                await _enqueue(session, identity, each, told, now)
    return has_changed


async def _decided(session: ReadSession, cases: Sequence[Case], now: datetime) -> list[Decision]:
    alerting = alerting_of(await definitions.everything(session))
    quiet = await silences.unexpired(session, now)
    last = await notifications.last_of(session, [case.incident.id for case in cases])
    going_on = [one for case in cases if not case.incident.is_resolved for one in case.signals if one.holds]
    found: list[Decision] = []
    for case in cases:
        heard = unsilenced(case.signals, quiet, alerting, now)
        is_silent = not heard and any(one.holds for one in case.signals)
        to = destinations(case.incident, uninhibited(heard, going_on, alerting), alerting)
        before = last.get(case.incident.id, {})
        told = due(case.incident, case.signals, [one for one in to if one.receiver in alerting.receivers], before, now)
        found.append(Decision(case, is_silent, [one for one in told if one.receiver in alerting.receivers]))
    return found


async def _enqueue(
    session: WriteSession, incident_id: int, one: Due, told: Mapping[str, object], now: datetime
) -> None:
    key = f"{key_of(incident_id)}-{one.receiver}-{one.sequence}"
    reach("notice.before", key)
    notification = Notification(
        id=0,
        incident_id=incident_id,
        receiver=one.receiver,
        sequence=one.sequence,
        kind=one.kind,
        key=key,
        fingerprint=one.fingerprint,
        document={**told, "receiver": one.receiver, "sequence": one.sequence, "key": key},
        state=NotificationState.PENDING,
        attempts=0,
        created_at=now,
    )
    if await notifications.enqueue(session, notification, now):
        text = f"Lets {one.receiver} know {_WORDS[one.kind]}."
        await incidents.note(session, incident_id, [Step(now, _SAID.get(one.kind, StepKind.NOTIFIED), text)])
        reach("notice.written", key)


async def _named(session: ReadSession, case: Case, facts: Facts) -> Named:
    """Names of what it hurts."""
    root_first = sorted(case.signals, key=lambda one: one.id != case.incident.root_id)
    impact = impact_of(root_first, facts.relation, facts.slas)
    names = await alert_facts.names(session, list(impact.pipelines)[:MOST_OWNED])
    owners = [one for pipeline in names.values() for one in pipeline.owners]
    owners += [owner for one in impact.slas if one in facts.slas and (owner := facts.slas[one].spec.owner)]
    of_signals = [label for one in case.signals if (label := one.labels.get("orchestrator"))]
    return Named(
        pipelines=[facts.relation.name(-one) for one in impact.pipelines],
        datasets=[facts.relation.name(one) for one in impact.datasets],
        slas=[facts.slas[one].spec.name for one in impact.slas if one in facts.slas],
        owners=sorted(set(owners)),
        orchestrators=sorted({*(one.orchestrator for one in names.values()), *of_signals}),
    )
