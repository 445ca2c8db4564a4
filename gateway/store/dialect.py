"""The few places where SQLite and PostgreSQL differ."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Interval,
    Table,
    bindparam,
    cast,
    column,
    event,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.store.columns import EPOCH, MICROSECOND, Instant

UpsertStatement = sqlite.Insert | postgresql.Insert

#: Pages of 4 KB that the log of SQLite holds until they go where they belong: a page that is written often goes once.
CHECKPOINT_PAGES = 8_000


def insert_for(dialect_name: str, table: Table) -> UpsertStatement:
    """An INSERT that knows ON CONFLICT, which both databases spell alike."""
    return sqlite.insert(table) if dialect_name == "sqlite" else postgresql.insert(table)


def is_among(dialect_name: str, identity: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """As IN, with one parameter for however many ids: the statement is the same each time, and there is no limit."""
    if dialect_name == "sqlite":
        given = func.json_each(orjson.dumps(list(ids)).decode()).table_valued(column("value", BigInteger))
        return identity.in_(select(given.c.value))
    return identity == func.any(bindparam(None, list(ids), type_=postgresql.ARRAY(BigInteger)))


def seconds_between(dialect_name: str, later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[float]:
    """From one instant to another."""
    if dialect_name == "sqlite":
        return type_coerce(elapsed(dialect_name, later, earlier) / literal(1_000_000.0, Float), Float)
    return cast(func.extract("epoch", later - earlier), Float)


def elapsed(dialect_name: str, later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[Any]:
    """From one instant to another, spelt as in an index on it; compares with ``as_elapsed``."""
    if dialect_name == "sqlite":
        return type_coerce(type_coerce(later, BigInteger) - type_coerce(earlier, BigInteger), BigInteger)
    return type_coerce(later - earlier, Interval)


def as_elapsed(dialect_name: str, length: timedelta) -> ColumnElement[Any]:
    """A length of time, as the database keeps it."""
    return literal(length // MICROSECOND, BigInteger) if dialect_name == "sqlite" else literal(length, Interval)


def stretch(dialect_name: str, at: ColumnElement[Any], since: datetime, length: timedelta) -> ColumnElement[int]:
    """Which stretch of time an instant lies in, counted from 0 at ``since``."""
    if dialect_name == "sqlite":
        begin, micros = (since - EPOCH) // MICROSECOND, length // MICROSECOND
        return type_coerce((type_coerce(at, BigInteger) - begin) // micros, BigInteger)
    seconds = func.extract("epoch", at - bindparam(None, since, type_=Instant))
    return cast(func.floor(seconds / length.total_seconds()), BigInteger)


def prepare_sqlite(engine: Engine, *, read_only: bool) -> None:
    """Write-ahead log, durable commits, foreign keys; a writer takes its lock at BEGIN, a reader cannot write."""

    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # pyright: ignore[reportAttributeAccessIssue]  # we say BEGIN ourselves
        cursor: Any = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        cursor.execute("PRAGMA cache_size = -16000")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
