"""What Prefect's API sends, as far as it is read. Nothing is validated: a missing or odd value is mapping's affair."""

from typing import Any, NotRequired, TypedDict


class CreatedBy(TypedDict):
    """Who made something: a USER, a SCHEDULE, an AUTOMATION, a DEPLOYMENT ..."""

    type: NotRequired[str | None]
    display_value: NotRequired[str | None]


class StateDetails(TypedDict):
    """Particulars of a state."""

    scheduled_time: NotRequired[str | None]
    child_flow_run_id: NotRequired[str | None]


class State(TypedDict):
    """A state of a flow run or task run; ``name`` may be any text that a flow's author likes."""

    type: str
    name: str | None
    timestamp: str
    message: NotRequired[str | None]
    state_details: NotRequired[StateDetails | None]


class Policy(TypedDict):
    """How a run is retried and resumed."""

    resuming: NotRequired[bool | None]


class FlowRun(TypedDict):
    """``GET /flow_runs/{id}`` and ``POST /flow_runs/filter``."""

    id: str
    flow_id: str
    deployment_id: NotRequired[str | None]
    deployment_version: NotRequired[str | None]
    idempotency_key: NotRequired[str | None]
    parameters: NotRequired[dict[str, Any] | None]
    labels: NotRequired[dict[str, Any] | None]
    parent_task_run_id: NotRequired[str | None]
    state_type: NotRequired[str | None]
    state_name: NotRequired[str | None]
    state: NotRequired[State | None]
    run_count: NotRequired[int | None]
    expected_start_time: NotRequired[str | None]
    next_scheduled_start_time: NotRequired[str | None]
    start_time: NotRequired[str | None]
    end_time: NotRequired[str | None]
    auto_scheduled: NotRequired[bool | None]
    created_by: NotRequired[CreatedBy | None]
    empirical_policy: NotRequired[Policy | None]


class TaskInput(TypedDict):
    """Where an argument of a task came from."""

    input_type: str
    id: NotRequired[str]


class TaskRun(TypedDict):
    """``POST /task_runs/filter``. A flow called by a flow has a task run of its own in the caller."""

    id: str
    name: str
    flow_run_id: str | None
    #: Function name and a hash of its code, e.g. "extract-a8affcf7".
    task_key: str
    dynamic_key: str
    task_inputs: NotRequired[dict[str, list[TaskInput]] | None]
    state_type: NotRequired[str | None]
    state_name: NotRequired[str | None]
    state: NotRequired[State | None]
    run_count: NotRequired[int | None]
    #: Which attempt of the flow run this belongs to; a retried flow run makes new task runs.
    flow_run_run_count: NotRequired[int | None]
    expected_start_time: NotRequired[str | None]
    start_time: NotRequired[str | None]
    end_time: NotRequired[str | None]


class Schedule(TypedDict):
    """One schedule of a deployment: one of the three."""

    cron: NotRequired[str]
    #: Seconds.
    interval: NotRequired[float]
    rrule: NotRequired[str]
    timezone: NotRequired[str | None]


class DeploymentSchedule(TypedDict):
    """A schedule and whether it is switched on."""

    schedule: Schedule
    active: NotRequired[bool]


class Deployment(TypedDict):
    """``POST /deployments/filter`` and ``GET /deployments/name/{flow}/{deployment}``."""

    id: str
    name: str
    flow_id: str
    version: NotRequired[str | None]
    description: NotRequired[str | None]
    paused: NotRequired[bool | None]
    schedules: NotRequired[list[DeploymentSchedule] | None]
    tags: NotRequired[list[str] | None]
    labels: NotRequired[dict[str, Any] | None]
    created_by: NotRequired[CreatedBy | None]
    #: JSON Schema of the parameters.
    parameter_openapi_schema: NotRequired[dict[str, Any] | None]


class Flow(TypedDict):
    """``POST /flows/filter``."""

    id: str
    name: str
    tags: NotRequired[list[str] | None]
    labels: NotRequired[dict[str, Any] | None]


class Log(TypedDict):
    """``POST /logs/filter``."""

    id: str
    name: str
    level: int
    message: str
    timestamp: str


#: "prefect.resource.id", "prefect.resource.name", "prefect.resource.role" and whatever else is told of a resource.
Resource = dict[str, str]


class Event(TypedDict):
    """One of ``POST /events/filter``."""

    id: str
    event: str
    occurred: str
    resource: Resource
    related: NotRequired[list[Resource]]
    payload: NotRequired[dict[str, Any]]


#: Label -> the value, or one of the values, that a resource is to have.
Specification = dict[str, str | list[str]]


class Trigger(TypedDict):
    """When an automation acts; a compound one consists of ``triggers``."""

    type: str
    posture: NotRequired[str]
    match_related: NotRequired[Specification | list[Specification] | None]
    triggers: NotRequired[list["Trigger"] | None]


class Action(TypedDict):
    """What an automation does."""

    type: str
    deployment_id: NotRequired[str | None]


class Automation(TypedDict):
    """``POST /automations/filter``."""

    id: str
    enabled: NotRequired[bool]
    trigger: Trigger
    actions: list[Action]


class EventPage(TypedDict):
    """A page of events; ``next_page`` is an address as the server believes itself to be reached."""

    events: list[Event]
    next_page: NotRequired[str | None]


class Orchestrated(TypedDict):
    """``POST /flow_runs/{id}/set_state``: ACCEPT, REJECT (another state was set instead), ABORT or WAIT."""

    status: str
    state: State | None
    details: NotRequired[dict[str, Any] | None]
