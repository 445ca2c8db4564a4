"""Every pipeline there is: deployments, and flows that run without one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, TypeVar

from adapters.prefect.addresses import Addresses
from adapters.prefect.automations import Runner, upstream
from adapters.prefect.catalog import Catalog
from adapters.prefect.client import PrefectClient
from adapters.prefect.mapping import observe_deployment, observe_flow, revision, understanding
from adapters.prefect.payloads import Automation, Deployment, Flow, FlowRun
from adapters.prefect.states import ACTIVE_TYPES, TERMINAL_TYPES, of_types
from adapters.sdk.errors import NotFound, Unauthorized
from adapters.sdk.protocol import Clock
from gateway.domain.observation import ObservedPipeline

#: Task runs are reported after their run's end; a graph is complete only then.
SETTLED = timedelta(seconds=10)
#: Pages read at most to find one run for each of a page of pipelines; busy pipelines fill a page alone.
ROUNDS = 3
AD_HOC: Mapping[str, Any] = {"deployment_id": {"is_null_": True}}

Row = TypeVar("Row", Deployment, Flow, Automation)
Owner = Literal["deployment_id", "flow_id"]


class Listing:
    """Lists pipelines page by page, with their next run and a revision of their graph."""

    def __init__(
        self, client: PrefectClient, catalog: Catalog, addresses: Addresses, clock: Clock, page_size: int
    ) -> None:
        self._client = client
        self._catalog = catalog
        self._addresses = addresses
        self._clock = clock
        self._page_size = page_size

    async def pipelines(self) -> AsyncIterator[Sequence[ObservedPipeline]]:
        """Deployments, then flows with runs that no deployment has made (called by flows, or run from scripts)."""
        pages = [rows async for rows in self._pages(self._deployment_page)]
        started = await self._started([row for rows in pages for row in rows])
        for rows in pages:
            yield await self._observe_deployments(rows, started)
        async for rows in self._pages(self._flow_page):
            yield await self._observe_flows(rows)

    async def latest_run(self, owner: Owner, owner_id: str) -> FlowRun | None:
        """The run that shows a pipeline's graph best: the latest complete one, settled if possible, else any."""
        complete = of_types("COMPLETED")
        for where, sort in (
            (self._settled() | complete, "END_TIME_DESC"),
            (complete, "END_TIME_DESC"),
            (of_types(*ACTIVE_TYPES, *TERMINAL_TYPES), "START_TIME_DESC"),
        ):
            found = await self._first_of_each(owner, [owner_id], where, sort)
            if owner_id in found:
                return found[owner_id]
        return None

    async def _pages(self, read: Callable[[int], Awaitable[Sequence[Row]]]) -> AsyncIterator[Sequence[Row]]:
        """Pages of new rows. They overlap by one row: where it is not a known one, rows before it have gone."""
        seen: set[str] = set()
        offset = 0
        overlap = 1 if self._page_size > 1 else 0
        while True:
            rows = await read(offset)
            if offset and overlap and rows and rows[0]["id"] not in seen:
                offset = 0
                continue
            fresh = [row for row in rows if row["id"] not in seen]
            seen.update(row["id"] for row in fresh)
            if fresh:
                yield fresh
            if len(rows) < self._page_size:
                return
            offset += len(rows) - overlap

    async def _deployment_page(self, offset: int) -> Sequence[Deployment]:
        return await self._client.deployments({}, limit=self._page_size, offset=offset)

    async def _flow_page(self, offset: int) -> Sequence[Flow]:
        return await self._client.flows({}, runs=AD_HOC, limit=self._page_size, offset=offset)

    async def _automation_page(self, offset: int) -> Sequence[Automation]:
        return await self._client.automations(limit=self._page_size, offset=offset)

    async def _started(self, deployments: Sequence[Deployment]) -> Mapping[str, frozenset[str]]:
        """Id of a deployment -> keys of pipelines that start it, as far as this server tells of automations."""
        try:
            automations = [one async for rows in self._pages(self._automation_page) for one in rows]
        except (NotFound, Unauthorized):
            return {}
        if not automations:
            return {}
        keys = await self._catalog.learn_deployments(deployments)
        with understanding("a deployment"):
            runners = [
                Runner.of(key, (row["flow_id"], key.partition("/")[0]), (row["id"], row["name"]))
                for row, key in zip(deployments, keys, strict=True)
            ]
        return upstream(automations, runners)

    async def _observe_deployments(
        self, rows: Sequence[Deployment], started: Mapping[str, frozenset[str]]
    ) -> Sequence[ObservedPipeline]:
        keys = await self._catalog.learn_deployments(rows)
        scheduled = [row["id"] for row in rows if row.get("schedules") and not row.get("paused")]
        planned = await self._next_runs(scheduled)
        latest = await self._latest("deployment_id", [row["id"] for row in rows])
        with understanding("a deployment"):
            return [
                observe_deployment(
                    row,
                    key,
                    planned.get(row["id"]),
                    revision(row.get("version"), latest.get(row["id"])),
                    self._addresses,
                    started.get(row["id"], frozenset()),
                )
                for row, key in zip(rows, keys, strict=True)
            ]

    async def _observe_flows(self, rows: Sequence[Flow]) -> Sequence[ObservedPipeline]:
        self._catalog.learn_flows(rows)
        latest = await self._latest("flow_id", [row["id"] for row in rows])
        with understanding("a flow"):
            return [observe_flow(row, revision(None, latest.get(row["id"])), self._addresses) for row in rows]

    async def _next_runs(self, deployment_ids: Sequence[str]) -> dict[str, FlowRun]:
        where = {
            "state": {"name": {"any_": ["Scheduled"]}},
            "next_scheduled_start_time": {"after_": self._clock().isoformat()},
        }
        return await self._first_of_each("deployment_id", deployment_ids, where, "NEXT_SCHEDULED_START_TIME_ASC")

    async def _latest(self, owner: Owner, ids: Sequence[str]) -> dict[str, FlowRun]:
        """The latest settled run of each: complete ones first, failed ones where there is no other."""
        settled = self._settled()
        found = await self._first_of_each(owner, ids, settled | of_types("COMPLETED"), "END_TIME_DESC")
        others = [one for one in ids if one not in found]
        return found | await self._first_of_each(
            owner, others, settled | of_types("FAILED", "CRASHED"), "END_TIME_DESC"
        )

    def _settled(self) -> dict[str, Any]:
        return {"end_time": {"before_": (self._clock() - SETTLED).isoformat()}}

    async def _first_of_each(
        self, owner: Owner, ids: Sequence[str], where: Mapping[str, Any], sort: str
    ) -> dict[str, FlowRun]:
        found: dict[str, FlowRun] = {}
        for _ in range(ROUNDS):
            wanted = [one for one in ids if one not in found]
            if not wanted:
                break
            limit = 1 if len(wanted) == 1 else self._page_size
            rows = await self._owned_by(owner, wanted, where, sort, limit)
            with understanding("a flow run"):
                for row in rows:
                    found.setdefault(row.get(owner) or "", row)
            if len(rows) < limit:
                break
        return found

    async def _owned_by(
        self, owner: Owner, ids: Sequence[str], where: Mapping[str, Any], sort: str, limit: int
    ) -> Sequence[FlowRun]:
        """Runs of deployments, or runs of flows by no deployment."""
        if owner == "deployment_id":
            return await self._client.flow_runs({**where, "deployment_id": {"any_": ids}}, sort=sort, limit=limit)
        return await self._client.flow_runs({**where, **AD_HOC}, flows={"id": {"any_": ids}}, sort=sort, limit=limit)
