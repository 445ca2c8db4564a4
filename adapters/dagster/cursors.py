"""Where an incremental read stands, as a text that survives restarts. Pure.

Dagster filters by "changed after" but answers in the order of creation, newest first. So one read is a *pass*: all
pages of what changed after ``after``, and only when the last page is reached does ``after`` move, because older
pages may hold later changes. It moves to the latest change seen, yet never past the moment at which the pass began
less an overlap: what changed on a page already read lies after that moment, and the overlap covers commits that show
up late and clocks that differ. In a quiet system ``after`` settles on the last change and nothing older is read again.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import orjson

#: Equal times are read again: the filter is exclusive, and SQLite cuts some times to milliseconds.
EPSILON = 0.001


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

    def restart(self) -> "Pass":
        """Read this pass again from its first page."""
        return replace(self, page=None)

    def end(self, overlap: float) -> "Pass":
        """After the last page; ``overlap`` in seconds."""
        safe = (self.began or 0.0) - overlap
        return Pass(after=max(self.after, min(self.high, safe)))

    def encode(self) -> str:
        """As a cursor."""
        return orjson.dumps({"after": self.after, "high": self.high, "began": self.began, "page": self.page}).decode()


def decode(cursor: str | None, since: datetime) -> Pass:
    """The position in a cursor; without one, or with one that is not ours, the start at ``since``."""
    start = Pass(after=since.timestamp())
    if cursor is None:
        return start
    try:
        raw = orjson.loads(cursor)
        return Pass(float(raw["after"]), float(raw["high"]), raw["began"], raw["page"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return start
