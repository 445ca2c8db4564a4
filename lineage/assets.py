"""Lineage that orchestrators show themselves: what their assets say about jobs and datasets. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from adapters.sdk.manifest import LineageNames
from gateway.domain.observation import ObservedAsset
from lineage.joining import filled

#: Stores in which a path means database.schema.table.
_TABLES = frozenset(
    {
        "postgres",
        "postgresql",
        "mysql",
        "redshift",
        "mssql",
        "sqlserver",
        "oracle",
        "snowflake",
        "trino",
        "hive",
        "teradata",
    }
)

Name = tuple[str, str]
#: Column -> (asset, column) of what it was made from.
MadeFrom = Mapping[str, Sequence[Sequence[str]]]
#: Where a write's metadata may tell of columns, as MadeFrom.
COLUMNS = "dagster/column_lineage"
#: What a job reads, and what it writes.
Sides = tuple[frozenset[Name], frozenset[Name]]


@dataclass(frozen=True, slots=True)
class Source:
    """An orchestrator whose assets are told."""

    name: str
    kind: str
    namespace: str
    rules: LineageNames
    assets: Mapping[str, ObservedAsset] = field(default_factory=dict[str, ObservedAsset])
    #: By dataset, as the latest write told it.
    columns: Mapping[Name, MadeFrom] = field(default_factory=dict[Name, "MadeFrom"])

    def job_name(self, pipeline: str, task: str | None) -> str:
        """What the kind's own integration would call it."""
        patterns = self.rules.pipelines if task is None else self.rules.tasks
        return filled(patterns[0], pipeline, task or "") if patterns else "/".join(filter(None, (pipeline, task)))

    def dataset(self, key: str) -> Name:
        """An asset as a dataset: by its key, where that is a URI, or by its key in the orchestrator's namespace."""
        return named_by_uri(key) if "://" in key else (self.namespace, key)

    def place(self, key: str) -> Mapping[str, Any]:
        """Where an asset is, as far as its orchestrator knows."""
        asset = self.assets.get(key)
        return {"uri": asset.uri} if asset and asset.uri else {}


@dataclass(frozen=True, slots=True)
class Write:
    """One write of an asset, with the pipeline whose run it was."""

    asset: str
    at: datetime
    pipeline: str
    task: str | None
    run: str
    metadata: Mapping[str, Any]


def named_by_uri(uri: str) -> Name:
    """(namespace, name) as OpenLineage names what a URI points at."""
    parts = urlsplit(uri)
    path = unquote(parts.path)
    if parts.scheme == "file":
        return "file", path
    namespace = f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.scheme
    if parts.scheme == "bigquery":
        return "bigquery", ".".join(filter(None, (parts.netloc, *path.split("/"))))
    if parts.scheme in _TABLES:
        return namespace, ".".join(filter(None, path.split("/")))
    return namespace, path.lstrip("/") or parts.netloc


def made_from(asset: ObservedAsset, metadata: Mapping[str, Any]) -> MadeFrom:
    """Which columns were made from which, as far as a write tells of it, of what the asset is made from now."""
    told = metadata.get(COLUMNS)
    columns: MadeFrom = cast("MadeFrom", told) if isinstance(told, dict) else {}
    known = {column: [one for one in sources if one[0] in asset.upstream] for column, sources in columns.items()}
    return {column: sources for column, sources in known.items() if sources}


def jobs_of(source: Source) -> dict[Name, Sides]:
    """(inputs, outputs) of each job that writes or reads an asset, by the job's name."""
    reads: dict[Name, set[Name]] = {}
    writes: dict[Name, set[Name]] = {}
    for key, asset in source.assets.items():
        for pipeline, task in asset.producers:
            job = source.namespace, source.job_name(pipeline, task)
            writes.setdefault(job, set()).add(source.dataset(key))
            reads.setdefault(job, set()).update(source.dataset(upstream) for upstream in asset.upstream)
        for pipeline, task in asset.consumers:
            reads.setdefault((source.namespace, source.job_name(pipeline, task)), set()).add(source.dataset(key))
    nothing: set[Name] = set()
    return {
        job: (frozenset(reads.get(job, nothing) - writes.get(job, nothing)), frozenset(writes.get(job, nothing)))
        for job in sorted(reads.keys() | writes.keys())
    }
