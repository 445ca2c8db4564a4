"""What Airflow's answers mean. Pure; both API versions."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from adapters.airflow.links import Links
from adapters.airflow.notes import is_cancelled
from adapters.airflow.payloads import Asset, AssetEvent, Dag, DagRun, DagTask, Scheduling, TaskInstance
from adapters.sdk.errors import Drift
from adapters.sdk.timestamps import parse_instant
from gateway.domain.observation import (
    ObservedAsset,
    ObservedAssetEvent,
    ObservedPipeline,
    ObservedRun,
    ObservedTask,
    ObservedTaskRun,
    PipelineStructure,
)
from gateway.domain.states import RunState, RunTrigger, TaskRunState

#: Ids of runs that Podium has triggered begin so; what follows is the idempotency key.
RUN_ID_PREFIX = "podium__"
UNMAPPED = -1

RUN_STATES = {
    "queued": RunState.QUEUED,
    "running": RunState.RUNNING,
    "restarting": RunState.RUNNING,
    "success": RunState.SUCCESS,
    "failed": RunState.FAILED,
}
TASK_STATES = {
    None: TaskRunState.PENDING,
    "scheduled": TaskRunState.QUEUED,
    "queued": TaskRunState.QUEUED,
    "running": TaskRunState.RUNNING,
    "restarting": TaskRunState.RUNNING,
    "deferred": TaskRunState.DEFERRED,
    "up_for_reschedule": TaskRunState.DEFERRED,
    "up_for_retry": TaskRunState.UP_FOR_RETRY,
    "success": TaskRunState.SUCCESS,
    "failed": TaskRunState.FAILED,
    "upstream_failed": TaskRunState.UPSTREAM_FAILED,
    "skipped": TaskRunState.SKIPPED,
    "removed": TaskRunState.SKIPPED,
}
TRIGGERS = {
    "scheduled": RunTrigger.SCHEDULE,
    "backfill": RunTrigger.BACKFILL,
    "asset_triggered": RunTrigger.ASSET,
    "dataset_triggered": RunTrigger.ASSET,
    "asset_materialization": RunTrigger.ASSET,
    "manual": RunTrigger.MANUAL,
}
#: What joins two DAGs without an asset.
BETWEEN_DAGS = {"trigger", "sensor"}
ASSET_SCHEDULES = {"Asset", "Dataset", "Triggered by assets", "Triggered by datasets"}


@contextmanager
def understanding(what: str) -> Generator[None]:
    """Turn an answer that lacks what Airflow always sends into Drift."""
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise Drift(f"Airflow sent {what} in an unknown form: {type(error).__name__} {error}.") from error


def upstream(scheduling: Scheduling | None) -> dict[str, frozenset[str]]:
    """DAG -> the DAGs with a task that triggers it, and those that a sensor of it waits for."""
    if scheduling is None:
        return {}
    dags = {node["id"]: node["label"] for node in scheduling["nodes"] if node["type"] == "dag"}
    before = {node["id"]: set[str]() for node in scheduling["nodes"] if node["type"] in BETWEEN_DAGS}
    for edge in scheduling["edges"]:
        if edge["target_id"] in before and edge["source_id"] in dags:
            before[edge["target_id"]].add(dags[edge["source_id"]])
    found: dict[str, frozenset[str]] = {}
    for edge in scheduling["edges"]:
        if edge["target_id"] in dags and edge["source_id"] in before:
            dag_id = dags[edge["target_id"]]
            found[dag_id] = found.get(dag_id, frozenset()) | before[edge["source_id"]]
    return found


def pipeline(dag: Dag, links: Links, revision: str | None, upstream: frozenset[str] = frozenset()) -> ObservedPipeline:
    """A DAG as a pipeline.

    It has no time zone: Airflow tells one only DAG by DAG, and then the DAG's, which need not be its timetable's.
    """
    dag_id = dag["dag_id"]
    return ObservedPipeline(
        key=dag_id,
        name=dag.get("dag_display_name") or dag_id,
        description=dag["description"] or None,
        owners=tuple(dag["owners"]),
        tags=tuple(sorted(tag["name"] for tag in dag["tags"] or ())),
        schedule=_schedule(dag),
        next_run_at=parse_instant(dag.get("next_dagrun_run_after") or dag.get("next_dagrun_create_after")),
        is_paused=bool(dag["is_paused"]),
        url=links.dag(dag_id),
        revision=revision,
        upstream=upstream,
    )


def structure(dag_id: str, tasks: Sequence[DagTask], links: Links) -> PipelineStructure:
    """A DAG's tasks and the edges between them; a task's group is what stands before the last dot of its id."""
    return PipelineStructure(
        tuple(
            ObservedTask(
                key=task["task_id"],
                name=task.get("task_display_name") or task["task_id"],
                type=task.get("operator_name"),
                group=task["task_id"].rpartition(".")[0] or None,
                url=links.task(dag_id, task["task_id"]),
            )
            for task in tasks
        ),
        frozenset((task["task_id"], below) for task in tasks for below in task["downstream_task_ids"]),
    )


def run(raw: DagRun, links: Links) -> ObservedRun:
    """A DAG run. Airflow keeps no count of a run's attempts: a cleared run keeps its id and gets new dates."""
    native = raw["state"]
    state = RUN_STATES.get(native, RunState.UNKNOWN)
    if is_cancelled(raw, state):
        state = RunState.CANCELLED
    return ObservedRun(
        pipeline_key=raw["dag_id"],
        external_id=raw["dag_run_id"],
        state=state,
        native_state=native,
        trigger=_trigger(raw),
        logical_at=parse_instant(raw["logical_date"]),
        partition=raw.get("partition_key"),
        queued_at=parse_instant(raw.get("queued_at")),
        started_at=parse_instant(raw["start_date"]),
        ended_at=parse_instant(raw["end_date"]),
        parameters=raw["conf"] or {},
        url=links.run(raw["dag_id"], raw["dag_run_id"]),
    )


def task_runs(
    dag_id: str, run_id: str, current: TaskInstance, earlier: Sequence[TaskInstance], links: Links
) -> list[ObservedTaskRun]:
    """Every attempt of one task instance, oldest first; ``earlier`` are the attempts Airflow keeps a record of.

    A cleared instance still shows its last attempt's number and dates with an empty state: its next attempt is pending.
    """
    attempts = {attempt["try_number"]: attempt for attempt in earlier if attempt["state"] and attempt["try_number"]}
    if is_cleared(current):
        number = current["try_number"] + 1
        attempts[number] = {**current, "try_number": number, "start_date": None, "end_date": None}
    else:
        number = max(1, current["try_number"])  # one that never ran, e.g. after a failure above it, has number 0
        attempts[number] = {**current, "try_number": number}
    return [_attempt(dag_id, run_id, attempts[key], links) for key in sorted(attempts)]


def is_cleared(instance: TaskInstance) -> bool:
    """Whether a task instance has run, and waits to run again."""
    return instance["state"] is None and instance["end_date"] is not None


def asset(raw: Asset) -> ObservedAsset:
    """An asset or, in Airflow 2, a dataset."""
    by_tasks = {(link["dag_id"], link["task_id"]) for link in raw.get("consuming_tasks", ())}
    by_dags = {(link["dag_id"], None) for link in (*raw.get("scheduled_dags", ()), *raw.get("consuming_dags", ()))}
    return ObservedAsset(
        key=raw["uri"],
        name=raw.get("name") or raw["uri"],
        uri=raw["uri"],
        group=raw.get("group"),
        producers=frozenset((link["dag_id"], link["task_id"]) for link in raw["producing_tasks"]),
        consumers=frozenset[tuple[str, str | None]](by_tasks | by_dags),
    )


def asset_event(raw: AssetEvent) -> ObservedAssetEvent | None:
    """One write of an asset; None where Airflow no longer knows of which."""
    key = raw.get("uri") or raw.get("dataset_uri")
    at = parse_instant(raw["timestamp"])
    if not key or at is None:
        return None
    return ObservedAssetEvent(
        asset_key=key,
        at=at,
        external_id=str(raw["id"]),
        run_external_id=raw["source_run_id"],
        task=raw["source_task_id"],
        partition=raw.get("partition_key"),
        metadata=raw["extra"] or {},
    )


def log_lines(records: Sequence[Mapping[str, object]]) -> list[str]:
    """Airflow 3's structured log as text, without the marks that fold it in Airflow's own page."""
    lines: list[str] = []
    for record in records:
        event = str(record.get("event", ""))
        if event.startswith(("::group::", "::endgroup::")):
            continue
        head = " ".join(str(record[name]) for name in ("timestamp", "level") if record.get(name))
        lines.append(f"{head} {event}".strip())
        lines += _exceptions(record.get("error_detail"))
    return lines


def _exceptions(detail: object) -> list[str]:
    if not isinstance(detail, list):
        return []
    causes: list[Mapping[str, object]] = [cause for cause in detail if isinstance(cause, dict)]  # pyright: ignore[reportUnknownVariableType]
    return [f"{cause.get('exc_type')}: {cause.get('exc_value')}" for cause in causes]


def _schedule(dag: Dag) -> str | None:
    shown = dag.get("timetable_summary")
    if shown is None and (interval := dag.get("schedule_interval")):
        shown = interval.get("value") or dag["timetable_description"]
    if shown in ASSET_SCHEDULES or dag["timetable_description"] in ASSET_SCHEDULES:
        return "asset-triggered"
    return None if shown in {None, "", "None"} else str(shown)


def _trigger(raw: DagRun) -> RunTrigger:
    known = TRIGGERS.get(raw["run_type"], RunTrigger.UNKNOWN)
    is_ours = raw["dag_run_id"].startswith(RUN_ID_PREFIX)
    if known is RunTrigger.MANUAL and (is_ours or raw.get("triggered_by") == "rest_api"):
        return RunTrigger.API
    return known


def _attempt(dag_id: str, run_id: str, raw: TaskInstance, links: Links) -> ObservedTaskRun:
    map_index = None if raw["map_index"] == UNMAPPED else raw["map_index"]
    return ObservedTaskRun(
        task=raw["task_id"],
        state=TASK_STATES.get(raw["state"], TaskRunState.UNKNOWN),
        native_state=raw["state"] or "none",
        attempt=raw["try_number"],
        map_index=map_index,
        started_at=parse_instant(raw["start_date"]),
        ended_at=parse_instant(raw["end_date"]),
        url=links.attempt(dag_id, run_id, raw["task_id"], map_index, raw["try_number"]),
    )
