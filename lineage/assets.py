"""Lineage that orchestrators show themselves: what their assets say about jobs and datasets. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from adapters.sdk.manifest import LineageNames
from gateway.domain.observation import ObservedAsset
from lineage.joining import filled, own_name

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
#: A pipeline and, where it is known, the task of it.
Work = tuple[str, str | None]
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
    #: Keys of pipelines that an integration would call by the same name as another.
    ambiguous: frozenset[str] = frozenset()
    #: By dataset, as the latest write told it.
    columns: Mapping[Name, MadeFrom] = field(default_factory=dict[Name, "MadeFrom"])

    def job(self, pipeline: str, task: str | None) -> Name:
        """What Podium calls it: as the integration would, where that says which pipeline it is."""
        names = [] if pipeline in self.ambiguous else self.emitted(pipeline, task)
        return names[0] if names else (self.namespace, own_name(pipeline, task))

    def emitted(self, pipeline: str, task: str | None) -> list[Name]:
        """What the kind's own integration would call it."""
        patterns = self.rules.pipelines if task is None else self.rules.tasks
        return [(self.namespace, filled(pattern, pipeline, task or "")) for pattern in patterns]

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


def ambiguous_keys(keys: Iterable[str], rules: LineageNames) -> frozenset[str]:
    """Keys of pipelines that share a name."""
    named: dict[str, list[str]] = {}
    for key in keys:
        for pattern in rules.pipelines[:1]:
            named.setdefault(filled(pattern, key), []).append(key)
    return frozenset(key for some in named.values() if len(some) > 1 for key in some)


def made_from(asset: ObservedAsset, metadata: Mapping[str, Any]) -> MadeFrom:
    """Which columns were made from which, as far as a write tells of it, of what the asset is made from now."""
    told = metadata.get(COLUMNS)
    columns: MadeFrom = cast("MadeFrom", told) if isinstance(told, dict) else {}
    known = {column: [one for one in sources if one[0] in asset.upstream] for column, sources in columns.items()}
    return {column: sources for column, sources in known.items() if sources}


def names_of(source: Source, work: Iterable[Work]) -> dict[Name, set[Name]]:
    """What Podium calls some work -> that, and what an emitter would call it."""
    return {source.job(*one): {source.job(*one), *source.emitted(*one)} for one in work}


def work_of(source: Source) -> set[Work]:
    """All that writes or reads an asset."""
    return {one for asset in source.assets.values() for one in (*asset.producers, *asset.consumers)}


def jobs_of(source: Source) -> dict[Name, Sides]:
    """(inputs, outputs) of each job that writes or reads an asset, by the job's name."""
    reads: dict[Name, set[Name]] = {}
    writes: dict[Name, set[Name]] = {}
    for key, asset in source.assets.items():
        for pipeline, task in asset.producers:
            job = source.job(pipeline, task)
            writes.setdefault(job, set()).add(source.dataset(key))
            reads.setdefault(job, set()).update(source.dataset(upstream) for upstream in asset.upstream)
        for pipeline, task in asset.consumers:
            reads.setdefault(source.job(pipeline, task), set()).add(source.dataset(key))
    nothing: set[Name] = set()
    return {
        job: (frozenset(reads.get(job, nothing) - writes.get(job, nothing)), frozenset(writes.get(job, nothing)))
        for job in sorted(reads.keys() | writes.keys())
    }
