"""Assets, which Prefect tells of only in events: what was written, from what, by which task of which pipeline."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from adapters.prefect.catalog import Catalog, deployment_key
from adapters.prefect.client import LARGEST_EVENT_PAGE, PrefectClient
from adapters.prefect.cursors import OVERLAP
from adapters.prefect.mapping import understanding
from adapters.prefect.payloads import Event, Resource
from adapters.sdk.errors import Drift
from adapters.sdk.protocol import Clock
from adapters.sdk.timestamps import parse_instant
from gateway.domain.observation import AssetEventPage, ObservedAsset, ObservedAssetEvent

PREFIX = "prefect.asset."
WRITTEN = "prefect.asset.materialization.succeeded"
REFERENCED = "prefect.asset.referenced"
#: Prefect's servers keep events for a week unless told otherwise.
WINDOW = timedelta(days=30)
#: Event pages read at most for one listing of assets.
PAGES = 100

_ID, _NAME, _ROLE = "prefect.resource.id", "prefect.resource.name", "prefect.resource.role"


@dataclass(slots=True)
class _Known:
    """What all events read so far say of one asset."""

    at: datetime
    resource: Resource
    upstream: set[str] = field(default_factory=set[str])
    producers: set[tuple[str, str | None]] = field(default_factory=set[tuple[str, str | None]])
    consumers: set[tuple[str, str | None]] = field(default_factory=set[tuple[str, str | None]])


class Assets:
    """Adds events up. A restart reads them once more, as far back as the server keeps them."""

    def __init__(self, client: PrefectClient, catalog: Catalog, clock: Clock, page_size: int) -> None:
        self._client = client
        self._catalog = catalog
        self._clock = clock
        self._limit = min(page_size, LARGEST_EVENT_PAGE)
        self._known: dict[str, _Known] = {}
        self._mark: datetime | None = None

    async def listed(self) -> AsyncIterator[Sequence[ObservedAsset]]:
        """Every asset that an event has told of."""
        now = self._clock()
        since = (self._mark or now - WINDOW) - OVERLAP
        where = {"event": {"name": [WRITTEN, REFERENCED]}, "occurred": {"since": since.isoformat()}, "order": "DESC"}
        events, token = await self._client.events(where, limit=self._limit)
        youngest = max((_occurred(event) for event in events), default=self._mark)
        for _ in range(PAGES):
            await self._add(events)
            if token is None:
                break
            events, token = await self._client.more_events(token)
        self._mark = min(youngest, now) if youngest else None
        if self._known:
            yield [_observe(key, known) for key, known in sorted(self._known.items())]

    async def events(self, cursor: str | None, since: datetime) -> AsyncIterator[AssetEventPage]:
        """Writes since the cursor, oldest first; those within the overlap are told again."""
        mark = _decode(cursor) or since
        where = {
            "event": {"name": [WRITTEN]},
            "occurred": {"since": (mark - OVERLAP).isoformat()},
            "order": "ASC",
        }
        now = self._clock()
        events, token = await self._client.events(where, limit=self._limit)
        while True:
            mark = max((mark, *(min(_occurred(event), now) for event in events)))
            await self._catalog.meet_task_runs(_related_id(event, "task-run") for event in events)
            with understanding("an asset's event"):
                observed = [self._observe_event(event) for event in events]
            yield AssetEventPage(observed, orjson.dumps({"after": mark}, option=orjson.OPT_UTC_Z).decode())
            if token is None:
                return
            events, token = await self._client.more_events(token)

    async def _add(self, events: Sequence[Event]) -> None:
        await self._catalog.meet_task_runs(_related_id(event, "task-run") for event in events)
        with understanding("an asset's event"):
            for event in events:
                self._add_one(event)

    def _add_one(self, event: Event) -> None:
        resource, at = event["resource"], _occurred(event)
        known = self._known.setdefault(resource[_ID], _Known(at, resource))
        if at >= known.at and len(resource) >= len(known.resource):
            known.at, known.resource = at, resource
        pipeline = _pipeline(event)
        user = (pipeline, self._catalog.task_of(_related_id(event, "task-run"))) if pipeline else None
        if event["event"] == WRITTEN:
            sources = [related for related in event.get("related", []) if related.get(_ROLE) == "asset"]
            known.upstream.update(source[_ID] for source in sources)
            for source in sources:
                self._known.setdefault(source[_ID], _Known(at, {_ID: source[_ID]}))
        if user:
            (known.producers if event["event"] == WRITTEN else known.consumers).add(user)

    def _observe_event(self, event: Event) -> ObservedAssetEvent:
        return ObservedAssetEvent(
            asset_key=event["resource"][_ID],
            at=_occurred(event),
            external_id=event["id"],
            run_external_id=_related_id(event, "flow-run"),
            task=self._catalog.task_of(_related_id(event, "task-run")),
            metadata=event.get("payload") or {},
        )


def _observe(key: str, known: _Known) -> ObservedAsset:
    resource: Mapping[str, Any] = known.resource
    return ObservedAsset(
        key=key,
        name=resource.get(_NAME) or key.rstrip("/").rsplit("/", 1)[-1] or key,
        uri=key,
        description=resource.get("prefect.asset.description"),
        upstream=frozenset(known.upstream),
        producers=frozenset(known.producers),
        consumers=frozenset(known.consumers),
        url=resource.get("prefect.asset.url"),
    )


def _related(event: Event, role: str) -> Resource | None:
    return next((one for one in event.get("related") or () if one.get(_ROLE) == role), None)


def _related_id(event: Event, role: str) -> str | None:
    """The id behind "prefect.task-run.<id>" of the first related resource in a role."""
    related = _related(event, role)
    return related[_ID].removeprefix(f"prefect.{role}.") if related else None


def _pipeline(event: Event) -> str | None:
    flow, deployment = _related(event, "flow"), _related(event, "deployment")
    if flow is None or not flow.get(_NAME):
        return None
    return deployment_key(flow[_NAME], deployment[_NAME]) if deployment and deployment.get(_NAME) else flow[_NAME]


def _occurred(event: Event) -> datetime:
    with understanding("an event"):
        occurred = parse_instant(event["occurred"])
    if occurred is None:
        raise Drift("Prefect sent an event without an instant.")
    return occurred


def _decode(cursor: str | None) -> datetime | None:
    try:
        return parse_instant(orjson.loads(cursor or "")["after"])
    except (orjson.JSONDecodeError, KeyError, TypeError, Drift):
        return None
