"""Whatever happens in whatever order: the same keys fire as in a model of ten lines, each of them once."""

import asyncio
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.sdk.errors import Unavailable
from gateway.domain.dependencies import Condition, DependencySpec, Group, Mode
from gateway.domain.periods import KeyGranularity
from gateway.domain.states import RunState
from gateway.store.database import Database
from gateway.sync.connections import Connections
from tests.coordination.parts import CRM, INGEST, MARTS, Parts
from tests.sync.vendor import Clock, Vendor, VendorAdapter

SPEC = DependencySpec(
    "both",
    Group(Mode.ALL, (Condition(INGEST), Condition(CRM))),
    MARTS,
    KeyGranularity.DAY,
    parameters={"d": "{{ key }}"},
)
DAYS = [datetime(2026, 5, day, 12, tzinfo=UTC) for day in (1, 2)]
STATES = st.sampled_from([RunState.SUCCESS, RunState.SUCCESS, RunState.FAILED])
ENDS = st.tuples(st.just("end"), st.sampled_from([INGEST, CRM]), st.sampled_from(DAYS), STATES, st.integers(0, 1))
SWITCHES = st.tuples(st.just("enable"), st.booleans())
STEPS = st.one_of(
    *[ENDS] * 5,
    *[SWITCHES] * 3,
    st.tuples(st.just("edit"), st.sampled_from(Mode)),
    st.tuples(st.just("settle")),
    st.tuples(st.just("trouble"), st.booleans()),
    st.tuples(st.just("pass"), st.sampled_from([1, 90, 4000])),
)


A_IS_DONE = [("end", INGEST, DAYS[0], RunState.SUCCESS, 0), ("settle",)]


class Model:
    """What shall fire."""

    def __init__(self) -> None:
        self.mode = Mode.ALL
        self.is_enabled, self.since = True, datetime.min.replace(tzinfo=UTC)
        self.latest: dict[tuple[str, str], RunState] = {}
        #: By run, until somebody has looked: it is looked at as it is then.
        self.ended: dict[str, tuple[str, datetime, bool]] = {}
        self.begun: set[str] = set()
        self.fired: set[str] = set()
        self.done: dict[str, set[str]] = {}

    def settle(self) -> None:
        if self.is_enabled:
            self.begun |= {day for day, at, is_good in self.ended.values() if is_good and at >= self.since}
            for day in self.begun:
                good = {run for (run, of), state in self.latest.items() if of == day and state == "SUCCESS"}
                self.done[day] = self.done.get(day, set()) | {run.partition(" ")[0] for run in good}
            self.fired |= {day for day in self.begun if len(self.done[day]) >= (2 if self.mode is Mode.ALL else 1)}
        self.ended = {}


@pytest.mark.slow
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@example([*A_IS_DONE, ("enable", False), ("end", CRM, DAYS[0], RunState.SUCCESS, 0), ("settle",)])
@given(st.lists(STEPS, min_size=4, max_size=16))
def test_the_same_keys_fire_as_in_the_model(migrated_sqlite, tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("example") / "podium.sqlite"
    shutil.copy(migrated_sqlite, path)
    wanted, made = asyncio.run(played(path, steps))
    assert made == dict.fromkeys(wanted, 1)
    path.unlink()


async def played(path: Path, steps: list[tuple[Any, ...]]) -> tuple[set[str], Counter[str]]:
    """(keys that shall have fired, runs that were made by key)"""
    database, vendor, clock, model = Database(f"sqlite:///{path}"), Vendor(), Clock(), Model()
    connections = Connections(opener=lambda _spec, **_options: VendorAdapter(vendor))
    parts = Parts(database, connections, clock, vendor)
    await parts.connect()
    await parts.define(SPEC)
    for step in [*steps, ("trouble", False), ("enable", True), ("pass", 4000), ("settle",), ("pass", 90), ("settle",)]:
        clock.forward(timedelta(seconds=1))
        match step:
            case "end", ref, day, state, run:
                await ended(parts, model, ref, day, state, run)
            case ("settle",):
                await parts.settle()
                model.settle()
            case "edit", Mode() as mode:
                if mode is not model.mode:  # what was there then counts only if it is there still
                    model.mode, model.done = mode, {}
                await parts.define(as_it_is(model))
            case "enable", bool(is_enabled):
                await parts.define(replace(as_it_is(model), is_enabled=is_enabled))
                if is_enabled and not model.is_enabled:
                    model.since = clock.now
                model.is_enabled = is_enabled
            case "trouble", is_down:
                vendor.trouble = Unavailable("no answer") if is_down else None
            case "pass", seconds:
                clock.forward(timedelta(seconds=seconds))
            case _:
                raise AssertionError(step)
    await database.aclose()
    runs = [run for run in vendor.runs.values() if run.pipeline_key == MARTS.key]
    return model.fired, Counter(str(run.parameters["d"]) for run in runs)


def as_it_is(model: Model) -> DependencySpec:
    return replace(SPEC, upstream=replace(SPEC.upstream, mode=model.mode), is_enabled=model.is_enabled)


async def ended(parts: Parts, model: Model, ref: Any, day: datetime, state: RunState, run: int) -> None:
    """An upstream's run ends, or ends once more with another state."""
    name, key = f"{ref.key}-{run}-{day.date()}", str(day.date())
    is_news = model.latest.get((f"{ref.key} {run}", key)) != state
    parts.world.now = parts.clock.now
    await parts.world.run(parts.pipelines[ref], name, state, logical_at=day, ended_at=parts.clock.now)
    model.latest[f"{ref.key} {run}", key] = state
    if is_news or name in model.ended:
        model.ended[name] = key, parts.clock.now, state is RunState.SUCCESS
