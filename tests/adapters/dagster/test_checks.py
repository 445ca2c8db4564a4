"""What asset checks found is read once, whatever hides it, and few are asked for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import orjson
import pytest
from graphql import build_schema, parse, validate

from adapters.dagster.adapter import DagsterAdapter
from adapters.dagster.cursors import decode
from adapters.dagster.mapping.assets import assets
from adapters.dagster.mapping.checks import evaluated, with_news
from adapters.dagster.mapping.links import Links
from adapters.sdk.errors import Drift
from gateway.domain.incidents import Severity
from gateway.domain.observation import ObservedCheck
from tests.adapters.dagster.pretend import PretendDagster
from tests.adapters.dagster.recorded import CAPTURES, recorded

queries = import_module("adapters.dagster.queries")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ROWS, NEGATIVE = (("payments",), "has_rows"), (("payments",), "not_negative")
Connect = Callable[..., DagsterAdapter]


def found_in(name: str) -> list[ObservedCheck]:
    answer = recorded(name)
    found = [evaluated(key, raw) for key, place in ((ROWS, "c0"), (NEGATIVE, "c1")) for raw in answer[place]]
    return [one for one in found if one is not None]


def news_in(name: str, after: datetime) -> list[Any]:
    return list(with_news(recorded(name, "assetsOrError")["nodes"], decode(None, after), None))


@pytest.mark.parametrize("count", [1, 3])
def test_the_question_is_valid(count: int) -> None:
    schema = build_schema((CAPTURES / "schema.graphql").read_text(encoding="utf-8"))
    assert validate(schema, parse(queries.check_executions(count))) == []


def test_what_checks_found() -> None:
    rows, negative = found_in("checks_failed")
    assert (rows.asset_key, rows.name, rows.passed, rows.severity) == ("payments", "has_rows", False, Severity.ERROR)
    assert (rows.task, rows.description, rows.partition) == ("payments_has_rows", None, None)
    assert (negative.passed, negative.severity, negative.description) == (
        False,
        Severity.WARNING,
        "2 rows are negative",
    )
    assert rows.run_external_id == negative.run_external_id is not None
    assert rows.at < negative.at < rows.at + timedelta(seconds=1)


def test_a_check_that_breaks_has_found_nothing() -> None:
    """It was evaluated in the first two runs, not written with in the third, and broke in the fourth."""
    found = found_in("checks_broken")
    assert [one.passed for one in found if one.name == "has_rows"] == [True, False]
    assert [one.passed for one in found if one.name == "not_negative"] == [True, True, False]
    assert len({(one.name, one.external_id) for one in found}) == len(found)


def test_a_severity_that_is_not_known_is_an_error() -> None:
    raw = recorded("checks_failed")["c1"][0]
    changed = raw | {"evaluation": raw["evaluation"] | {"severity": "FATAL"}}
    found = evaluated(NEGATIVE, changed)
    assert found is not None
    assert found.severity is Severity.ERROR
    with pytest.raises(Drift, match="A check's execution"):
        evaluated(NEGATIVE, raw | {"evaluation": {"timestamp": "today"}})


def test_names_of_checks() -> None:
    nodes = recorded("checks_assets", "assetNodes")
    (payments,) = assets(nodes, Links("http://dagster.example"), None, {})
    assert payments.checks == ["has_rows", "not_negative"]
    old = {"__typename": "AssetCheckNeedsMigrationError"}
    (unknown,) = assets(
        [node | {"assetChecksOrError": old} for node in nodes], Links("http://dagster.example"), None, {}
    )
    assert unknown.checks is None


@pytest.mark.parametrize("name", ["checks_failed_latest", "checks_passed_latest", "checks_hidden_latest"])
def test_whatever_is_new_is_asked_for(name: str) -> None:
    """A write after the check hides what it found: that is asked for too."""
    assert news_in(name, LONG_AGO) == [ROWS, NEGATIVE]
    assert news_in(name, datetime(2100, 1, 1, tzinfo=UTC)) == []


def test_checks_of_another_location_are_left_out() -> None:
    nodes = recorded("checks_failed_latest", "assetsOrError")["nodes"]
    assert list(with_news(nodes, decode(None, LONG_AGO), "elsewhere")) == []
    assert len(list(with_news(nodes, decode(None, LONG_AGO), "checked"))) == 2


class Checked:
    """A Dagster with one asset, in which executions of one check are planned and evaluated."""

    def __init__(self, dagster: PretendDagster) -> None:
        self.dagster = dagster
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.written: datetime | None = None
        self.executions: list[dict[str, Any]] = []
        dagster.answers |= {"LatestWrites": self._latest, "CheckExecutions": self._executions}
        dagster.answers["Writes"] = lambda _: {"assetsOrError": {"__typename": "AssetConnection", "nodes": []}}

    def clock(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def plan(self) -> dict[str, Any]:
        raw = {
            "id": str(len(self.executions) + 1),
            "runId": f"run-{len(self.executions) + 1}",
            "status": "IN_PROGRESS",
            "timestamp": self.now.timestamp(),
            "stepKey": "payments_has_rows",
            "partition": None,
            "evaluation": None,
        }
        self.executions.insert(0, raw)
        return raw

    def evaluate(self, raw: dict[str, Any], *, passed: bool = True) -> None:
        found = {"timestamp": self.now.timestamp(), "severity": "ERROR", "description": None, "success": passed}
        raw |= {"status": "SUCCEEDED" if passed else "FAILED", "evaluation": found}

    def write(self) -> None:
        self.written = self.now

    def _latest(self, _variables: dict[str, Any]) -> Any:
        """As Dagster shows it: the last execution, unless the asset was written after it."""
        last = self.executions[0] if self.executions else None
        if last and last["evaluation"] and self.written and self.written.timestamp() > last["evaluation"]["timestamp"]:
            last = None
        writes = [{"timestamp": str(int(self.written.timestamp() * 1000))}] if self.written else []
        checks = [{"name": "has_rows", "executionForLatestMaterialization": last}]
        definition = {
            "repository": {"name": "__repository__", "location": {"name": "checked"}},
            "assetChecksOrError": {"__typename": "AssetChecks", "checks": checks},
        }
        node = {"key": {"path": ["payments"]}, "assetMaterializations": writes, "definition": definition}
        return {"assetsOrError": {"__typename": "AssetConnection", "cursor": '["payments"]', "nodes": [node]}}

    def _executions(self, variables: dict[str, Any]) -> Any:
        cursor = variables["cursor0"]
        older = [raw for raw in self.executions if cursor is None or int(raw["id"]) < int(cursor)]
        return {"c0": older[: variables["limit"]]}


async def read(adapter: DagsterAdapter, cursor: str | None) -> tuple[list[str], str]:
    """Runs whose evaluations one pass brings, and where it ends."""
    found: list[str] = []
    async for page in adapter.asset_events(cursor, datetime(2026, 1, 1, tzinfo=UTC)):
        found += [str(check.run_external_id) for check in page.checks]
        cursor = page.cursor
    assert cursor is not None
    return found, cursor


async def test_where_nothing_is_checked_nothing_more_is_asked(dagster: PretendDagster, connect: Connect) -> None:
    world = Checked(dagster)
    adapter = connect(clock=world.clock)
    world.forward(60)
    assert (await read(adapter, None))[0] == []
    assert dagster.asked == ["LatestWrites"]


async def test_hundreds_of_evaluations_are_read_page_by_page(dagster: PretendDagster, connect: Connect) -> None:
    world = Checked(dagster)
    for _ in range(60):
        world.forward(1)
        world.evaluate(world.plan())
    adapter = connect(clock=world.clock)
    found, cursor = await read(adapter, None)
    assert sorted(found) == sorted(raw["runId"] for raw in world.executions)
    assert dagster.asked.count("CheckExecutions") == 3
    world.forward(600)
    _, cursor = await read(adapter, cursor)
    dagster.asked.clear()
    again, _ = await read(adapter, cursor)
    assert (again, dagster.asked) == (["run-60"], ["LatestWrites", "CheckExecutions"])


async def test_a_check_that_ends_behind_a_later_one(dagster: PretendDagster, connect: Connect) -> None:
    """Dagster shows the one that was planned last; the other one ends long after it."""
    world = Checked(dagster)
    slow, quick = world.plan(), world.plan()
    world.forward(1)
    world.evaluate(quick)
    adapter = connect(clock=world.clock)
    found, cursor = await read(adapter, None)
    assert found == ["run-2"]
    world.forward(600)
    _, cursor = await read(adapter, cursor)
    world.forward(600)
    world.evaluate(slow, passed=False)
    found, cursor = await read(adapter, cursor)
    assert "run-1" in found
    assert "pending" not in orjson.loads((await read(adapter, cursor))[1])


async def test_a_check_of_what_has_been_written_anew_meanwhile(dagster: PretendDagster, connect: Connect) -> None:
    """It is evaluated between two looks, and so is a later write, which hides it."""
    world = Checked(dagster)
    adapter = connect(clock=world.clock)
    _, cursor = await read(adapter, None)
    world.forward(600)
    world.evaluate(world.plan(), passed=False)
    world.forward(1)
    world.write()
    world.forward(20)
    assert (await read(adapter, cursor))[0] == ["run-1"]


@pytest.mark.parametrize("cursor", ['{"after": 1, "high": 1, "began": null, "page": null, "pending": 7}', "7"])
def test_a_cursor_that_is_not_ours(cursor: str) -> None:
    assert decode(cursor, LONG_AGO).after == LONG_AGO.timestamp()
