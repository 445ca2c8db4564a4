"""Incidents with their signals and timelines, silences, and notifications."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document, Identity, Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _create_incidents()
    _create_signals()
    _create_incident_steps()
    _create_notifications()
    _create_silences()


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", Identity, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("root_id", sa.BigInteger()),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("acknowledged_at", Instant()),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("quiet_since", Instant()),
        sa.Column("resolved_at", Instant()),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["id"],
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(op.f("ix_incidents_opened_at_id"), "incidents", ["opened_at", "id"])
    op.create_index(op.f("ix_incidents_resolved_at"), "incidents", ["resolved_at"])


def _create_signals() -> None:
    op.create_table(
        "signals",
        sa.Column("id", Identity, nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("orchestrator_id", sa.BigInteger()),
        sa.Column("pipeline_id", sa.BigInteger()),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("dataset_id", sa.BigInteger()),
        sa.Column("sla_id", sa.BigInteger()),
        sa.Column("dependency_id", sa.BigInteger()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("labels", Document, nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("noted_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("dismissed_at", Instant()),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_signals_incident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.UniqueConstraint("incident_id", "key", name=op.f("uq_signals_incident_id_key")),
    )
    op.create_index(
        "ix_signals_dismissed",
        "signals",
        ["key"],
        sqlite_where=sa.text("dismissed_at IS NOT NULL"),
        postgresql_where=sa.text("dismissed_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_signals_pipeline_id_began_at"), "signals", ["pipeline_id", "began_at"])


def _create_incident_steps() -> None:
    op.create_table(
        "incident_steps",
        sa.Column("id", Identity, nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_steps_incident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_steps")),
    )
    op.create_index(op.f("ix_incident_steps_incident_id_id"), "incident_steps", ["incident_id", "id"])


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", Identity, nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("claimed_until", Instant()),
        sa.Column("last_error", sa.Text()),
        sa.Column("thread", Document, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant()),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_notifications_incident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "incident_id", "receiver", "sequence", name=op.f("uq_notifications_incident_id_receiver_sequence")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_notifications_key")),
    )
    op.create_index(
        "ix_notifications_pending",
        "notifications",
        ["not_before"],
        sqlite_where=sa.text("state = 'PENDING'"),
        postgresql_where=sa.text("state = 'PENDING'"),
    )


def _create_silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", Identity, nullable=False),
        sa.Column("matchers", Document, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_index(op.f("ix_silences_ends_at"), "silences", ["ends_at"])
