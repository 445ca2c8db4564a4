"""The difference between a file and the database: what ``podium plan`` shows and ``podium apply`` makes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar, cast

from gateway.app.config import dependencies, slas
from gateway.app.config.faults import ConfigError, FileFault
from gateway.app.config.load import PodiumFile
from gateway.coordination.soundness import cycle_in, unknown_pipelines
from gateway.domain.dependencies import Dependency, DependencySpec
from gateway.domain.durations import short_duration
from gateway.domain.records import LINEAGE_NAMES, Definition, Orchestrator, OrchestratorDefinition
from gateway.domain.slas import Sla, SlaSpec
from gateway.sla import soundness as of_sla
from gateway.sync.vault import TYPED_IN, is_sealed

S = TypeVar("S", DependencySpec, SlaSpec)

#: Marks what came from a file; the API shows it as such and does not change it.
CONFIG = "CONFIG"


class Action(StrEnum):
    """What happens to a definition."""

    CREATE = "create"
    #: It was removed before and comes back, with its history.
    RESTORE = "restore"
    UPDATE = "update"
    #: It is no longer followed; its history stays.
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One key, e.g. ``auth.password``, in the spelling of podium.yaml; None where it is not set."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one definition, and what it is then (None where it is removed)."""

    action: Action
    name: str
    fields: tuple[FieldChange, ...]
    definition: OrchestratorDefinition | Definition | DependencySpec | SlaSpec | None
    #: What is removed, where that is no orchestrator.
    removed: Definition | DependencySpec | SlaSpec | None = None

    @property
    def is_history_kept(self) -> bool:
        """Whether there is any, and it stays when this is removed."""
        return not isinstance(self.removed, Definition)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says now."""

    #: Removed ones too.
    orchestrators: Sequence[Orchestrator] = ()
    others: Sequence[Definition] = ()
    dependencies: Sequence[Dependency] = ()
    slas: Sequence[Sla] = ()
    #: Keys of pipelines by orchestrator, of those that have been listed.
    pipelines: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


def plan(file: PodiumFile, known: Stored) -> list[Change]:
    """What makes the stored definitions equal to the file's: changes in the file's order, then removals by name.

    ConfigError where the file asks for what cannot be done.
    """
    stored = known.orchestrators
    by_name = {orchestrator.name: orchestrator for orchestrator in stored}
    faults = [
        *_conflicts(file, by_name),
        *_conflicts_of_dependencies(file, known),
        *_conflicts_of_slas(file, known),
    ]
    if faults:
        raise ConfigError(file.source, faults)
    changes = [_change(definition, by_name.get(definition.name)) for definition in file.orchestrators]
    wanted = {definition.name for definition in file.orchestrators}
    followed = [one for one in stored if one.removed_at is None and one.origin == CONFIG]
    gone = sorted(one.name for one in followed if one.name not in wanted)
    changes += [Change(Action.REMOVE, name, (), None) for name in gone]
    changes += _other_changes(file.others, known.others)
    from_file = [one.spec for one in known.dependencies if one.origin == CONFIG]
    changes += _spec_changes("dependencies", file.dependencies, from_file, dependencies.as_people_write_it)
    promised = [one.spec for one in known.slas if one.origin == CONFIG]
    changes += _spec_changes("slas", file.slas, promised, slas.as_people_write_it)
    return [change for change in changes if change]


def summary(changes: Iterable[Change]) -> str:
    """``1 to create, 2 to change, 1 to remove``; empty where nothing changes."""
    counts = dict.fromkeys(Action, 0)
    for change in changes:
        counts[change.action] += 1
    words = {
        "create": counts[Action.CREATE] + counts[Action.RESTORE],
        "change": counts[Action.UPDATE],
        "remove": counts[Action.REMOVE],
    }
    return ", ".join(f"{count} to {word}" for word, count in words.items() if count)


def _conflicts(file: PodiumFile, stored: Mapping[str, Orchestrator]) -> Iterator[FileFault]:
    for position, definition in enumerate(file.orchestrators):
        known = stored.get(definition.name)
        if known is not None and known.kind != definition.kind:
            message = (
                f"{definition.name} is known as {known.kind} and has a history of that kind;"
                f" give the {definition.kind} another name."
            )
            yield FileFault(file.lines[definition.name], ("orchestrators", position, "kind"), message)


def _change(wanted: OrchestratorDefinition, known: Orchestrator | None) -> Change | None:
    if known is None:
        return Change(Action.CREATE, wanted.name, tuple(_differences({}, _fields(wanted))), wanted)
    fields = tuple(_differences(_fields(known.definition), _fields(wanted)))
    if known.removed_at is None and known.origin != CONFIG:
        taken_over = FieldChange("origin", known.origin, CONFIG)
        return Change(Action.UPDATE, wanted.name, (taken_over, *fields), wanted)
    if known.removed_at is not None:
        return Change(Action.RESTORE, wanted.name, fields, wanted)
    return Change(Action.UPDATE, wanted.name, fields, wanted) if fields else None


def _other_changes(wanted: Sequence[Definition], stored: Sequence[Definition]) -> Iterator[Change]:
    known = {(one.section, one.name): one for one in stored}
    for one in wanted:
        before = known.pop((one.section, one.name), None)
        fields = tuple(_differences(_other_fields(before) if before else {}, _other_fields(one)))
        if fields:
            yield Change(Action.UPDATE if before else Action.CREATE, _title(one), fields, one)
    for gone in known.values():
        yield Change(Action.REMOVE, _title(gone), (), None, gone)


def _conflicts_of_dependencies(file: PodiumFile, known: Stored) -> Iterator[FileFault]:
    yield from _made_by_hand(file, "dependencies", file.dependencies, known.dependencies)
    for position, spec in enumerate(file.dependencies):
        for fault in unknown_pipelines(spec, known.pipelines):
            yield file.fault_at(("dependencies", position, *fault.path), fault.message)
    by_api = [one.spec for one in known.dependencies if one.origin != CONFIG]
    cycle = cycle_in([*file.dependencies, *by_api])
    if cycle is not None:
        message = f"with those made through the API, these would start each other for ever: {' -> '.join(cycle)}."
        yield file.fault_at(("dependencies",), message)


def _conflicts_of_slas(file: PodiumFile, known: Stored) -> Iterator[FileFault]:
    yield from _made_by_hand(file, "slas", file.slas, known.slas)
    for position, spec in enumerate(file.slas):
        for fault in of_sla.unknown_pipelines(spec, known.pipelines):
            yield file.fault_at(("slas", position, *fault.path), fault.message)


def _made_by_hand(
    file: PodiumFile, section: str, wanted: Sequence[DependencySpec | SlaSpec], stored: Sequence[Dependency | Sla]
) -> Iterator[FileFault]:
    by_hand = {one.spec.name for one in stored if one.origin != CONFIG}
    for position, spec in enumerate(wanted):
        if spec.name in by_hand:
            message = f"{spec.name!r} was made through the API; delete it there first, or use another name."
            yield file.fault_at((section, position, "name"), message)


def _spec_changes(
    section: str, wanted: Sequence[S], stored: Iterable[S], in_words: Callable[[S], Mapping[str, Any]]
) -> Iterator[Change]:
    known = {spec.name: spec for spec in stored}
    for spec in wanted:
        before = known.pop(spec.name, None)
        fields = tuple(_differences(in_words(before) if before else {}, in_words(spec)))
        if fields:
            yield Change(Action.UPDATE if before else Action.CREATE, f"{section}.{spec.name}", fields, spec)
    for gone in known.values():
        yield Change(Action.REMOVE, f"{section}.{gone.name}", (), None, gone)


def _title(definition: Definition) -> str:
    return LINEAGE_NAMES if definition.section == LINEAGE_NAMES else f"{definition.section}.{definition.name}"


def _other_fields(definition: Definition) -> dict[str, Any]:
    if definition.section == LINEAGE_NAMES:
        return {str(number): _rule_text(rule) for number, rule in enumerate(definition.document, 1)}
    return {key: value for key, value in definition.document.items() if key != "name"}


def _rule_text(rule: Mapping[str, Mapping[str, str]]) -> str:
    return " becomes ".join(f"{rule[side]['namespace']} {rule[side]['name']}" for side in ("from", "to"))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*after, *before)):
        old, new = _text(before, name, str), _text(after, name, str)
        if _text(before, name, _exact) == _text(after, name, _exact):
            continue
        if old == new:  # the number 1 has become the text 1: only the exact spelling shows it
            old, new = _text(before, name, _exact), _text(after, name, _exact)
        yield FieldChange(name, old, new)


def _text(fields: Mapping[str, Any], field: str, spell: Callable[[Any], str]) -> str | None:
    if field not in fields:
        return None
    value = fields[field]
    return spell(value) if isinstance(value, str) else _exact(value)


def _exact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _fields(definition: OrchestratorDefinition) -> dict[str, Any]:
    fields: dict[str, Any] = {"kind": definition.kind, "url": definition.url}
    fields.update(_flat("auth", definition.auth))
    fields.update(_flat("options", definition.options))
    fields["poll"] = short_duration(timedelta(seconds=definition.poll_seconds))
    fields["backfill"] = short_duration(timedelta(seconds=definition.backfill_seconds))
    if definition.lineage_namespaces:
        fields["lineage_namespaces"] = list(definition.lineage_namespaces)
    return fields


def _flat(path: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _flat(f"{path}.{key}", cast("Mapping[str, Any]", inner))
        else:
            yield f"{path}.{key}", TYPED_IN if is_sealed(inner) else inner
