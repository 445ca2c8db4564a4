"""What Airflow sends, as far as it is used. Both API versions send these; a field that one lacks is NotRequired."""

from typing import Any, NotRequired, TypedDict


class Tag(TypedDict):
    """A label of a DAG."""

    name: str


class Dag(TypedDict):
    """One DAG as listed."""

    dag_id: str
    dag_display_name: NotRequired[str | None]
    description: str | None
    is_paused: bool | None
    owners: list[str]
    tags: list[Tag] | None
    timetable_summary: NotRequired[str | None]
    timetable_description: str | None
    schedule_interval: NotRequired[dict[str, Any] | None]
    next_dagrun_run_after: NotRequired[str | None]
    next_dagrun_create_after: NotRequired[str | None]


class DagVersion(TypedDict):
    """A version of a DAG's graph; ids grow with time."""

    id: str
    dag_id: str


class SchedulingNode(TypedDict):
    """A DAG, a task that triggers another DAG, a sensor that waits for one, an asset ..."""

    id: str
    label: str
    type: str


class SchedulingEdge(TypedDict):
    """One node leads to another."""

    source_id: str
    target_id: str


class Scheduling(TypedDict):
    """What starts or holds up what, over all DAGs."""

    nodes: list[SchedulingNode]
    edges: list[SchedulingEdge]


class DagTask(TypedDict):
    """One task of a DAG's graph."""

    task_id: str
    task_display_name: NotRequired[str | None]
    operator_name: NotRequired[str | None]
    downstream_task_ids: list[str]
    is_mapped: NotRequired[bool | None]


class DagRun(TypedDict):
    """One run of a DAG."""

    dag_id: str
    dag_run_id: str
    state: str
    run_type: str
    triggered_by: NotRequired[str | None]
    logical_date: str | None
    queued_at: NotRequired[str | None]
    start_date: str | None
    end_date: str | None
    conf: dict[str, Any] | None
    note: str | None
    partition_key: NotRequired[str | None]


class TaskInstance(TypedDict):
    """One task (or mapped instance of it) in a run, at its latest attempt."""

    task_id: str
    map_index: int
    try_number: int
    state: str | None
    start_date: str | None
    end_date: str | None
    queued_when: NotRequired[str | None]
    pid: NotRequired[int | None]


class TaskLink(TypedDict):
    """A task that writes or reads an asset."""

    dag_id: str
    task_id: str


class DagLink(TypedDict):
    """A DAG that an asset starts."""

    dag_id: str


class Asset(TypedDict):
    """An asset (a dataset, in Airflow 2)."""

    id: int
    uri: str
    name: NotRequired[str]
    group: NotRequired[str]
    producing_tasks: list[TaskLink]
    scheduled_dags: NotRequired[list[DagLink]]
    consuming_tasks: NotRequired[list[TaskLink]]
    consuming_dags: NotRequired[list[DagLink]]


class AssetEvent(TypedDict):
    """One write of an asset."""

    id: int
    uri: NotRequired[str]
    dataset_uri: NotRequired[str]
    timestamp: str
    source_dag_id: str | None
    source_task_id: str | None
    source_run_id: str | None
    partition_key: NotRequired[str | None]
    extra: dict[str, Any] | None


class Component(TypedDict, total=False):
    """Health of one of Airflow's parts."""

    status: str | None
    latest_scheduler_heartbeat: str | None
