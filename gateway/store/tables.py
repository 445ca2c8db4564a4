"""Every table. Queries on them are in ``gateway.store.repository``; changes to them need a migration."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gateway.store.columns import Document, Identity, Instant, Seconds

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _identity() -> Column[Any]:
    return Column("id", Identity, primary_key=True)


def _belongs_to(table: str, *, primary_key: bool = False) -> Column[Any]:
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(f"{table.removesuffix('s')}_id", BigInteger, target, nullable=False, primary_key=primary_key)


orchestrators = Table(
    "orchestrators",
    metadata,
    _identity(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("auth", Document, nullable=False),  # references to secrets, never secrets
    Column("options", Document, nullable=False),
    Column("poll_seconds", Seconds, nullable=False),
    Column("backfill_seconds", Seconds, nullable=False),
    Column("lineage_namespaces", Document, nullable=False),
    Column("origin", Text, nullable=False),
    Column("version", Text),
    Column("capabilities", Document, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_since", Instant, nullable=False),
    Column("status_message", Text),
    Column("last_synced_at", Instant),
    Column("pipelines_listed_at", Instant),  # all of them: what was cut off is no list
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),  # no longer configured; its history stays
)

sync_cursors = Table(
    "sync_cursors",
    metadata,
    _belongs_to("orchestrators", primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

pipelines = Table(
    "pipelines",
    metadata,
    _identity(),
    _belongs_to("orchestrators"),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("owners", Document, nullable=False),
    Column("tags", Document, nullable=False),
    Column("schedule", Text),
    Column("timezone", Text),
    Column("next_run_at", Instant),
    Column("is_paused", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("url", Text),
    Column("search", Text, nullable=False),  # lower case key and name
    Column("revision", Text),  # of the graph, as last listed
    Column("upstream", Document, nullable=False, server_default="[]"),  # keys; see ObservedPipeline
    Column("structure_revision", Text),  # of the graph, as last read
    Column("structure_read_at", Instant),
    Column("latest_run_id", BigInteger),
    Column("latest_state", Text),
    Column("latest_sort_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    UniqueConstraint("orchestrator_id", "key"),
    Index(None, "latest_state"),
    Index(None, "search", "id"),
)

pipeline_labels = Table(
    "pipeline_labels",
    metadata,
    _belongs_to("pipelines", primary_key=True),
    Column("kind", Text, primary_key=True),  # owner | tag
    Column("value", Text, primary_key=True),
    Index(None, "kind", "value"),
)

tasks = Table(
    "tasks",
    metadata,
    _belongs_to("pipelines", primary_key=True),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("type", Text),
    Column("group", Text),
    Column("url", Text),
    Column("position", Integer, nullable=False),
)

task_edges = Table(
    "task_edges",
    metadata,
    _belongs_to("pipelines", primary_key=True),
    Column("upstream", Text, primary_key=True),
    Column("downstream", Text, primary_key=True),
)

runs = Table(
    "runs",
    metadata,
    _identity(),
    _belongs_to("orchestrators"),
    _belongs_to("pipelines"),
    Column("external_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("native_state", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("logical_at", Instant),
    Column("partition", Text),
    Column("queued_at", Instant),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("parameters", Document, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("url", Text),
    Column("parent_external_id", Text),
    Column("sort_at", Instant, nullable=False),  # set once, so that pages of runs never shift
    Column("observed_at", Instant, nullable=False),  # when Podium first saw this state
    Column("read_at", Instant, nullable=False),  # when the read began that this row comes from
    Column("revision", Integer, nullable=False),  # counts changes; guards updates
    Column("tasks_due_at", Instant),  # task runs are to be read then; null: they are up to date
    UniqueConstraint("pipeline_id", "external_id"),
    Index(None, "orchestrator_id", "external_id"),
    Index(None, "sort_at", "id"),
    Index(None, "orchestrator_id", "sort_at", "id"),
    Index(None, "pipeline_id", "sort_at", "id"),
    Index(None, "pipeline_id", "logical_at"),
    Index(None, "pipeline_id", "partition"),
    Index(None, "pipeline_id", "ended_at"),
    Index(None, "state", "sort_at", "id"),
    Index(None, "started_at", "state"),
    Index("ix_runs_duration", text("(ended_at - started_at)"), "id"),
    Index(
        "ix_runs_tasks_due",
        "orchestrator_id",
        "tasks_due_at",
        sqlite_where=text("tasks_due_at IS NOT NULL"),
        postgresql_where=text("tasks_due_at IS NOT NULL"),
    ),
)

run_states = Table(
    "run_states",
    metadata,
    _identity(),
    _belongs_to("runs"),
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("native_state", Text, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Index(None, "run_id", "id"),
)

task_runs = Table(
    "task_runs",
    metadata,
    _identity(),
    _belongs_to("runs"),
    Column("task", Text, nullable=False),
    Column("map_index", Integer, nullable=False),  # -1: not mapped, so that the key below holds on both databases
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("native_state", Text, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("url", Text),
    Column("external_id", Text),
    Column("observed_at", Instant, nullable=False),
    UniqueConstraint("run_id", "task", "map_index", "attempt"),
)

assets = Table(
    "assets",
    metadata,
    _identity(),
    _belongs_to("orchestrators"),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("uri", Text),
    Column("group", Text),
    Column("description", Text),
    Column("kinds", Document, nullable=False),
    Column("url", Text),
    Column("upstream", Document, nullable=False),  # keys of assets it is made from
    Column("producers", Document, nullable=False),  # [[pipeline key, task key or null], ...]
    Column("consumers", Document, nullable=False),
    Column("checks", Document),  # names; null: not told
    Column("is_active", Boolean, nullable=False),
    Column("last_event_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    UniqueConstraint("orchestrator_id", "key"),
)

asset_events = Table(
    "asset_events",
    metadata,
    _identity(),
    _belongs_to("assets"),
    Column("external_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("run_external_id", Text),
    Column("task", Text),
    Column("partition", Text),
    Column("metadata", Document, nullable=False),
    Column("observed_at", Instant, nullable=False),
    UniqueConstraint("asset_id", "external_id"),
    Index(None, "asset_id", "at"),
)

check_results = Table(
    "check_results",
    metadata,
    _identity(),
    _belongs_to("assets"),
    Column("name", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("severity", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("description", Text),
    Column("run_id", BigInteger, ForeignKey("runs.id", ondelete="CASCADE")),  # null: in no run, or not known yet
    Column("run_external_id", Text),
    Column("task", Text),
    Column("partition", Text),
    Column("observed_at", Instant, nullable=False),
    UniqueConstraint("asset_id", "name", "external_id"),
    Index(None, "asset_id", "name", "at"),
    Index(None, "run_id"),
    Index(
        "ix_check_results_failed",
        "asset_id",
        "name",
        sqlite_where=text("passed IS 0"),
        postgresql_where=text("passed IS false"),
    ),
    Index(
        "ix_check_results_unattached",
        "run_external_id",
        sqlite_where=text("run_id IS NULL AND run_external_id IS NOT NULL"),
        postgresql_where=text("run_id IS NULL AND run_external_id IS NOT NULL"),
    ),
)

commands = Table(
    "commands",
    metadata,
    _identity(),
    _belongs_to("orchestrators"),
    _belongs_to("pipelines"),
    Column("idempotency_key", Text, nullable=False),
    Column("parameters", Document, nullable=False),
    Column("logical_at", Instant),
    Column("partition", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("run_id", BigInteger, ForeignKey("runs.id", ondelete="SET NULL")),
    Column("error", Text),
    Column("error_kind", Text),
    Column("requested_by", Text, nullable=False),
    Column("firing_id", BigInteger),  # the firing that asks for it; null: a person does
    Column("claimed_until", Instant),  # another replica may take it over after that
    Column("claims", Integer, nullable=False),  # fencing token: an outdated claim can record nothing
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("pipeline_id", "idempotency_key"),
    Index(None, "state", "claimed_until"),
)

tokens = Table(
    "tokens",
    metadata,
    _identity(),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("prefix", Text, nullable=False, unique=True),  # the public part, by which a token is found
    Column("hash", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("token", BigInteger, nullable=False),  # grows with every new holder
    Column("expires_at", Instant, nullable=False),
)

definitions = Table(
    "definitions",
    metadata,
    Column("section", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("document", Document, nullable=False),
)
