"""The difference between a file and the database: what ``podium plan`` shows and ``podium apply`` makes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, cast

from gateway.app.config.faults import ConfigError, FileFault
from gateway.app.config.load import PodiumFile
from gateway.domain.durations import short_duration
from gateway.domain.records import LINEAGE_NAMES, Definition, Orchestrator, OrchestratorDefinition


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
    definition: OrchestratorDefinition | Definition | None
    #: What is removed, where that is no orchestrator.
    removed: Definition | None = None

    @property
    def is_history_kept(self) -> bool:
        """Whether there is any, and it stays when this is removed."""
        return self.removed is None


def plan(file: PodiumFile, stored: Sequence[Orchestrator], others: Sequence[Definition] = ()) -> list[Change]:
    """What makes the stored definitions equal to the file's: changes in the file's order, then removals by name.

    ``stored`` holds removed orchestrators too. ConfigError where the file asks for what cannot be done.
    """
    by_name = {orchestrator.name: orchestrator for orchestrator in stored}
    faults = list(_conflicts(file, by_name))
    if faults:
        raise ConfigError(file.source, faults)
    changes = [_change(definition, by_name.get(definition.name)) for definition in file.orchestrators]
    wanted = {definition.name for definition in file.orchestrators}
    gone = sorted(name for name, known in by_name.items() if known.removed_at is None and name not in wanted)
    changes += [Change(Action.REMOVE, name, (), None) for name in gone]
    return [change for change in changes if change] + list(_other_changes(file.others, others))


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


def _title(definition: Definition) -> str:
    return LINEAGE_NAMES if definition.section == LINEAGE_NAMES else f"{definition.section}.{definition.name}"


def _other_fields(definition: Definition) -> dict[str, Any]:
    if definition.section == LINEAGE_NAMES:
        return {str(number): _rule_text(rule) for number, rule in enumerate(definition.document, 1)}
    return {key: value for key, value in definition.document.items() if key != "name"}


def _rule_text(rule: Mapping[str, Mapping[str, str]]) -> str:
    return " becomes ".join(f"{rule[side]['namespace']} {rule[side]['name']}" for side in ("from", "to"))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for field in dict.fromkeys((*after, *before)):
        old, new = _text(before, field, str), _text(after, field, str)
        if _text(before, field, _exact) == _text(after, field, _exact):
            continue
        if old == new:  # the number 1 has become the text 1: only the exact spelling shows it
            old, new = _text(before, field, _exact), _text(after, field, _exact)
        yield FieldChange(field, old, new)


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
            yield f"{path}.{key}", inner
