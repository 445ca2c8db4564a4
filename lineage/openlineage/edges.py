"""What a run says about how data flows: which datasets it read and wrote, and which columns were made from which."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from lineage.openlineage.members import items, part
from lineage.openlineage.state import (
    Facets,
    Job,
    Run,
    identity,
    instant,
    is_deleted,
    job_id,
    join_earliest,
    name_id,
)

#: ``(output, output field, input, input field, transformations)``
Column = tuple[int, str, int, str, tuple[tuple[Any, ...], ...]]


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of one version of a job; ids of datasets' names, sorted. Equal ones have one id."""

    inputs: tuple[int, ...] = ()
    outputs: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    #: Jobs that this one waits for.
    after: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inputs or self.outputs)

    @property
    def id(self) -> int:
        """Made of the content."""
        return identity("edges", self.dump().decode())

    def dump(self) -> bytes:
        """As JSON."""
        return orjson.dumps([self.inputs, self.outputs, self.columns, self.after])

    @classmethod
    def load(cls, stored: bytes) -> "Edges":
        """From JSON."""
        inputs, outputs, columns, after = orjson.loads(stored)
        return cls(tuple(inputs), tuple(outputs), tuple(_column(one) for one in columns), tuple(after))


NO_EDGES = Edges()


def edges_of(run: Run, job: Job) -> Edges:
    """Everything that a run, with all its events merged, says. What a column was made from was read."""
    inputs, outputs = set(run.inputs), set(run.outputs)
    columns: set[Column] = set()
    for output, use in run.outputs.items():
        columns.update(columns_of(output, use.facets))
        inputs.update(name_id(*source) for source in _datasets(_facet(use.facets, "lineage")))
    for entry in run.explicit.values():
        if entry["type"] == "DATASET":
            target = name_id(entry["namespace"], entry["name"])
            outputs.add(target)
            columns.update(_explicit_columns(target, entry))
        elif entry.get("name") and (entry["namespace"], entry["name"]) != (job.namespace, job.name):
            continue  # what another job reads is that job's to say
        inputs.update(name_id(*source) for source in _datasets(entry))
    inputs |= {source for output, _, source, _, _ in columns if source != output}
    return Edges(tuple(sorted(inputs)), tuple(sorted(outputs)), tuple(sorted(columns)), _after(run))


def declared_edges(output: int, declared: Facets) -> Edges:
    """What dataset events say about how a dataset is made, whoever makes it."""
    if not declared:
        return NO_EDGES
    columns = set(columns_of(output, declared))
    inputs = {name_id(*source) for source in _datasets(_facet(declared, "lineage"))}
    inputs |= {source for _, _, source, _, _ in columns if source != output}
    return Edges(tuple(sorted(inputs)), (output,) if inputs or columns else (), tuple(sorted(columns)))


def declared_since(output: int, declared: Facets) -> dict[int, int]:
    """When these facets declared each source, and of the dataset itself any lineage; microseconds since 1970."""
    since: dict[int, int] = {}
    for kind, facet in declared.items():
        edges = declared_edges(output, {kind: facet})
        join_earliest(since, dict.fromkeys((*edges.inputs, *edges.outputs), instant(facet[0])))
    return since


def columns_of(output: int, facets: Facets) -> Iterator[Column]:
    """Column edges that a dataset's facets tell of. What concerns the whole dataset concerns each of its columns."""
    lineage = _facet(facets, "columnLineage")
    fields = part(lineage, "fields")
    for name, field in fields.items():
        for source in items(field, "inputFields"):
            yield _from_source(output, name, source, _described(source, field))
    for name in {*fields, *_schema_fields(facets)}:
        for source in items(lineage, "dataset"):
            yield _from_source(output, name, source, _described(source, {}))
    yield from _explicit_columns(output, _facet(facets, "lineage"))


def _explicit_columns(output: int, entry: Mapping[str, Any]) -> Iterator[Column]:
    for name, field in part(entry, "fields").items():
        for source in items(field, "inputs"):
            if source["type"] == "DATASET" and source.get("field"):
                yield _from_source(output, name, source, _described(source, {}))


def _from_source(output: int, name: str, source: Mapping[str, Any], how: tuple[tuple[Any, ...], ...]) -> Column:
    return output, name, name_id(source["namespace"], source["name"]), source["field"], how


def _described(source: Mapping[str, Any], field: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    """(type, subtype, description, masking) of each transformation; older producers tell one for the whole field."""
    given = [
        (str(one["type"]), _text(one.get("subtype")), _text(one.get("description")), bool(one.get("masking")))
        for one in items(source, "transformations")
    ]
    if not given and field.get("transformationType"):
        kind = str(field["transformationType"])
        given = [("DIRECT", kind, _text(field.get("transformationDescription")), kind == "MASKED")]
    return tuple(sorted(set(given)))


def _schema_fields(facets: Facets) -> Iterator[str]:
    for field in items(_facet(facets, "schema"), "fields"):
        yield field["name"]


def _datasets(entry: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    inputs = [*items(entry, "inputs")]
    for field in part(entry, "fields").values():
        inputs += items(field, "inputs")
    return {(one["namespace"], one["name"]) for one in inputs if one["type"] == "DATASET"}


def _after(run: Run) -> tuple[int, ...]:
    upstream = items(_facet(run.facets, "jobDependencies"), "upstream")
    return tuple(sorted({job_id(one["job"]["namespace"], one["job"]["name"]) for one in upstream}))


def _facet(facets: Facets, name: str) -> Mapping[str, Any]:
    known = facets.get(name)
    return {} if known is None or is_deleted(known[1]) else known[1]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _column(stored: list[Any]) -> Column:
    output, field, source, source_field, how = stored
    return output, field, source, source_field, tuple(tuple(one) for one in how)
