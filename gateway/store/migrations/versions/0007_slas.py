"""SLAs, how each was judged, and corrections of forecasts."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document, Identity, Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "slas",
        sa.Column("id", Identity, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("spec", Document, nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("active_since", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant()),
        sa.Column("current_id", sa.BigInteger()),
        sa.Column("current_state", sa.Text()),
        sa.Column("current_due_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slas")),
        sa.UniqueConstraint("name", name=op.f("uq_slas_name")),
    )
    op.create_index(op.f("ix_slas_revision"), "slas", ["revision"])
    _create_evaluations()
    op.create_table(
        "forecast_corrections",
        sa.Column("id", Identity, nullable=False),
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("not_before", Instant()),
        sa.Column("comment", sa.Text()),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_corrections")),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_forecast_corrections_pipeline_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_forecast_corrections_pipeline_id_until"), "forecast_corrections", ["pipeline_id", "until"])
    op.create_index(op.f("ix_runs_pipeline_id_ended_at"), "runs", ["pipeline_id", "ended_at"])


def _create_evaluations() -> None:
    op.create_table(
        "sla_evaluations",
        sa.Column("id", Identity, nullable=False),
        sa.Column("sla_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opens_at", Instant(), nullable=False),
        sa.Column("due_at", Instant()),
        sa.Column("completed_at", Instant()),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("measured", sa.Float()),
        sa.Column("predicted_at", Instant()),
        sa.Column("predicted_low", Instant()),
        sa.Column("predicted_high", Instant()),
        sa.Column("breach_probability", sa.Float()),
        sa.Column("path", Document, nullable=False),
        sa.Column("evaluated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_evaluations")),
        sa.UniqueConstraint("sla_id", "key", name=op.f("uq_sla_evaluations_sla_id_key")),
        sa.ForeignKeyConstraint(["sla_id"], ["slas.id"], name=op.f("fk_sla_evaluations_sla_id"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_sla_evaluations_sla_id_opens_at_id"), "sla_evaluations", ["sla_id", "opens_at", "id"])
    op.create_index(op.f("ix_sla_evaluations_state_due_at"), "sla_evaluations", ["state", "due_at"])
    op.create_index(
        "ix_sla_evaluations_open",
        "sla_evaluations",
        ["sla_id"],
        sqlite_where=sa.text("is_final = 0"),
        postgresql_where=sa.text("NOT is_final"),
    )
    op.create_table(
        "sla_steps",
        sa.Column("id", Identity, nullable=False),
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_steps")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["sla_evaluations.id"],
            name=op.f("fk_sla_steps_evaluation_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_sla_steps_evaluation_id_id"), "sla_steps", ["evaluation_id", "id"])
