"""How far a run is, by its tasks: what was left, in other runs, when the same task had ended. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from gateway.sla.forecast.history import History, Past, learn

#: Runs in which a task must have ended to say what follows it.
ENOUGH = 10

#: When each task of a run ended, by key.
Ends = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Progress:
    """The task of a run that has come furthest, and what is left from its end on."""

    task: str
    since: datetime
    left: History


def progress(ended: Ends, past: Sequence[tuple[Ends, datetime]], seed: int) -> Progress | None:
    """``past``: of runs that ended well, oldest first, the ends of tasks and of the run. None: nobody can say.

    Of all tasks that have ended, the one after which there is least to do, and of several such the one that ended last.
    """
    best: tuple[float, float] | None = None
    found: Progress | None = None
    for task, since in ended.items():
        left = [(end - ends[task]).total_seconds() for ends, end in past if task in ends]
        if len(left) < ENOUGH:
            continue
        rank = (median(left), -since.timestamp())
        if best is None or rank < best:
            history = learn([Past(seconds, since.isoweekday()) for seconds in left], seed)
            if history is not None:
                best, found = rank, Progress(task, since, history)
    return found
