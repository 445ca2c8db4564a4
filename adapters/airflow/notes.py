"""How a run that was cancelled is known for it. Pure.

Airflow has no cancelled state: a run that is ended from outside has failed. So that it is known for what it is, also
after a restart and by another replica, Podium leaves a line in the run's note when it cancels.
"""

import re

from adapters.airflow.payloads import DagRun
from adapters.sdk.timestamps import parse_instant
from gateway.domain.states import RunState

CANCELLED_NOTE = "Cancelled through Podium."
LONGEST_NOTE = 1000
#: The line, and when the run had begun that was cancelled: one that is cleared begins anew, and keeps its note.
_LINE = re.compile(r"Cancelled through Podium(?: \(begun (?P<begun>[^()]+)\))?\.")


def with_cancelled_note(raw: DagRun) -> str:
    """A run's note with the line that says it was cancelled."""
    begun = parse_instant(raw["start_date"])
    line = CANCELLED_NOTE if begun is None else f"{CANCELLED_NOTE[:-1]} (begun {begun.isoformat()})."
    kept = without_cancelled_note(raw["note"])
    return f"{kept}\n{line}"[-LONGEST_NOTE:].lstrip() if kept else line


def without_cancelled_note(note: str | None) -> str:
    """A run's note without that line."""
    return _LINE.sub("", note or "").strip()


def is_cancelled(raw: DagRun, state: RunState) -> bool:
    """Whether a run that ended in this state was cancelled.

    Airflow may call it a success: tasks of it that had not begun are skipped, and a process that still knows the run
    from before takes that for the end. In Airflow 2 tasks do so (see ``ApiV1.fail_run``), in Airflow 3 the scheduler
    was seen to, on a machine that was very busy.
    """
    line = _LINE.search(raw.get("note") or "")
    if line is None:
        return False
    begun = parse_instant(raw["start_date"])
    is_same_attempt = begun is not None and line["begun"] == begun.isoformat()
    return state is RunState.FAILED or (state is RunState.SUCCESS and is_same_attempt)
