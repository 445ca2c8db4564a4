"""Asset checks of a real Dagster: what they find is read, and is a signal until they pass."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.dagster.adapter import DagsterAdapter
from adapters.sdk.protocol import utc_now
from gateway.alerts.detect import asset_checks
from gateway.app.demo.dagster import LocalDagster
from gateway.domain.observation import ObservedCheck
from gateway.domain.states import RunState
from gateway.store import migrations
from gateway.store.database import Database
from gateway.sync.streams import Reader
from tests.api.world import World
from tests.live.test_dagster import adapter, connect, plain_connection, reached, start

__all__ = ["adapter", "connect"]

pytestmark = pytest.mark.live

CHECKED = "tests_checked/write_and_check"


async def test_asset_checks(adapter: DagsterAdapter) -> None:
    """Both fail, then one breaks behind a write that hides what was found, then both pass."""
    cursor: str | None = None
    since = datetime.fromtimestamp(time.time() - 1, UTC)

    async def checked(pipeline: str, **rows: Any) -> set[tuple[str, bool, str, str | None]]:
        nonlocal cursor
        parameters = {"ops": {"payments": {"config": rows}}} if rows else {}
        run = await reached(adapter, await start(adapter, pipeline, parameters), RunState.SUCCESS, RunState.FAILED)
        found: list[ObservedCheck] = []
        async for page in adapter.asset_events(cursor, since):
            found += page.checks
            cursor = page.cursor
        mine = [one for one in found if one.run_external_id == run.external_id]
        assert all(run.started_at <= one.at <= run.ended_at for one in mine if run.started_at and run.ended_at)
        return {(one.name, one.passed, one.severity.value, one.description) for one in mine}

    (payments,) = [one async for page in adapter.assets() for one in page if one.key == "payments"]
    assert payments.checks == ["has_rows", "not_negative"]
    assert await checked(CHECKED, rows=0, negative=2) == {
        ("has_rows", False, "ERROR", None),
        ("not_negative", False, "WARNING", "2 rows are negative"),
    }
    well = ("not_negative", True, "WARNING", "0 rows are negative")
    assert await checked(CHECKED, breaks=True) == {well}
    assert await checked("tests_checked/only_write", rows=3) == set()
    assert await checked("tests_checked/only_check") == {("has_rows", True, "ERROR", None), well}


async def test_an_asset_check_that_fails_is_a_signal_until_it_passes(dagster_server: LocalDagster, tmp_path) -> None:
    """From the run at the real Dagster to what Podium says is wrong, and back."""
    database = Database(f"sqlite:///{tmp_path}/podium.sqlite")
    await migrations.upgrade(database)
    adapter = DagsterAdapter(plain_connection(dagster_server.url))
    try:
        orchestrator = await World(database, utc_now()).orchestrator("dagster", "dagster")
        reader = Reader(database, orchestrator, adapter, utc_now)

        async def wrong_after(**rows: Any) -> list[tuple[str, str, str, bool]]:
            parameters = {"ops": {"payments": {"config": rows}}}
            run = await start(adapter, CHECKED, parameters)
            await reached(adapter, run, RunState.SUCCESS)
            await reader.read_assets()
            await reader.read_pipelines()
            await reader.read_runs()
            await reader.read_assets()
            async with database.read() as session:
                found = await asset_checks.failed(session, None)
            facts = [one for some in found.values() for one in some]
            return [(one.message, one.severity, one.labels["pipeline"], bool(one.about.run_id)) for one in facts]

        assert await wrong_after(rows=0, negative=2) == [
            ("payments failed its check has_rows", "ERROR", CHECKED, True),
            ("payments failed its check not_negative: 2 rows are negative", "WARNING", CHECKED, True),
        ]
        assert await wrong_after(rows=3, negative=1) == [
            ("payments failed its check not_negative: 1 rows are negative", "WARNING", CHECKED, True),
        ]
        assert await wrong_after(rows=3) == []
    finally:
        await adapter.aclose()
        await database.aclose()
