"""Which facts are one problem."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.alerts.relation import Known, Relation, Scene, Wrong
from gateway.domain.incidents import Fact, Incident, Signal

_Member = int | str


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as it is stored, with all its signals."""

    incident: Incident
    signals: Sequence[Signal]

    @property
    def root(self) -> Signal | None:
        """The signal that is said to be the cause."""
        return next((one for one in self.signals if one.id == self.incident.root_id), None)


@dataclass(slots=True)
class Problem:
    """What turns out to be one: cases, the oldest first, and facts that begin."""

    cases: list[Case] = field(default_factory=list[Case])
    begins: list[Fact] = field(default_factory=list[Fact])
    root: Wrong | None = None


def group(cases: Sequence[Case], begins: Sequence[Fact], relation: Relation) -> list[Problem]:
    """The problems that facts belong to, new ones or such as are known; cases that nothing begins in only where some
    are one.
    """
    scene = Scene(relation, _known(cases, begins))
    owners: dict[str, _Member] = {one.key: one.key for one in begins}
    for case in cases:
        owners |= {one.key: case.incident.id for one in case.signals if one.key not in owners}
    again = {one.key: case.incident.id for case in cases for one in case.signals}
    sets = _Sets([*(case.incident.id for case in cases), *(one.key for one in begins)])
    for fact in begins:
        if fact.key in again:
            sets.join(fact.key, again[fact.key])
        for other in (scene.cause(fact), scene.beside(fact)):
            if other is not None:
                sets.join(fact.key, owners[other.key])
    for case in cases:
        cause = None if case.root is None or case.incident.is_resolved else scene.cause(case.root)
        if cause is not None:
            sets.join(case.incident.id, owners[cause.key])
    by_id: dict[_Member, Case] = {case.incident.id: case for case in cases}
    by_key: dict[_Member, Fact] = {one.key: one for one in begins}
    return [_problem(members, by_id, by_key, scene) for members in sets.groups() if _is_news(members)]


def _known(cases: Iterable[Case], begins: Iterable[Fact]) -> list[Known]:
    fresh = {one.key: Known(one, holds=True) for one in begins}
    stored = [Known(one, one.holds) for case in cases for one in case.signals if one.key not in fresh]
    return [*fresh.values(), *stored]


def _is_news(members: Sequence[_Member]) -> bool:
    return len(members) > 1 or isinstance(members[0], str)


def _problem(
    members: Sequence[_Member], cases: Mapping[_Member, Case], begins: Mapping[_Member, Fact], scene: Scene
) -> Problem:
    found = Problem([cases[one] for one in members if one in cases], [begins[one] for one in members if one in begins])
    anew = {one.key for one in found.begins}
    roots: list[Wrong] = [one for case in found.cases if (one := case.root) is not None and one.key not in anew]
    candidates = [one for one in (*roots, *found.begins) if scene.cause(one) is None] or [*roots, *found.begins]
    found.root = min(candidates, key=lambda one: (one.began_at, one.kind.rank, one.key), default=None)
    return found


class _Sets:
    """What belongs together, as far as is known."""

    def __init__(self, members: Iterable[_Member]) -> None:
        self._parents: dict[_Member, _Member] = {one: one for one in members}

    def join(self, one: _Member, other: _Member) -> None:
        """These two belong together."""
        self._parents[self._top(one)] = self._top(other)

    def groups(self) -> list[list[_Member]]:
        """All of them, each in the order in which its members were given."""
        found: dict[_Member, list[_Member]] = {}
        for member in self._parents:
            found.setdefault(self._top(member), []).append(member)
        return list(found.values())

    def _top(self, one: _Member) -> _Member:
        while self._parents[one] != one:
            self._parents[one] = self._parents[self._parents[one]]
            one = self._parents[one]
        return one
