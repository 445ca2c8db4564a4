"""The official JSON schemas as one validator per kind of event.

The specification describes a facet apart from the place where it stands. Here each known facet is put into its places,
so that one pass judges an event with everything in it. A facet with ``_deleted`` needs no content.
"""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import orjson

_SPEC = files("lineage.openlineage").joinpath("spec")
_BASE = "https://openlineage.io/spec/2-0-2/OpenLineage.json"
#: Where facets of each kind stand: the definition in the specification, and its member.
_PLACES = {
    "RunFacet": ("Run", "facets"),
    "JobFacet": ("Job", "facets"),
    "InputDatasetFacet": ("InputDataset", "inputFacets"),
    "OutputDatasetFacet": ("OutputDataset", "outputFacets"),
    "DatasetFacet": ("Dataset", "facets"),
}
#: Facets whose base the specification states in prose only, and the one that stands in two places.
_BASES = {"BaseSubsetDatasetFacet": ("InputDatasetFacet", "OutputDatasetFacet")}
_ALSO = {"LineageFacet": (("JobFacet", "LineageJobFacet"), ("DatasetFacet", "LineageDatasetFacet"))}


class Kind(StrEnum):
    """What an event is about."""

    RUN = "RunEvent"
    JOB = "JobEvent"
    DATASET = "DatasetEvent"


@cache
def validator(kind: Kind) -> jsonschema_rs.Draft202012Validator:
    """Judges whole events of one kind, facets included. Formats are not judged: run ids need not be UUIDs."""
    definitions = _load("OpenLineage.json")["$defs"]
    documents = [_load(f"facets/{name}") for name in _facet_files()]
    _put_facets_in_place(definitions, documents)
    schema = {"$id": "urn:podium:openlineage", "$defs": definitions, "$ref": f"#/$defs/{kind}"}
    registry = jsonschema_rs.Registry([(_BASE, _load("OpenLineage.json")), *((one["$id"], one) for one in documents)])
    return jsonschema_rs.Draft202012Validator(schema, registry=registry, validate_formats=False)


def _put_facets_in_place(definitions: dict[str, Any], documents: list[dict[str, Any]]) -> None:
    known: dict[str, dict[str, Any]] = {base: {} for base in _PLACES}
    for document in documents:
        for base, name, reference in _facets_of(document):
            known[base][name] = {"if": _DELETED, "then": {"$ref": f"#/$defs/{base}"}, "else": {"$ref": reference}}
    for base, (owner, member) in _PLACES.items():
        properties = _properties(definitions[owner], member)
        properties[member] = {
            "type": "object",
            "properties": known[base],
            "additionalProperties": {"$ref": f"#/$defs/{base}"},
        }


_DELETED = {"properties": {"_deleted": {"const": True}}, "required": ["_deleted"]}


def _facets_of(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(base, name, reference) of each facet that a document of the specification defines."""
    title = document["$id"].rpartition("/")[2].removesuffix(".json")
    name = next(iter(document["properties"]))
    if title in _ALSO:
        return [(base, name, f"{document['$id']}#/$defs/{definition}") for base, definition in _ALSO[title]]
    definition = document["properties"][name]["$ref"].rpartition("/")[2]
    parts = document["$defs"][definition].get("allOf", ())
    bases = _BASES.get(title) or [part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part]
    return [(base, name, f"{document['$id']}#/$defs/{definition}") for base in bases]


def _properties(definition: dict[str, Any], member: str) -> dict[str, Any]:
    """The ``properties`` that hold ``member``, also inside ``allOf``."""
    for part in (definition, *definition.get("allOf", ())):
        if member in part.get("properties", {}):
            return part["properties"]
    raise KeyError(member)


def _facet_files() -> list[str]:
    return sorted(one.name for one in _SPEC.joinpath("facets").iterdir() if one.name.endswith(".json"))


def _load(name: str) -> Any:
    return orjson.loads(_SPEC.joinpath(name).read_bytes())
