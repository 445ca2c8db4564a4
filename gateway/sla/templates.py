"""Fills in what an SLA sends to a pipeline that it triggers. The same for each attempt, so nothing in it may move."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.domain.slas import SlaAction
from gateway.templates import TemplateFaultError, filled

#: A key as a day's SLA has it, to try templates with.
EXAMPLE = "2026-05-01"


def parameters(action: SlaAction, sla: str, key: str) -> dict[str, Any]:
    """The triggered pipeline's parameters; templates see ``key``, ``sla`` and ``state``. TemplateFaultError."""
    context = _context(action, sla, key)
    return {name: filled(value, name, context) for name, value in action.parameters.items()}


def faults_of(action: SlaAction, sla: str) -> Iterator[TemplateFaultError]:
    """Each parameter that could not be filled in."""
    context = _context(action, sla, EXAMPLE)
    for name, value in action.parameters.items():
        try:
            filled(value, name, context)
        except TemplateFaultError as error:
            yield error


def _context(action: SlaAction, sla: str, key: str) -> Mapping[str, Any]:
    return {"key": key, "sla": sla, "state": action.on.lower()}
