"""Lineage: the log of received events, and what they add up to.

Rows of the state have ids that are made of names, so that every replica, and every order of events, gives them the same
ones. Times are whole microseconds since 1970, as events are merged by them.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from gateway.store.columns import Identity, Instant, Packed
from gateway.store.tables import metadata


def _made_of_names() -> Column[Any]:
    return Column("id", Identity, primary_key=True, autoincrement=False)


lineage_events = Table(
    "lineage_events",
    metadata,
    Column("id", Identity, primary_key=True),  # in the order of their commits
    Column("digest", LargeBinary, nullable=False, unique=True),  # a repeated event is no second one
    Column("received_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice, also after old events were removed
)

lineage_progress = Table(
    "lineage_progress",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),  # of the last event that has been taken up
)

lineage_jobs = Table(
    "lineage_jobs",
    metadata,
    _made_of_names(),
    Column("namespace", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("facets", Packed, nullable=False),
    Column("parent", Packed),
    Column("version", Packed),  # [rank, at, run]: which run's edges count now
    Column("version_run_id", BigInteger),
    Column("edges_id", BigInteger),
    Column("latest_run_id", BigInteger),
    Column("latest_at", BigInteger),
    Index(None, "namespace", "name"),
)

lineage_runs = Table(
    "lineage_runs",
    metadata,
    _made_of_names(),
    Column("job_id", BigInteger, nullable=False),
    Column("run_id", Text, nullable=False),  # empty where a job was only described
    Column("state", Text, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("completed_at", BigInteger),
    Column("version_rank", Integer, nullable=False),  # whose edges count first; 0 where it names no datasets
    Column("edges_id", BigInteger),
    Column("document", Packed, nullable=False),
    Index(None, "job_id", "last_at"),
    Index(None, "last_at"),
    Index(None, "edges_id"),
)

lineage_edges = Table(
    "lineage_edges",
    metadata,
    _made_of_names(),
    Column("body", LargeBinary, nullable=False),
)

lineage_names = Table(
    "lineage_names",
    metadata,
    _made_of_names(),
    Column("namespace", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_own", Boolean, nullable=False),  # False where it is only mentioned
    Column("dataset_id", BigInteger, nullable=False),  # the name that stands for all names of one dataset
    Column("document", Packed, nullable=False),
    Column("declared_edges_id", BigInteger),
    Column("written_at", BigInteger),
    Index(None, "dataset_id"),
    Index(None, "namespace", "name"),
)

lineage_links = Table(
    "lineage_links",
    metadata,
    Column("name_id", BigInteger, primary_key=True),
    Column("other_id", BigInteger, primary_key=True),
    Column("reason", Text, primary_key=True),
    Index(None, "other_id"),
)

lineage_versions = Table(
    "lineage_versions",
    metadata,
    _made_of_names(),
    Column("name_id", BigInteger, nullable=False),
    Column("run_id", BigInteger, nullable=False),  # of lineage_runs
    Column("created_at", BigInteger, nullable=False),
    Column("version", Text),  # the producer's own
    Index(None, "name_id", "created_at"),
    Index(None, "run_id"),
)
