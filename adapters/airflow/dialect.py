"""What both API versions can be asked; each answers with the payloads of ``adapters.airflow.payloads``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.airflow.links import Links
from adapters.airflow.paging import Listed
from adapters.airflow.payloads import Asset, AssetEvent, Component, Dag, DagRun, DagTask, Scheduling, TaskInstance
from gateway.domain.observation import TriggerRequest


@dataclass(frozen=True, slots=True)
class RunsPage:
    """Runs updated since an instant: by their last update where the server pages by cursor, otherwise by their id."""

    listed: Listed[DagRun]
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

    async def dags(self, offset: int, limit: int) -> Listed[Dag]:
        """Active DAGs by id."""
        ...

    async def revisions(self, limit: int) -> dict[str, str]:
        """The latest version of each DAG's graph, as far as it is known and can no longer change."""
        ...

    async def scheduling(self) -> Scheduling | None:
        """What starts or holds up what, over all DAGs; None where the deployment does not tell."""
        ...

    async def tasks(self, dag_id: str) -> list[DagTask]:
        """A DAG's graph."""
        ...

    async def runs_updated_since(self, since: datetime, *, cursor: str, offset: int, limit: int) -> RunsPage:
        """Runs of all DAGs, from ``cursor`` where the server has cursors (first ""), else from ``offset``."""
        ...

    async def dag_run(self, dag_id: str, run_id: str) -> DagRun:
        """One run."""
        ...

    async def task_instances(self, dag_id: str, run_id: str, offset: int, limit: int) -> Listed[TaskInstance]:
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

    async def clear(self, dag_id: str, run_id: str, tasks: Sequence[TaskInstance]) -> None:
        """Let tasks of a run run again."""
        ...

    async def clear_failed(self, dag_id: str, run_id: str) -> int:
        """Let the failed tasks of a run, and those that could not run because of them, run again; returns how many."""
        ...

    async def set_paused(self, dag_id: str, *, paused: bool) -> None:
        """Stop or resume a DAG's schedule."""
        ...

    async def assets(self, offset: int, limit: int) -> Listed[Asset]:
        """Assets by id."""
        ...

    async def asset_events(self, since: datetime, offset: int, limit: int) -> Listed[AssetEvent]:
        """Writes of assets since an instant; the order is the dialect's own, and stable while paging."""
        ...

    async def aclose(self) -> None:
        """Close the HTTP client."""
        ...
