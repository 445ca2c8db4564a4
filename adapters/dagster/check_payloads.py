"""What Dagster answers about checks of assets. Times are seconds since 1970."""

from typing import NotRequired, TypedDict

from adapters.dagster.payloads import AssetKey, Repository


class Evaluation(TypedDict):
    """What a check found, and when that was stored."""

    timestamp: float
    severity: str
    description: str | None
    success: bool


class Execution(TypedDict):
    """``queries.check_executions``: a check in a run, from its planning on; ``timestamp`` is when it was planned."""

    id: str
    #: "" for one reported from outside.
    runId: str
    status: str
    timestamp: float
    stepKey: str | None
    partition: str | None
    #: None where it has not looked (yet).
    evaluation: Evaluation | None


class EvaluatedAt(TypedDict):
    """When the last execution of a check found something."""

    timestamp: float


class LastExecution(TypedDict):
    """``queries.LATEST_WRITES``: the last execution of a check."""

    status: str
    timestamp: float
    evaluation: EvaluatedAt | None


class Check(TypedDict):
    """``executionForLatestMaterialization`` is None where the asset was written after the last execution."""

    name: str
    executionForLatestMaterialization: LastExecution | None


class Checks(TypedDict):
    """Those of an asset; none where Dagster's database is too old to know checks."""

    checks: NotRequired[list[Check]]


class Definition(TypedDict):
    """Where an asset is defined, with its checks."""

    repository: Repository
    assetChecksOrError: Checks


class Written(TypedDict):
    """An asset's last write; ``timestamp`` is a text of milliseconds."""

    timestamp: str


class Asset(TypedDict):
    """``queries.LATEST_WRITES``: an asset, whether it is still defined or was only written."""

    key: AssetKey
    assetMaterializations: list[Written]
    definition: Definition | None
