"""The section ``lineage`` of podium.yaml: what datasets are called, and who else gets the events."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from adapters.sdk import secrets
from adapters.sdk.validation import Fault, faults_of, shown, unknown_key
from gateway.app.config.document import is_list, is_mapping
from gateway.app.config.faults import below, repeated
from gateway.app.config.models import slug, web_address
from gateway.domain.name_patterns import NamePattern, PatternError
from gateway.domain.records import LINEAGE_FORWARD, LINEAGE_NAMES, NAME_RULES, Definition

_KEYS = ("names", "forward")


def _reference(value: str) -> str:
    if not secrets.is_reference(value):  # it is not quoted: it may be the secret itself
        raise ValueError("must be a reference, env:NAME or file:PATH, and not the token itself.")
    return value


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class DatasetPattern(_Model):
    """A dataset's name with {placeholders}."""

    namespace: str = Field(min_length=1)
    name: str = Field(min_length=1)


class NameRuleEntry(_Model):
    """One entry of ``names:``."""

    given: DatasetPattern = Field(alias="from")
    wanted: DatasetPattern = Field(alias="to")

    def faults(self) -> Iterator[Fault]:
        """What is wrong with its placeholders."""
        try:
            pattern = NamePattern(self.given.namespace, self.given.name)
        except PatternError as error:
            yield Fault(("from", error.part), str(error))
            return
        try:
            pattern.check(self.wanted.namespace, self.wanted.name)
        except PatternError as error:
            yield Fault(("to", error.part), str(error))


class ForwardEntry(_Model):
    """One entry of ``forward:``."""

    name: Annotated[str, AfterValidator(slug)]
    #: The whole address that takes an event, e.g. https://marquez.example.com/api/v1/lineage.
    url: Annotated[str, AfterValidator(web_address)]
    token: Annotated[str, AfterValidator(_reference)] | None = None


def lineage_definitions(section: Any) -> tuple[list[Definition], list[Fault]]:
    """What the section says, and every fault in it."""
    if not is_mapping(section):
        return [], [Fault((), "must be a mapping with names: or forward:.")]
    faults = [Fault((key,), unknown_key(key, _KEYS)) for key in section if key not in _KEYS]
    rules = list(_entries(section, "names", NameRuleEntry, faults))
    targets = list(_entries(section, "forward", ForwardEntry, faults))
    for position, rule in rules:
        faults += [below(("names", position), fault) for fault in rule.faults()]
    faults += _same_names(targets)
    found = [Definition(LINEAGE_FORWARD, target.name, target.model_dump(exclude_none=True)) for _, target in targets]
    if rules:
        documents = [rule.model_dump(by_alias=True) for _, rule in rules]
        found.insert(0, Definition(LINEAGE_NAMES, NAME_RULES, documents))
    return found, faults


def _entries(section: dict[str, Any], key: str, model: Any, faults: list[Fault]) -> Iterator[tuple[int, Any]]:
    given = section.get(key, [])
    if not is_list(given):
        faults.append(Fault((key,), "must be a list."))
        return
    for position, entry in enumerate(given):
        try:
            yield position, model.model_validate(entry)
        except ValidationError as error:
            faults += faults_of(error, model, at=(key, position), show_values=key == "names")


def _same_names(targets: list[tuple[int, ForwardEntry]]) -> Iterator[Fault]:
    positions = [position for position, _ in targets]
    for place, first, name in repeated(target.name for _, target in targets):
        message = f"{shown(name)} is the name of forward[{positions[first]}] already; use another."
        yield Fault(("forward", positions[place], "name"), message)
