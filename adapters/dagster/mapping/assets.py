"""Assets, and their writes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.dagster.keys import JobAddress, pipeline_key
from adapters.dagster.mapping.links import Links
from adapters.dagster.mapping.pipelines import ASSET_JOB
from adapters.dagster.mapping.steps import split_key
from adapters.dagster.payloads import AssetNode, Materialization, MonitoringConnection
from adapters.dagster.shapes import known_shape
from gateway.domain.observation import ObservedAsset, ObservedAssetEvent

#: (pipeline key, task key or None)
Users = frozenset[tuple[str, str | None]]

URI = "dagster/uri"

#: Which field holds the value of a metadata entry, by its type.
_VALUE_FIELDS: Mapping[str, str] = {
    "TextMetadataEntry": "text",
    "UrlMetadataEntry": "url",
    "PathMetadataEntry": "path",
    "MarkdownMetadataEntry": "mdStr",
    "FloatMetadataEntry": "floatValue",
    "BoolMetadataEntry": "boolValue",
    "TimestampMetadataEntry": "at",
}


def asset_key(path: Sequence[str]) -> str:
    """An asset's path as one text."""
    return "/".join(path)


@known_shape("An asset")
def assets(
    nodes: Sequence[AssetNode], links: Links, only_location: str | None, started: Mapping[str, Users]
) -> list[ObservedAsset]:
    """Every asset, with the jobs that write it, that read it to write what is made from it, or are started by it.

    ``started``: by asset, the jobs that a sensor starts when it is written. Drift.
    """
    wanted = [node for node in nodes if only_location in {None, node["repository"]["location"]["name"]}]
    writers = {asset_key(node["assetKey"]["path"]): _writers(node, only_location) for node in wanted}
    readers: dict[str, set[tuple[str, str | None]]] = {key: set(users) for key, users in started.items()}
    for node in wanted:
        for upstream in node["dependencyKeys"]:
            users = readers.setdefault(asset_key(upstream["path"]), set())
            users.update(writers[asset_key(node["assetKey"]["path"])])
    return [_asset(node, links, writers, readers) for node in wanted]


@known_shape("A sensor")
def started_by_assets(raw: MonitoringConnection, only_location: str | None) -> dict[str, Users]:
    """Asset -> the jobs that a sensor starts when it is written. Drift."""
    found: dict[str, Users] = {}
    for repository in raw["nodes"]:
        location = repository["location"]["name"]
        for sensor in repository["sensors"] if only_location in {None, location} else ():
            addresses = [
                JobAddress(location, repository["name"], one["pipelineName"]) for one in sensor["targets"] or ()
            ]
            users: Users = frozenset((pipeline_key(one, only_location), None) for one in addresses)
            for monitored in sensor["metadata"]["assetKeys"] or ():
                key = asset_key(monitored["path"])
                found[key] = found.get(key, frozenset()) | users
    return found


def _asset(
    node: AssetNode,
    links: Links,
    writers: Mapping[str, Users],
    readers: Mapping[str, set[tuple[str, str | None]]],
) -> ObservedAsset:
    path = node["assetKey"]["path"]
    key = asset_key(path)
    return ObservedAsset(
        key=key,
        name=key,
        uri=_uri(node),
        group=node["groupName"],
        description=node["description"],
        kinds=node["kinds"],
        upstream=frozenset(asset_key(upstream["path"]) for upstream in node["dependencyKeys"]),
        producers=writers[key],
        consumers=frozenset(readers.get(key, ())),
        checks=_check_names(node["assetChecksOrError"]),
        url=links.asset(path),
    )


def _check_names(raw: Mapping[str, Any]) -> list[str] | None:
    """None where Dagster's database is too old to know of checks."""
    return sorted(check["name"] for check in raw["checks"]) if "checks" in raw else None


def _uri(node: AssetNode) -> str | None:
    """Where the asset is, by its definition or else by what its last write said."""
    for entries in [node["metadataEntries"], *(write["metadataEntries"] for write in node["assetMaterializations"])]:
        uri = metadata_values(entries).get(URI)
        if isinstance(uri, str):
            return uri
    return None


def _writers(node: AssetNode, only_location: str | None) -> Users:
    if not node["isMaterializable"]:
        return frozenset()
    location, repository = node["repository"]["location"]["name"], node["repository"]["name"]
    task = node["opNames"][0] if len(node["opNames"]) == 1 else None
    # Dagster's own job can write every asset: it tells something only of those that no other job writes.
    jobs = [job for job in node["jobNames"] if job != ASSET_JOB] or node["jobNames"]
    return frozenset((pipeline_key(JobAddress(location, repository, job), only_location), task) for job in jobs)


@known_shape("A write")
def asset_event(path: Sequence[str], raw: Materialization) -> ObservedAssetEvent:
    """One write. Dagster shows no id of an event: run, step, time and partition together are as good. Drift."""
    run_id, step, partition, at = raw["runId"], raw["stepKey"], raw["partition"], raw["timestamp"]
    return ObservedAssetEvent(
        asset_key=asset_key(path),
        at=datetime.fromtimestamp(int(at) / 1000, UTC),
        external_id=f"{run_id}/{step or ''}/{at}/{partition or ''}",
        run_external_id=run_id or None,
        task=split_key(step)[0] if step else None,
        partition=partition,
        metadata=metadata_values(raw["metadataEntries"]),
    )


def metadata_values(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Label to value for the types that are plain data and whose values were asked for."""
    found: dict[str, Any] = {}
    for entry in entries:
        kind = entry["__typename"]
        if kind in _VALUE_FIELDS:
            found[entry["label"]] = entry.get(_VALUE_FIELDS[kind])
        elif kind == "IntMetadataEntry" and "intRepr" in entry:
            # intValue is None beyond 32 bits.
            found[entry["label"]] = int(entry["intRepr"])
        elif kind == "TableColumnLineageMetadataEntry" and "lineage" in entry:
            found[entry["label"]] = _column_lineage(entry["lineage"])
        elif kind == "JsonMetadataEntry" and "jsonString" in entry:
            found[entry["label"]] = _json(entry["jsonString"])
    return found


def _column_lineage(columns: Iterable[Mapping[str, Any]]) -> dict[str, list[list[str]]]:
    """Column -> (asset, column) of what it was made from."""
    return {
        column["columnName"]: [[asset_key(one["assetKey"]["path"]), one["columnName"]] for one in column["columnDeps"]]
        for column in columns
    }


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
