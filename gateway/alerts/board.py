"""Incidents as they are written down: what begins, ends and merges, what people do, and all of it in memory."""

from collections.abc import Iterable, Mapping, Sequence
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


class Board:
    """Incidents that are not over, or may come back, as whoever leads holds them in memory.

    Others change incidents as well: ``refresh`` reads those that are not as they are remembered. After an error what is
    remembered may never have been written: make another one.
    """

    def __init__(self) -> None:
        self._cases: dict[int, Case] = {}
        #: Facts that are no news: too old when they were first seen, or done with by a person.
        self._left_alone: Mapping[str, datetime] = {}

    @property
    def cases(self) -> Sequence[Case]:
        """The first opened first."""
        return list(self._cases.values())

    async def refresh(self, session: ReadSession, now: datetime) -> None:
        """Read what others have changed."""
        found = await incidents.unresolved(session, now - REOPENS_WITHIN)
        changed = [one for one in found if one.id not in self._cases or self._cases[one.id].incident != one]
        told = await signals.of_incidents(session, [one.id for one in changed])
        self._cases |= {one.id: Case(one, told.get(one.id, ())) for one in changed}
        self._cases = {one.id: self._cases[one.id] for one in found}

    def is_news(self, facts: Mapping[str, Fact], now: datetime) -> bool:
        """Whether anything is to be written down."""
        begins, ends = news(self._cases.values(), facts, now)
        if ends or any(self._left_alone.get(one.key) != one.began_at for one in begins):
            return True
        going_on = (case for case in self._cases.values() if not case.incident.is_resolved)
        return any(went_on(case, (), now) is not None for case in going_on)

    async def turn(self, session: WriteSession, facts: Mapping[str, Fact], relation: Relation, now: datetime) -> None:
        """Bring incidents in line with what is wrong now."""
        await self.refresh(session, now)
        begins, _ = news(self._cases.values(), facts, now)
        done_with = await signals.dismissed(session, [one.key for one in begins])
        begins = [one for one in begins if one.key not in done_with or done_with[one.key] < one.began_at]
        for problem in group(self.cases, begins, relation):
            if problem.begins or len(problem.cases) > 1:
                await self._write(session, begun(problem, now), now)
        left, ends = news(self._cases.values(), facts, now)
        self._left_alone = {one.key: one.began_at for one in left}
        await self._go_on(session, ends, now)

    async def _go_on(self, session: WriteSession, ends: Sequence[Signal], now: datetime) -> None:
        """Some signals hold no more, and time has passed."""
        by_incident: dict[int, list[Signal]] = {}
        for one in ends:
            by_incident.setdefault(one.incident_id, []).append(one)
        for case in self.cases:
            if not case.incident.is_resolved:
                turned = went_on(case, by_incident.get(case.incident.id, []), now)
                if turned is not None:
                    await self._write(session, turned, now)

    async def _write(self, session: WriteSession, turned: Turn, now: datetime) -> None:
        incident, fresh = await write(session, turned, now)
        for case in turned.merges:
            self._cases.pop(case.incident.id, None)
        if turned.merges:
            told: Sequence[Signal] = (await signals.of_incidents(session, [incident.id])).get(incident.id, ())
        else:
            known = self._cases[incident.id].signals if incident.id in self._cases else ()
            told = _followed(known, fresh, {one.id for one in turned.ends}, now)
        self._cases[incident.id] = Case(incident, told)


def news(known: Iterable[Case], facts: Mapping[str, Fact], now: datetime) -> tuple[list[Fact], list[Signal]]:
    """(what begins, or goes on for a newer reason; what holds no more)."""
    held = {one.key: one for case in known if not case.incident.is_resolved for one in case.signals if one.holds}
    begins = [fact for key, fact in facts.items() if key not in held and fact.began_at >= now - STALE]
    begins += [fact for key, fact in facts.items() if key in held and _is_newer(fact, held[key])]
    return begins, [one for key, one in held.items() if key not in facts]


async def untold(session: ReadSession, now: datetime) -> list[Case]:
    """Incidents that cannot come back any more, and whose end somebody has still to be told of."""
    found = await incidents.untold(session, now - REOPENS_WITHIN)
    told = await signals.of_incidents(session, [one.id for one in found])
    return [Case(one, told.get(one.id, ())) for one in found]


async def write(session: WriteSession, turned: Turn, now: datetime) -> tuple[Incident, Sequence[Signal]]:
    """What becomes of an incident, and its timeline; it is returned with the signals that have begun in it."""
    incident = turned.incident
    if incident.id == 0:
        incident = replace(incident, id=await incidents.open_new(session, incident))
    fresh = await signals.begin(session, incident.id, turned.begins, now)
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
    return incident, fresh


async def _merge(session: WriteSession, case: Case, into: Incident, now: datetime) -> None:
    """A case becomes a part of another: its signals move, but for those that are there already."""
    there = (await signals.of_incidents(session, [into.id])).get(into.id, [])
    keys = {one.key for one in there}
    await signals.move(session, into.id, [one.id for one in case.signals if one.key not in keys])
    await signals.end(session, [one.id for one in case.signals if one.key in keys and one.holds], now)
    gone = replace(case.incident, state=IncidentState.RESOLVED, resolved_at=now, merged_into=into.id)
    await incidents.save(session, gone)


def _followed(
    known: Sequence[Signal], fresh: Sequence[Signal], ended: Iterable[int], now: datetime
) -> Sequence[Signal]:
    """Signals of an incident after some have begun, or begun again, and some have ended; the first that began first."""
    over = frozenset(ended)
    again = {one.id for one in fresh}
    left = [replace(one, ended_at=now) if one.id in over else one for one in known if one.id not in again]
    return sorted([*left, *fresh], key=lambda one: (one.began_at, one.id)) if fresh else left


def _is_newer(fact: Fact, known: Signal) -> bool:
    """It is about another run than the one that was told of."""
    return fact.about.run_id != known.about.run_id and fact.began_at > known.began_at
