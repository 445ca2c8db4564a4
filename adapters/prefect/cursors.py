"""Where an incremental read stands, as a text that survives restarts. Pure.

Prefect has no filter for "changed since". One read is a *pass* of phases that together see every change:

1. QUEUED: runs whose time has come and that have not started; lately due ones always, all of them in a *sweep* once
   in a while, and then EARLY: runs that were started before their time and wait again.
2. ACTIVE: every run that has started and not ended.
3. ENDED: runs that have ended since the mark, by ``end_time``.
4. EVENTS: runs that events since the mark tell of and that the pass has not read. Only they tell that an ended run
   was given another ending, or that a planned run was put forward. Where events are lost or switched off, the other
   phases still see everything but that.

The phases follow a run's life, so a run that moves on while they are read is seen in a later phase if not in an
earlier one. Within a phase pages go from the youngest to the oldest by an instant that does not change, so nothing
shifts while they are read. Marks are the server's instants, never later than our own clock, and are read again with
an overlap, because a change becomes visible a little after the instant it carries.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson

from adapters.sdk.errors import Drift
from adapters.sdk.timestamps import parse_instant

#: How long after its instant a change may become visible: Prefect writes events in batches, every five seconds.
OVERLAP = timedelta(seconds=30)
#: At first contact events are only needed for what changes while all runs are read.
FIRST_EVENTS = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Phase(StrEnum):
    """The parts of a pass, in their order."""

    QUEUED = "queued"
    EARLY = "early"
    ACTIVE = "active"
    ENDED = "ended"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything up to these instants is known."""

    queued: datetime
    ended: datetime
    events: datetime
    #: When all waiting runs were last read.
    swept: datetime

    def moved(self, phase: Phase, youngest: datetime, now: datetime) -> "Marks":
        """After a page of ``phase`` whose youngest instant this is; a mark never lies ahead of our clock."""
        if phase is Phase.QUEUED:
            return replace(self, queued=max(self.queued, min(youngest, now)))
        if phase is Phase.ENDED:
            return replace(self, ended=max(self.ended, min(youngest, now)))
        if phase is Phase.EVENTS:
            return replace(self, events=max(self.events, min(youngest, now)))
        return self


@dataclass(frozen=True, slots=True)
class Position:
    """``marks`` hold for sure; ``following`` will, once the pass is through."""

    marks: Marks
    following: Marks
    #: None between passes.
    phase: Phase | None = None
    #: Only runs at or before this instant are left to read in this phase.
    before: datetime | None = None

    def begin(self) -> "Position":
        """Start a pass, or go on with one that was broken off."""
        return self if self.phase else replace(self, phase=Phase.QUEUED, following=self.marks)

    @property
    def is_sweep(self) -> bool:
        """Whether this pass reads all waiting runs."""
        return self.following.swept != self.marks.swept

    def advance(self) -> "Position":
        """On to the next phase; after the last one the marks are moved."""
        phases = list(Phase)
        if self.phase is None or self.phase is phases[-1]:
            return Position(self.following, self.following)
        return replace(self, phase=phases[phases.index(self.phase) + 1], before=None)

    def encode(self) -> str:
        """As a cursor."""
        text: dict[str, Any] = {"marks": self.marks}
        if self.phase:
            text |= {"following": self.following, "phase": self.phase, "before": self.before}
        return orjson.dumps(text, option=orjson.OPT_UTC_Z).decode()


def decode(cursor: str | None, since: datetime, now: datetime) -> Position:
    """The position in a cursor; without one, or with one that is not ours, the first contact."""
    try:
        return _read(orjson.loads(cursor or ""))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError, Drift):
        first = Marks(queued=EPOCH, ended=since + OVERLAP, events=now - FIRST_EVENTS, swept=EPOCH)
        return Position(first, first)


def _read(text: dict[str, Any]) -> Position:
    marks = _marks(text["marks"])
    if "phase" not in text:
        return Position(marks, marks)
    return Position(marks, _marks(text["following"]), Phase(text["phase"]), parse_instant(text["before"]))


def _marks(text: dict[str, str]) -> Marks:
    return Marks(
        queued=_instant(text["queued"]),
        ended=_instant(text["ended"]),
        events=_instant(text["events"]),
        swept=_instant(text["swept"]),
    )


def _instant(text: str) -> datetime:
    instant = parse_instant(text)
    if instant is None:
        raise ValueError("an instant is missing")
    return instant
