"""Incremental reads: runs, and writes of assets."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.dagster import queries
from adapters.dagster.client import DagsterClient
from adapters.dagster.cursors import Pass, decode
from adapters.dagster.mapping.assets import asset_event
from adapters.dagster.mapping.runs import RunMapper
from adapters.dagster.payloads import Materialization, Run
from adapters.sdk.errors import Drift
from adapters.sdk.protocol import Clock
from gateway.domain.observation import AssetEventPage, ObservedAssetEvent, RunPage


@dataclass(frozen=True, slots=True)
class Feeds:
    """Reads what is new since a cursor. ``overlap`` in seconds; see ``cursors``."""

    client: DagsterClient
    mapper: RunMapper
    clock: Clock
    page_size: int
    overlap: float

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        """One pass over the runs changed since the cursor."""
        place = decode(cursor, since).begin(self.clock())
        while True:
            raw = await self._runs(place)
            if not raw and place.page and not await self.client.is_there(place.page):
                # The run we had come to was deleted, and Dagster answers nothing after a run it does not know.
                place = place.restart()
                continue
            if raw:
                place = place.seen(raw[-1]["runId"], max(run["updateTime"] or 0.0 for run in raw))
            is_last = len(raw) < self.page_size
            observed = [self.mapper.run(run) for run in raw if self.mapper.is_wanted(run)]
            yield RunPage(observed, (place.end(self.overlap) if is_last else place).encode())
            if is_last:
                return

    async def _runs(self, place: Pass) -> Sequence[Run]:
        answer = await self.client.query(
            queries.RUNS,
            filter={"updatedAfter": place.changed_after},
            cursor=place.page,
            limit=self.page_size,
        )
        return self.client.expect(answer, "runsOrError", "Runs")["results"]

    async def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        """One pass over all assets: whose last write is later than the cursor, and for those what was written."""
        place = decode(cursor, since).begin(self.clock())
        while True:
            answer = await self.client.query(queries.LATEST_WRITES, cursor=place.page, limit=self.page_size)
            page = self.client.expect(answer, "assetsOrError", "AssetConnection")
            latest = [(node["key"]["path"], _latest(node)) for node in page["nodes"]]
            changed = [path for path, at in latest if at > place.changed_after]
            events = [event async for event in self._writes(changed, place)] if changed else []
            if latest:
                place = place.seen(page["cursor"], max(at for _, at in latest))
            is_last = len(latest) < self.page_size
            yield AssetEventPage(events, (place.end(self.overlap) if is_last else place).encode())
            if is_last:
                return

    async def _writes(self, paths: Sequence[Sequence[str]], place: Pass) -> AsyncIterator[ObservedAssetEvent]:
        """The writes of these assets, each asset's newest first."""
        waiting = [(list(paths), None)]
        while waiting:
            batch, cursor = waiting.pop()
            answer = await self.client.query(
                queries.WRITES,
                assets=[{"path": path} for path in batch],
                after=str(int(place.changed_after * 1000)),
                cursor=cursor,
                limit=self.page_size,
            )
            for node in self.client.expect(answer, "assetsOrError", "AssetConnection")["nodes"]:
                path, history = node["key"]["path"], node["assetEventHistory"]
                results: Sequence[Materialization] = history["results"]
                for raw in results:
                    yield asset_event(path, raw)
                if len(results) == self.page_size:
                    waiting.append(([path], history["cursor"]))


def _latest(node: dict[str, Any]) -> float:
    """When an asset was last written, in seconds since 1970; 0 for never."""
    try:
        writes = node["assetMaterializations"]
        return int(writes[0]["timestamp"]) / 1000 if writes else 0.0
    except (KeyError, TypeError, ValueError) as error:
        raise Drift(f"An asset's last write is not as Dagster is known to send it ({error}).") from error
