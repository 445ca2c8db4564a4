"""What an adapter is: a class that the ``podium.adapters`` entry point names, built from a Connection.

The adapter holds one HTTP client, no thread and no task of its own, and no state that must survive a restart: whatever
it needs to go on is in the cursor it hands out.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel

from adapters.sdk.manifest import Manifest
from adapters.sdk.redaction import Redactor
from gateway.domain.observation import (
    AssetEventPage,
    ObservedAsset,
    ObservedPipeline,
    ObservedRun,
    ObservedTaskRun,
    PipelineStructure,
    Probe,
    RunPage,
    RunRef,
    Triggered,
    TriggerRequest,
)

#: What every vendor accepts as (part of) a run id or tag; keys outside it are refused before any call.
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~:+-]{0,199}")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The system's clock, timezone-aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Connection:
    """All an adapter may know of its surroundings.

    ``auth`` holds resolved secrets, checked against the adapter's ``Auth`` model; its repr hides them.
    """

    name: str
    url: str
    auth: BaseModel
    options: BaseModel
    redactor: Redactor
    clock: Clock = utc_now
    #: Seconds for one HTTP request, from connect to last byte.
    timeout: float = 30.0
    #: Where a secret came from, for error messages: field name -> "env:AIRFLOW_PASSWORD".
    references: Mapping[str, str] = field(default_factory=dict[str, str])
    #: Called after each HTTP request with its outcome ("ok" or an error's kind) and its seconds, for metrics.
    on_call: Callable[[str, float], None] = lambda _outcome, _seconds: None


class Adapter(Protocol):
    """One orchestrator, spoken to. Every method may raise the errors of ``adapters.sdk.errors``."""

    manifest: ClassVar[Manifest]
    #: pydantic models (``extra="forbid"``) of podium.yaml's ``auth:`` and ``options:``. Secrets: SecretStr.
    Auth: ClassVar[type[BaseModel]]
    Options: ClassVar[type[BaseModel]]

    def __init__(self, connection: Connection, /) -> None: ...

    async def probe(self) -> Probe:
        """Version and usable capabilities. Unauthorized, Unavailable, or Drift where something else answers."""
        ...

    def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        """Every pipeline there is, page by page. One that is not listed when the iterator ends is gone."""
        ...

    async def structure(self, pipeline_key: str) -> PipelineStructure:
        """The task graph. NotFound where the pipeline is gone; empty where the vendor shows none before a run."""
        ...

    def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        """Runs new or changed since ``cursor`` (at first contact: since the instant ``since``), ending when caught up.

        Pages may repeat runs and must not miss one, whatever shifts while they are read. The last page may be empty;
        its cursor is where the next call goes on.
        """
        ...

    async def run(self, ref: RunRef) -> ObservedRun:
        """One run as it is now. NotFound."""
        ...

    async def task_runs(self, ref: RunRef) -> Sequence[ObservedTaskRun]:
        """Every attempt of every task of a run, oldest attempt first. NotFound."""
        ...

    async def log(self, ref: RunRef, task_run: ObservedTaskRun, *, tail: int) -> str:
        """The last ``tail`` lines of one attempt's log; empty where there is none yet."""
        ...

    async def trigger(self, request: TriggerRequest) -> Triggered:
        """Start a run, once for ``request.idempotency_key``.

        Looks the run up by its key after every unclear outcome (5xx, timeout, conflict) before it gives up.
        Unavailable means that even the look-up did not answer: call again with the same key.
        """
        ...

    async def find_triggered(self, pipeline_key: str, idempotency_key: str) -> ObservedRun | None:
        """The run that this key has made, None where there is none."""
        ...

    async def cancel(self, ref: RunRef) -> ObservedRun:
        """Ask for the run's end and return it as it is then. Rejected where it has already ended."""
        ...

    async def retry(self, ref: RunRef) -> ObservedRun:
        """Run the failed part again; the answer may be the same run reopened or a new one whose parent is ``ref``."""
        ...

    async def set_paused(self, pipeline_key: str, *, paused: bool) -> None:
        """Stop or resume the pipeline's own schedules. NotFound; Rejected where it has none."""
        ...

    def assets(self) -> AsyncIterator[Sequence[ObservedAsset]]:
        """Every dataset or asset known there; nothing where the ASSETS capability is missing."""
        ...

    def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        """Writes of assets, and what checks of them found, since ``cursor``; the same promises as ``runs``."""
        ...

    def webhook(self, headers: Mapping[str, str], body: Any) -> Sequence[RunRef]:
        """Which runs a pushed message (decoded JSON) is about; it is a hint, the run is then read. Rejected."""
        ...

    async def aclose(self) -> None:
        """Close the HTTP client."""
        ...
