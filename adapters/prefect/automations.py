"""What automations start: deployments, after runs of flows or deployments that they name. Pure.

An automation that answers to runs of any flow (on a failure, tidy up) puts nothing before anything, and is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapters.prefect.mapping import understanding
from adapters.prefect.payloads import Automation, Resource, Specification, Trigger

_ID, _NAME, _ROLE = "prefect.resource.id", "prefect.resource.name", "prefect.resource.role"
_NAMING = (_ID, _NAME)
STARTS = "run-deployment"


@dataclass(frozen=True, slots=True)
class Runner:
    """A pipeline as the events of its runs tell of it."""

    key: str
    resources: Sequence[Resource]

    @classmethod
    def of(cls, key: str, flow: tuple[str, str], deployment: tuple[str, str] | None = None) -> "Runner":
        """From its key and the (id, name) of its flow and deployment."""
        told = [("flow", *flow), *([("deployment", *deployment)] if deployment else [])]
        return cls(key, [{_ID: f"prefect.{role}.{one}", _NAME: name, _ROLE: role} for role, one, name in told])


def upstream(automations: Iterable[Automation], runners: Sequence[Runner]) -> dict[str, frozenset[str]]:
    """Id of a deployment -> keys of the pipelines whose runs start it. Drift."""
    found: dict[str, frozenset[str]] = {}
    with understanding("an automation"):
        for automation in automations:
            started = _started(automation)
            if started:
                before = frozenset(_before(automation["trigger"], runners))
                found |= {one: found.get(one, frozenset()) | before for one in started}
    return found


def _started(automation: Automation) -> set[str]:
    """Ids of the deployments that it starts while it is switched on."""
    if not automation.get("enabled", True):
        return set()
    actions = [action for action in automation["actions"] if action["type"] == STARTS]
    return {identity for action in actions if (identity := action.get("deployment_id"))}


def _before(trigger: Trigger, runners: Sequence[Runner]) -> Iterator[str]:
    for event in _events(trigger):
        told = event.get("match_related") or {}
        wanted = [one for one in (told if isinstance(told, list) else [told]) if _names_someone(one)]
        if wanted:
            yield from (runner.key for runner in runners if all(_is_told(one, runner) for one in wanted))


def _events(trigger: Trigger) -> Iterator[Trigger]:
    """The triggers that wait for something to happen, out of compound ones too."""
    for inner in trigger.get("triggers") or ():
        yield from _events(inner)
    if trigger["type"] == "event" and trigger.get("posture", "Reactive") == "Reactive":
        yield trigger


def _names_someone(wanted: Specification) -> bool:
    """Whether it means particular flows or deployments."""
    roles = _values(wanted.get(_ROLE, ()))
    values = [value for label in _NAMING for value in _values(wanted.get(label, ()))]
    is_exact = bool(values) and not any(value.startswith("!") or "*" in value for value in values)
    is_of_ids = any(value.startswith(("prefect.flow.", "prefect.deployment.")) for value in values)
    return is_exact and (is_of_ids or bool({"flow", "deployment"} & set(roles)))


def _is_told(wanted: Specification, runner: Runner) -> bool:
    return any(
        all(resource.get(label) in _values(values) for label, values in wanted.items()) for resource in runner.resources
    )


def _values(given: str | Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
