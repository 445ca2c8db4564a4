"""Reading what is new: runs by their last update, assets' writes by their time.

A cursor is JSON. Between two passes it holds the instant from which the next pass reads; within a pass also where the
next page begins, so that a restart goes on there. The instant is the *server's* clock at the start of the pass, less an
overlap for transactions that were open then: what is read twice is no news to the store.
"""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import orjson

from adapters.airflow import mapping
from adapters.airflow.dialect import Dialect, RunsPage
from adapters.airflow.payloads import DagRun
from adapters.sdk.protocol import Clock
from gateway.domain.observation import AssetEventPage, ObservedAssetEvent, RunPage

#: After so many restarts of one pass the pages shift faster than they can be read; cursors are the cure.
MOST_RESTARTS = 20


@dataclass(frozen=True, slots=True)
class Position:
    """Where reading goes on."""

    since: datetime
    #: Where the next pass begins; set once the first page of this pass has told the server's time.
    following: datetime | None = None
    cursor: str = ""
    offset: int = 0

    @classmethod
    def load(cls, text: str | None, first: datetime) -> "Position":
        """From a stored cursor, or from the beginning."""
        if text is None:
            return cls(first)
        raw = orjson.loads(text)
        following = raw.get("following")
        return cls(
            datetime.fromisoformat(raw["since"]),
            datetime.fromisoformat(following) if following else None,
            raw.get("cursor", ""),
            raw.get("offset", 0),
        )

    def dump(self) -> str:
        """As a cursor to be stored."""
        return orjson.dumps({name: value for name, value in asdict(self).items() if value}).decode()

    def finished(self) -> "Position":
        """After the last page of a pass."""
        return Position(self.following or self.since)


async def runs(
    dialect: Dialect, stored: str | None, since: datetime, *, size: int, overlap: timedelta, clock: Clock
) -> AsyncIterator[RunPage]:
    """One pass over the runs updated since the cursor."""
    position = Position.load(stored, since)
    before: list[DagRun] = []
    restarts = 0
    while True:
        asked_at = clock()
        page = await dialect.runs_updated_since(
            position.since, cursor=position.cursor, offset=position.offset, limit=size
        )
        if position.following is None:
            started = min(asked_at, page.server_time) if page.server_time else asked_at
            position = replace(position, following=started - overlap)
        if _has_slipped(before, page) and restarts < MOST_RESTARTS:
            restarts += 1
            position, before = replace(position, offset=0), []
            continue
        position = _after(position, page, size)
        before = list(page.runs)
        with mapping.understanding("a run"):
            observed = [mapping.run(raw, dialect.links) for raw in page.runs]
        yield RunPage(observed, position.dump())
        if position.following is None:
            return


def _after(position: Position, page: RunsPage, size: int) -> Position:
    if page.has_cursors:
        return replace(position, cursor=page.next_cursor) if page.next_cursor else position.finished()
    if len(page.runs) < size:
        return position.finished()
    # Pages by offset overlap by half: runs that are updated meanwhile leave their place, and others move up.
    return replace(position, offset=position.offset + max(1, size - size // 2))


def _has_slipped(before: list[DagRun], page: RunsPage) -> bool:
    """Whether pages by offset no longer touch, so that a run may have slipped between them."""
    if page.has_cursors or not before:
        return False
    expected = {(raw["dag_id"], raw["dag_run_id"]) for raw in before[-(len(before) // 2) :]}
    return not any((raw["dag_id"], raw["dag_run_id"]) in expected for raw in page.runs)


async def asset_events(
    dialect: Dialect, stored: str | None, since: datetime, *, size: int, overlap: timedelta
) -> AsyncIterator[AssetEventPage]:
    """One pass over the writes of assets since the cursor."""
    position = Position.load(stored, since)
    latest = position.since
    while True:
        raw = await dialect.asset_events(position.since, position.offset, size)
        with mapping.understanding("an asset event"):
            events = [event for event in map(mapping.asset_event, raw) if event is not None]
        latest = max([latest, *(event.at for event in events)])
        if len(raw) < size:
            yield AssetEventPage(events, Position(_less(latest, overlap, position.since, events)).dump())
            return
        position = replace(position, offset=position.offset + len(raw))
        yield AssetEventPage(events, Position(position.since).dump())


def _less(latest: datetime, overlap: timedelta, since: datetime, events: list[ObservedAssetEvent]) -> datetime:
    return max(since, latest - overlap) if events or latest > since else since
