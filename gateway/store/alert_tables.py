"""Incidents with their signals and timelines, silences, and the notifications that are on their way."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from gateway.store.columns import Document, Identity, Instant
from gateway.store.tables import metadata

incidents = Table(
    "incidents",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("title", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("root_id", BigInteger),  # of signals
    Column("opened_at", Instant, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text),
    Column("quiet_since", Instant),
    Column("resolved_at", Instant),
    Column("reopened", Integer, nullable=False),
    Column("merged_into", BigInteger),
    Index(None, "opened_at", "id"),
    Index(None, "resolved_at"),
    Index(
        "ix_incidents_open",
        "id",
        sqlite_where=text("resolved_at IS NULL"),
        postgresql_where=text("resolved_at IS NULL"),
    ),
)

signals = Table(
    "signals",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("incident_id", BigInteger, ForeignKey("incidents.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("orchestrator_id", BigInteger),
    Column("pipeline_id", BigInteger),
    Column("run_id", BigInteger),
    Column("dataset_id", BigInteger),  # of lineage_names
    Column("sla_id", BigInteger),
    Column("dependency_id", BigInteger),
    Column("message", Text, nullable=False),
    Column("labels", Document, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False),  # by Podium, when it began last
    Column("ended_at", Instant),
    Column("times", Integer, nullable=False),
    Column("dismissed_at", Instant),  # by a person: what began before is not to be spoken of again
    UniqueConstraint("incident_id", "key"),
    Index(None, "pipeline_id", "began_at"),
    Index(
        "ix_signals_dismissed",
        "key",
        sqlite_where=text("dismissed_at IS NOT NULL"),
        postgresql_where=text("dismissed_at IS NOT NULL"),
    ),
)

incident_steps = Table(
    "incident_steps",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("incident_id", BigInteger, ForeignKey("incidents.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", Text),
    Index(None, "incident_id", "id"),
)

notifications = Table(
    "notifications",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("incident_id", BigInteger, ForeignKey("incidents.id", ondelete="CASCADE"), nullable=False),
    Column("receiver", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("fingerprint", Text, nullable=False),
    Column("document", Document, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("claimed_until", Instant),
    Column("last_error", Text),
    Column("thread", Document, nullable=False),  # what the receiver called it, for those that follow
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("incident_id", "receiver", "sequence"),
    Index(
        "ix_notifications_pending",
        "not_before",
        sqlite_where=text("state = 'PENDING'"),
        postgresql_where=text("state = 'PENDING'"),
    ),
)

silences = Table(
    "silences",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("matchers", Document, nullable=False),  # as they are written
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "ends_at"),
)
