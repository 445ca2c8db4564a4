"""Lines of a step's log, made from a run's event log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.dagster.payloads import ErrorDetail, Event

#: These begin an attempt of a step.
_BEGINNINGS = frozenset({"STEP_START", "STEP_RESTARTED", "STEP_SKIPPED"})


@dataclass(frozen=True, slots=True)
class Capture:
    """Where Dagster keeps what a process wrote to stdout and stderr."""

    file_key: str
    #: Whether the process ran this one step; otherwise it ran others too, and their output is in between.
    is_own: bool


class StepLog:
    """Takes a run's events in order and keeps those of one attempt of one step."""

    def __init__(self, step_key: str, attempt: int) -> None:
        self._step_key = step_key
        self._attempt = attempt
        self._seen = 0
        self._captures: list[Capture] = []

    def lines(self, events: Sequence[Event]) -> Iterator[str]:
        """The lines among the next events."""
        for event in events:
            self._note_capture(event)
            if event["stepKey"] != self._step_key:
                continue
            if event["eventType"] in _BEGINNINGS:
                self._seen += 1
            # What is logged before the first attempt began ("dependencies failed") belongs to it.
            if max(self._seen, 1) == self._attempt:
                yield from event_lines(event)

    @property
    def capture(self) -> Capture | None:
        """Where this attempt's output is. A step that has a process of its own has a new one for each attempt."""
        own = [capture for capture in self._captures if capture.is_own]
        if own:
            return own[self._attempt - 1] if self._attempt <= len(own) else None
        return self._captures[-1] if self._captures and self._seen >= self._attempt else None

    def _note_capture(self, event: Event) -> None:
        steps = event.get("stepKeys") or []
        if "fileKey" in event and self._step_key in steps:
            self._captures.append(Capture(event["fileKey"], is_own=len(steps) == 1))


def event_lines(event: Event) -> Iterator[str]:
    """An event as lines: instant, level, message, then the stack of an exception and of its causes."""
    at = datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC).isoformat(timespec="milliseconds")
    text = event["message"] or event["eventType"] or ""
    first, *rest = text.splitlines() or [""]
    yield f"{at} {event['level']} {first}"
    yield from rest
    error = event.get("error")
    if error:
        yield from _error_lines(error)


def _error_lines(error: ErrorDetail) -> Iterator[str]:
    for detail in [error, *error.get("causes", ())]:
        yield from detail["message"].strip().splitlines()
        for frame in detail["stack"]:
            yield from frame.rstrip("\n").splitlines()
