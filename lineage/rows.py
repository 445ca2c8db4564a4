"""The merged state of events as rows of the store, and back."""

from collections.abc import Mapping
from typing import Any

from lineage.openlineage.edges import Edges, declared_since
from lineage.openlineage.state import DatasetName, Job, Run, dump_uses, load_uses

#: A row of the store: its columns are attributes.
StoredRow = Any


def name_row(identity: int, name: DatasetName, dataset_id: int, declared: Edges) -> Mapping[str, Any]:
    """A dataset's name."""
    return {
        "id": identity,
        "namespace": name.namespace,
        "name": name.name,
        "is_own": name.is_own,
        "dataset_id": dataset_id,
        "document": [name.facets, name.declared, name.written, name.declared_since],
        "declared_edges_id": declared.id if declared.outputs else None,
        "written_at": name.written[0] if name.written else None,
    }


def name_of(row: StoredRow) -> DatasetName:
    """A dataset's name."""
    facets, declared, written, *more = row.document
    since = {int(source): at for source, at in more[0].items()} if more else declared_since(row.id, declared)
    return DatasetName(row.namespace, row.name, row.is_own, facets, declared, since, written)


def job_row(identity: int, job: Job) -> dict[str, Any]:
    """A job, without what its runs make of it."""
    return {
        "id": identity,
        "namespace": job.namespace,
        "name": job.name,
        "facets": job.facets,
        "parent": job.parent,
        "version": job.version,
        "version_run_id": job.version[2] if job.version else None,
        "edges_id": job.edges,
        "latest_run_id": job.latest[1] if job.latest else None,
        "latest_at": job.latest[0] if job.latest else None,
    }


def job_of(row: StoredRow) -> Job:
    """A job."""
    latest = None if row.latest_at is None else [row.latest_at, row.latest_run_id]
    return Job(row.namespace, row.name, row.facets, row.parent, row.version, row.edges_id, latest)


def run_row(identity: int, run: Run, edges: Edges) -> Mapping[str, Any]:
    """A run with the edges it has."""
    return {
        "id": identity,
        "job_id": run.job,
        "run_id": run.run_id,
        "state": run.state,
        "first_at": run.first,
        "last_at": run.last,
        "started_at": run.started,
        "ended_at": run.ended,
        "completed_at": run.completed,
        "version_rank": run.rank if edges else 0,
        "edges_id": edges.id if edges else None,
        "document": {
            "ending": run.ending,
            "moving": run.moving,
            "streaming": run.is_streaming,
            "emitted": run.is_emitted,
            "facets": run.facets,
            "explicit": run.explicit,
            "inputs": dump_uses(run.inputs),
            "outputs": dump_uses(run.outputs),
        },
    }


def run_of(row: StoredRow) -> Run:
    """A run."""
    document = row.document
    return Run(
        job=row.job_id,
        run_id=row.run_id,
        first=row.first_at,
        last=row.last_at,
        started=row.started_at,
        ending=document["ending"],
        moving=document["moving"],
        completed=row.completed_at,
        is_streaming=document["streaming"],
        is_emitted=document["emitted"],
        facets=document["facets"],
        explicit=document["explicit"],
        inputs=load_uses(document["inputs"]),
        outputs=load_uses(document["outputs"]),
    )
