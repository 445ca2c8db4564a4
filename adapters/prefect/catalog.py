"""Names behind ids: flow runs tell the ids of their deployment, flow and caller, people know pipelines by name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from adapters.prefect.addresses import Addresses
from adapters.prefect.client import PrefectClient
from adapters.prefect.mapping import observe_run, understanding
from adapters.prefect.payloads import Deployment, Flow, FlowRun
from adapters.prefect.tasks import task_key
from gateway.domain.observation import ObservedRun

#: Task runs remembered at most; they are looked up again when forgotten.
TASK_RUNS = 10_000


def deployment_key(flow_name: str, name: str) -> str:
    """A deployment's pipeline key, as people type it; neither name may hold a slash."""
    return f"{flow_name}/{name}"


class Catalog:
    """Remembers names, which Prefect never changes for an id, and asks for those it has not met."""

    def __init__(self, client: PrefectClient, addresses: Addresses, page_size: int) -> None:
        self._client = client
        self._addresses = addresses
        self._page_size = page_size
        self._flows: dict[str, str] = {}
        #: None: deleted, and its runs count as the flow's.
        self._deployments: dict[str, str | None] = {}
        #: Task run id -> (its flow run's id, its task's key); None: gone.
        self._task_runs: dict[str, tuple[str | None, str] | None] = {}

    async def observe(self, rows: Sequence[FlowRun]) -> list[ObservedRun]:
        """Flow runs with the keys of their pipelines and the ids of the runs that called them."""
        with understanding("a flow run"):
            deployments = {row.get("deployment_id") for row in rows}
            flows = {row["flow_id"] for row in rows if not row.get("deployment_id")}
            callers = [row.get("parent_task_run_id") for row in rows]
        await self.meet_deployments(deployments)
        with understanding("a flow run"):
            flows |= {row["flow_id"] for row in rows if self._deployments.get(row.get("deployment_id") or "") is None}
        await self.meet_flows(flows)
        await self.meet_task_runs(callers)
        with understanding("a flow run"):
            return [observe_run(row, self._key(row), self._caller(row), self._addresses) for row in rows]

    async def meet_deployments(self, ids: Iterable[str | None]) -> None:
        """Learn the keys of deployments."""
        for chunk in self._unknown(ids, self._deployments):
            rows = await self._client.deployments({"id": {"any_": chunk}}, limit=len(chunk))
            self._deployments.update(dict.fromkeys(chunk))
            await self.learn_deployments(rows)

    async def learn_deployments(self, rows: Sequence[Deployment]) -> list[str]:
        """The keys of deployments that have been read, in order."""
        with understanding("a deployment"):
            flows = [row["flow_id"] for row in rows]
        await self.meet_flows(flows)
        with understanding("a deployment"):
            keys = [deployment_key(self._flows[row["flow_id"]], row["name"]) for row in rows]
            self._deployments.update((row["id"], key) for row, key in zip(rows, keys, strict=True))
        return keys

    async def meet_flows(self, ids: Iterable[str | None]) -> None:
        """Learn the names of flows; one that has been deleted goes by its id."""
        for chunk in self._unknown(ids, self._flows):
            rows = await self._client.flows({"id": {"any_": chunk}}, limit=len(chunk))
            self._flows.update((flow_id, flow_id) for flow_id in chunk)
            self.learn_flows(rows)

    def learn_flows(self, rows: Sequence[Flow]) -> None:
        """Remember flows that have been read."""
        with understanding("a flow"):
            self._flows.update((row["id"], row["name"]) for row in rows)

    async def meet_task_runs(self, ids: Iterable[str | None]) -> None:
        """Learn to which run and task some task runs belong."""
        if len(self._task_runs) > TASK_RUNS:
            self._task_runs.clear()
        for chunk in self._unknown(ids, self._task_runs):
            rows = await self._client.task_runs({"id": {"any_": chunk}}, limit=len(chunk))
            self._task_runs.update(dict.fromkeys(chunk))
            with understanding("a task run"):
                self._task_runs.update((row["id"], (row["flow_run_id"], task_key(row))) for row in rows)

    def task_of(self, task_run_id: str | None) -> str | None:
        """The task of a task run that has been met."""
        known = self._task_runs.get(task_run_id or "")
        return known[1] if known else None

    def _unknown(self, ids: Iterable[str | None], known: Mapping[str, object]) -> Iterator[list[str]]:
        wanted = sorted({one for one in ids if one and one not in known})
        for start in range(0, len(wanted), self._page_size):
            yield wanted[start : start + self._page_size]

    def _key(self, row: FlowRun) -> str:
        return self._deployments.get(row.get("deployment_id") or "") or self._flows[row["flow_id"]]

    def _caller(self, row: FlowRun) -> str | None:
        known = self._task_runs.get(row.get("parent_task_run_id") or "")
        return known[0] if known else None
