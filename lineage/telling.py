"""Podium's own events: what orchestrators show, told in OpenLineage's words by its official client.

A job that an emitter tells of needs no such help; its own edges count before these (see ``Run.rank``).
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attr
from openlineage.client import event_v2
from openlineage.client.facet_v2 import column_lineage_dataset, job_dependencies_run, job_type_job, symlinks_dataset
from openlineage.client.generated.base import DatasetFacet, JobFacet, RunFacet, set_producer
from openlineage.client.serde import Serde

from lineage.assets import MadeFrom, Name, Source, Work, Write, made_from, named_by_uri
from lineage.ends import WorkEnd
from lineage.firings import FiringWord, Linked
from lineage.openlineage.derived import JOB_FACET, RUN_FACET

PRODUCER = "urn:podium"
#: Of dependencies, as jobs.
OWN_NAMESPACE = "podium"
set_producer(PRODUCER)  # for the facets; events are given it
#: Where a write's metadata may tell what was really written.
_PLACES = ("dagster/uri", "uri", "dagster/table_uri", "path")


@attr.define
class DerivedJobFacet(JobFacet):
    """Marks what Podium has derived from what an orchestrator shows."""

    orchestrator: str = ""


@attr.define
class DerivedRunFacet(RunFacet):
    """The run as its orchestrator names it, which need not be a UUID."""

    externalId: str = ""  # noqa: N815  # JSON


def job_event(
    source: Source, job: Name, inputs: Iterable[Name], outputs: Iterable[Name], at: datetime
) -> dict[str, Any]:
    """What a job reads and writes, whether it runs or not."""
    event = event_v2.JobEvent(
        eventTime=at.isoformat(),
        producer=PRODUCER,
        job=_job(source, job),
        inputs=[event_v2.InputDataset(*name) for name in sorted(inputs)],
        outputs=[
            event_v2.OutputDataset(*name, facets=_columns(source, source.columns.get(name, {})))
            for name in sorted(outputs)
        ],
    )
    return Serde.to_dict(event)


def write_events(source: Source, writes: Iterable[Write]) -> Iterator[tuple[Work, dict[str, Any]]]:
    """(what wrote, complete run) for each write. The run has the orchestrator's own id, so that it is joined to it."""
    for write in writes:
        asset = source.assets.get(write.asset)
        upstream = sorted(asset.upstream) if asset else []
        written = source.dataset(write.asset)
        job = source.job(write.pipeline, write.task)
        event = event_v2.RunEvent(
            eventType=event_v2.RunState.COMPLETE,
            eventTime=write.at.isoformat(),
            producer=PRODUCER,
            run=_run(source, write.run),
            job=_job(source, job),
            inputs=[event_v2.InputDataset(*source.dataset(key)) for key in upstream],
            outputs=[
                event_v2.OutputDataset(
                    *written,
                    facets={
                        **_symlinks({**source.place(write.asset), **write.metadata}, written),
                        **_columns(source, made_from(asset, write.metadata) if asset else {}),
                    },
                )
            ],
        )
        yield (write.pipeline, write.task), Serde.to_dict(event)


def end_events(end: WorkEnd) -> Iterator[dict[str, Any]]:
    """Start and end of a run, whatever it wrote; when a task started is not told. It is the run that writes tell of."""
    words = [(end.event_type, end.run.at)]
    if end.run.started_at is not None and end.work[1] is None:
        words.insert(0, ("START", end.run.started_at))
    for event_type, at in words:
        event = event_v2.RunEvent(
            eventType=event_v2.RunState(event_type),
            eventTime=at.isoformat(),
            producer=PRODUCER,
            run=_run(end.source, end.run.external_id),
            job=_job(end.source, end.source.job(*end.work)),
        )
        yield Serde.to_dict(event)


def firing_event(word: FiringWord) -> dict[str, Any]:
    """A firing as a run of its dependency: which jobs' runs it waited for, and which it started."""
    facet = job_dependencies_run.JobDependenciesRunFacet(
        upstream=[_linked(one, sequence="FINISH_TO_START") for one in word.upstream],
        downstream=[_linked(word.target)] if word.target else [],
        trigger_rule=word.trigger_rule,
    )
    kind = job_type_job.JobTypeJobFacet(processingType="BATCH", integration="PODIUM", jobType="DEPENDENCY")
    run_id = str(uuid.uuid5(uuid.NAMESPACE_URL, word.firing.idempotency_key))
    event = event_v2.RunEvent(
        eventType=event_v2.RunState(word.event_type),
        eventTime=word.at.isoformat(),
        producer=PRODUCER,
        run=event_v2.Run(
            runId=run_id,
            facets={"jobDependencies": facet, RUN_FACET: DerivedRunFacet(externalId=word.firing.idempotency_key)},
        ),
        job=event_v2.Job(OWN_NAMESPACE, word.spec.name, facets={"jobType": kind, JOB_FACET: DerivedJobFacet()}),
    )
    return Serde.to_dict(event)


def _linked(linked: Linked, sequence: str | None = None) -> job_dependencies_run.JobDependency:
    run = _run(linked.source, linked.run) if linked.run is not None else None
    return job_dependencies_run.JobDependency(
        job=job_dependencies_run.JobIdentifier(*linked.source.job(linked.pipeline, None)),
        run=job_dependencies_run.RunIdentifier(run.runId) if run else None,
        dependency_type="DIRECT_INVOCATION",
        sequence_trigger_rule=sequence,
        status_trigger_rule=linked.rule,
    )


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


def _columns(source: Source, columns: MadeFrom) -> dict[str, DatasetFacet]:
    fields = {
        column: column_lineage_dataset.Fields(
            inputFields=[column_lineage_dataset.InputField(*source.dataset(asset), field) for asset, field in sources]
        )
        for column, sources in columns.items()
    }
    return {"columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)} if fields else {}


def _run(source: Source, external_id: str) -> event_v2.Run:
    """With the orchestrator's id where that is a UUID, as OpenLineage wants; else one made of it."""
    try:
        run_id = str(uuid.UUID(external_id))
    except ValueError:
        run_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{source.name}/{external_id}"))
    return event_v2.Run(runId=run_id, facets={RUN_FACET: DerivedRunFacet(externalId=external_id)})
