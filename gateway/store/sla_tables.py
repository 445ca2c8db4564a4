"""SLAs, how each was judged, and what people correct in forecasts."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from gateway.store.columns import Document, Identity, Instant, Number
from gateway.store.tables import metadata

slas = Table(
    "slas",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("spec", Document, nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("origin", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),  # over all of them: the highest tells whether any has changed
    Column("active_since", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("removed_at", Instant),  # how it was judged stays
    Column("current_id", BigInteger),  # the evaluation that was opened last, and how it stands
    Column("current_state", Text),
    Column("current_due_at", Instant),
    Index(None, "revision"),
)

sla_evaluations = Table(
    "sla_evaluations",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("sla_id", BigInteger, ForeignKey("slas.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("completed_at", Instant),
    Column("run_id", BigInteger),
    Column("is_final", Boolean, nullable=False),
    Column("measured", Number),
    Column("predicted_at", Instant),
    Column("predicted_low", Instant),
    Column("predicted_high", Instant),
    Column("breach_probability", Number),
    Column("path", Document, nullable=False),  # [[pipeline id, run id, expected start, expected end], ...]
    Column("evaluated_at", Instant, nullable=False),
    UniqueConstraint("sla_id", "key"),
    Index(None, "sla_id", "opens_at", "id"),
    Index(None, "state", "due_at"),
    Index(
        "ix_sla_evaluations_open",
        "sla_id",
        sqlite_where=text("is_final = 0"),
        postgresql_where=text("NOT is_final"),
    ),
)

sla_steps = Table(
    "sla_steps",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("evaluation_id", BigInteger, ForeignKey("sla_evaluations.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "evaluation_id", "id"),
)

sla_actions = Table(
    "sla_actions",
    metadata,
    Column("evaluation_id", BigInteger, ForeignKey("sla_evaluations.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),  # among the SLA's actions
    Column("action", Document, nullable=False),  # as it was when it was ordered
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("claimed_until", Instant),
    Column("outcome", Text),
    Column("run_id", BigInteger),
    Column("ordered_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(
        "ix_sla_actions_pending",
        "not_before",
        sqlite_where=text("state = 'PENDING'"),
        postgresql_where=text("state = 'PENDING'"),
    ),
)

forecast_corrections = Table(
    "forecast_corrections",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("pipeline_id", BigInteger, ForeignKey("pipelines.id", ondelete="CASCADE"), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("factor", Number, nullable=False),
    Column("not_before", Instant),
    Column("comment", Text),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index(None, "pipeline_id", "until"),
)
