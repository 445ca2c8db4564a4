"""Steps of a run, as attempts of tasks.

A step's key is the path of its op joined with dots; a dynamic step adds a mapping key: ``part[3]``. A mapping key is
a text in Dagster and a number in Podium: numbers are kept, other texts are numbered in the order in which their steps
began. The whole step key stays in ``external_id``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.dagster.mapping.links import Links
from adapters.dagster.mapping.runs import STATES
from adapters.dagster.payloads import RunSteps, StepStats
from adapters.dagster.shapes import known_shape
from gateway.domain.observation import ObservedTaskRun
from gateway.domain.states import RunState, TaskRunState

#: Dagster's ``StepEventStatus``, plus two words of ours for what Dagster says by other means.
STATES_OF_STEPS: Mapping[str, TaskRunState] = {
    "SUCCESS": TaskRunState.SUCCESS,
    "FAILURE": TaskRunState.FAILED,
    "SKIPPED": TaskRunState.SKIPPED,
    "IN_PROGRESS": TaskRunState.RUNNING,
    "UP_FOR_RETRY": TaskRunState.UP_FOR_RETRY,
}
#: A planned step of which Dagster has recorded nothing.
NOT_STARTED = "NOT_STARTED"

_DYNAMIC = re.compile(r"(.+)\[([^\]]*)\](.*)")
#: A step that still counts as in progress when its run has ended was ended with it.
_ENDED_WITH = {RunState.FAILED: TaskRunState.FAILED, RunState.CANCELLED: TaskRunState.CANCELLED}


@dataclass(frozen=True, slots=True)
class _Place:
    """Which task, and which mapped instance of it, a step is."""

    task: str
    map_index: int | None


@known_shape("A run's list of steps")
def task_runs(raw: RunSteps, links: Links) -> list[ObservedTaskRun]:
    """Every attempt of every step, oldest first; planned steps that never began come last. Drift."""
    run_id, run_state = raw["runId"], STATES.get(raw["status"], RunState.UNKNOWN)
    stats = sorted(raw["stepStats"], key=_began)
    places = _places(stats)
    known = {
        step["stepKey"]: _attempts(step, places[step["stepKey"]], run_state, links.step(run_id, step["stepKey"]))
        for step in stats
    }
    found = [attempt for attempts in known.values() for attempt in attempts]
    found.sort(key=lambda attempt: attempt.started_at or attempt.ended_at or datetime.max.replace(tzinfo=UTC))
    return found + _unstarted(raw, run_state, links)


def _began(step: StepStats) -> tuple[float, str]:
    return (step["startTime"] or step["endTime"] or float("inf"), step["stepKey"])


def split_key(step_key: str) -> tuple[str, str | None]:
    """A step key as the task's key and the mapping key, None where it is not mapped."""
    match = _DYNAMIC.fullmatch(step_key)
    return (match[1] + match[3], match[2]) if match else (step_key, None)


def _places(stats: Iterable[StepStats]) -> dict[str, _Place]:
    mapped: dict[str, list[tuple[str, str]]] = {}
    places: dict[str, _Place] = {}
    for step in stats:
        task, mapping_key = split_key(step["stepKey"])
        if mapping_key is None:
            places[step["stepKey"]] = _Place(task, None)
        else:
            mapped.setdefault(task, []).append((step["stepKey"], mapping_key))
    for task, steps in mapped.items():
        are_numbers = all(mapping_key.isdecimal() for _, mapping_key in steps)
        for order, (step_key, mapping_key) in enumerate(steps):
            places[step_key] = _Place(task, int(mapping_key) if are_numbers else order)
    return places


def _attempts(step: StepStats, place: _Place, run_state: RunState, url: str) -> list[ObservedTaskRun]:
    status = step["status"] or NOT_STARTED
    ended = step["attempts"]
    is_open = status == "IN_PROGRESS" or not ended
    spans = [(attempt["startTime"], attempt["endTime"]) for attempt in ended]
    if is_open:
        # Dagster tells when the step first began, not when this attempt did.
        spans.append((step["startTime"] if not ended else None, step["endTime"]))
    return [
        ObservedTaskRun(
            task=place.task,
            state=_state(native, run_state),
            native_state=native,
            attempt=number,
            map_index=place.map_index,
            started_at=_instant(start) if native != "SKIPPED" else None,
            ended_at=_instant(end),
            url=url,
            external_id=step["stepKey"],
        )
        for number, (start, end) in enumerate(spans, start=1)
        for native in [status if number == len(spans) else "UP_FOR_RETRY"]
    ]


def _state(native: str, run_state: RunState) -> TaskRunState:
    state = STATES_OF_STEPS.get(native, TaskRunState.UNKNOWN)
    if state is TaskRunState.RUNNING:
        return _ENDED_WITH.get(run_state, state)
    return state


def _unstarted(raw: RunSteps, run_state: RunState, links: Links) -> list[ObservedTaskRun]:
    begun = {split_key(step["stepKey"])[0] for step in raw["stepStats"]}
    failed = {step["stepKey"] for step in raw["stepStats"] if step["status"] == "FAILURE"}
    upstream = {
        step["key"]: [dependency["key"] for source in step["inputs"] for dependency in source["dependsOn"]]
        for step in (raw["executionPlan"] or {"steps": []})["steps"]
    }
    keys = raw["stepKeysToExecute"] or list(upstream)
    return [
        ObservedTaskRun(
            task=task,
            state=_unstarted_state(run_state, has_failed_upstream=_reaches(key, upstream, failed)),
            native_state=NOT_STARTED,
            url=links.step(raw["runId"], key),
            external_id=key,
        )
        for key in keys
        for task in [split_key(key)[0]]
        if task not in begun
    ]


def _unstarted_state(run_state: RunState, *, has_failed_upstream: bool) -> TaskRunState:
    if run_state is RunState.CANCELLED:
        return TaskRunState.CANCELLED
    if has_failed_upstream:
        return TaskRunState.UPSTREAM_FAILED
    return TaskRunState.SKIPPED if run_state.is_terminal else TaskRunState.PENDING


def _reaches(key: str, upstream: Mapping[str, Sequence[str]], failed: set[str]) -> bool:
    """Whether a step depends, near or far, on one that failed; a dynamic step counts by its task."""
    failed_tasks = {split_key(step)[0] for step in failed}
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        for above in upstream.get(waiting.pop(), ()):
            if split_key(above)[0] in failed_tasks:
                return True
            if above not in seen:
                seen.add(above)
                waiting.append(above)
    return False


def _instant(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
