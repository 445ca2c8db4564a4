"""The section ``dependencies`` of podium.yaml: what fires when others are done."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from adapters.sdk.validation import Fault, faults_of, shown
from gateway.app.config.document import is_list, is_mapping
from gateway.app.config.faults import below, repeated
from gateway.app.config.models import Duration, slug
from gateway.coordination import soundness
from gateway.domain.dependencies import Condition, DatasetRef, DependencySpec, Group, Mode, PipelineRef, Rerun
from gateway.domain.durations import short_duration
from gateway.domain.periods import KeyGranularity
from gateway.domain.states import RunState
from gateway.domain.suggestions import did_you_mean
from gateway.domain.windows import Window

E = TypeVar("E", bound=StrEnum)


def word_of(kind: type[E]) -> BeforeValidator:
    """A word of an enumeration, in lower case as people write it."""

    def read(value: Any) -> Any:
        words = [member.lower() for member in kind]
        if isinstance(value, kind):
            return value
        if isinstance(value, str) and value.lower() in words:
            return kind(value.upper())
        near = did_you_mean(value, words) if isinstance(value, str) else ""
        raise ValueError(f"{shown(value)} is none of {', '.join(words)}{near}.")

    return BeforeValidator(read)


def _pipeline(value: Any) -> Any:
    orchestrator, slash, key = value.partition("/") if isinstance(value, str) else ("", "", "")
    if not (orchestrator and slash and key):
        raise ValueError(f"{shown(value)} is no pipeline; write it like airflow-prod/ingest_sales.")
    return PipelineRef(orchestrator, key)


Pipeline = Annotated[PipelineRef, BeforeValidator(_pipeline)]
Granularity = Annotated[KeyGranularity, word_of(KeyGranularity)]


class EntryModel(BaseModel):
    """What every entry of a list is."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class DatasetEntry(EntryModel):
    """A dataset by any of its names."""

    namespace: str = Field(min_length=1)
    name: str = Field(min_length=1)


class ConditionEntry(EntryModel):
    """One entry of ``upstream:``: a pipeline, or a group of entries."""

    pipeline: Pipeline | None = None
    task: str | None = Field(default=None, min_length=1)
    dataset: DatasetEntry | None = None
    cron: str | None = None
    lasts: Duration | None = None
    fresh_within: Duration | None = None
    states: list[Annotated[RunState, word_of(RunState)]] = Field(default=[RunState.SUCCESS], min_length=1)
    offset: int = Field(default=0, ge=-1000, le=1000)
    every: Granularity | None = None
    partitions: list[str] = Field(default_factory=list[str])
    all: list["ConditionEntry"] | None = Field(default=None, min_length=1)
    any: list["ConditionEntry"] | None = Field(default=None, min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        """A pipeline's name alone."""
        return {"pipeline": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(one is not None for one in (self.pipeline, self.dataset, self.cron, self.all, self.any)) != 1:
            raise ValueError("must have one of pipeline:, dataset:, cron:, all: or any:.")
        if self.fresh_within is not None and self.dataset is None:
            raise ValueError("fresh_within: is for a dataset: only.")
        if (self.cron is None) != (self.lasts is None):
            raise ValueError("cron: and lasts: belong together: a window opens at the one for as long as the other.")
        for name in ("task", "partitions"):
            if getattr(self, name) and self.pipeline is None:
                raise ValueError(f"{name}: is for a pipeline: only.")
        return self

    def item(self) -> Condition | Group:
        """As the domain has it."""
        if self.pipeline is not None:
            return Condition(
                self.pipeline,
                self.task,
                states=tuple(self.states),
                offset=self.offset,
                every=self.every,
                partitions=tuple(self.partitions),
            )
        if self.cron is not None and self.lasts is not None:
            return Condition(window=Window(self.cron, self.lasts))
        if self.dataset is not None:
            ref = DatasetRef(self.dataset.namespace, self.dataset.name)
            return Condition(dataset=ref, fresh_within=self.fresh_within, offset=self.offset, every=self.every)
        mode = Mode.ALL if self.all is not None else Mode.ANY
        return Group(mode, tuple(entry.item() for entry in (self.all or self.any or ())))


class DependencyEntry(EntryModel):
    """One entry of ``dependencies:``."""

    name: Annotated[str, AfterValidator(slug)]
    description: str | None = None
    mode: Annotated[Mode, word_of(Mode)] = Mode.ALL
    upstream: list[ConditionEntry] = Field(min_length=1)
    target: Pipeline
    keyed_by: Granularity = KeyGranularity.RUN
    timezone: str = "UTC"
    parameters: dict[str, Any] = Field(default_factory=dict[str, Any])
    partition: str | None = None
    timeout: Duration | None = None
    on_rerun: Annotated[Rerun, word_of(Rerun)] = Rerun.IGNORE
    max_active: int | None = Field(default=None, ge=1)
    max_per_minute: int | None = Field(default=None, ge=1)
    allow_cycle: bool = False
    enabled: bool = True

    def spec(self) -> DependencySpec:
        """As the domain has it."""
        return DependencySpec(
            name=self.name,
            description=self.description,
            upstream=Group(self.mode, tuple(entry.item() for entry in self.upstream)),
            target=self.target,
            keyed_by=self.keyed_by,
            timezone=self.timezone,
            parameters=self.parameters,
            partition=self.partition,
            timeout=self.timeout,
            is_enabled=self.enabled,
            on_rerun=self.on_rerun,
            max_active=self.max_active,
            max_per_minute=self.max_per_minute,
            allow_cycle=self.allow_cycle,
        )


def dependencies_in(section: Any, orchestrators: set[str]) -> tuple[list[DependencySpec], list[Fault]]:
    """What the section says, and every fault in it."""
    if not is_list(section):
        return [], [Fault((), "must be a list (- name: ...); to have none, leave the section out.")]
    specs: list[DependencySpec] = []
    faults: list[Fault] = []
    for position, entry in enumerate(section):
        faults += [below((position,), fault) for fault in _entry(entry, specs, orchestrators)]
    faults += _same_names(section)
    cycle = soundness.cycle_in(specs)
    if cycle is not None and not faults:
        faults.append(Fault((), f"these would start each other for ever: {' -> '.join(cycle)}."))
    return specs, faults


def _entry(entry: Any, specs: list[DependencySpec], orchestrators: set[str]) -> Iterator[Fault]:
    if not is_mapping(entry):
        yield Fault((), "is not a dependency; write name:, upstream: and target:.")
        return
    try:
        spec = DependencyEntry.model_validate(entry).spec()
    except ValidationError as error:
        yield from faults_of(error, DependencyEntry)
        return
    for fault in soundness.faults_of(spec):
        yield Fault(fault.path, fault.message)
    for name in sorted(_orchestrators_of(spec) - orchestrators):
        near = did_you_mean(name, orchestrators)
        yield Fault((), f"names the orchestrator {name!r}, which this file does not define{near}.")
    specs.append(spec)


def _orchestrators_of(spec: DependencySpec) -> set[str]:
    return {ref.orchestrator for ref in spec.pipelines()}


def _same_names(entries: list[Any]) -> Iterator[Fault]:
    for position, first, name in repeated(entry.get("name") if is_mapping(entry) else None for entry in entries):
        yield Fault((position, "name"), f"{shown(name)} is the name of dependencies[{first}] already; use another.")


def as_people_write_it(spec: DependencySpec) -> Mapping[str, Any]:
    """Its fields in the spelling of podium.yaml, for a plan."""
    fields: dict[str, Any] = {
        "description": spec.description,
        "mode": spec.upstream.mode.lower(),
        **{f"upstream[{place}]": _item_text(item) for place, item in enumerate(spec.upstream.items)},
        "target": str(spec.target),
        "keyed_by": spec.keyed_by.lower(),
        "timezone": spec.timezone,
        **{f"parameters.{name}": value for name, value in spec.parameters.items()},
        "partition": spec.partition,
        "timeout": short_duration(spec.timeout) if spec.timeout is not None else None,
        "on_rerun": spec.on_rerun.lower(),
        "max_active": spec.max_active,
        "max_per_minute": spec.max_per_minute,
        "allow_cycle": spec.allow_cycle or None,
        "enabled": spec.is_enabled,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _item_text(item: Condition | Group) -> str:
    if isinstance(item, Group):
        return f"{item.mode.lower()} of ({', '.join(_item_text(one) for one in item.items)})"
    more = [f"states {'/'.join(state.lower() for state in item.states)}"] if item.states != (RunState.SUCCESS,) else []
    more += [f"fresh within {short_duration(item.fresh_within)}"] if item.fresh_within is not None else []
    more += [f"offset {item.offset}"] if item.offset else []
    more += [f"every {item.every.lower()}"] if item.every else []
    more += [f"partitions {'/'.join(item.partitions)}"] if item.partitions else []
    return f"{item} ({', '.join(more)})" if more else str(item)
