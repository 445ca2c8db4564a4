"""Which keys of which dependencies a run concerns, and what each condition of a key wants. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gateway.domain.dependencies import Condition, Dependency, DependencySpec, PipelineRef, Wanted
from gateway.domain.periods import KeyGranularity
from gateway.domain.records import Run


@dataclass(slots=True)
class Rules:
    """The dependencies that are switched on, by what they wait for: a run costs what it concerns, not what exists."""

    by_id: dict[int, Dependency] = field(default_factory=dict[int, Dependency])
    _by_pipeline: dict[PipelineRef, list[tuple[Dependency, Condition]]] = field(
        default_factory=dict[PipelineRef, list[tuple[Dependency, Condition]]]
    )

    @classmethod
    def of(cls, dependencies: Iterable[Dependency]) -> "Rules":
        """From all of them."""
        rules = cls()
        for dependency in dependencies:
            rules.by_id[dependency.id] = dependency
            for condition in dependency.spec.upstream.conditions() if dependency.spec.is_enabled else ():
                rules._by_pipeline.setdefault(condition.pipeline, []).append((dependency, condition))
        return rules

    def concerned(self, pipeline: PipelineRef, run: Run) -> Iterator[tuple[Dependency, str]]:
        """(dependency, key) of everything that an ended run may bring further."""
        seen: set[tuple[int, str]] = set()
        for dependency, condition in self._by_pipeline.get(pipeline, ()):
            key = key_of(dependency.spec, condition, run)
            ended = run.ended_at or run.observed_at
            if key is None or ended < dependency.active_since or (dependency.id, key) in seen:
                continue
            if run.state in condition.states:
                seen.add((dependency.id, key))
                yield dependency, key


def key_of(spec: DependencySpec, condition: Condition, run: Run) -> str | None:
    """The key that an upstream's run counts for; None where it counts for none."""
    match spec.keyed_by:
        case KeyGranularity.RUN:
            return run.external_id
        case KeyGranularity.PARTITION:
            return run.partition
        case _:
            upstream = spec.upstream_calendar(condition).at(run.logical_at or run.sort_at)
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
