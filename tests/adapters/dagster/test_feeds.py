"""Incremental reading misses nothing, whatever happens between two pages."""

import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.dagster.adapter import DagsterAdapter
from adapters.dagster.cursors import Pass, decode
from gateway.domain.observation import ObservedRun, RunPage
from tests.adapters.dagster.pretend import PretendDagster

START = datetime(2026, 1, 1, tzinfo=UTC)
OVERLAP = 60.0

Connect = Callable[..., DagsterAdapter]


class World:
    """A Dagster whose runs change while they are read, and what a reader has stored of them."""

    def __init__(self, dagster: PretendDagster, seed: int) -> None:
        self.dagster = dagster
        self.dice = random.Random(seed)
        self.now = START
        #: The reader's clock differs, by less than the overlap.
        self.skew = timedelta(seconds=self.dice.uniform(-OVERLAP / 2, OVERLAP / 2))
        self.cursor: str | None = None
        self.stored: dict[str, str] = {}
        self.changes: list[tuple[datetime, dict[str, Any], float]] = []

    def clock(self) -> datetime:
        """The reader's."""
        return self.now + self.skew

    def stamp(self) -> float:
        """Dagster's time; coarse, so that many changes carry the same."""
        return float(int(self.now.timestamp()))

    def happen(self) -> None:
        """Anything: time passes, runs appear, change at once or are committed late, and are deleted."""
        for _ in range(self.dice.randrange(4)):
            self.now += timedelta(seconds=self.dice.choice([0, 0, 0.4, 1, 7]))
            act = self.dice.random()
            runs = self.dagster.runs
            if act < 0.5 or not runs:
                self.dagster.add(self.stamp())
            elif act < 0.75:
                run = self.dice.choice(runs)
                run["status"], run["updateTime"] = f"S{self.dice.random()}", self.stamp()
            elif act < 0.9:
                late = self.now + timedelta(seconds=self.dice.uniform(0, OVERLAP / 3))
                self.changes.append((late, self.dice.choice(runs), self.stamp()))
            else:
                runs.remove(self.dice.choice(runs))
        self.commit()

    def commit(self) -> None:
        """Let changes that were stamped earlier become visible."""
        for due in [change for change in self.changes if change[0] <= self.now]:
            self.changes.remove(due)
            _, run, stamp = due
            run["status"] = f"L{self.dice.random()}"
            run["updateTime"] = max(run["updateTime"], stamp)

    async def read(self, adapter: DagsterAdapter, *, happening: bool) -> None:
        """One incremental read, sometimes broken off, as a restart would."""
        pages: AsyncIterator[RunPage] = adapter.runs(self.cursor, START)
        async for page in pages:
            self.stored |= {run.external_id: run.native_state for run in page.runs}
            self.cursor = page.cursor
            if happening:
                self.happen()
                if self.dice.random() < 0.1:
                    return

    def missed(self) -> dict[str, str]:
        """Runs of which the reader knows nothing, or an old state."""
        actual = {run["runId"]: run["status"] for run in self.dagster.runs}
        return {run: status for run, status in actual.items() if self.stored.get(run) != status}


@pytest.mark.parametrize("seed", range(12))
async def test_nothing_is_missed(dagster: PretendDagster, connect: Connect, seed: int) -> None:
    world = World(dagster, seed)
    adapter = connect(clock=world.clock, page_size=2, overlap=OVERLAP)
    for _ in range(12):
        world.happen()
        await world.read(adapter, happening=True)
    world.now += timedelta(seconds=OVERLAP)
    world.commit()
    # A read that was broken off is finished first; the next one sees what changed behind its back.
    await world.read(adapter, happening=False)
    await world.read(adapter, happening=False)
    assert world.missed() == {}


async def read_all(adapter: DagsterAdapter, cursor: str | None) -> tuple[list[ObservedRun], str]:
    """Everything one read yields, and where it ends."""
    runs: list[ObservedRun] = []
    last = ""
    async for page in adapter.runs(cursor, START):
        runs += page.runs
        last = page.cursor
    return runs, last


def later(seconds: float) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: START + timedelta(seconds=seconds)


async def test_quiet_server_is_not_read_again_and_again(dagster: PretendDagster, connect: Connect) -> None:
    for second in range(50):
        dagster.add(START.timestamp() + second)
    adapter = connect(clock=later(300), page_size=10)
    first, cursor = await read_all(adapter, None)
    again, cursor = await read_all(adapter, cursor)
    assert (len(first), len(again)) == (50, 1)


async def test_first_contact_reaches_back_to_since(dagster: PretendDagster, connect: Connect) -> None:
    dagster.add(START.timestamp() - 5)
    dagster.add(START.timestamp() + 5)
    adapter = connect(clock=later(300))
    runs, _ = await read_all(adapter, None)
    assert len(runs) == 1


async def test_restart_in_the_middle_goes_on_with_the_next_page(dagster: PretendDagster, connect: Connect) -> None:
    for second in range(6):
        dagster.add(START.timestamp() + second)
    before = connect(clock=later(300), page_size=2)
    first = await anext(before.runs(None, START))
    after = connect(clock=later(400), page_size=2)
    rest, _ = await read_all(after, first.cursor)
    assert sorted(run.external_id for run in [*first.runs, *rest]) == sorted(run["runId"] for run in dagster.runs)


async def test_run_at_which_reading_stopped_was_deleted(dagster: PretendDagster, connect: Connect) -> None:
    for second in range(6):
        dagster.add(START.timestamp() + second)
    adapter = connect(clock=later(300), page_size=2)
    first = await anext(adapter.runs(None, START))
    del dagster.runs[4]
    rest, _ = await read_all(adapter, first.cursor)
    assert {run["runId"] for run in dagster.runs} <= {run.external_id for run in rest}


async def test_stamps_from_the_future_do_not_hide_what_comes(dagster: PretendDagster, connect: Connect) -> None:
    """PostgreSQL in another timezone writes a new run's time hours ahead."""
    dagster.add(START.timestamp() + 7200)
    adapter = connect(clock=later(100))
    _, cursor = await read_all(adapter, None)
    dagster.add(START.timestamp() + 101)
    runs, _ = await read_all(adapter, cursor)
    assert len(runs) == 2


@pytest.mark.parametrize("cursor", ["", "rubbish", "[]", "{}", '{"after": "x"}', "null"])
def test_cursor_that_is_not_ours_starts_again(cursor: str) -> None:
    assert decode(cursor, START) == Pass(after=START.timestamp())
