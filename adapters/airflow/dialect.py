"""What both API versions can be asked; each answers with the payloads of ``adapters.airflow.payloads``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.airflow.links import Links
from adapters.airflow.payloads import Asset, AssetEvent, Component, Dag, DagRun, DagTask, TaskInstance
from gateway.domain.observation import TriggerRequest


@dataclass(frozen=True, slots=True)
class RunsPage:
    """Runs in the order they were last updated; ``next_cursor`` where the server pages by cursor."""

    runs: Sequence[DagRun]
    next_cursor: str | None
    has_cursors: bool
    #: The server's clock when it answered.
    server_time: datetime | None


class Dialect(Protocol):
    """One API version of one deployment. Every method raises the errors of ``adapters.sdk.errors``."""

    version: str
    links: Links

    async def health(self) -> Mapping[str, Component]:
        """Airflow's parts by name."""
        ...

    async def dags(self, offset: int, limit: int) -> list[Dag]:
        """Active DAGs by id."""
        ...

    async def revisions(self, limit: int) -> dict[str, str]:
        """The latest version of each DAG's graph, as far as the server tells."""
        ...

    async def tasks(self, dag_id: str) -> list[DagTask]:
        """A DAG's graph."""
        ...

    async def runs_updated_since(self, since: datetime, *, cursor: str, offset: int, limit: int) -> RunsPage:
        """Runs of all DAGs, oldest update first."""
        ...

    async def dag_run(self, dag_id: str, run_id: str) -> DagRun:
        """One run."""
        ...

    async def task_instances(self, dag_id: str, run_id: str, offset: int, limit: int) -> list[TaskInstance]:
        """Tasks of a run at their latest attempts."""
        ...

    async def tries(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> list[TaskInstance]:
        """Every recorded attempt of one task instance."""
        ...

    async def log(self, dag_id: str, run_id: str, task_id: str, map_index: int, attempt: int) -> list[str]:
        """Lines of one attempt's log."""
        ...

    async def trigger(self, run_id: str, request: TriggerRequest) -> DagRun:
        """Make a run; sent once."""
        ...

    async def fail_run(self, dag_id: str, run_id: str, note: str) -> None:
        """End a run as failed, and leave a note on it."""
        ...

    async def set_note(self, dag_id: str, run_id: str, note: str) -> None:
        """Replace a run's note."""
        ...

    async def clear(self, dag_id: str, run_id: str, *, only_failed: bool) -> int:
        """Let tasks of a run run again; returns how many."""
        ...

    async def set_paused(self, dag_id: str, *, paused: bool) -> None:
        """Stop or resume a DAG's schedule."""
        ...

    async def assets(self, offset: int, limit: int) -> list[Asset]:
        """Assets by id."""
        ...

    async def asset_events(self, since: datetime, offset: int, limit: int) -> list[AssetEvent]:
        """Writes of assets since an instant; the order is the dialect's own, and stable while paging."""
        ...

    async def aclose(self) -> None:
        """Close the HTTP client."""
        ...
