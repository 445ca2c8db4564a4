"""The section ``slas`` of podium.yaml: what teams promise."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from adapters.sdk.validation import Fault, faults_of, shown
from gateway.app.config.dependencies import DatasetEntry, EntryModel, Pipeline, word_of
from gateway.app.config.document import is_list, is_mapping
from gateway.app.config.faults import below, repeated
from gateway.app.config.models import Duration, slug
from gateway.domain.clock_times import format_clock, parse_clock
from gateway.domain.dependencies import DatasetRef
from gateway.domain.durations import short_duration
from gateway.domain.incidents import Severity
from gateway.domain.slas import SlaAction, SlaKind, SlaSpec, SlaState
from gateway.domain.suggestions import did_you_mean
from gateway.sla import soundness


def _clock(value: Any) -> Any:
    if isinstance(value, str):
        return parse_clock(value)
    raise ValueError(f'{shown(value)} is no time of a day; write it in quotes: "09:00".')


class ActionEntry(EntryModel):
    """One entry of ``actions:``."""

    on: Annotated[SlaState, word_of(SlaState)]
    trigger: Pipeline | None = None
    parameters: dict[str, Any] = Field(default_factory=dict[str, Any])
    retry: bool = False
    notify: str | None = None
    severity: Annotated[Severity, word_of(Severity)] | None = None

    def action(self) -> SlaAction:
        """As the domain has it."""
        return SlaAction(self.on, self.trigger, self.parameters, self.retry, self.notify, self.severity)


class SlaEntry(EntryModel):
    """One entry of ``slas:``."""

    name: Annotated[str, AfterValidator(slug)]
    kind: Annotated[SlaKind, word_of(SlaKind)]
    pipeline: Pipeline | None = None
    dataset: DatasetEntry | None = None
    description: str | None = None
    owner: str | None = None
    severity: Annotated[Severity, word_of(Severity)] | None = None
    deadline: Annotated[timedelta, BeforeValidator(_clock)] | None = None
    data_day: int | None = None
    timezone: str = "UTC"
    calendar: str | None = None
    days_off: list[str] = Field(default_factory=list[str])
    limit: Duration | None = None
    deviations: float | None = None
    target_rate: float | None = None
    window: Duration | None = None
    objective: float | None = None
    enabled: bool = True
    actions: list[ActionEntry] = Field(default_factory=list[ActionEntry])

    def spec(self) -> SlaSpec:
        """As the domain has it."""
        return SlaSpec(
            name=self.name,
            kind=self.kind,
            pipeline=self.pipeline,
            dataset=DatasetRef(self.dataset.namespace, self.dataset.name) if self.dataset else None,
            description=self.description,
            owner=self.owner,
            severity=self.severity,
            deadline=self.deadline,
            data_day=self.data_day,
            timezone=self.timezone,
            calendar=self.calendar,
            days_off=tuple(self.days_off),
            limit=self.limit,
            deviations=self.deviations,
            target_rate=self.target_rate,
            window=self.window,
            objective=self.objective,
            is_enabled=self.enabled,
            actions=tuple(one.action() for one in self.actions),
        )


def slas_in(section: Any, orchestrators: set[str]) -> tuple[list[SlaSpec], list[Fault]]:
    """What the section says, and every fault in it."""
    if not is_list(section):
        return [], [Fault((), "must be a list (- name: ...); to have none, leave the section out.")]
    specs: list[SlaSpec] = []
    faults: list[Fault] = []
    for position, entry in enumerate(section):
        faults += [below((position,), fault) for fault in _entry(entry, specs, orchestrators)]
    for position, first, name in repeated(entry.get("name") if is_mapping(entry) else None for entry in section):
        message = f"{shown(name)} is the name of slas[{first}] already; use another."
        faults.append(Fault((position, "name"), message))
    return specs, faults


def _entry(entry: Any, specs: list[SlaSpec], orchestrators: set[str]) -> Iterator[Fault]:
    if not is_mapping(entry):
        yield Fault((), "is not an SLA; write name:, kind: and pipeline: or dataset:.")
        return
    try:
        spec = SlaEntry.model_validate(entry).spec()
    except ValidationError as error:
        yield from faults_of(error, SlaEntry)
        return
    for fault in soundness.faults_of(spec):
        yield Fault(fault.path, fault.message)
    for path, ref in soundness.named(spec):
        if ref.orchestrator not in orchestrators:
            near = did_you_mean(ref.orchestrator, orchestrators)
            yield Fault(path, f"names the orchestrator {ref.orchestrator!r}, which this file does not define{near}.")
    specs.append(spec)


def as_people_write_it(spec: SlaSpec) -> Mapping[str, Any]:
    """Its fields in the spelling of podium.yaml, for a plan."""
    fields: dict[str, Any] = {
        "description": spec.description,
        "kind": spec.kind.lower(),
        "pipeline": str(spec.pipeline) if spec.pipeline else None,
        "dataset": str(spec.dataset) if spec.dataset else None,
        "owner": spec.owner,
        "severity": spec.severity.lower() if spec.severity else None,
        "deadline": format_clock(spec.deadline) if spec.deadline is not None else None,
        "data_day": spec.data_day,
        "timezone": spec.timezone,
        "calendar": spec.calendar,
        "days_off": ", ".join(spec.days_off) or None,
        "limit": short_duration(spec.limit) if spec.limit is not None else None,
        "deviations": spec.deviations,
        "target_rate": spec.target_rate,
        "window": short_duration(spec.window) if spec.window is not None else None,
        "objective": spec.objective,
        "enabled": spec.is_enabled,
        "actions": [_written(one) for one in spec.actions] or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _written(action: SlaAction) -> Mapping[str, Any]:
    fields = {
        "on": action.on.lower(),
        "trigger": str(action.trigger) if action.trigger else None,
        "parameters": dict(action.parameters) or None,
        "retry": action.retry or None,
        "notify": action.notify,
        "severity": action.severity.lower() if action.severity else None,
    }
    return {name: value for name, value in fields.items() if value is not None}
