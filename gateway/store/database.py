"""Opens the database and hands out sessions: one to read with, one to write with, which are different types."""

import asyncio
import contextlib
import sqlite3
import zlib
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncpg
import orjson
from sqlalchemy import CursorResult, Executable, Row, Table, func, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gateway.store.changes import CHANNEL, Change, ChangeFeed, Subject, messages
from gateway.store.dialect import UpsertStatement, insert_for, prepare_sqlite

T = TypeVar("T")
RECONNECT_SECONDS = 1.0
KEEPALIVE_SECONDS = 30.0
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
#: RETURNING came with 3.35, the tokenizer "trigram" with 3.34 (SQLite's release notes).
SQLITE_NEEDED = (3, 35)


class DatabaseUrlError(ValueError):
    """The database URL names a database that Podium does not run on."""


class ReadSession:
    """A transaction that cannot write: the database itself refuses."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._connection.dialect.name

    async def all(self, statement: Executable) -> Sequence[Row[Any]]:
        """Every row."""
        return (await uninterrupted(self._connection.execute(statement))).all()

    async def first(self, statement: Executable) -> Row[Any] | None:
        """The first row, if any."""
        return (await uninterrupted(self._connection.execute(statement))).first()

    async def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, None where there is none."""
        return (await uninterrupted(self._connection.execute(statement))).scalar()


class WriteSession(ReadSession):
    """A unit of work: everything or nothing, and listeners hear of it only once it is durable."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._changes: dict[Change, None] = {}

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run an INSERT, UPDATE or DELETE; with a list of parameters once for each."""
        return await uninterrupted(self._connection.execute(statement, parameters))

    async def serialize(self, subject: str, identity: int, *, shared: bool = False) -> None:
        """Let nobody else through here with the same arguments until this unit of work ends.

        ``shared``: but for others who share. On SQLite the writer is alone anyway.
        """
        if self.dialect == "postgresql":
            lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
            await self._connection.execute(select(lock(zlib.crc32(subject.encode()) - 2**31, identity)))

    def upsert(self, table: Table) -> UpsertStatement:
        """An INSERT with ON CONFLICT."""
        return insert_for(self.dialect, table)

    def changed(self, subject: Subject, *ids: int) -> None:
        """Note what listeners shall hear of."""
        self._changes.update((Change(subject, identity), None) for identity in ids)

    @property
    def changes(self) -> list[Change]:
        """What has been noted, in order."""
        return list(self._changes)


class Database:
    """The one database of an installation."""

    def __init__(self, url: str) -> None:
        self.url = normalize(url)
        self.feed = ChangeFeed()
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writing = asyncio.Lock()  # SQLite takes one writer; waiting here costs less than its busy loop
        self._write_engine = self._engine(read_only=False)
        self._read_engine = self._engine(read_only=True) if self.is_sqlite else self._write_engine
        self._listening: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncGenerator[ReadSession]:
        """A consistent view of what is committed."""
        async with self._read_engine.connect() as connection:
            if not self.is_sqlite:
                await connection.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
            yield ReadSession(connection)

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncGenerator[WriteSession]:
        """Commits when the block ends, rolls everything back where it raises."""
        async with self._writing if self.is_sqlite else contextlib.nullcontext():
            async with self._unit_of_work() as session:
                yield session
                if not self.is_sqlite:
                    await self._notify(session)
            if self.is_sqlite:
                self.feed.publish(session.changes)

    @contextlib.asynccontextmanager
    async def _unit_of_work(self) -> AsyncGenerator[WriteSession]:
        connection = AsyncConnection(self._write_engine)
        try:
            await uninterrupted(connection.start())
            await uninterrupted(connection.begin())
            yield WriteSession(connection)
            await uninterrupted(connection.commit())
        finally:
            await uninterrupted(connection.close())  # rolls back what was not committed

    @property
    def engine(self) -> AsyncEngine:
        """For migrations."""
        return self._write_engine

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """Every engine, for instrumentation."""
        return (self._write_engine, self._read_engine) if self.is_sqlite else (self._write_engine,)

    async def start_listening(self) -> None:
        """Hear of other replicas' commits (PostgreSQL); on SQLite there is nobody else."""
        if self.is_sqlite:
            return
        heard = asyncio.Event()
        self._listening = asyncio.create_task(self._listen(heard), name="database-listener")
        await heard.wait()

    async def is_reachable(self) -> bool:
        """Whether a trivial query answers."""
        try:
            async with self.read() as session:
                return await session.scalar(text("SELECT 1")) == 1
        except (OSError, SQLAlchemyError):
            return False

    async def aclose(self) -> None:
        """Close every connection."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        await self._write_engine.dispose()
        if self._read_engine is not self._write_engine:
            await self._read_engine.dispose()

    async def _listen(self, heard: asyncio.Event) -> None:
        """Listen for ever; after a broken connection nobody knows what was missed, so everyone is told to read anew."""
        while True:
            try:
                await self._listen_once(heard)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self, heard: asyncio.Event) -> None:
        """Until the connection is lost; asks now and then, because a line that is cut tells nobody."""
        dsn = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = cast("Any", await asyncpg.connect(dsn))
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(partial(_set, lost))
            await connection.add_listener(CHANNEL, self._hear)
            if heard.is_set():
                self.feed.overflow()
            heard.set()
            while not lost.is_set():
                try:
                    async with asyncio.timeout(KEEPALIVE_SECONDS):
                        await lost.wait()
                except TimeoutError:
                    await connection.execute("SELECT 1", timeout=KEEPALIVE_SECONDS)
        finally:
            connection.terminate()

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: Any) -> None:
        self.feed.publish_message(str(payload))

    async def _notify(self, session: WriteSession) -> None:
        for payload in messages(session.changes):
            await session.scalar(
                text("SELECT pg_notify(:channel, :payload)").bindparams(channel=CHANNEL, payload=payload)
            )

    def _engine(self, *, read_only: bool) -> AsyncEngine:
        options: dict[str, Any] = {"json_serializer": _dumps, "json_deserializer": orjson.loads}
        if not self.is_sqlite:
            return create_async_engine(self.url, pool_size=10, max_overflow=10, pool_pre_ping=True, **options)
        if self.url.database:
            Path(self.url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(self.url, pool_size=4 if read_only else 1, max_overflow=4, **options)
        prepare_sqlite(engine.sync_engine, read_only=read_only)
        return engine


async def uninterrupted(work: Awaitable[T]) -> T:
    """Await ``work`` to its end, also when this task is cancelled meanwhile; the cancellation is passed on after it.

    A statement that is broken off leaves a SQLite connection behind that nobody closes and that may hold the lock.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except BaseException:  # noqa: BLE001  # it is the task's own, and raised from its result below
            break
    if cancelled is not None:
        raise cancelled
    return task.result()


def normalize(url: str) -> URL:
    """The URL with the driver that Podium uses. DatabaseUrlError for another database or an unreadable URL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text itself may hold a password, so it is not repeated.
        raise DatabaseUrlError("That is no database URL; use sqlite:///PATH or postgresql://HOST/NAME.") from None
    driver = DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        name = parsed.get_backend_name()
        raise DatabaseUrlError(f"Podium does not run on {name}; use sqlite:///PATH or postgresql://HOST/NAME.")
    if driver.startswith("sqlite") and parsed.database in {None, "", ":memory:"}:
        raise DatabaseUrlError("A database in memory would lose everything at the end; use sqlite:///PATH.")
    if driver.startswith("sqlite") and sqlite3.sqlite_version_info < SQLITE_NEEDED:
        needed = ".".join(map(str, SQLITE_NEEDED))
        raise DatabaseUrlError(
            f"This Python comes with SQLite {sqlite3.sqlite_version}; Podium needs {needed}. "
            "Use another Python, or postgresql://HOST/NAME."
        )
    return parsed.set(drivername=driver)


def _set(event: asyncio.Event, _connection: object) -> None:
    event.set()


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
