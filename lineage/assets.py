"""Lineage that orchestrators tell of themselves: their assets, told in OpenLineage's words. Pure.

A job that an emitter tells of needs no such help; its own edges count before these (see ``Run.rank``).
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import attr
from openlineage.client import event_v2
from openlineage.client.facet_v2 import job_type_job, symlinks_dataset
from openlineage.client.generated.base import DatasetFacet, JobFacet, RunFacet, set_producer
from openlineage.client.serde import Serde

from adapters.sdk.manifest import LineageNames
from gateway.domain.observation import ObservedAsset
from lineage.joining import filled
from lineage.openlineage.derived import JOB_FACET, RUN_FACET

PRODUCER = "urn:podium"
set_producer(PRODUCER)  # for the facets; events are given it
#: Where a write's metadata may tell what was really written.
_PLACES = ("dagster/uri", "uri", "dagster/table_uri", "path")
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
#: What a job reads, and what it writes.
Sides = tuple[frozenset[Name], frozenset[Name]]


@attr.define
class DerivedJobFacet(JobFacet):
    """Marks what Podium has derived from what an orchestrator shows."""

    orchestrator: str = ""


@attr.define
class DerivedRunFacet(RunFacet):
    """The run as its orchestrator names it, which need not be a UUID."""

    externalId: str = ""  # noqa: N815  # JSON


@dataclass(frozen=True, slots=True)
class Source:
    """An orchestrator whose assets are told."""

    name: str
    kind: str
    namespace: str
    rules: LineageNames
    assets: Mapping[str, ObservedAsset] = field(default_factory=dict[str, ObservedAsset])

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


def job_event(
    source: Source, job: Name, inputs: Iterable[Name], outputs: Iterable[Name], at: datetime
) -> dict[str, Any]:
    """What a job reads and writes, whether it runs or not."""
    event = event_v2.JobEvent(
        eventTime=at.isoformat(),
        producer=PRODUCER,
        job=_job(source, job),
        inputs=[event_v2.InputDataset(*name) for name in sorted(inputs)],
        outputs=[event_v2.OutputDataset(*name) for name in sorted(outputs)],
    )
    return Serde.to_dict(event)


def write_events(source: Source, writes: Iterable[Write]) -> Iterator[tuple[Name, dict[str, Any]]]:
    """(job, complete run) for each write. The run has the orchestrator's own id, so that it is joined to it."""
    for write in writes:
        asset = source.assets.get(write.asset)
        upstream = sorted(asset.upstream) if asset else []
        written = source.dataset(write.asset)
        job = source.namespace, source.job_name(write.pipeline, write.task)
        event = event_v2.RunEvent(
            eventType=event_v2.RunState.COMPLETE,
            eventTime=write.at.isoformat(),
            producer=PRODUCER,
            run=_run(source, write.run),
            job=_job(source, job),
            inputs=[event_v2.InputDataset(*source.dataset(key)) for key in upstream],
            outputs=[
                event_v2.OutputDataset(
                    *written, facets=_symlinks({**source.place(write.asset), **write.metadata}, written)
                )
            ],
        )
        yield job, Serde.to_dict(event)


def _job(source: Source, job: Name) -> event_v2.Job:
    facets: dict[str, JobFacet] = {
        "jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration=source.kind.upper(), jobType="JOB"),
        JOB_FACET: DerivedJobFacet(orchestrator=source.name),
    }
    return event_v2.Job(*job, facets=facets)


def _symlinks(metadata: Mapping[str, Any], written: Name) -> dict[str, DatasetFacet]:
    """A link to what was really written, where the write tells of it."""
    places = [str(metadata[name]) for name in _PLACES if "://" in str(metadata.get(name, ""))]
    links = [named_by_uri(place) for place in places[:1]]
    identifiers = [
        symlinks_dataset.Identifier(namespace=namespace, name=name, type="TABLE")
        for namespace, name in links
        if (namespace, name) != written
    ]
    if not identifiers:
        return {}
    return {"symlinks": symlinks_dataset.SymlinksDatasetFacet(identifiers=identifiers)}


def _run(source: Source, external_id: str) -> event_v2.Run:
    """With the orchestrator's id where that is a UUID, as OpenLineage wants; else one made of it."""
    try:
        run_id = str(uuid.UUID(external_id))
    except ValueError:
        run_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{source.name}/{external_id}"))
    return event_v2.Run(runId=run_id, facets={RUN_FACET: DerivedRunFacet(externalId=external_id)})
