"""The incremental read of flow runs; ``cursors`` says how it works and why nothing is missed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from adapters.prefect.catalog import Catalog
from adapters.prefect.client import LARGEST_EVENT_PAGE, PrefectClient
from adapters.prefect.cursors import EPOCH, OVERLAP, Phase, Position, decode
from adapters.prefect.mapping import is_due, understanding
from adapters.prefect.payloads import Event, FlowRun
from adapters.prefect.states import ACTIVE_TYPES, of_types
from adapters.sdk.errors import Drift, NotFound, Rejected, Unauthorized
from adapters.sdk.protocol import Clock
from adapters.sdk.timestamps import parse_instant
from gateway.domain.observation import RunPage

PREFIX = "prefect.flow-run."
#: Sent often and telling nothing, or telling of states that the phases QUEUED and ACTIVE see anyhow.
QUIET_EVENTS = [
    PREFIX + name
    for name in ("heartbeat", "Pending", "Submitting", "InfrastructurePending", "Running", "Late", "Cancelling")
]
_MICROSECOND = timedelta(microseconds=1)

SortField = Literal["expected_start_time", "end_time"]
#: Rows of one page, and where to go on after them.
Step = tuple[Sequence[FlowRun], Position]


@dataclass(slots=True)
class _Pass:
    """What one pass knows of itself: when it began, and the runs it has read, by the instant of their state."""

    now: datetime
    #: Older instants are of no use: events are not read from before it.
    floor: datetime
    seen: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def remember(self, rows: Sequence[FlowRun]) -> None:
        for row in rows:
            at = parse_instant((row.get("state") or {}).get("timestamp"))
            if at is not None and at >= self.floor:
                self.seen[row["id"]] = at

    def has_missed(self, run_id: str, occurred: datetime) -> bool:
        seen = self.seen.get(run_id)
        return seen is None or seen < occurred


class RunFeed:
    """Reads passes. It remembers nothing between them but whether the server answers for events."""

    def __init__(
        self, client: PrefectClient, catalog: Catalog, clock: Clock, page_size: int, sweep_every: timedelta
    ) -> None:
        self._client = client
        self._catalog = catalog
        self._clock = clock
        self._page_size = page_size
        self._sweep_every = sweep_every
        self._has_events = True

    async def read(self, cursor: str | None, since: datetime) -> AsyncIterator[RunPage]:
        """Pages up to now; a pass that was broken off is finished and followed by a whole one."""
        position = decode(cursor, since, self._clock())
        passes = 2 if position.phase else 1
        for _ in range(passes):
            async for page, after in self._pass(position):
                position = after
                yield page

    async def _pass(self, position: Position) -> AsyncIterator[tuple[RunPage, Position]]:
        now = self._clock()
        at = position.begin()
        this = _Pass(now, floor=at.following.events - OVERLAP)
        while at.phase is not None:
            async for rows, after in self._phase(at, this):
                at = after
                with understanding("a flow run"):
                    due = [row for row in rows if is_due(row, now)]
                if due or at.phase is None:
                    yield RunPage(await self._catalog.observe(due), at.encode()), at
                # Only now is the page surely kept; a reader that fails before reads it again from its cursor.
                this.remember(due)

    def _phase(self, at: Position, this: _Pass) -> AsyncIterator[Step]:
        if at.phase is Phase.QUEUED:
            return self._queued(at, this)
        if at.phase is Phase.EARLY:
            return self._early(at, this)
        if at.phase is Phase.ACTIVE:
            return self._sweep(at, this, of_types(*ACTIVE_TYPES), "expected_start_time", EPOCH)
        if at.phase is Phase.ENDED:
            return self._sweep(at, this, {}, "end_time", at.marks.ended - OVERLAP)
        return self._events(at, this)

    def _queued(self, at: Position, this: _Pass) -> AsyncIterator[Step]:
        bound = at.marks.queued - OVERLAP
        if not self._has_events or this.now - at.marks.swept >= self._sweep_every:
            bound = EPOCH
            at = replace(at, following=replace(at.following, swept=this.now))
        # What is planned for later is no run yet.
        at = at if at.before else replace(at, before=this.now)
        return self._sweep(at, this, of_types("SCHEDULED"), "expected_start_time", bound)

    async def _early(self, at: Position, this: _Pass) -> AsyncIterator[Step]:
        if not at.is_sweep:
            yield (), at.advance()
            return
        where = {"state": {"type": {"any_": ["SCHEDULED"]}, "name": {"not_any_": ["Scheduled"]}}}
        async for step in self._sweep(at, this, where, "expected_start_time", this.now):
            yield step

    async def _sweep(
        self, at: Position, this: _Pass, where: Mapping[str, Any], by: SortField, bound: datetime
    ) -> AsyncIterator[Step]:
        phase = at.phase or Phase.QUEUED
        async for rows, before in self._walk(where, by, bound, at.before):
            if rows:
                at = replace(at, following=at.following.moved(phase, _instant(rows[0], by), this.now))
            at = replace(at, before=before) if before else at.advance()
            yield rows, at

    async def _walk(
        self, where: Mapping[str, Any], by: SortField, bound: datetime, before: datetime | None
    ) -> AsyncIterator[tuple[Sequence[FlowRun], datetime | None]]:
        """Pages from ``before`` back to ``bound``, both inclusive, with the instant to go on from; None: no more."""
        while True:
            rows = await self._between(where, by, bound, before)
            if len(rows) < self._page_size:
                yield rows, None
                return
            last = _instant(rows[-1], by)
            if _instant(rows[0], by) > last:
                # Runs of the same instant may be left, so it is read again.
                yield rows, last
                before = last
                continue
            async for tied in self._tied(where, by, last):
                yield tied, last
            before = last - _MICROSECOND
            yield (), before

    async def _between(
        self, where: Mapping[str, Any], by: SortField, bound: datetime, before: datetime | None
    ) -> Sequence[FlowRun]:
        window = {"after_": bound.isoformat()} | ({"before_": before.isoformat()} if before else {})
        return await self._client.flow_runs({**where, by: window}, sort=f"{by.upper()}_DESC", limit=self._page_size)

    async def _tied(self, where: Mapping[str, Any], by: SortField, at: datetime) -> AsyncIterator[Sequence[FlowRun]]:
        """Every run of one instant: more than a page, so by id, which has no ties."""
        window = {"after_": at.isoformat(), "before_": at.isoformat()}
        offset = 0
        while True:
            rows = await self._client.flow_runs(
                {**where, by: window}, sort="ID_DESC", limit=self._page_size, offset=offset
            )
            yield rows
            if len(rows) < self._page_size:
                return
            offset += len(rows)

    async def _events(self, at: Position, this: _Pass) -> AsyncIterator[Step]:
        where = {
            "event": {"prefix": [PREFIX], "exclude_name": QUIET_EVENTS},
            "occurred": {"since": (at.following.events - OVERLAP).isoformat()},
            "order": "ASC",
        }
        try:
            events, token = await self._client.events(where, limit=min(self._page_size, LARGEST_EVENT_PAGE))
        except (NotFound, Rejected, Unauthorized):
            # Switched off, too old for them, or out of this key's reach: the other phases see all but rarities.
            self._has_events = False
            yield (), at.advance()
            return
        self._has_events = True
        while True:
            changed = _changed_runs(events)
            missed = [run_id for run_id, occurred in changed.items() if this.has_missed(run_id, occurred)]
            youngest = max(changed.values(), default=at.following.events)
            at = replace(at, following=at.following.moved(Phase.EVENTS, youngest, this.now))
            at = at if token else at.advance()
            yield await self._by_id(missed), at
            if token is None:
                return
            events, token = await self._client.more_events(token)

    async def _by_id(self, run_ids: Sequence[str]) -> Sequence[FlowRun]:
        rows: list[FlowRun] = []
        for start in range(0, len(run_ids), self._page_size):
            chunk = run_ids[start : start + self._page_size]
            rows += await self._client.flow_runs({"id": {"any_": chunk}}, sort="ID_DESC", limit=len(chunk))
        return rows


def _changed_runs(events: Sequence[Event]) -> dict[str, datetime]:
    """Run ids with the instant of their latest event."""
    changed: dict[str, datetime] = {}
    with understanding("an event"):
        for event in events:
            run_id = event["resource"]["prefect.resource.id"].removeprefix(PREFIX)
            if occurred := parse_instant(event["occurred"]):
                changed[run_id] = max(occurred, changed.get(run_id, occurred))
    return changed


def _instant(row: FlowRun, by: SortField) -> datetime:
    with understanding("a flow run"):
        instant = parse_instant(row.get(by))
    if instant is None:
        raise Drift(f"Prefect sorted by {by} a flow run that has none.")
    return instant
