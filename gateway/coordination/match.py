"""Which keys of which dependencies a run concerns, and what each condition of a key wants. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time

from gateway.domain.dependencies import Condition, DatasetRef, Dependency, DependencySpec, PipelineRef, Wanted
from gateway.domain.periods import KeyGranularity
from gateway.domain.records import Run, TaskRun
from gateway.domain.states import RunState, TaskRunState

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(slots=True)
class Rules:
    """The dependencies that are switched on, by what they wait for: a run costs what it concerns, not what exists."""

    by_id: dict[int, Dependency] = field(default_factory=dict[int, Dependency])
    _by_pipeline: dict[PipelineRef, list[tuple[Dependency, Condition]]] = field(
        default_factory=dict[PipelineRef, list[tuple[Dependency, Condition]]]
    )
    _by_dataset: dict[DatasetRef, list[tuple[Dependency, Condition]]] = field(
        default_factory=dict[DatasetRef, list[tuple[Dependency, Condition]]]
    )

    @classmethod
    def of(cls, dependencies: Iterable[Dependency]) -> "Rules":
        """From all of them."""
        rules = cls()
        for dependency in dependencies:
            rules.by_id[dependency.id] = dependency
            for condition in dependency.spec.upstream.conditions() if dependency.is_on else ():
                if condition.pipeline is not None:
                    rules._by_pipeline.setdefault(condition.pipeline, []).append((dependency, condition))
                if condition.dataset is not None:
                    rules._by_dataset.setdefault(condition.dataset, []).append((dependency, condition))
        return rules

    def concerned_by_write(self, dataset: DatasetRef, at: datetime) -> Iterator[tuple[Dependency, str | None]]:
        """(dependency, key) of what a write may bring further; the key is None where it concerns all that wait."""
        for dependency, condition in self._by_dataset.get(dataset, ()):
            if condition.fresh_within is not None:
                yield dependency, None
            elif at >= dependency.active_since:
                yield dependency, key_of_instant(dependency.spec, condition, at)

    def needs_tasks(self, pipeline: PipelineRef) -> bool:
        """Whether any waits for a task of a pipeline, and not for its whole run."""
        return any(condition.task is not None for _, condition in self._by_pipeline.get(pipeline, ()))

    def concerned(
        self, pipeline: PipelineRef, run: Run, tasks: Sequence[TaskRun] = ()
    ) -> Iterator[tuple[Dependency, str]]:
        """(dependency, key) of everything that a run, which has ended or a task of which has, may bring further."""
        seen: set[tuple[int, str]] = set()
        for dependency, condition in self._by_pipeline.get(pipeline, ()):
            key = key_of(dependency.spec, condition, run)
            if key is None or (dependency.id, key) in seen:
                continue
            ended = ended_as(condition, run, tasks)
            if ended is not None and ended >= dependency.active_since:
                seen.add((dependency.id, key))
                yield dependency, key


def ended_as(condition: Condition, run: Run, tasks: Sequence[TaskRun]) -> datetime | None:
    """When a run, or the task of it that a condition looks at, ended as it should; None where it did not (yet)."""
    if condition.task is None:
        return (run.ended_at or run.observed_at) if run.state in condition.states else None
    latest: dict[int | None, TaskRun] = {}
    for one in tasks:
        if one.task == condition.task and one.attempt >= latest.get(one.map_index, one).attempt:
            latest[one.map_index] = one
    if not latest or outcome(one.state for one in latest.values()) not in condition.states:
        return None
    return max(one.ended_at or run.observed_at for one in latest.values())


def outcome(states: Iterable[TaskRunState]) -> RunState | None:
    """How a task ended, by its instances; None while one has not."""
    found = set(states)
    if not all(state.is_terminal for state in found):
        return None
    if found & {TaskRunState.FAILED, TaskRunState.UPSTREAM_FAILED}:
        return RunState.FAILED
    if TaskRunState.CANCELLED in found:
        return RunState.CANCELLED
    return RunState.SKIPPED if found == {TaskRunState.SKIPPED} else RunState.SUCCESS


def key_of(spec: DependencySpec, condition: Condition, run: Run) -> str | None:
    """The key that an upstream's run counts for; None where it counts for none."""
    if condition.partitions and run.partition not in condition.partitions:
        return None
    match spec.keyed_by:
        case KeyGranularity.RUN:
            return run.external_id
        case KeyGranularity.PARTITION:
            return run.partition
        case _:
            return key_of_instant(spec, condition, instant_of(spec, run))


def instant_of(spec: DependencySpec, run: Run) -> datetime:
    """What a run counts for, in time: its logical time, or else when it was queued.

    A partition that is a date is that day of the dependency's time zone: orchestrators do not tell of which zone it is.
    """
    if run.partition is not None and _DATE.fullmatch(run.partition):
        with suppress(ValueError):  # as 2026-02-30
            return datetime.combine(date.fromisoformat(run.partition), time(), spec.zone)
    return run.logical_at or run.sort_at


def key_of_instant(spec: DependencySpec, condition: Condition, at: datetime) -> str:
    """The key that something of that time counts for; only with keys of time."""
    upstream = spec.upstream_calendar(condition).at(at)
    return spec.calendar.moved(spec.calendar.at(upstream.start), condition.offset).key


def wanted(spec: DependencySpec, condition: Condition, key: str) -> Wanted:
    """What satisfies a condition for a key. ValueError for a text that is no key of it."""
    match spec.keyed_by:
        case KeyGranularity.RUN:
            return Wanted(run=key)
        case KeyGranularity.PARTITION:
            return Wanted(partition=key)
        case _:
            period = spec.calendar.moved(spec.calendar.of(key), -condition.offset)
            if condition.every is None:
                return Wanted([period])
            return Wanted(list(spec.upstream_calendar(condition).within(period.start, period.end)))
