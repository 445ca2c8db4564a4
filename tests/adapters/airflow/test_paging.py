"""Lists that shift while they are read: what was there all the time is never missed."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from adapters.airflow.feeds import Position
from adapters.airflow.paging import Listed, by_offset
from adapters.sdk.errors import Drift
from gateway.domain.observation import RunRef
from tests.adapters.airflow.scripted import Reply, ScriptedAirflow, connect, serving
from tests.adapters.airflow.test_faults import RUNS, SINCE, read, run

names = st.integers(0, 30)
#: What happens to the list before each page is read: rows that come and rows that go.
shifts = st.lists(st.tuples(st.sets(names, max_size=4), st.sets(names, max_size=4)), max_size=8)


@given(st.sets(names), shifts, st.integers(2, 5), st.integers(2, 5), st.booleans())
async def test_what_is_there_all_the_time_is_never_missed(
    present: set[int], changes: list[tuple[set[int], set[int]]], asked: int, allowed: int, is_counted: bool
):
    rows, always, ahead = set(present), set(present), list(changes)

    async def fetch(offset: int) -> Listed[int]:
        if ahead:
            came, went = ahead.pop(0)
            rows.difference_update(went)
            rows.update(came)
            always.intersection_update(rows)
        page = sorted(rows)[offset : offset + min(asked, allowed)]
        return Listed(page, len(rows) if is_counted else None)

    seen = {row async for page in by_offset(fetch, lambda row: row) for row in page.rows}
    assert seen >= always
    assert seen <= present.union(*(came for came, _ in changes))


@dataclass
class ShiftingRuns:
    """A server without cursors whose runs come, go and change between any two pages; ``order_by`` breaks no ties."""

    updated: dict[int, int]
    #: Runs that come, that go and that are updated before each page.
    ahead: list[tuple[set[int], set[int], set[int]]]
    dice: Random
    always: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.always = set(self.updated)

    def page(self, query: dict[str, str], _body: Any) -> Reply:
        came, went, changed = self.ahead.pop(0) if self.ahead else (set[int](), set[int](), set[int]())
        for name in went:
            self.updated.pop(name, None)
        latest = max(self.updated.values(), default=0) + 1
        self.updated |= dict.fromkeys(came | (changed & set(self.updated)), latest)
        self.always &= set(self.updated)
        by_time = query["order_by"] == "updated_at"
        key = {name: ((self.updated[name], self.dice.random()) if by_time else (name, 0.0)) for name in self.updated}
        order = sorted(self.updated, key=lambda name: key[name])
        offset = int(query.get("offset") or 0)
        rows = [run(name) for name in order[offset : offset + 2]]
        return Reply(200, {"dag_runs": rows, "total_entries": len(order)})


few = st.integers(0, 11)
changes = st.lists(st.tuples(*[st.sets(few, max_size=4)] * 3), max_size=12)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.0.6", "2.11.2"])
@settings(max_examples=30, deadline=None, phases=[Phase.reuse, Phase.generate])  # shrinking would take minutes
@given(
    runs=st.dictionaries(names, st.integers(0, 3), max_size=12),
    ahead=changes,
    stops=st.sets(st.integers(0, 9)),
    seed=...,
)
async def test_runs_are_never_missed_where_there_are_only_offsets(
    version: str, runs: dict[int, int], ahead: list[Any], stops: set[int], seed: int
):
    """Also when Podium is started again after some of the pages."""
    shifting = ShiftingRuns(runs, list(ahead), Random(seed))
    seen: set[str] = set()
    with pytest.MonkeyPatch.context() as monkeypatch:
        async with serving(ScriptedAirflow(version=version)) as airflow:
            airflow.routes["GET", RUNS if version.startswith("3") else "/api/v1/dags/~/dagRuns"] = shifting.page
            cursor, is_over, pages = None, False, 0
            while not is_over:
                opened, is_over = connect(airflow, monkeypatch), True
                async for page in opened.runs(cursor, SINCE):
                    seen |= {one.external_id for one in page.runs}
                    cursor, pages = page.cursor, pages + 1
                    if pages in stops:
                        is_over = "following" not in cursor  # a pass that has just ended is not begun again
                        break
                await opened.aclose()
    assert seen >= {f"run-{name}" for name in shifting.always}


def page_by_offset(order: list[str], query: dict[str, str], *, most: int = 2, counted_to: int | None = None) -> Reply:
    """A server that knows no cursors, and sends fewer rows than it is asked for."""
    offset = int(query.get("offset") or 0)
    rows = [run(0, dag_run_id=name) for name in order[offset : offset + most]]
    total = len(order) if counted_to is None else min(len(order), counted_to)
    return Reply(200, {"dag_runs": rows, "total_entries": total, "total_entries_limit": counted_to})


SIX = [f"run-{number}" for number in range(6)]


@pytest.mark.parametrize(("most", "counted_to"), [(1, None), (2, None), (2, 3)])
async def test_a_short_page_is_not_the_last_one(airflow, adapter, most, counted_to):
    """The server has a lower page limit than we ask for, and may count only so far."""
    airflow.routes["GET", RUNS] = lambda query, _body: page_by_offset(SIX, query, most=most, counted_to=counted_to)
    assert {name for names, _ in await read(adapter) for name in names} == set(SIX)


async def test_runs_that_are_deleted_meanwhile_hide_no_others(airflow, adapter):
    order = list(SIX)

    def shifting(query: dict[str, str], _body: Any) -> Reply:
        reply = page_by_offset(order, query)
        if "run-0" in order and query.get("offset") == "1":
            order[:2] = []
        return reply

    airflow.routes["GET", RUNS] = shifting
    assert {name for names, _ in await read(adapter) for name in names} >= set(SIX[2:])


async def test_a_restart_in_the_middle_goes_on_there(airflow, adapter):
    airflow.routes["GET", RUNS] = lambda query, _body: page_by_offset(SIX, query)
    first = await anext(aiter(adapter.runs(None, SINCE)))
    asked: list[str] = []

    def noted(query: dict[str, str], _body: Any) -> Reply:
        asked.append(query.get("offset") or "0")
        return page_by_offset(SIX, query)

    airflow.routes["GET", RUNS] = noted
    rest = {name for names, _ in await read(adapter, first.cursor) for name in names}
    assert {one.external_id for one in first.runs} | rest == set(SIX)
    assert "0" not in asked


async def test_a_cursor_that_the_server_no_longer_takes_begins_the_pass_again(airflow, adapter):
    """As after an upgrade: what it reads twice is no news to the store."""

    def choosy(query: dict[str, str], _body: Any) -> Reply:
        if query["cursor"] == "of-the-old-version":
            return Reply(400, {"detail": "Invalid cursor"})
        return Reply(200, {"dag_runs": [run(1)], "next_cursor": None, "total_entries": 1})

    airflow.routes["GET", RUNS] = choosy
    stored = Position(SINCE, SINCE, cursor="of-the-old-version").dump()
    assert [names for names, _ in await read(adapter, stored)] == [["run-1"]]


@pytest.mark.parametrize("stored", ["", "7", "[]", "{}", '{"since": "yesterday"}', "not JSON"])
async def test_a_cursor_that_nobody_can_read_begins_anew(airflow, adapter, stored):
    airflow.routes["GET", RUNS] = lambda query, _body: page_by_offset(SIX, query)
    assert {name for names, _ in await read(adapter, stored) for name in names} == set(SIX)


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 21 Nov 2026 05:00:00", "Sat, 21 Nov 2026 05:00:00 GMT, Sat"])
async def test_a_clock_that_cannot_be_read_is_not_needed(airflow, adapter, date):
    """Some proxies drop the Date header, add a second one, or write it in their own way."""
    airflow.routes["GET", RUNS] = lambda _query, _body: Reply(
        200, {"dag_runs": [run(1)], "next_cursor": None}, {"date": date}
    )
    assert [names for names, _ in await read(adapter)] == [["run-1"]]


def instance(number: int) -> dict[str, Any]:
    times = {"start_date": None, "end_date": None}
    return {"task_id": "load", "map_index": number, "try_number": 1, "state": "success", **times}


async def test_every_task_of_a_wide_run_is_seen(airflow, adapter):
    """More mapped instances than one page holds, and fewer rows at once than were asked for."""
    path = "/api/v2/dags/orders_etl/dagRuns/run-0/taskInstances"
    instances = [instance(number) for number in range(7)]

    def page(query: dict[str, str], _body: Any) -> Reply:
        offset = int(query.get("offset") or 0)
        return Reply(200, {"task_instances": instances[offset : offset + 2], "total_entries": 7})

    airflow.routes["GET", path] = page
    found = await adapter.task_runs(RunRef("orders_etl", "run-0"))
    assert sorted(one.map_index or 0 for one in found) == list(range(7))


async def test_tasks_that_come_in_no_order_are_all_seen(airflow, adapter):
    """Airflow 2 does not order them, so that one may take the place of one that was read before."""
    airflow.version = "2.11.2"
    instances = [instance(number) for number in range(5)]
    path = "/api/v1/dags/orders_etl/dagRuns/run-0/taskInstances"

    def page(query: dict[str, str], _body: Any) -> Reply:
        offset = int(query.get("offset") or 0)
        reply = Reply(200, {"task_instances": instances[offset : offset + 2], "total_entries": 5})
        if airflow.count("GET", path) == 1:
            instances[0], instances[2] = instances[2], instances[0]
        return reply

    airflow.routes["GET", path] = page
    found = await adapter.task_runs(RunRef("orders_etl", "run-0"))
    assert sorted(one.map_index or 0 for one in found) == list(range(5))


WRITES = json.loads((Path(__file__).parent / "captures/v2/asset_events.json").read_text())["body"]["asset_events"]


async def test_writes_of_assets_are_read_to_the_last(airflow, adapter):
    """Also when old ones are removed meanwhile; only the last page moves the cursor on."""
    writes = [WRITES[0] | {"id": n, "timestamp": (SINCE + timedelta(hours=n)).isoformat()} for n in range(1, 8)]

    def page(query: dict[str, str], _body: Any) -> Reply:
        offset = int(query.get("offset") or 0)
        reply = Reply(200, {"asset_events": writes[offset : offset + 2], "total_entries": len(writes)})
        if offset == 2 and len(writes) == 7:
            writes[:2] = []
        return reply

    airflow.routes["GET", "/api/v2/assets/events"] = page
    pages = [page async for page in adapter.asset_events(None, SINCE)]
    assert {event.external_id for page in pages for event in page.events} == {str(n) for n in range(1, 8)}
    assert {Position.load(page.cursor, SINCE).since for page in pages[:-1]} == {SINCE}
    assert SINCE + timedelta(hours=6) < Position.load(pages[-1].cursor, SINCE).since <= SINCE + timedelta(hours=7)


async def test_a_row_without_a_name_is_drift(airflow, adapter):
    airflow.routes["GET", "/api/v2/assets"] = lambda _query, _body: Reply(200, {"assets": [{}], "total_entries": 1})
    with pytest.raises(Drift, match="unknown form"):
        [page async for page in adapter.assets()]
