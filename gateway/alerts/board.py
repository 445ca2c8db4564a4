"""Writes incidents down: what begins, ends, merges, and what people do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from gateway.alerts import metrics
from gateway.alerts.document import key_of
from gateway.alerts.grouping import Case, group
from gateway.alerts.lifecycle import REOPENS_WITHIN, STALE, Turn, begun, went_on
from gateway.alerts.relation import Relation
from gateway.domain.incidents import Fact, Incident, IncidentState, Signal
from gateway.failpoints import reach
from gateway.store.database import ReadSession, WriteSession
from gateway.store.repository import incidents, signals


async def cases(session: ReadSession, now: datetime) -> list[Case]:
    """Incidents that are not over, or may come back."""
    found = await incidents.unresolved(session, now - REOPENS_WITHIN)
    told = await signals.of_incidents(session, [one.id for one in found])
    return [Case(one, told.get(one.id, ())) for one in found]


async def untold(session: ReadSession, now: datetime) -> list[Case]:
    """Incidents that cannot come back any more, and whose end somebody has still to be told of."""
    found = await incidents.untold(session, now - REOPENS_WITHIN)
    told = await signals.of_incidents(session, [one.id for one in found])
    return [Case(one, told.get(one.id, ())) for one in found]


def news(known: Sequence[Case], facts: Mapping[str, Fact], now: datetime) -> tuple[list[Fact], list[Signal]]:
    """(what begins, or goes on for a newer reason; what holds no more)."""
    held = {one.key: one for case in known if not case.incident.is_resolved for one in case.signals if one.holds}
    begins = [fact for key, fact in facts.items() if key not in held and fact.began_at >= now - STALE]
    begins += [fact for key, fact in facts.items() if key in held and _is_newer(fact, held[key])]
    return begins, [one for key, one in held.items() if key not in facts]


def is_news(
    known: Sequence[Case], facts: Mapping[str, Fact], left_alone: Mapping[str, datetime], now: datetime
) -> bool:
    """Whether anything is to be written down."""
    begins, ends = news(known, facts, now)
    if ends or any(left_alone.get(one.key) != one.began_at for one in begins):
        return True
    return any(went_on(case, (), now) is not None for case in known if not case.incident.is_resolved)


async def turn(session: WriteSession, facts: Mapping[str, Fact], relation: Relation, now: datetime) -> list[Case]:
    """Bring incidents in line with what is wrong now; they are returned."""
    known = await cases(session, now)
    begins, ends = news(known, facts, now)
    done_with = await signals.dismissed(session, [one.key for one in begins])
    begins = [one for one in begins if one.key not in done_with or done_with[one.key] < one.began_at]
    has_grown = False
    for problem in group(known, begins, relation):
        if problem.begins or len(problem.cases) > 1:
            has_grown = True
            await write(session, begun(problem, now), now)
    known = await cases(session, now) if has_grown else known
    return await _go_on(session, known, ends, now)


async def _go_on(session: WriteSession, known: list[Case], ends: Sequence[Signal], now: datetime) -> list[Case]:
    """Some signals hold no more, and time has passed."""
    by_incident: dict[int, list[Signal]] = {}
    for one in ends:
        by_incident.setdefault(one.incident_id, []).append(one)
    has_changed = False
    for case in known:
        if case.incident.is_resolved:
            continue
        turned = went_on(case, by_incident.get(case.incident.id, []), now)
        if turned is not None:
            has_changed = True
            await write(session, turned, now)
    return await cases(session, now) if has_changed else known


async def write(session: WriteSession, turned: Turn, now: datetime) -> None:
    """What becomes of an incident, and its timeline."""
    incident = turned.incident
    if incident.id == 0:
        incident = replace(incident, id=await incidents.open_new(session, incident))
    await signals.begin(session, incident.id, turned.begins, now)
    await signals.end(session, [one.id for one in turned.ends], now)
    for case in turned.merges:
        await _merge(session, case, incident, now)
    if turned.root_key is not None:
        incident = replace(incident, root_id=await signals.id_of(session, incident.id, turned.root_key))
    await incidents.save(session, incident)
    await incidents.note(session, incident.id, turned.steps)
    reach("incident.written", key_of(incident.id))
    for fact in turned.begins:
        metrics.SIGNALS.labels(fact.kind.lower()).inc()
        metrics.DETECT_SECONDS.labels(fact.kind.lower()).observe(max(0.0, (now - fact.began_at).total_seconds()))
    if turned.incident.id == 0:
        metrics.OPENED.labels(incident.severity.lower()).inc()


async def _merge(session: WriteSession, case: Case, into: Incident, now: datetime) -> None:
    """A case becomes a part of another: its signals move, but for those that are there already."""
    there = (await signals.of_incidents(session, [into.id])).get(into.id, [])
    keys = {one.key for one in there}
    await signals.move(session, into.id, [one.id for one in case.signals if one.key not in keys])
    await signals.end(session, [one.id for one in case.signals if one.key in keys and one.holds], now)
    gone = replace(case.incident, state=IncidentState.RESOLVED, resolved_at=now, merged_into=into.id)
    await incidents.save(session, gone)


def _is_newer(fact: Fact, known: Signal) -> bool:
    """It is about another run than the one that was told of."""
    return fact.about.run_id != known.about.run_id and fact.began_at > known.began_at
