"""Events made for a test: by hand, and at random."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from lineage.openlineage.check import Event, check

START = datetime(2026, 5, 1, 7, tzinfo=UTC)
PRODUCER = "https://example.com/emitter"
DAY = "postgres://db:5432"
_BASE = {"_producer": PRODUCER, "_schemaURL": "https://example.com/facet.json"}


def facet(**content: Any) -> dict[str, Any]:
    return {**_BASE, **content}


def dataset(name: str, namespace: str = DAY, **facets: Any) -> dict[str, Any]:
    return {"namespace": namespace, "name": name, "facets": {key: facet(**value) for key, value in facets.items()}}


def at(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def run_event(
    event_type: str,
    minute: float = 0,
    *,
    job: str = "load",
    run: str = "r1",
    namespace: str = "jobs",
    inputs: list[dict[str, Any]] | None = None,
    outputs: list[dict[str, Any]] | None = None,
    run_facets: dict[str, Any] | None = None,
    job_facets: dict[str, Any] | None = None,
) -> dict[str, Any]:
    event: dict[str, Any] = {
        "eventType": event_type,
        "eventTime": at(minute),
        "producer": PRODUCER,
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": run, "facets": {key: facet(**value) for key, value in (run_facets or {}).items()}},
        "job": {
            "namespace": namespace,
            "name": job,
            "facets": {key: facet(**value) for key, value in (job_facets or {}).items()},
        },
    }
    return event | {side: given for side, given in (("inputs", inputs), ("outputs", outputs)) if given is not None}


def job_event(minute: float = 0, **more: Any) -> dict[str, Any]:
    event = run_event("OTHER", minute, **more)
    return {name: value for name, value in event.items() if name not in {"eventType", "run"}}


def dataset_event(described: dict[str, Any], minute: float = 0) -> dict[str, Any]:
    return {"eventTime": at(minute), "producer": PRODUCER, "schemaURL": PRODUCER, "dataset": described}


# ------------------------------------------------------------------ at random: few names, so that events meet

NAMES = st.sampled_from(["a", "b", "c"])
NAMESPACES = st.sampled_from([DAY, "postgresql://DB", "s3://lake", "s3a://lake/"])
MINUTES = st.integers(0, 4)


@st.composite
def datasets(draw: st.DrawFn) -> dict[str, Any]:
    facets: dict[str, Any] = {}
    if draw(st.booleans()):
        facets["schema"] = {"fields": [{"name": draw(NAMES), "type": draw(st.sampled_from(["int", "text"]))}]}
    other = {"namespace": draw(NAMESPACES), "name": draw(NAMES)}
    match draw(st.integers(0, 7)):
        case 0:
            facets["symlinks"] = {"identifiers": [{**other, "type": "TABLE"}]}
        case 1:
            facets["symlinks"] = {"_deleted": True}
        case 2:
            facets["lifecycleStateChange"] = {"lifecycleStateChange": "RENAME", "previousIdentifier": other}
        case 3:
            facets["columnLineage"] = {"fields": {"x": {"inputFields": [{**other, "field": "y"}]}}}
        case 4:
            facets["lineage"] = {"inputs": [{**other, "type": "DATASET"}]}
        case 5:
            facets["version"] = {"datasetVersion": draw(NAMES)}
        case _:
            pass
    return dataset(draw(NAMES), draw(NAMESPACES), **facets)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return dataset_event(draw(datasets()), draw(MINUTES))
    sides = st.none() | st.lists(datasets(), max_size=2)
    job_facets: dict[str, Any] = {}
    if draw(st.booleans()):
        job_facets["jobType"] = {
            "processingType": draw(st.sampled_from(["BATCH", "STREAMING"])),
            "integration": draw(st.sampled_from(["AIRFLOW", "SPARK"])),
        }
    if draw(st.integers(0, 5)) == 0:
        entry = {"namespace": DAY, "name": draw(NAMES), "type": "DATASET"}
        source = {"namespace": DAY, "name": draw(NAMES), "type": "DATASET", "field": "y"}
        job_facets["lineage"] = {"entries": [{**entry, "fields": {"x": {"inputs": [source]}}}]}
    common: dict[str, Any] = {
        "job": draw(NAMES),
        "inputs": draw(sides),
        "outputs": draw(sides),
        "job_facets": job_facets,
    }
    if kind == 1:
        return job_event(draw(MINUTES), **common)
    run_facets: dict[str, Any] = {}
    if draw(st.booleans()):
        run_facets["parent"] = {"job": {"namespace": "jobs", "name": draw(NAMES)}, "run": {"runId": draw(NAMES)}}
    types = st.sampled_from(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"])
    return run_event(draw(types), draw(MINUTES), run=draw(NAMES), run_facets=run_facets, **common)


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[Event], list[list[Event]]]:
    """Some events, and the same ones shuffled, repeated and split into batches."""
    some = [check(one) for one in draw(st.lists(events(), min_size=1, max_size=8))]
    again = draw(st.permutations([*some, *draw(st.lists(st.sampled_from(some), max_size=4))]))
    cuts = sorted(draw(st.sets(st.integers(0, len(again)), max_size=3)))
    bounds = list(zip([0, *cuts], [*cuts, len(again)], strict=True))
    return some, [again[begin:end] for begin, end in bounds if begin < end]
