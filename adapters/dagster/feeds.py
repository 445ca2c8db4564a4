"""Incremental reads: runs, and writes of assets."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.dagster import queries
from adapters.dagster.client import DagsterClient
from adapters.dagster.cursors import Pass, decode
from adapters.dagster.evaluations import evaluations
from adapters.dagster.mapping.assets import asset_event
from adapters.dagster.mapping.checks import latest_write, with_news
from adapters.dagster.mapping.runs import RunMapper
from adapters.dagster.payloads import Materialization, Run
from adapters.dagster.shapes import known_shape
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
    #: The only code location whose checks are read; None: of all.
    location: str | None = None

    async def runs(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        """One pass over the runs changed since the cursor."""
        place = decode(cursor, since).begin(self.clock())
        while True:
            raw = await self._runs(place)
            if not raw and place.page and not await self.client.is_there(place.page):
                # The run we had come to was deleted, and Dagster answers nothing after a run it does not know.
                place = place.restart()
                continue
            observed = self.mapper.runs(raw)
            if raw:
                with known_shape("A page of runs"):
                    place = place.seen(raw[-1]["runId"], max(run["updateTime"] or 0.0 for run in raw))
            is_last = len(raw) < self.page_size
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
        with known_shape("A page of runs"):
            return list(self.client.expect(answer, "runsOrError", "Runs")["results"])

    async def asset_events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        """One pass over all assets: of those that were written, or checked, after the cursor, what was."""
        place = decode(cursor, since).begin(self.clock())
        while True:
            answer = await self.client.query(queries.LATEST_WRITES, cursor=place.page, limit=self.page_size)
            page = self.client.expect(answer, "assetsOrError", "AssetConnection")
            with known_shape("A page of assets"):
                latest = [(node["key"]["path"], latest_write(node)) for node in page["nodes"]]
                checks = list(with_news(page["nodes"], place, self.location))
                last: str = page["cursor"] or ""
            changed = [path for path, at in latest if at > place.changed_after]
            events = [event async for event in self._writes(changed, place)] if changed else []
            checked = await evaluations(self.client, checks, place.changed_after)
            if latest:
                high = max(checked.latest, *(at for _, at in latest))
                place = place.seen(last, high).saw_in_progress(checked.in_progress)
            is_last = len(latest) < self.page_size
            yield AssetEventPage(events, (place.end(self.overlap) if is_last else place).encode(), checked.found)
            if is_last:
                return

    async def _writes(self, paths: Sequence[Sequence[str]], place: Pass) -> AsyncIterator[ObservedAssetEvent]:
        """The writes of these assets, each asset's newest first."""
        waiting: list[tuple[list[Sequence[str]], str | None]] = [(list(paths), None)]
        while waiting:
            batch, cursor = waiting.pop()
            answer = await self.client.query(
                queries.WRITES,
                assets=[{"path": path} for path in batch],
                after=str(int(place.changed_after * 1000)),
                cursor=cursor,
                limit=self.page_size,
            )
            page = self.client.expect(answer, "assetsOrError", "AssetConnection")
            with known_shape("A page of writes"):
                events = [asset_event(path, raw) for path, raw in _listed(page)]
                waiting += [
                    ([node["key"]["path"]], node["assetEventHistory"]["cursor"])
                    for node in page["nodes"]
                    if len(node["assetEventHistory"]["results"]) == self.page_size
                ]
            for event in events:
                yield event


def _listed(page: Mapping[str, Any]) -> Iterator[tuple[Sequence[str], Materialization]]:
    for node in page["nodes"]:
        for raw in node["assetEventHistory"]["results"]:
            yield node["key"]["path"], raw
