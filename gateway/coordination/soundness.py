"""Whether a dependency can hold as it is said: every fault, with where it is and what to do. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter

from gateway.coordination import templates
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode, PipelineRef
from gateway.domain.periods import KeyGranularity, is_made_of
from gateway.domain.slugs import how_to, is_slug
from gateway.domain.suggestions import did_you_mean
from gateway.domain.zones import zone_fault
from gateway.schedules import cron_fault

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SpecFault:
    """One mistake; ``path`` leads to it, e.g. ("upstream", 0, "every")."""

    path: Path
    message: str


def faults_of(spec: DependencySpec) -> Iterator[SpecFault]:
    """What is wrong with it in itself."""
    if not is_slug(spec.name):
        yield SpecFault(("name",), f"{spec.name!r} is not a slug; {how_to(spec.name)}.")
    wrong = zone_fault(spec.timezone)
    if wrong is not None:
        yield SpecFault(("timezone",), wrong)
        return
    yield from _group_faults(spec, spec.upstream, ("upstream",))
    conditions = list(spec.upstream.conditions())
    if all(one.is_of_the_moment for one in conditions):
        message = (
            "nothing in it says for which key: neither fresh_within nor cron alone begins a firing;"
            " add a pipeline or a dataset."
        )
        yield SpecFault(("upstream",), message)
    runs = [one for one in conditions if one.pipeline is not None]
    if spec.keyed_by is KeyGranularity.RUN and len(runs) > 1 and not _is_any(spec.upstream):
        message = (
            "with keyed_by: run each run fires by itself, so several upstreams can never have the same key;"
            " use minute, hour, day, week, month or partition, or mode: any."
        )
        yield SpecFault(("keyed_by",), message)
    for error in templates.check(spec):
        yield SpecFault(tuple(error.field.split(".", 1)), error.message)


def cycle_in(specs: Iterable[DependencySpec]) -> list[str] | None:
    """Pipelines that would start each other for ever, in order, the first again at the end; None where none do."""
    waits: dict[str, set[str]] = {}
    for spec in specs:
        if spec.allow_cycle:
            continue
        upstream = {str(one.pipeline) for one in spec.upstream.conditions() if one.pipeline is not None}
        waits.setdefault(str(spec.target), set()).update(upstream)
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        found: Sequence[str] = error.args[1][:-1]
        first = found.index(min(found))  # so that the same cycle is told in the same words
        return [*found[first:], *found[: first + 1]]
    return None


def cycle_fault(cycle: Sequence[str]) -> str:
    """What is wrong with a dependency that closes a cycle, and what to do."""
    way = " -> ".join(cycle)
    return f"it closes a cycle: {way}; where that is meant, e.g. because the data is of another day, set allow_cycle."


def unknown_pipelines(spec: DependencySpec, known: Mapping[str, Iterable[str]]) -> Iterator[SpecFault]:
    """Pipelines it names that are not there; ``known``: keys by orchestrator, of those that have been listed."""
    named: list[tuple[Path, PipelineRef]] = [(("target",), spec.target)]
    placed = _placed(spec.upstream, ("upstream",))
    named += [(path, one.pipeline) for path, one in placed if one.pipeline is not None]
    for path, ref in named:
        if ref.orchestrator in known and ref.key not in set(known[ref.orchestrator]):
            near = did_you_mean(ref.key, known[ref.orchestrator])
            yield SpecFault(path, f"{ref.orchestrator} has no pipeline {ref.key!r}{near}.")


def _placed(group: Group, path: Path) -> Iterator[tuple[Path, Condition]]:
    for place, item in enumerate(group.items):
        if isinstance(item, Group):
            yield from _placed(item, (*path, place, item.mode.lower()))
        else:
            yield (*path, place), item


def _group_faults(spec: DependencySpec, group: Group, path: Path) -> Iterator[SpecFault]:
    for place, condition in _placed(group, path):
        if condition.dataset is not None and condition.fresh_within is None and not spec.keyed_by.is_time:
            message = f"writes have no {spec.keyed_by.lower()}; give it fresh_within, or let keyed_by be a time."
            yield SpecFault((*place, "dataset"), message)
        if condition.partitions and not spec.keyed_by.is_time:
            message = f"has a meaning for stretches of time only, not with keyed_by: {spec.keyed_by.lower()}."
            yield SpecFault((*place, "partitions"), message)
        if condition.window is not None:
            wrong = cron_fault(condition.window.cron)
            if wrong is not None:
                yield SpecFault((*place, "cron"), wrong)
            elif condition.window.lasts <= timedelta(0):
                yield SpecFault((*place, "lasts"), "must be longer than nothing.")
        if condition.offset and not spec.keyed_by.is_time:
            message = f"has a meaning for stretches of time only, not with keyed_by: {spec.keyed_by.lower()}."
            yield SpecFault((*place, "offset"), message)
        if condition.every is not None and not is_made_of(spec.keyed_by, condition.every):
            message = f"a {spec.keyed_by.lower()} is not made of whole {condition.every.lower()}s."
            yield SpecFault((*place, "every"), message)
        if not all(state.is_terminal for state in condition.states):
            moving = next(state for state in condition.states if not state.is_terminal)
            yield SpecFault((*place, "states"), f"{moving.lower()} is no state in which a run ends.")


def _is_any(group: Group) -> bool:
    """Whether one condition is always enough."""
    return all(not isinstance(item, Group) or _is_any(item) for item in group.items) and (
        group.mode is Mode.ANY or len(group.items) == 1
    )
