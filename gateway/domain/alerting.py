"""Who is told of what, in Prometheus Alertmanager's words and meaning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.matchers import Matcher, all_match


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who can be told: a channel, and what it needs to know. Secrets are references."""

    name: str
    channel: str
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: Its own words for ``title`` and ``text``, where it has any.
    templates: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Timing:
    """When somebody is told."""

    #: After an incident opens, so that more of it gathers.
    group_wait: timedelta = timedelta(seconds=30)
    #: Between two messages about one incident that grows.
    group_interval: timedelta = timedelta(minutes=5)
    #: Until the same is said again.
    repeat_interval: timedelta = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a signal goes: to the first of its routes that matches, or where none does, to its own receiver."""

    receiver: str
    matchers: Sequence[Matcher] = ()
    timing: Timing = Timing()
    #: The routes beside it are asked too.
    goes_on: bool = False
    routes: Sequence["Route"] = ()

    def of(self, labels: Mapping[str, str]) -> Iterator["Route"]:
        """The routes that a signal takes; its own matchers are taken as met."""
        found = False
        for route in self.routes:
            if all_match(route.matchers, labels):
                found = True
                yield from route.of(labels)
                if not route.goes_on:
                    return
        if not found:
            yield replace(self, routes=())


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While there is such a source, nobody is told of such targets that have the same values of some labels."""

    source: Sequence[Matcher]
    target: Sequence[Matcher]
    equal: Sequence[str] = ()

    def values(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """What must be equal."""
        return tuple(labels.get(label, "") for label in self.equal)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Nobody is told of such signals for a while from each time of a crontab on."""

    matchers: Sequence[Matcher]
    cron: str
    duration: timedelta
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Escalation:
    """Somebody else is told where nobody has acknowledged in time."""

    after: timedelta
    receiver: str
    matchers: Sequence[Matcher] = ()


@dataclass(frozen=True, slots=True)
class Alerting:
    """All of it."""

    receivers: Mapping[str, Receiver] = field(default_factory=dict[str, Receiver])
    route: Route | None = None
    inhibitions: Sequence[Inhibition] = ()
    maintenance: Sequence[Maintenance] = ()
    escalations: Sequence[Escalation] = ()


@dataclass(frozen=True, slots=True)
class Destination:
    """A receiver that is to hear of an incident, from when on, and how often."""

    receiver: str
    timing: Timing
    not_before: datetime
    #: Because nobody has acknowledged it.
    is_escalation: bool = False
