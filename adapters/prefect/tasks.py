"""What Prefect's task runs mean: attempts, mapped instances, and the graph they show. Pure.

Prefect knows tasks only from runs. A retried flow run makes new task runs beside the old ones, while a task's own
retries are counted on one task run.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from adapters.prefect.addresses import Addresses
from adapters.prefect.payloads import State, TaskRun
from adapters.prefect.states import native, task_run_state
from adapters.sdk.timestamps import parse_instant
from gateway.domain.observation import ObservedTask, ObservedTaskRun, PipelineStructure

_CODE_HASH = re.compile(r"-(?:[0-9a-f]{3,64}|unknown)$")
#: Prefect puts this many characters of the dynamic key behind a task's name.
_DYNAMIC_SUFFIX = 3
#: Inputs under this name are the tasks that a task was called from, not data.
_PARENTS = "__parents__"


def task_key(row: TaskRun) -> str:
    """The task's name without what differs between runs: "extract" for a task run "extract-f0a".

    A run named by its author (``task_run_name=``) leads back to its function by ``task_key``.
    """
    suffix = f"-{row['dynamic_key'][:_DYNAMIC_SUFFIX]}"
    name = row["name"]
    if name.endswith(suffix) and len(name) > len(suffix):
        return name.removesuffix(suffix)
    return _CODE_HASH.sub("", row["task_key"]).rsplit(".", 1)[-1] or name


def observe_task_runs(
    rows: Sequence[TaskRun], states: Mapping[str, Sequence[State]], at: Addresses
) -> list[ObservedTaskRun]:
    """Every attempt, oldest first. ``states``: histories of the task runs that were tried more than once, by id."""
    observed: list[ObservedTaskRun] = []
    for key, instances in _by_task(rows).items():
        numbered = _numbered(instances)
        is_mapped = any(index for index, _ in numbered)
        made: dict[int, int] = defaultdict(int)
        for index, row in numbered:
            attempts = _attempts(row, states.get(row["id"], ()))
            made[index] += max(row.get("run_count") or 0, len(attempts))
            first = made[index] - len(attempts) + 1
            for number, attempt in enumerate(attempts, start=first):
                observed.append(_observe(key, attempt, row, number, index if is_mapped else None, at))
    return sorted(observed, key=lambda one: one.attempt)


def structure(rows: Sequence[TaskRun]) -> PipelineStructure:
    """The graph that one run has shown. A task that ran again after its own results stays one node without a cycle."""
    ordered = _in_order(rows)
    key_of = {row["id"]: task_key(row) for row in ordered}
    for row in ordered:
        if called := _called_flow_run(row):
            key_of[called] = key_of[row["id"]]
    rank = {key: number for number, key in enumerate(dict.fromkeys(key_of[row["id"]] for row in ordered))}
    edges = {
        (key_of[source], key_of[row["id"]])
        for row in ordered
        for name, source in _sources(row)
        if name != _PARENTS and source in key_of
    }
    forward = frozenset((up, down) for up, down in edges if rank[up] < rank[down])
    return PipelineStructure(tuple(_tasks(ordered, key_of)), forward)


def _tasks(ordered: Sequence[TaskRun], key_of: Mapping[str, str]) -> Iterator[ObservedTask]:
    seen: set[str] = set()
    for row in ordered:
        key = key_of[row["id"]]
        if key in seen:
            continue
        seen.add(key)
        callers = [key_of[source] for name, source in _sources(row) if name == _PARENTS and source in key_of]
        group = callers[-1] if callers and callers[-1] != key else None
        yield ObservedTask(key=key, name=key, type="flow" if _called_flow_run(row) else "task", group=group)


def _sources(row: TaskRun) -> Iterator[tuple[str, str]]:
    for name, inputs in (row.get("task_inputs") or {}).items():
        for one in inputs:
            if source := one.get("id"):
                yield name, source


def _called_flow_run(row: TaskRun) -> str | None:
    return ((row.get("state") or {}).get("state_details") or {}).get("child_flow_run_id")


def _in_order(rows: Sequence[TaskRun]) -> list[TaskRun]:
    return sorted(rows, key=_made_at)


def _made_at(row: TaskRun) -> tuple[datetime, str]:
    made = parse_instant(row.get("expected_start_time") or row.get("start_time"))
    return made or datetime.max.replace(tzinfo=UTC), row["id"]


def _by_task(rows: Sequence[TaskRun]) -> dict[str, list[TaskRun]]:
    found: dict[str, list[TaskRun]] = defaultdict(list)
    for row in _in_order(rows):
        found[task_key(row)].append(row)
    return found


def _numbered(instances: Sequence[TaskRun]) -> list[tuple[int, TaskRun]]:
    """Instances with their number among those of the same attempt of the flow run, in the order they were made."""
    counted: dict[int, int] = defaultdict(int)
    numbered: list[tuple[int, TaskRun]] = []
    for row in instances:
        attempt = row.get("flow_run_run_count") or 0
        numbered.append((counted[attempt], row))
        counted[attempt] += 1
    return numbered


@dataclass(frozen=True, slots=True)
class _Attempt:
    type: str | None
    name: str | None
    start: str | None
    end: str | None


def _attempts(row: TaskRun, states: Sequence[State]) -> list[_Attempt]:
    """The attempts of one task run; only the last is known without its history."""
    starts = [place for place, state in enumerate(states) if state["type"] == "RUNNING"]
    last = _last(row, states[starts[-1]]["timestamp"] if len(starts) > 1 else row.get("start_time"))
    earlier = [_earlier(states, here, following) for here, following in pairwise(starts)]
    return [*earlier, last]


def _last(row: TaskRun, start: str | None) -> _Attempt:
    state = row.get("state")
    waits = row.get("state_name") == "AwaitingRetry"
    ended = state["timestamp"] if waits and state else row.get("end_time")
    return _Attempt(row.get("state_type"), row.get("state_name"), start, ended)


def _earlier(states: Sequence[State], start: int, following: int) -> _Attempt:
    ended = states[min(start + 1, following)]
    return _Attempt(ended["type"], ended["name"], states[start]["timestamp"], ended["timestamp"])


def _observe(
    key: str, attempt: _Attempt, row: TaskRun, number: int, map_index: int | None, at: Addresses
) -> ObservedTaskRun:
    return ObservedTaskRun(
        task=key,
        state=task_run_state(attempt.type, attempt.name),
        native_state=native(attempt.type, attempt.name),
        attempt=number,
        map_index=map_index,
        started_at=parse_instant(attempt.start),
        ended_at=parse_instant(attempt.end),
        url=at.task_run(row["id"]),
        external_id=row["id"],
    )
