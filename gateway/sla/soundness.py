"""Whether an SLA can hold as it is said: every fault, with where it is and what to do. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from gateway.domain.dependencies import PipelineRef
from gateway.domain.slas import SlaKind, SlaSpec, SlaState
from gateway.domain.slugs import how_to, is_slug
from gateway.domain.suggestions import did_you_mean
from gateway.domain.zones import zone_fault
from gateway.sla import templates
from gateway.sla.calendar import CalendarError, Days

Path = tuple[str | int, ...]

#: What each kind must have, and what it may have besides.
NEEDS: Mapping[SlaKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    SlaKind.DEADLINE: (("deadline",), ("window", "data_day")),
    SlaKind.FRESHNESS: (("limit",), ()),
    SlaKind.DURATION: ((), ("limit", "deviations")),
    SlaKind.SUCCESS_RATE: (("target_rate", "window"), ()),
}
_FIELDS = ("deadline", "data_day", "limit", "deviations", "target_rate", "window")
_SHARES = ("target_rate", "objective")
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class SlaFault:
    """One mistake; ``path`` leads to it, e.g. ("calendar",)."""

    path: Path
    message: str


def faults_of(spec: SlaSpec) -> Iterator[SlaFault]:
    """What is wrong with it in itself."""
    if not is_slug(spec.name):
        yield SlaFault(("name",), f"{spec.name!r} is not a slug; {how_to(spec.name)}.")
    wrong = zone_fault(spec.timezone)
    if wrong is not None:
        yield SlaFault(("timezone",), wrong)
    yield from _target_faults(spec)
    yield from _kind_faults(spec)
    yield from _number_faults(spec)
    yield from _calendar_faults(spec)
    yield from _action_faults(spec)


def unknown_pipelines(spec: SlaSpec, known: Mapping[str, Iterable[str]]) -> Iterator[SlaFault]:
    """Pipelines it names that are not there; ``known``: keys by orchestrator, of those that have been listed."""
    for path, ref in named(spec):
        if ref.orchestrator in known and ref.key not in set(known[ref.orchestrator]):
            near = did_you_mean(ref.key, known[ref.orchestrator])
            yield SlaFault(path, f"{ref.orchestrator} has no pipeline {ref.key!r}{near}.")


def named(spec: SlaSpec) -> Iterator[tuple[Path, PipelineRef]]:
    """All pipelines it names, and where."""
    if spec.pipeline is not None:
        yield ("pipeline",), spec.pipeline
    for place, action in enumerate(spec.actions):
        if action.trigger is not None:
            yield ("actions", place, "trigger"), action.trigger


def _target_faults(spec: SlaSpec) -> Iterator[SlaFault]:
    if (spec.pipeline is None) == (spec.dataset is None):
        yield SlaFault((), "must be about one thing: pipeline: or dataset:.")
    elif spec.dataset is not None and spec.kind in (SlaKind.DURATION, SlaKind.SUCCESS_RATE):
        yield SlaFault(("dataset",), f"has no runs, so nothing of kind {spec.kind.lower()} can be promised of it.")
    if spec.dataset is not None and spec.data_day is not None:
        yield SlaFault(("data_day",), "is for a pipeline only: a write does not say which day it is for.")


def _action_faults(spec: SlaSpec) -> Iterator[SlaFault]:
    for place, action in enumerate(spec.actions):
        if action.on not in (SlaState.AT_RISK, SlaState.MISSED):
            yield SlaFault(("actions", place, "on"), "must be at_risk or missed.")
        told = (action.trigger is not None, action.retry, action.notify is not None, action.severity is not None)
        if sum(told) != 1:
            yield SlaFault(("actions", place), "needs one of trigger, retry, notify, severity, and no second one.")
        if action.retry and spec.pipeline is None:
            yield SlaFault(("actions", place, "retry"), "is for an SLA on a pipeline: a dataset has no run to retry.")
        if action.parameters and action.trigger is None:
            yield SlaFault(("actions", place, "parameters"), "belong to trigger:.")
        for error in templates.faults_of(action, spec.name):
            message = f"{error.message.removesuffix('.')}; there are key, sla and state."
            yield SlaFault(("actions", place, "parameters", error.field), message)


def _kind_faults(spec: SlaSpec) -> Iterator[SlaFault]:
    needed, allowed = NEEDS[spec.kind]
    kind = spec.kind.lower()
    for name in needed:
        if getattr(spec, name) is None:
            yield SlaFault((), f"{name} is missing; an SLA of kind {kind} needs it.")
    for name in _FIELDS:
        if getattr(spec, name) is not None and name not in (*needed, *allowed):
            yield SlaFault((name,), f"has no meaning for an SLA of kind {kind}; remove it.")
    if spec.kind is SlaKind.DURATION and (spec.limit is None) == (spec.deviations is None):
        yield SlaFault((), "an SLA of kind duration needs one of limit: and deviations:.")


def _number_faults(spec: SlaSpec) -> Iterator[SlaFault]:
    for name in ("limit", "window"):
        length: timedelta | None = getattr(spec, name)
        if length is not None and not timedelta(0) < length <= _LONGEST:
            yield SlaFault((name,), "must be longer than nothing, and not longer than 400 days.")
    for name in _SHARES:
        share: float | None = getattr(spec, name)
        if share is not None and not 0 < share <= 1:
            yield SlaFault((name,), f"{share} is no share; write a number above 0 and up to 1, like 0.99.")
    if spec.deviations is not None and not 0 < spec.deviations <= 100:
        yield SlaFault(("deviations",), f"{spec.deviations} is out of range; 3 suits most pipelines.")
    if spec.data_day is not None and not -366 <= spec.data_day <= 366:
        yield SlaFault(("data_day",), f"{spec.data_day} is out of range; -1 is the day before the deadline's.")


def _calendar_faults(spec: SlaSpec) -> Iterator[SlaFault]:
    try:
        Days.of(spec.calendar)
    except CalendarError as error:
        yield SlaFault(("calendar",), str(error))
    for place, day in enumerate(spec.days_off):
        try:
            Days.of(None, [day])
        except CalendarError as error:
            yield SlaFault(("days_off", place), str(error))
