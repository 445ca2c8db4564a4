"""The few places where SQLite and PostgreSQL differ."""

from typing import Any

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

UpsertStatement = sqlite.Insert | postgresql.Insert


def insert_for(dialect_name: str, table: Table) -> UpsertStatement:
    """An INSERT that knows ON CONFLICT, which both databases spell alike."""
    return sqlite.insert(table) if dialect_name == "sqlite" else postgresql.insert(table)


def prepare_sqlite(engine: Engine, *, read_only: bool) -> None:
    """Write-ahead log, durable commits, foreign keys; a writer takes its lock at BEGIN, a reader cannot write."""

    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # pyright: ignore[reportAttributeAccessIssue]  # we say BEGIN ourselves
        cursor: Any = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA cache_size = -16000")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
