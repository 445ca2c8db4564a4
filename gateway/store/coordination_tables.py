"""Cross-system dependencies, their firings, and what has happened that is still to be looked at."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from gateway.store.columns import Document, Identity, Instant
from gateway.store.tables import metadata

dependencies = Table(
    "dependencies",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("spec", Document, nullable=False),
    Column("target", Text, nullable=False),  # orchestrator/key
    Column("is_enabled", Boolean, nullable=False),
    Column("is_paused", Boolean, nullable=False, server_default=false()),  # by hand, whatever its definition says
    Column("origin", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),  # over all of them: the highest tells whether any has changed
    Column("active_since", Instant, nullable=False),
    Column("removed_at", Instant),  # its firings stay
    Index(None, "revision"),
)

backfills = Table(
    "backfills",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("dependency_id", BigInteger, ForeignKey("dependencies.id", ondelete="CASCADE"), nullable=False),
    Column("max_active", Integer, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

firings = Table(
    "firings",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("dependency_id", BigInteger, ForeignKey("dependencies.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("command_id", BigInteger, ForeignKey("commands.id", ondelete="SET NULL")),
    Column("run_id", BigInteger, ForeignKey("runs.id", ondelete="SET NULL")),
    Column("attempts", Integer, nullable=False),
    Column("backfill_id", BigInteger),  # of backfills
    Column("is_possible_double", Boolean, nullable=False, server_default=false()),
    Column("last_error", Text),
    Column("not_before", Instant),  # when a READY one is to be sent, or a WAITING one to be looked at again
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("ready_at", Instant),
    Column("sent_at", Instant),  # last
    Column("triggered_at", Instant),
    Column("ended_at", Instant),
    Column("expires_at", Instant),
    UniqueConstraint("dependency_id", "key", "generation"),
    Index(None, "dependency_id", "id"),
    Index(None, "state", "not_before"),
    Index(None, "run_id"),
    Index(None, "backfill_id"),
    Index(None, "sent_at"),
    Index(
        "ix_firings_expiring",
        "expires_at",
        sqlite_where=text("state = 'WAITING' AND expires_at IS NOT NULL"),
        postgresql_where=text("state = 'WAITING' AND expires_at IS NOT NULL"),
    ),
)

firing_conditions = Table(
    "firing_conditions",
    metadata,
    Column("firing_id", BigInteger, ForeignKey("firings.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),  # of the condition in its dependency
    Column("at", Instant, nullable=False),
    Column("run_id", BigInteger),
    Column("attempt", Integer),
)

firing_steps = Table(
    "firing_steps",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("firing_id", BigInteger, ForeignKey("firings.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "firing_id", "id"),
)

ended_runs = Table(
    "ended_runs",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("run_id", BigInteger, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
)

written_datasets = Table(
    "written_datasets",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("name_id", BigInteger, nullable=False),  # of lineage_names
    Column("at", BigInteger, nullable=False),  # microseconds since 1970
)
