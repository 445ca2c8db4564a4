"""Fills in what a dependency sends to its target: templates see the firing, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from gateway.domain.dependencies import DependencySpec, Firing
from gateway.domain.records import Run
from gateway.templates import TemplateFaultError, filled


def parameters(spec: DependencySpec, context: Mapping[str, Any]) -> dict[str, Any]:
    """The target's parameters. TemplateFaultError."""
    return {name: filled(value, f"parameters.{name}", context) for name, value in spec.parameters.items()}


def partition(spec: DependencySpec, context: Mapping[str, Any]) -> str | None:
    """The target's partition. TemplateFaultError."""
    return None if spec.partition is None else str(filled(spec.partition, "partition", context))


def context_of(spec: DependencySpec, firing: Firing, runs: Mapping[int, Run]) -> dict[str, Any]:
    """What templates see: ``key``, ``start`` and ``end`` of its period, ``upstream`` by place, ``dependency``."""
    upstream: list[dict[str, Any]] = []
    for place, condition in enumerate(spec.upstream.conditions()):
        satisfied = firing.satisfied.get(place)
        run = runs.get(satisfied.run_id) if satisfied and satisfied.run_id else None
        upstream.append({"name": str(condition), "run": _run(run) if run else None})
    return _context(spec, firing.key, upstream)


def check(spec: DependencySpec) -> Iterator[TemplateFaultError]:
    """Every template of it that would fail, tried with an example."""
    example = _run(None)
    upstream = [{"name": str(condition), "run": example} for condition in spec.upstream.conditions()]
    key = spec.calendar.at(datetime(2026, 5, 1, 12, tzinfo=UTC)).key if spec.keyed_by.is_time else "key"
    context = _context(spec, key, upstream)
    fields: list[tuple[str, Any]] = [(f"parameters.{name}", value) for name, value in spec.parameters.items()]
    for field, value in [*fields, *([("partition", spec.partition)] if spec.partition is not None else [])]:
        try:
            filled(value, field, context)
        except TemplateFaultError as error:
            yield error


def _context(spec: DependencySpec, key: str, upstream: list[dict[str, Any]]) -> dict[str, Any]:
    context: dict[str, Any] = {"key": key, "dependency": spec.name, "upstream": upstream}
    if spec.keyed_by.is_time:
        period = spec.calendar.of(key)
        zone = spec.calendar.zone
        context |= {"start": period.start.astimezone(zone), "end": period.end.astimezone(zone)}
    return context


class _AnyParameters(dict[str, Any]):
    """An upstream's parameters, as long as nobody knows them."""

    def __missing__(self, name: str) -> str:
        return "example"


def _run(run: Run | None) -> dict[str, Any]:
    if run is None:
        some: dict[str, Any] = _AnyParameters()
        return {"id": "run-1", "logical_at": datetime(2026, 5, 1, tzinfo=UTC), "partition": "p", "parameters": some}
    return {
        "id": run.external_id,
        "logical_at": run.logical_at,
        "partition": run.partition,
        "parameters": dict(run.parameters),
    }
