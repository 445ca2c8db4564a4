"""The section ``alerts`` of podium.yaml: its models, which are also how it is kept."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from adapters.sdk.validation import Fault, faults_of, shown, unknown_key
from gateway.alerts.channels import NAMES, channel
from gateway.alerts.document import examples
from gateway.alerts.texts import USUAL, fault_in
from gateway.domain.alerting import Alerting, Escalation, Inhibition, Maintenance, Receiver, Route, Timing
from gateway.domain.durations import parse_duration, short_duration
from gateway.domain.matchers import Matcher, parse_matcher
from gateway.domain.records import Definition
from gateway.domain.slugs import how_to, is_slug
from gateway.domain.suggestions import did_you_mean
from gateway.domain.zones import zone_fault
from gateway.schedules import cron_fault

#: Sections of definitions: a receiver each, and one that holds all the rest.
RECEIVERS, ROUTING = "alerts.receivers", "alerts.routing"
RULES = "rules"
#: The key of a receiver that stands beside its channel.
TEMPLATES = "templates"
_PARTS = ("route", "inhibit", "silences_from_calendar", "escalations")


def _matchers(value: Any) -> Any:
    if isinstance(value, str):
        return parse_matcher(value)
    raise ValueError(f"{shown(value)} is no matcher; write it in quotes: 'severity=\"critical\"'.")


def _duration(value: Any) -> Any:
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError(f"{shown(value)} is not a duration; write it with its unit, like 30s or 4h.")


def _cron(value: Any) -> Any:
    wrong = cron_fault(value) if isinstance(value, str) else f"{shown(value)} is no cron expression."
    if wrong is not None:
        raise ValueError(wrong)
    return value


def _zone(value: Any) -> Any:
    wrong = zone_fault(value) if isinstance(value, str) else f"{shown(value)} is no time zone."
    if wrong is not None:
        raise ValueError(wrong)
    return value


_Matcher = Annotated[Matcher, BeforeValidator(_matchers), PlainSerializer(str)]
_Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(short_duration)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)


class RouteEntry(_Model):
    """A route; what it does not say is as in the one around it."""

    receiver: str | None = None
    matchers: list[_Matcher] = Field(default_factory=list[Matcher])
    group_wait: _Duration | None = None
    group_interval: _Duration | None = None
    repeat_interval: _Duration | None = None
    goes_on: bool = Field(default=False, alias="continue")
    routes: list["RouteEntry"] = Field(default_factory=list["RouteEntry"])

    def route(self, receiver: str, timing: Timing) -> Route:
        """As the domain has it, within one that has such a receiver and timing."""
        own = Timing(
            self.group_wait if self.group_wait is not None else timing.group_wait,
            self.group_interval if self.group_interval is not None else timing.group_interval,
            self.repeat_interval if self.repeat_interval is not None else timing.repeat_interval,
        )
        to = self.receiver or receiver
        return Route(to, tuple(self.matchers), own, self.goes_on, tuple(one.route(to, own) for one in self.routes))


class InhibitionEntry(_Model):
    """One entry of ``inhibit:``."""

    source: list[_Matcher] = Field(min_length=1, alias="source_matchers")
    target: list[_Matcher] = Field(min_length=1, alias="target_matchers")
    equal: list[str] = Field(default_factory=list[str])


class MaintenanceEntry(_Model):
    """One entry of ``silences_from_calendar:``."""

    matchers: list[_Matcher] = Field(min_length=1)
    cron: Annotated[str, BeforeValidator(_cron)]
    duration: _Duration
    timezone: Annotated[str, BeforeValidator(_zone)] = "UTC"


class EscalationEntry(_Model):
    """One entry of ``escalations:``."""

    after: _Duration
    receiver: str
    matchers: list[_Matcher] = Field(default_factory=list[Matcher])


class RoutingEntry(_Model):
    """The section without its receivers."""

    route: RouteEntry
    inhibit: list[InhibitionEntry] = Field(default_factory=list[InhibitionEntry])
    silences_from_calendar: list[MaintenanceEntry] = Field(default_factory=list[MaintenanceEntry])
    escalations: list[EscalationEntry] = Field(default_factory=list[EscalationEntry])


def alert_definitions(section: Any) -> tuple[list[Definition], list[Fault]]:
    """What the section says, and every fault in it."""
    if not isinstance(section, dict):
        return [], [Fault((), "must be a mapping with receivers: and route:.")]
    given: dict[str, Any] = section  # pyright: ignore[reportUnknownVariableType]
    known = ("receivers", *_PARTS)
    faults = [Fault((key,), unknown_key(key, known)) for key in given if key not in known]
    receivers = list(_receivers(given.get("receivers", []), faults))
    try:
        routing = RoutingEntry.model_validate({key: given[key] for key in _PARTS if key in given})
    except ValidationError as error:
        return [], [*faults, *faults_of(error, RoutingEntry)]
    faults += _routing_faults(routing, {one.name for one in receivers})
    document = routing.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return [*receivers, Definition(ROUTING, RULES, document)], faults


def alerting_of(definitions: Iterable[Definition]) -> Alerting:
    """From what is kept."""
    receivers: dict[str, Receiver] = {}
    routing: RoutingEntry | None = None
    for one in definitions:
        if one.section == RECEIVERS:
            kind = next(key for key in one.document if key in NAMES)
            receivers[one.name] = Receiver(one.name, kind, one.document[kind], one.document.get(TEMPLATES, {}))
        elif one.section == ROUTING:
            routing = RoutingEntry.model_validate(one.document)
    if routing is None:
        return Alerting(receivers)
    return Alerting(
        receivers,
        routing.route.route(routing.route.receiver or "", Timing()),
        [Inhibition(one.source, one.target, one.equal) for one in routing.inhibit],
        [Maintenance(one.matchers, one.cron, one.duration, one.timezone) for one in routing.silences_from_calendar],
        [Escalation(one.after, one.receiver, one.matchers) for one in routing.escalations],
    )


def _receivers(entries: Any, faults: list[Fault]) -> Iterator[Definition]:
    if not isinstance(entries, list):
        faults.append(Fault(("receivers",), "must be a list (- name: ...)."))
        return
    seen: dict[str, int] = {}
    listed: list[Any] = entries  # pyright: ignore[reportUnknownVariableType]
    for place, entry in enumerate(listed):
        at = ("receivers", place)
        found = list(_receiver(entry)) if isinstance(entry, dict) else [Fault((), "is not a receiver; write name:.")]  # pyright: ignore[reportUnknownArgumentType]
        for one in found:
            if isinstance(one, Fault):
                faults.append(Fault((*at, *one.path), one.message))
            elif one.name in seen:
                message = f"{shown(one.name)} is the name of receivers[{seen[one.name]}] already; use another."
                faults.append(Fault((*at, "name"), message))
            else:
                seen[one.name] = place
                yield one


def _receiver(entry: Mapping[str, Any]) -> Iterator[Definition | Fault]:
    name = entry.get("name")
    if not isinstance(name, str) or not is_slug(name):
        how = how_to(name) if isinstance(name, str) else "add it"
        yield Fault(("name",), "is missing; add it." if name is None else f"{shown(name)} is not a slug; {how}.")
        return
    kinds = [key for key in entry if key not in ("name", TEMPLATES)]
    if len(kinds) != 1:
        yield Fault((), f"needs one of {', '.join(NAMES)}; beside it there are only name and {TEMPLATES}.")
        return
    kind = kinds[0]
    if kind not in NAMES:
        yield Fault((kind,), f"is no way to tell anybody; there are {', '.join(NAMES)}{did_you_mean(kind, NAMES)}.")
        return
    options = channel(kind).options
    own = entry.get(TEMPLATES, {})
    faults = list(_template_faults(name, kind, own))
    yield from faults
    try:
        read = options.model_validate(entry[kind])
    except ValidationError as error:  # values are not quoted: one may be a secret
        yield from faults_of(error, options, at=(kind,), show_values=False)
        return
    document = {kind: read.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
    yield Definition(RECEIVERS, name, {**document, TEMPLATES: dict(own)} if own and not faults else document)


def _template_faults(name: str, kind: str, given: Any) -> Iterator[Fault]:
    if not isinstance(given, dict):
        yield Fault((TEMPLATES,), "must be a mapping with title:, text:, or both.")
        return
    if given and kind == "webhook":
        yield Fault((TEMPLATES,), "must not be given: a webhook receives the whole document; remove it.")
        return
    own: dict[str, Any] = given  # pyright: ignore[reportUnknownVariableType]
    for field, template in own.items():
        at = (TEMPLATES, field)
        if field not in USUAL:
            yield Fault(at, unknown_key(field, tuple(USUAL)))
        elif not isinstance(template, str):
            yield Fault(at, f"{shown(template)} is wrong: it must be text.")
        elif fault := fault_in(field, template, examples()):
            where = f"line {fault.line} of the template" if fault.line else "the template"
            yield Fault(at, f"{where} for {name} cannot be filled in: {fault.reason}.")


def _routing_faults(routing: RoutingEntry, receivers: set[str]) -> Iterator[Fault]:
    if routing.route.receiver is None:
        yield Fault(
            ("route", "receiver"), "is missing; the outermost route names who hears of all that no other takes."
        )
    if routing.route.matchers:
        yield Fault(("route", "matchers"), "must not be given: the outermost route takes everything.")
    named = [*_named(routing.route, ("route",))]
    named += [(("escalations", place, "receiver"), one.receiver) for place, one in enumerate(routing.escalations)]
    for path, name in named:
        if name not in receivers:
            yield Fault(path, f"{shown(name)} is none of the receivers{did_you_mean(name, receivers)}.")


def _named(route: RouteEntry, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if route.receiver is not None:
        yield (*at, "receiver"), route.receiver
    for place, one in enumerate(route.routes):
        yield from _named(one, (*at, "routes", place))
