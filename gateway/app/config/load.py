"""From a file to definitions, or to every fault in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from adapters.sdk.registry import ConnectionSpec, check, kinds
from adapters.sdk.validation import Fault, faults_of, shown, unknown_key
from gateway.alerts.configuration import RECEIVERS, alert_definitions
from gateway.app.config.dependencies import dependencies_in
from gateway.app.config.document import Document, is_list, is_mapping, read_document
from gateway.app.config.faults import ConfigError, FileFault, Path, below, repeated
from gateway.app.config.lineage import lineage_definitions
from gateway.app.config.models import SECTIONS, OrchestratorEntry
from gateway.app.config.slas import slas_in
from gateway.domain.dependencies import DependencySpec
from gateway.domain.records import Definition, OrchestratorDefinition
from gateway.domain.slas import SlaSpec
from gateway.domain.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class PodiumFile:
    """A sound podium.yaml: its definitions in the order of the file, and the line each begins on."""

    source: str
    orchestrators: tuple[OrchestratorDefinition, ...]
    lines: dict[str, int]
    #: What it says besides, in its order.
    others: tuple[Definition, ...] = ()
    dependencies: tuple[DependencySpec, ...] = ()
    slas: tuple[SlaSpec, ...] = ()
    #: Where everything in the file stands.
    places: Mapping[Path, int] = field(default_factory=dict[Path, int])

    def fault_at(self, path: Path, message: str) -> FileFault:
        """A fault that only shows when the file is held against the database."""
        line = next((self.places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.places), None)
        return FileFault(line, path, message)


def load_file(path: FilePath) -> PodiumFile:
    """Read and check a file without contacting anything. ConfigError holds every fault."""
    source = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(source, [_whole("there is no such file; create it, or name another with -f.")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(source, [FileFault(line, (), "the file is not UTF-8; save it as UTF-8.")]) from None
    except OSError as error:
        raise ConfigError(source, [_whole(f"the file cannot be read ({error.strerror}).")]) from None
    return load_text(text, source)


def load_text(text: str, source: str = "podium.yaml") -> PodiumFile:
    """As ``load_file``, for a text that comes from elsewhere; ``source`` names it in faults."""
    document = read_document(text)
    if document.faults and document.value is None:
        raise ConfigError(source, document.faults)
    definitions: list[OrchestratorDefinition] = []
    faults = list(_check(document, definitions))
    others, of_others = _others(document)
    faults += of_others
    dependencies, of_dependencies = _dependencies(document, {one.name for one in definitions})
    faults += of_dependencies
    slas, of_slas = _slas(document, {one.name for one in definitions})
    faults += of_slas
    faults += _unknown_receivers(slas, others)
    if faults or document.faults:
        placed = [FileFault(document.line_of(fault.path), fault.path, fault.message) for fault in faults]
        raise ConfigError(source, [*document.faults, *placed])
    lines = {entry.name: document.lines["orchestrators", position] for position, entry in enumerate(definitions)}
    return PodiumFile(
        source, tuple(definitions), lines, tuple(others), tuple(dependencies), tuple(slas), document.lines
    )


def _check(document: Document, definitions: list[OrchestratorDefinition]) -> Iterator[Fault]:
    value = document.value
    if value is None:
        yield Fault((), "the file is empty; to have no orchestrators, write orchestrators: [].")
        return
    if not is_mapping(value):
        yield Fault((), "the file must be a mapping that starts with orchestrators:.")
        return
    yield from _sections(value)
    if "orchestrators" not in value:
        return
    entries = value["orchestrators"]
    if not is_list(entries):
        yield Fault(("orchestrators",), "must be a list (- name: ...); to have none, write orchestrators: [].")
        return
    for position, entry in enumerate(entries):
        for fault in _entry(entry, definitions):
            yield below(("orchestrators", position), fault)
    yield from _same_names(document, entries)


def _others(document: Document) -> tuple[list[Definition], list[Fault]]:
    found: list[Definition] = []
    faults: list[Fault] = []
    for section, read in (("lineage", lineage_definitions), ("alerts", alert_definitions)):
        if is_mapping(document.value) and section in document.value:
            some, wrong = read(document.value[section])
            found += some
            faults += [below((section,), fault) for fault in wrong]
    return found, faults


def _dependencies(document: Document, orchestrators: set[str]) -> tuple[list[DependencySpec], list[Fault]]:
    if not is_mapping(document.value) or "dependencies" not in document.value:
        return [], []
    found, faults = dependencies_in(document.value["dependencies"], orchestrators)
    return found, [below(("dependencies",), fault) for fault in faults]


def _slas(document: Document, orchestrators: set[str]) -> tuple[list[SlaSpec], list[Fault]]:
    if not is_mapping(document.value) or "slas" not in document.value:
        return [], []
    found, faults = slas_in(document.value["slas"], orchestrators)
    return found, [below(("slas",), fault) for fault in faults]


def _unknown_receivers(slas: list[SlaSpec], others: list[Definition]) -> Iterator[Fault]:
    known = [one.name for one in others if one.section == RECEIVERS]
    for place, spec in enumerate(slas):
        for number, action in enumerate(spec.actions):
            if action.notify is not None and action.notify not in known:
                message = f"{shown(action.notify)} is none of the receivers{did_you_mean(action.notify, known)}."
                yield Fault(("slas", place, "actions", number, "notify"), message)


def _sections(sections: dict[str, Any]) -> Iterator[Fault]:
    for name in sections:
        if name not in SECTIONS:
            yield Fault((name,), unknown_key(name, SECTIONS))
    if "orchestrators" not in sections:
        yield Fault((), "orchestrators is missing; to have none, write orchestrators: [].")


def _entry(entry: Any, definitions: list[OrchestratorDefinition]) -> Iterator[Fault]:
    if not is_mapping(entry):
        yield Fault((), "is not an orchestrator; write name:, kind: and url:.")
        return
    try:
        definitions.append(OrchestratorEntry.model_validate(entry).definition())
    except ValidationError as error:
        yield from (_without_secret(fault) for fault in faults_of(error, OrchestratorEntry))
    yield from _connection_faults(entry)


def _connection_faults(values: dict[str, Any]) -> Iterator[Fault]:
    kind: Any = values.get("kind")
    auth: Any = values.get("auth", {})
    options: Any = values.get("options", {})
    if not (kind in kinds() and is_mapping(auth) and is_mapping(options)):
        return
    spec = ConnectionSpec(name="", kind=str(kind), url="", auth=auth, options=options)
    try:
        yield from check(spec)
    except ImportError as error:
        yield Fault(("kind",), f"the adapter for {kind} cannot be loaded ({error}); install what it needs.")


def _without_secret(fault: Fault) -> Fault:
    """What stands where auth's mapping should be may be a secret."""
    if fault.path[0] == "auth":
        return Fault(fault.path, "must be a mapping, e.g. {username: podium, password: env:AIRFLOW_PASSWORD}.")
    return fault


def _same_names(document: Document, entries: list[Any]) -> Iterator[Fault]:
    for position, first, name in repeated(entry.get("name") if is_mapping(entry) else None for entry in entries):
        line = document.line_of(("orchestrators", first))
        message = f"{shown(name)} is the name of orchestrators[{first}] (line {line}) already; use another."
        yield Fault(("orchestrators", position, "name"), message)


def _whole(message: str) -> FileFault:
    return FileFault(None, (), message)
