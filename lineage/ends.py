"""How the work that Podium tells of has ended, run by run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.domain.states import RunState, TaskRunState
from gateway.store.database import ReadSession
from gateway.store.repository import task_runs
from gateway.store.repository.lineage_joins import RunEnd
from lineage.assets import Source, Work, work_of

_OF_RUN = {RunState.SUCCESS: "COMPLETE", RunState.FAILED: "FAIL", RunState.CANCELLED: "ABORT"}
#: The later ones count where a task was mapped.
_OF_TASK = {TaskRunState.SUCCESS: "COMPLETE", TaskRunState.CANCELLED: "ABORT", TaskRunState.FAILED: "FAIL"}


@dataclass(frozen=True, slots=True)
class WorkEnd:
    """The end of a pipeline, or a task of it, in one run."""

    source: Source
    work: Work
    run: RunEnd
    #: OpenLineage's word for it.
    event_type: str


async def work_ended(
    session: ReadSession, sources: Mapping[int, Source], ends: Sequence[RunEnd], *, every_run: bool
) -> list[WorkEnd]:
    """What has ended with some runs of all that reads or writes assets; with ``every_run`` the runs themselves too."""
    concerned = {key: _work_by_pipeline(source) for key, source in sources.items()}
    wanted = [(end, concerned.get(end.orchestrator_id, {}).get(end.pipeline, [])) for end in ends]
    if every_run:
        wanted = [(end, list(dict.fromkeys([(end.pipeline, None), *work]))) for end, work in wanted]
    tasks = await _tasks(session, [end.run_id for end, work in wanted if work])
    found: list[WorkEnd] = []
    for end, some in wanted:
        for work in some:
            event_type = _OF_RUN.get(end.state) if work[1] is None else tasks.get((end.run_id, work[1]))
            if event_type is not None and end.orchestrator_id in sources:
                found.append(WorkEnd(sources[end.orchestrator_id], work, end, event_type))
    return found


def _work_by_pipeline(source: Source) -> dict[str, list[Work]]:
    found: dict[str, list[Work]] = {}
    for work in sorted(work_of(source), key=str):
        found.setdefault(work[0], []).append(work)
    return found


async def _tasks(session: ReadSession, run_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """How each task ended, by (run, task)."""
    words = list(_OF_TASK.values())
    last: dict[tuple[int, str, int | None], tuple[int, TaskRunState]] = {}
    for run_id, some in (await task_runs.of_runs(session, run_ids)).items():
        for one in some:
            place = run_id, one.task, one.map_index
            last[place] = max(last.get(place, (-1, one.state)), (one.attempt, one.state), key=lambda known: known[0])
    found: dict[tuple[int, str], str] = {}
    for (run_id, task, _), (_, state) in last.items():
        if state in _OF_TASK:
            known = found.get((run_id, task), words[0])
            found[run_id, task] = max(known, _OF_TASK[state], key=words.index)
    return found
