"""The incremental read misses nothing, whatever happens between any two requests."""

import random
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.prefect.adapter import PrefectAdapter
from adapters.sdk.registry import ConnectionSpec, open_adapter
from gateway.domain.observation import ObservedRun
from gateway.domain.states import RunState
from tests.adapters.prefect.stand_in import START, TERMINAL, Served, StandIn, text

SINCE = START - timedelta(days=7)
Open = Callable[[int], PrefectAdapter]


@pytest.fixture(scope="session")
async def prefect() -> AsyncIterator[tuple[StandIn, Open]]:
    server = StandIn()
    served = Served(server)
    url = await served.start()
    adapters: dict[int, PrefectAdapter] = {}

    def opened(page_size: int) -> PrefectAdapter:
        if page_size not in adapters:
            spec = ConnectionSpec("made-up", "prefect", url, options={"page_size": page_size})
            adapter = open_adapter(spec, clock=lambda: server.now)
            assert isinstance(adapter, PrefectAdapter)
            adapters[page_size] = adapter
        return adapters[page_size]

    yield server, opened
    for adapter in adapters.values():
        await adapter.aclose()
    await served.stop()


class Follower:
    """Reads pages, keeps the last thing told of each run, and may be killed after any page."""

    def __init__(self, adapter: PrefectAdapter) -> None:
        self.adapter = adapter
        self.cursor: str | None = None
        self.known: dict[str, ObservedRun] = {}

    async def read(self, pages: int | None = None) -> list[ObservedRun]:
        told: list[ObservedRun] = []
        stream = self.adapter.runs(self.cursor, SINCE)
        count = 0
        async for page in stream:
            told += page.runs
            self.known.update((run.external_id, run) for run in page.runs)
            self.cursor = page.cursor
            count += 1
            if count == pages:
                break
        return told


def change_something(prefect: StandIn, dice: random.Random) -> None:
    """One step in the life of some run; time often stands still, so that instants are equal."""
    prefect.now += timedelta(seconds=dice.choice((0, 0, 0, 0, 0.000001, 0.2, 3, 20)))
    kind = dice.random()
    runs = list(prefect.runs)
    if kind < 0.4 or not runs:
        prefect.create(dice.choice((0, 0, 0, 15, 3600)))
        return
    run_id = dice.choice(runs)
    row = prefect.runs[run_id]
    is_planned = row["run_count"] == 0 and row["next_scheduled_start_time"] and row["state_type"] == "SCHEDULED"
    if row["state_type"] in TERMINAL:
        # Only events tell of another ending.
        ending = dice.choice(("SCHEDULED", *TERMINAL)) if prefect.has_events else "SCHEDULED"
        prefect.move(run_id, ending, "AwaitingRetry" if ending == "SCHEDULED" else None)
    elif is_planned and prefect.has_events and dice.random() < 0.3:
        prefect.put_forward(run_id)
    else:
        onward = {"SCHEDULED": "PENDING", "PENDING": "RUNNING"}.get(row["state_type"])
        prefect.move(run_id, onward if onward and dice.random() < 0.7 else dice.choice(TERMINAL))


def expected(prefect: StandIn) -> dict[str, str]:
    """Every run whose time has come, by the state it is in."""
    now = text(prefect.now)
    return {
        run_id: row["state_name"]
        for run_id, row in prefect.runs.items()
        if row["state_name"] != "Scheduled" or (row["next_scheduled_start_time"] or "") <= now
    }


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    page_size=st.sampled_from((1, 2, 3, 50)),
    busy=st.sampled_from((0.0, 0.3, 0.9)),
    has_events=st.booleans(),
    restarts=st.lists(st.sampled_from((1, 2, 5, None)), min_size=1, max_size=6),
)
async def test_every_change_is_seen(
    prefect: tuple[StandIn, Open], seed: int, page_size: int, busy: float, has_events: bool, restarts: list[int | None]
) -> None:
    server, opened = prefect
    server.dice.seed(seed)
    dice = random.Random(seed + 1)
    server.clear()
    server.has_events = has_events
    for _ in range(dice.randrange(40)):
        change_something(server, dice)
    left = 120

    def meanwhile(_path: str) -> None:
        nonlocal left
        while left and dice.random() < busy:
            left -= 1
            change_something(server, dice)

    server.before_request = meanwhile
    follower = Follower(opened(page_size))
    for pages in restarts:
        await follower.read(pages)
        change_something(server, dice)
        server.now += timedelta(seconds=dice.choice((0, 1, 15, 100)))
    server.before_request = lambda _path: None
    server.now += timedelta(seconds=10)  # the last events have been written by now
    await follower.read()
    assert {run_id: run.native_state for run_id, run in follower.known.items()} == expected(server)


async def test_a_quiet_server_is_asked_four_questions(prefect: tuple[StandIn, Open]) -> None:
    server, opened = prefect
    server.clear()
    for _ in range(30):
        server.now += timedelta(seconds=5)
        server.move(server.create(), "COMPLETED")
    follower = Follower(opened(50))
    await follower.read()
    server.now += timedelta(seconds=90)
    await follower.read()
    server.requests = 0
    told = await follower.read()
    assert server.requests == 4
    assert len(told) <= 7  # those within the overlap


async def test_without_events_all_but_a_changed_ending_is_seen(prefect: tuple[StandIn, Open]) -> None:
    server, opened = prefect
    server.clear()
    server.has_events = False
    follower = Follower(opened(50))
    ended = server.create()
    server.move(ended, "FAILED")
    waiting = server.create()
    await follower.read()
    server.now += timedelta(seconds=1)
    server.move(ended, "SCHEDULED", "AwaitingRetry")
    server.move(waiting, "SCHEDULED", "Late")
    await follower.read()
    assert follower.known[ended].native_state == "AwaitingRetry"
    assert follower.known[ended].attempt == 1
    assert follower.known[waiting].native_state == "Late"
    server.move(waiting, "RUNNING")
    await follower.read()
    assert follower.known[waiting].state is RunState.RUNNING


async def test_a_planned_run_is_none_until_its_time(prefect: tuple[StandIn, Open]) -> None:
    server, opened = prefect
    server.clear()
    follower = Follower(opened(50))
    planned = server.create(planned_in=600)
    assert await follower.read() == []
    server.now += timedelta(seconds=601)
    (run,) = await follower.read()
    assert (run.external_id, run.state) == (planned, RunState.QUEUED)


async def test_a_cursor_of_another_kind_starts_from_the_beginning(prefect: tuple[StandIn, Open]) -> None:
    server, opened = prefect
    server.clear()
    server.move(server.create(), "COMPLETED")
    for cursor in ("", "no json", "[]", "{}", '{"marks":{}}', '{"marks":{"queued":"x"}}'):
        follower = Follower(opened(50))
        follower.cursor = cursor
        assert len(await follower.read()) == 1
