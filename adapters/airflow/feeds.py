"""Reading what is new: runs by their last update, assets' writes by their time.

A cursor is JSON. Between two passes it holds the instant from which the next pass reads; within a pass also where the
next page begins, so that a restart goes on there. The instant is the *server's* clock at the start of the pass, less an
overlap for transactions that were open then: what is read twice is no news to the store.

Where the server pages by cursor, runs come by the time of their last update. Where it only knows offsets they come by
their id: then a run that is updated meanwhile keeps its place, equal times do not matter, and one that begins to belong
to the list pushes others back, never forward. (It is seen in the next pass, which begins before its update.)
"""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import orjson

from adapters.airflow import mapping
from adapters.airflow.dialect import Dialect, RunsPage
from adapters.airflow.paging import MOST_RESTARTS, by_offset
from adapters.airflow.payloads import DagRun
from adapters.sdk.errors import Rejected
from adapters.sdk.protocol import Clock
from gateway.domain.observation import AssetEventPage, RunPage


@dataclass(frozen=True, slots=True)
class Position:
    """Where reading goes on."""

    since: datetime
    #: Where the next pass begins; set once the first page of this pass has told the server's time.
    following: datetime | None = None
    cursor: str = ""
    offset: int = 0
    #: The run that the page at ``offset`` begins with.
    last: str = ""

    @classmethod
    def load(cls, text: str | None, first: datetime) -> "Position":
        """From a stored cursor; from the beginning where there is none or where nobody can read it."""
        if text is None:
            return cls(first)
        try:
            raw = orjson.loads(text)
            instants = {name: datetime.fromisoformat(raw[name]) for name in ("since", "following") if raw.get(name)}
            return cls(**instants, cursor=raw.get("cursor", ""), offset=raw.get("offset", 0), last=raw.get("last", ""))
        except (ValueError, TypeError, AttributeError):
            return cls(first)

    def dump(self) -> str:
        """As a cursor to be stored."""
        return orjson.dumps({name: value for name, value in asdict(self).items() if value}).decode()

    def finished(self) -> "Position":
        """After the last page of a pass."""
        return Position(self.following or self.since)

    def again(self) -> "Position":
        """From the first page of this pass."""
        return Position(self.since, self.following)


async def runs(
    dialect: Dialect, stored: str | None, since: datetime, *, size: int, overlap: timedelta, clock: Clock
) -> AsyncIterator[RunPage]:
    """One pass over the runs updated since the cursor."""
    position = Position.load(stored, since)
    restarts = 0
    while True:
        asked_at = clock()
        page = await _page(dialect, position, size, is_forgiving=restarts == 0)
        if page is None or (restarts < MOST_RESTARTS and _has_slipped(position, page)):
            restarts += 1
            position = position.again()
            continue
        if position.following is None:
            started = min(asked_at, page.server_time) if page.server_time else asked_at
            position = replace(position, following=started - overlap)
        position = _after(position, page)
        with mapping.understanding("a run"):
            observed = [mapping.run(raw, dialect.links) for raw in page.listed.rows]
        yield RunPage(observed, position.dump())
        if position.following is None:
            return


async def _page(dialect: Dialect, position: Position, size: int, *, is_forgiving: bool) -> RunsPage | None:
    """None where the server does not take a cursor, e.g. one of before its upgrade: then the pass begins again."""
    try:
        return await dialect.runs_updated_since(
            position.since, cursor=position.cursor, offset=position.offset, limit=size
        )
    except Rejected:
        if position.cursor and is_forgiving:
            return None
        raise


def _after(position: Position, page: RunsPage) -> Position:
    if page.has_cursors:
        return replace(position.again(), cursor=page.next_cursor) if page.next_cursor else position.finished()
    following = page.listed.following(position.offset)
    if following is None:
        return position.finished()
    last = _name(page.listed.rows[-1]) if len(page.listed.rows) > 1 else ""
    return replace(position.again(), offset=following, last=last)


def _has_slipped(position: Position, page: RunsPage) -> bool:
    """Whether runs in front of this page were deleted, so that others have moved up unseen."""
    if page.has_cursors or not position.last:
        return False
    return position.last not in map(_name, page.listed.rows)


def _name(raw: DagRun) -> str:
    with mapping.understanding("a run"):
        return f"{raw['dag_id']}/{raw['dag_run_id']}"


async def asset_events(
    dialect: Dialect, stored: str | None, since: datetime, *, size: int, overlap: timedelta
) -> AsyncIterator[AssetEventPage]:
    """One pass over the writes of assets since the cursor, which moves on with the last, empty page."""
    begin = latest = Position.load(stored, since).since
    pages = by_offset(lambda offset: dialect.asset_events(begin, offset, size), lambda event: event["id"])
    async for page in pages:
        with mapping.understanding("an asset event"):
            events = [event for event in map(mapping.asset_event, page.rows) if event is not None]
        latest = max([latest, *(event.at for event in events)])
        yield AssetEventPage(events, Position(begin).dump())
    yield AssetEventPage((), Position(max(begin, latest - overlap)).dump())
