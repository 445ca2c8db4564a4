"""Takes up events into the state: loads what they touch, joins, and writes what has changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from gateway.store.database import WriteSession
from gateway.store.repository import lineage_state
from lineage import linking, rows
from lineage.naming import BUILT_IN, Naming
from lineage.openlineage.check import Event
from lineage.openlineage.edges import Edges, declared_edges, edges_of
from lineage.openlineage.fold import fold
from lineage.openlineage.state import State, identity, names_of


@dataclass(slots=True)
class Touched:
    """Ids of what has changed."""

    jobs: set[int] = field(default_factory=set[int])
    names: set[int] = field(default_factory=set[int])
    #: When names were last written, of those that were written anew; microseconds since 1970.
    written: dict[int, int] = field(default_factory=dict[int, int])


async def project(session: WriteSession, events: Iterable[Event], naming: Naming = BUILT_IN) -> Touched:
    """Add some events to the stored state. Only one may do so at a time."""
    state = fold(events)
    linking.add_normal_names(state, naming)
    known, dataset_ids = await _load(session, state)
    before = {key: name.written for key, name in known.names.items()}
    state.join(known)
    edges = {key: edges_of(run, state.jobs[run.job]) for key, run in state.runs.items()}
    declared = {key: declared_edges(key, name.declared) for key, name in state.names.items()}
    for key, run in state.runs.items():
        state.jobs[run.job].consider(key, run, edges[key].id if edges[key] else None)
        if run.completed is not None:
            for name in run.outputs:
                state.names[name].written = max(
                    state.names[name].written or [0, []], [run.completed, [run.job, run.run_id]]
                )
    await _save(session, state, edges, declared, dataset_ids)
    relinked = await linking.relink(session, state.names, naming)
    written = {
        key: name.written[0] for key, name in state.names.items() if name.written != before.get(key) and name.written
    }
    return Touched(set(state.jobs), set(state.names) | relinked, written)


async def _load(session: WriteSession, state: State) -> tuple[State, dict[int, int]]:
    """What is stored of everything that events touch, and which dataset each name stands for."""
    stored = await lineage_state.runs(session, state.runs)
    known = State(runs={key: rows.run_of(row) for key, row in stored.items()})
    names = set(state.names).union(*(names_of(run) for run in known.runs.values()))
    stored_names = await lineage_state.names(session, names)
    known.names = {key: rows.name_of(row) for key, row in stored_names.items()}
    stored_jobs = await lineage_state.jobs(session, state.jobs)
    known.jobs = {key: rows.job_of(row) for key, row in stored_jobs.items()}
    return known, {key: row.dataset_id for key, row in stored_names.items()}


async def _save(
    session: WriteSession,
    state: State,
    edges: dict[int, Edges],
    declared: dict[int, Edges],
    dataset_ids: dict[int, int],
) -> None:
    sets = {one.id: one for one in _with_edges([*edges.values(), *declared.values()])}
    await lineage_state.save_edges(session, [{"id": key, "body": one.dump()} for key, one in sets.items()])
    await lineage_state.save_runs(session, [rows.run_row(key, run, edges[key]) for key, run in state.runs.items()])
    await lineage_state.save_jobs(session, [rows.job_row(key, job) for key, job in state.jobs.items()])
    names = [rows.name_row(key, name, dataset_ids.get(key, key), declared[key]) for key, name in state.names.items()]
    await lineage_state.save_names(session, names)
    await lineage_state.save_versions(session, list(_versions(state)))


def _with_edges(sets: Collection[Edges]) -> Iterable[Edges]:
    return (one for one in sets if one.inputs or one.outputs)


def _versions(state: State) -> Iterable[dict[str, object]]:
    """A dataset's version for each run that wrote it."""
    for key, run in state.runs.items():
        if run.is_declared:
            continue
        for name, use in run.outputs.items():
            version = use.facets.get("version")
            yield {
                "id": identity("version", str(name), str(key)),
                "name_id": name,
                "run_id": key,
                "created_at": run.completed or run.last,
                "version": version[1].get("datasetVersion") if version else None,
            }
