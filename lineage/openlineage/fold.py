"""What one event adds to the state."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lineage.openlineage.check import Event
from lineage.openlineage.derived import JOB_FACET
from lineage.openlineage.edges import declared_since
from lineage.openlineage.members import items, part
from lineage.openlineage.schema import Kind
from lineage.openlineage.state import (
    TERMINAL,
    Facets,
    Run,
    State,
    Use,
    Uses,
    entry_key,
    join_earliest,
    later,
    put,
    run_key,
    stamp,
)

#: Prefect's emitter has its own name for the facet.
_PARENT_FACETS = ("parent", "parentRun")
_SPEAKING_OF_OTHERS = frozenset({"symlinks", "lifecycleStateChange", "columnLineage", "lineage"})
_LINEAGE_FACETS = frozenset({"columnLineage", "lineage"})


def fold(events: Iterable[Event]) -> State:
    """The state that some events say."""
    state = State()
    for event in events:
        add(state, event)
    return state


def add(state: State, event: Event) -> None:
    """Add one event."""
    body = event.body
    event_type = str(body.get("eventType") or "OTHER")
    stamped = stamp(event.at, event_type)
    if event.kind is Kind.DATASET:
        _declared(state, body["dataset"], stamped)
        return
    job_id, job = state.job(body["job"]["namespace"], body["job"]["name"])
    facets = part(body["job"], "facets")
    for name, facet in facets.items():
        put(job.facets, name, stamped, facet)
    run = _run(state, event, job_id)
    if "lineage" in facets:
        entries = items(facets["lineage"], "entries")
        run.explicit |= {entry_key(entry): entry for entry in entries}
        _mentioned(state, entries)
    run.is_streaming |= part(facets, "jobType").get("processingType") == "STREAMING"
    run.is_emitted |= JOB_FACET not in facets
    if event.kind is Kind.RUN:
        _progress(run, event.at, event_type, stamped)
        _run_facets(state, run, job_id, part(body["run"], "facets"), stamped)
    _uses(state, run.inputs, items(body, "inputs"), "inputFacets", stamped)
    _uses(state, run.outputs, items(body, "outputs"), "outputFacets", stamped)


def _run(state: State, event: Event, job_id: int) -> Run:
    """The run it is about; a JobEvent is kept by its time, so that what was declared before stays known."""
    run_id: str = event.body["run"]["runId"] if event.kind is Kind.RUN else ""
    key = run_key(job_id, run_id or f"@{event.at}")
    run = state.runs.setdefault(key, Run(job_id, run_id, event.at, event.at))
    run.first, run.last = min(run.first, event.at), max(run.last, event.at)
    return run


def _progress(run: Run, at: int, event_type: str, stamped: int) -> None:
    word = [stamped, event_type]
    if event_type in TERMINAL:
        run.ending = later(run.ending, word)
    elif event_type != "OTHER":
        run.moving = later(run.moving, word)
    if event_type == "START":
        run.started = at if run.started is None else min(run.started, at)
    if event_type == "COMPLETE":
        run.completed = at if run.completed is None else max(run.completed, at)


def _run_facets(state: State, run: Run, job_id: int, facets: Mapping[str, Any], stamped: int) -> None:
    for name, facet in facets.items():
        put(run.facets, name, stamped, facet)
    for name in _PARENT_FACETS:
        parent = part(part(facets, name), "job")
        if parent:
            parent_id, _ = state.job(parent["namespace"], parent["name"])
            if parent_id != job_id:
                job = state.jobs[job_id]
                job.parent = later(job.parent, [stamped, parent_id])
    for side in ("upstream", "downstream"):
        for dependency in items(part(facets, "jobDependencies"), side):
            state.job(dependency["job"]["namespace"], dependency["job"]["name"])


def _uses(state: State, uses: Uses, datasets: Iterable[Mapping[str, Any]], side: str, stamped: int) -> None:
    for dataset in datasets:
        name_id = _described(state, dataset, stamped)
        use = uses.setdefault(name_id, Use())
        for name, facet in part(dataset, "facets").items():
            put(use.facets, name, stamped, facet)
        for name, facet in part(dataset, side).items():
            put(use.side, name, stamped, facet)


def _declared(state: State, dataset: Mapping[str, Any], stamped: int) -> None:
    key = _described(state, dataset, stamped)
    name, facets = state.names[key], part(dataset, "facets")
    told: Facets = {kind: [stamped, facets[kind]] for kind in _LINEAGE_FACETS & facets.keys()}
    for kind, facet in told.items():
        put(name.declared, kind, *facet)
    join_earliest(name.declared_since, declared_since(key, told))


def _described(state: State, dataset: Mapping[str, Any], stamped: int) -> int:
    key, known = state.name(dataset["namespace"], dataset["name"])
    known.is_own = True
    facets = part(dataset, "facets")
    for name, facet in facets.items():
        put(known.facets, name, stamped, facet)
    if not _SPEAKING_OF_OTHERS.isdisjoint(facets):
        for namespace, name in _mentions(facets):
            state.name(namespace, name)
    return key


def _mentions(facets: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Other datasets that a dataset's facets speak of."""
    for link in items(part(facets, "symlinks"), "identifiers"):
        yield link["namespace"], link["name"]
    renamed = part(part(facets, "lifecycleStateChange"), "previousIdentifier")
    if renamed:
        yield renamed["namespace"], renamed["name"]
    columns = part(facets, "columnLineage")
    for column in part(columns, "fields").values():
        for source in items(column, "inputFields"):
            yield source["namespace"], source["name"]
    for source in items(columns, "dataset"):
        yield source["namespace"], source["name"]
    yield from _explicit_sources(part(facets, "lineage"))


def _explicit_sources(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    inputs = [*items(entry, "inputs")]
    for column in part(entry, "fields").values():
        inputs += items(column, "inputs")
    for source in inputs:
        if source["type"] == "DATASET":
            yield source["namespace"], source["name"]


def _mentioned(state: State, entries: Iterable[Mapping[str, Any]]) -> None:
    """Makes known what a job's explicit lineage speaks of."""
    for entry in entries:
        if entry["type"] == "DATASET":
            state.name(entry["namespace"], entry["name"])
        elif entry.get("name"):
            state.job(entry["namespace"], entry["name"])
        for namespace, name in _explicit_sources(entry):
            state.name(namespace, name)
        for source in items(entry, "inputs"):
            if source["type"] == "JOB" and source.get("name"):
                state.job(source["namespace"], source["name"])
