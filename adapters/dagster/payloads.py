"""What Dagster answers, as far as the mapping reads it. Times are seconds since 1970 unless a field says otherwise."""

from typing import Any, Literal, NotRequired, TypedDict


class Tag(TypedDict):
    """``PipelineTag``: a run's or a job's tag."""

    key: str
    value: str


class RepositoryOrigin(TypedDict):
    """Which code location and repository a run was launched from."""

    repositoryLocationName: str
    repositoryName: str


class Run(TypedDict):
    """``queries.RUN_FIELDS``."""

    runId: str
    jobName: str
    status: str
    creationTime: float
    startTime: float | None
    endTime: float | None
    updateTime: float | None
    parentRunId: str | None
    runConfig: dict[str, Any] | None
    tags: list[Tag]
    #: None for a run that was started from a command line beside the server.
    repositoryOrigin: RepositoryOrigin | None


class Attempt(TypedDict):
    """One attempt of a step that has ended."""

    startTime: float | None
    endTime: float | None


class StepStats(TypedDict):
    """A step that has begun or was skipped; ``attempts`` leaves out the one still running."""

    stepKey: str
    status: str | None
    startTime: float | None
    endTime: float | None
    attempts: list[Attempt]


class StepKey(TypedDict):
    """A step that another depends on."""

    key: str


class StepInput(TypedDict):
    """An input of a planned step."""

    dependsOn: list[StepKey]


class PlannedStep(TypedDict):
    """A step of the execution plan; ``part[?]`` is a dynamic step before its number is known."""

    key: str
    inputs: list[StepInput]


class ExecutionPlan(TypedDict):
    """Which steps a run consists of."""

    steps: list[PlannedStep]


class RunSteps(TypedDict):
    """``queries.STEPS``."""

    runId: str
    status: str
    stepKeysToExecute: list[str] | None
    stepStats: list[StepStats]
    executionPlan: ExecutionPlan | None


class Named(TypedDict):
    """Anything that is asked for its name only."""

    name: str


class Repository(TypedDict):
    """A repository as the list of repositories names it."""

    name: str
    location: Named


class RepositoryConnection(TypedDict):
    """``queries.REPOSITORIES``."""

    nodes: list[Repository]


class InstigatorState(TypedDict):
    """Whether a schedule or a sensor is RUNNING or STOPPED; ``id`` stops it."""

    id: str
    status: Literal["RUNNING", "STOPPED"]


class Tick(TypedDict):
    """A future tick of a schedule."""

    timestamp: float | None


class Ticks(TypedDict):
    """The next ticks of a schedule, were it running."""

    results: list[Tick]


class Schedule(TypedDict):
    """``queries.INSTIGATORS``, schedules. ``cronSchedule`` of several crons is a JSON list of texts."""

    name: str
    pipelineName: str
    cronSchedule: str
    executionTimezone: str | None
    scheduleState: InstigatorState
    futureTicks: Ticks


class Target(TypedDict):
    """A job that a sensor may launch."""

    pipelineName: str


class Sensor(TypedDict):
    """``queries.INSTIGATORS``, sensors."""

    name: str
    sensorType: str
    targets: list[Target] | None
    sensorState: InstigatorState


class Owner(TypedDict):
    """A person's address or a team's name."""

    email: NotRequired[str]
    team: NotRequired[str]


class Job(TypedDict):
    """A job of a repository."""

    name: str
    description: str | None
    isAssetJob: bool
    pipelineSnapshotId: str
    tags: list[Tag]
    owners: list[Owner]


class LoadedRepository(TypedDict):
    """``queries.REPOSITORY``; jobs of ``queries.JOB_INSTIGATORS`` have a name only."""

    name: str
    location: Named
    jobs: list[Job]
    schedules: list[Schedule]
    sensors: list[Sensor]


class Slot(TypedDict):
    """An input or output of a solid within its container."""

    solid: Named
    definition: Named


class SolidInput(TypedDict):
    """An input and the sibling outputs that feed it."""

    definition: Named
    dependsOn: list[Slot]


class InputMapping(TypedDict):
    """An input of a graph handed on to a solid inside."""

    definition: Named
    mappedInput: Slot


class OutputMapping(TypedDict):
    """An output of a graph taken from a solid inside."""

    definition: Named
    mappedOutput: Slot


class SolidDefinition(TypedDict):
    """An op, or a graph with its mappings."""

    inputMappings: NotRequired[list[InputMapping]]
    outputMappings: NotRequired[list[OutputMapping]]


class Solid(TypedDict):
    """An op or graph within its container."""

    name: str
    definition: SolidDefinition
    inputs: list[SolidInput]


class ParentHandle(TypedDict):
    """The handle of the graph around."""

    handleID: str


class SolidHandle(TypedDict):
    """An op or graph at its place in the job, e.g. ``outer.inner.op``."""

    handleID: str
    parent: ParentHandle | None
    solid: Solid


class Pipeline(TypedDict):
    """``queries.STRUCTURE``."""

    isAssetJob: bool
    solidHandles: list[SolidHandle]


class AssetGroup(TypedDict):
    """``queries.ASSET_GROUPS``: which ops make the assets of a group."""

    groupName: str | None
    opNames: list[str]


class AssetKey(TypedDict):
    """An asset's path."""

    path: list[str]


class SensorMetadata(TypedDict):
    """Which assets a sensor waits for; None where it waits for something else."""

    assetKeys: list[AssetKey] | None


class Monitoring(TypedDict):
    """A sensor, what it waits for and what it starts."""

    targets: list[Target] | None
    metadata: SensorMetadata


class MonitoringRepository(TypedDict):
    """A repository with its sensors."""

    name: str
    location: Named
    sensors: list[Monitoring]


class MonitoringConnection(TypedDict):
    """``queries.MONITORED``."""

    nodes: list[MonitoringRepository]


class AssetNode(TypedDict):
    """``queries.ASSETS``."""

    assetKey: AssetKey
    groupName: str | None
    description: str | None
    kinds: list[str]
    isMaterializable: bool
    jobNames: list[str]
    opNames: list[str]
    dependencyKeys: list[AssetKey]
    repository: Repository
    metadataEntries: list[dict[str, Any]]
    assetMaterializations: list["Written"]
    assetChecksOrError: dict[str, Any]


class Written(TypedDict):
    """The metadata of an asset's last write."""

    metadataEntries: list[dict[str, Any]]


class Materialization(TypedDict):
    """One write of an asset; ``timestamp`` is a text of milliseconds, ``runId`` "" for one reported from outside."""

    runId: str
    timestamp: str
    stepKey: str | None
    partition: str | None
    metadataEntries: list[dict[str, Any]]


class ErrorDetail(TypedDict):
    """A Python exception."""

    message: str
    stack: list[str]
    causes: NotRequired[list["ErrorDetail"]]


class Event(TypedDict):
    """One line of a run's event log; ``timestamp`` is a text of milliseconds."""

    message: str
    timestamp: str
    level: str
    stepKey: str | None
    eventType: str | None
    error: NotRequired[ErrorDetail | None]
    fileKey: NotRequired[str]
    stepKeys: NotRequired[list[str] | None]
