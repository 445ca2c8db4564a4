"""What checks of assets found is kept once, joined to its run, and the last evaluation counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from gateway.domain.incidents import Severity
from gateway.domain.observation import ObservedAsset, ObservedCheck
from gateway.store.changes import Subject
from gateway.store.repository import assets, check_results
from gateway.store.tables import runs
from tests.api.world import World
from tests.sync.vendor import T0


@pytest.fixture
async def world(database) -> World:
    return World(database, T0)


@pytest.fixture
async def orchestrator(world):
    return await world.orchestrator("dagster")


def check(number: int, *, passed: bool = False, **more: Any) -> ObservedCheck:
    """The evaluation of so many minutes past."""
    at = T0 + timedelta(minutes=number)
    given: dict[str, Any] = {"asset_key": "orders", "name": "has_rows", "run_external_id": f"r{number}", **more}
    return ObservedCheck(passed=passed, at=at, external_id=str(number), **given)


async def save(database, orchestrator, *checks: ObservedCheck) -> int:
    async with database.write() as session:
        return await check_results.save(session, orchestrator.id, checks, T0)


async def failed(database, asset_ids: Sequence[int] | None = None) -> list[check_results.FailedCheck]:
    async with database.read() as session:
        return await check_results.failed(session, asset_ids)


async def test_the_last_evaluation_counts_whatever_comes_first(database, orchestrator):
    await save(database, orchestrator, check(2, passed=True), check(1))
    assert await failed(database) == []
    await save(database, orchestrator, check(3, severity=Severity.WARNING, description="3 rows"))
    (found,) = await failed(database)
    assert (found.asset, found.name, found.severity, found.description) == (
        "orders",
        "has_rows",
        Severity.WARNING,
        "3 rows",
    )
    assert found.at == T0 + timedelta(minutes=3)


async def test_repeating_it_is_no_news(database, orchestrator):
    await database.start_listening()
    with database.feed.listen(Subject.ASSET) as listener:
        assert await save(database, orchestrator, check(1), check(2, name="unique")) == 2
        ((_, asset_id),) = {(change.subject, change.id) for change in await listener.batch(5)}
        assert [one.asset_id for one in await failed(database, [asset_id])] == [asset_id] * 2
        assert await save(database, orchestrator, check(2, name="unique"), check(1)) == 0
        assert await listener.batch(0.05) == []
    assert len(await failed(database)) == 2


async def test_what_is_said_later_of_one_evaluation_replaces_what_was_said(database, orchestrator):
    """A step that is tried again evaluates again, in the same run."""
    again = replace(check(1, passed=True), at=T0 + timedelta(minutes=5))
    assert await save(database, orchestrator, check(1)) == 1
    assert await save(database, orchestrator, again) == 1
    assert await save(database, orchestrator, check(1)) == 0
    assert await failed(database) == []


async def test_its_run_may_become_known_later(database, world, orchestrator):
    await save(database, orchestrator, check(1))
    assert [(one.run_id, one.pipeline) for one in await failed(database)] == [(None, None)]
    pipeline = await world.pipeline(orchestrator, "etl", owners=["ann@example.com"])
    run = await world.run(pipeline, "r1")
    await database.start_listening()
    with database.feed.listen(Subject.ASSET) as listener:
        await save(database, orchestrator)
        assert len(await listener.batch(5)) == 1
        await save(database, orchestrator)
        assert await listener.batch(0.05) == []
    (found,) = await failed(database)
    assert (found.run_id, found.pipeline, found.owners) == (run.id, "etl", ["ann@example.com"])


async def test_a_run_of_another_orchestrator_or_of_two_pipelines_is_not_it(database, world, orchestrator):
    other = await world.orchestrator("elsewhere")
    await world.run(await world.pipeline(other, "etl"), "r1")
    await save(database, orchestrator, check(1), check(2, name="unique"))
    for key in ("one", "two"):
        await world.run(await world.pipeline(orchestrator, key), "r2")
    await save(database, orchestrator)
    assert [one.run_id for one in await failed(database)] == [None, None]


async def test_it_goes_with_its_run(database, world, orchestrator):
    run = await world.run(await world.pipeline(orchestrator, "etl"), "r1")
    await save(database, orchestrator, check(1), check(2, name="unique"))
    async with database.write() as session:
        await session.execute(delete(runs).where(runs.c.id == run.id))
    assert [one.name for one in await failed(database)] == ["unique"]


async def test_of_assets_and_checks_that_are_gone_nothing_is_said(database, orchestrator):
    await save(database, orchestrator, check(1), check(1, name="unique"))

    async def listed(checks: list[str] | None) -> None:
        async with database.write() as session:
            await assets.save_listed(session, orchestrator.id, [ObservedAsset("orders", "orders", checks=checks)], T0)

    await listed(None)
    assert len(await failed(database)) == 2
    await listed(["unique"])
    assert [one.name for one in await failed(database)] == ["unique"]
    async with database.write() as session:
        await assets.retire_unlisted(session, orchestrator.id, [])
    assert await failed(database) == []
