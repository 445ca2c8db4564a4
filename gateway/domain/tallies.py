"""How promises were kept: counted, as a share, and against their objectives."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """Promises that came due: kept, and broken."""

    met: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.met + other.met, self.missed + other.missed)

    @property
    def adherence(self) -> float | None:
        """Share that was kept, 0..1; None where none came due."""
        total = self.met + self.missed
        return self.met / total if total else None


def budget_left(some: Iterable[tuple[Tally, float | None]]) -> float | None:
    """What is left of the promises that may be broken, each by its own objective.

    1 where none was, negative where too many were; None where none with an objective came due.
    """
    judged = [(tally, objective) for tally, objective in some if objective is not None]
    due = sum(tally.met + tally.missed for tally, _ in judged)
    missed = sum(tally.missed for tally, _ in judged)
    allowed = sum((tally.met + tally.missed) * (1 - objective) for tally, objective in judged)
    if due == 0:
        return None
    if allowed <= 0:
        return 1.0 if missed == 0 else -float(missed)
    return 1 - missed / allowed
