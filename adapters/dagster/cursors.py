"""Where an incremental read stands, as a text that survives restarts. Pure.

Dagster filters by "changed after" but answers in the order of creation, newest first. So one read is a *pass*: all
pages of what changed after ``after``, and only when the last page is reached does ``after`` move, because older
pages may hold later changes. It moves to the latest change seen, yet never past the moment at which the pass began
less an overlap: what changed on a page already read lies after that moment, and the overlap covers commits that show
up late and clocks that differ. In a quiet system ``after`` settles on the last change and nothing older is read again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

#: Equal times are read again: the filter is exclusive, and SQLite cuts some times to milliseconds.
EPSILON = 0.001


#: An asset's path, and the name of a check of it.
CheckKey = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Pass:
    """A position in a pass; times in seconds since 1970."""

    #: Everything changed at or before this is known.
    after: float
    #: The latest change seen in this pass.
    high: float = 0.0
    #: When the pass began, by our clock; None between passes.
    began: float | None = None
    #: The last item read in this pass; None at its start.
    page: str | None = None
    #: Checks that had not ended when the last pass looked, and those that this one has seen so: a later write or run
    #: may hide what they find.
    pending: frozenset[CheckKey] = frozenset()
    in_progress: frozenset[CheckKey] = frozenset()

    @property
    def changed_after(self) -> float:
        """The lower bound to ask for."""
        return self.after - EPSILON

    def begin(self, now: datetime) -> "Pass":
        """Start a pass, or go on with the one that was broken off."""
        return self if self.began is not None else replace(self, began=now.timestamp())

    def seen(self, page: str, high: float) -> "Pass":
        """After a page whose last item is ``page`` and whose latest change is ``high``."""
        return replace(self, page=page, high=max(self.high, high))

    def saw_in_progress(self, checks: Iterable[CheckKey]) -> "Pass":
        """After a page on which these checks have not ended."""
        return replace(self, in_progress=self.in_progress | frozenset(checks))

    def restart(self) -> "Pass":
        """Read this pass again from its first page."""
        return replace(self, page=None)

    def end(self, overlap: float) -> "Pass":
        """After the last page; ``overlap`` in seconds."""
        safe = (self.began or 0.0) - overlap
        return Pass(after=max(self.after, min(self.high, safe)), pending=self.in_progress)

    def encode(self) -> str:
        """As a cursor."""
        place: dict[str, Any] = {"after": self.after, "high": self.high, "began": self.began, "page": self.page}
        checks = {"pending": sorted(self.pending), "in_progress": sorted(self.in_progress)}
        return orjson.dumps(place | {name: some for name, some in checks.items() if some}).decode()


def decode(cursor: str | None, since: datetime) -> Pass:
    """The position in a cursor; without one, or with one that is not ours, the start at ``since``."""
    start = Pass(after=since.timestamp())
    if cursor is None:
        return start
    try:
        raw = orjson.loads(cursor)
        checks = (_checks(raw.get(name, ())) for name in ("pending", "in_progress"))
        return Pass(float(raw["after"]), float(raw["high"]), raw["began"], raw["page"], *checks)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return start


def _checks(raw: Any) -> frozenset[CheckKey]:
    return frozenset((tuple(path), name) for path, name in raw)
