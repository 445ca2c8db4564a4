"""Sessions: reading cannot write, writing is all or nothing, and listeners hear of what is durable."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.domain.records import OrchestratorDefinition
from gateway.store.changes import Change, Subject
from gateway.store.database import Database, DatabaseUrlError
from gateway.store.repository import orchestrators
from tests.waiting import eventually

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
AIRFLOW = OrchestratorDefinition("airflow-prod", "airflow", "http://127.0.0.1:1", {"password": "env:PW"}, {})
BREAK_OFF = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE query LIKE 'LISTEN%' AND datname = current_database()"""


async def test_a_read_session_cannot_write(database):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with database.read() as session:
            await session.scalar(text("DELETE FROM runs"))


async def test_a_failed_unit_of_work_leaves_nothing_behind(database):
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await orchestrators.define(session, AIRFLOW, "CONFIG", NOW)
            raise RuntimeError("the process dies here")
    async with database.read() as session:
        assert await orchestrators.active(session) == []


async def test_listeners_hear_of_a_commit_and_not_of_a_rollback(database):
    await database.start_listening()
    with database.feed.listen(Subject.ORCHESTRATOR) as listener:
        with pytest.raises(RuntimeError):
            async with database.write() as session:
                session.changed(Subject.ORCHESTRATOR, 41)
                raise RuntimeError
        async with database.write() as session:
            session.changed(Subject.RUN, 7)
            session.changed(Subject.ORCHESTRATOR, 42)
        heard = await listener.batch(5)
    assert heard == [Change(Subject.ORCHESTRATOR, 42)]


@pytest.mark.postgres
async def test_another_replica_hears_of_a_commit(postgres_url):
    writer, other = Database(postgres_url), Database(postgres_url)
    await other.start_listening()
    with other.feed.listen(Subject.RUN) as listener:
        async with writer.write() as session:
            session.changed(Subject.RUN, *range(1000))
        heard: list[Change] = []
        async with asyncio.timeout(5):
            while len(heard) < 1000:
                heard += await listener.batch(5)
    assert {change.id for change in heard} == set(range(1000))
    await writer.aclose()
    await other.aclose()


@pytest.mark.postgres
async def test_after_a_broken_line_everybody_is_told_to_read_anew(postgres_url):
    """Nobody knows what was missed; what comes afterwards is heard again."""
    writer, other = Database(postgres_url), Database(postgres_url)
    await other.start_listening()
    with other.feed.listen(Subject.RUN) as listener:
        async with writer.write() as session:
            await session.scalar(text(BREAK_OFF))

        async def is_told() -> bool:
            return listener.overflowed

        await eventually(is_told, within=30)
        async with writer.write() as session:
            session.changed(Subject.RUN, 7)
        assert await listener.batch(30) == [Change(Subject.RUN, 7)]
    await writer.aclose()
    await other.aclose()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://root:hunter2@db/podium", "does not run on mysql"),
        ("sqlite://", "in memory would lose everything"),
        ("what is this hunter2", "is no database URL"),
    ],
)
def test_an_unusable_url_says_what_to_use_and_hides_its_password(url, says):
    with pytest.raises(DatabaseUrlError, match=says) as caught:
        Database(url)
    assert "sqlite:///PATH" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_python_with_an_old_sqlite_is_told_so(monkeypatch, tmp_path):
    monkeypatch.setattr("sqlite3.sqlite_version", "3.26.0")
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 26, 0))
    with pytest.raises(
        DatabaseUrlError, match=r"SQLite 3\.26\.0; Podium needs 3\.35\. Use another Python, or postgres"
    ):
        Database(f"sqlite:///{tmp_path}/podium.sqlite")


async def test_a_writer_that_is_cancelled_at_any_moment_leaves_no_lock_behind(database):
    async def write() -> None:
        async with database.write() as session:
            await orchestrators.define(session, AIRFLOW, "CONFIG", NOW)
            await orchestrators.remove(session, AIRFLOW.name, NOW)

    for turns in range(60):
        task = asyncio.create_task(write())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        await write()
    async with database.read() as session:
        assert await orchestrators.active(session) == []
