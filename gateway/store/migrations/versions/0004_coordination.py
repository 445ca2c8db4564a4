"""Cross-system dependencies and their firings."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document, Identity, Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "dependencies",
        sa.Column("id", Identity, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("spec", Document, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("active_since", Instant(), nullable=False),
        sa.Column("removed_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependencies")),
        sa.UniqueConstraint("name", name=op.f("uq_dependencies_name")),
    )
    op.create_index(op.f("ix_dependencies_revision"), "dependencies", ["revision"])
    _create_firings()
    _create_what_belongs_to_firings()
    op.create_table(
        "ended_runs",
        sa.Column("id", Identity, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_runs")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_ended_runs_run_id"), ondelete="CASCADE"),
    )
    op.create_table(
        "written_datasets",
        sa.Column("id", Identity, nullable=False),
        sa.Column("name_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_datasets")),
    )
    op.add_column("commands", sa.Column("firing_id", sa.BigInteger()))
    op.create_index(op.f("ix_runs_pipeline_id_logical_at"), "runs", ["pipeline_id", "logical_at"])
    op.create_index(op.f("ix_runs_pipeline_id_partition"), "runs", ["pipeline_id", "partition"])


def _create_firings() -> None:
    op.create_table(
        "firings",
        sa.Column("id", Identity, nullable=False),
        sa.Column("dependency_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("command_id", sa.BigInteger()),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("not_before", Instant()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("ready_at", Instant()),
        sa.Column("triggered_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.Column("expires_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firings")),
        sa.ForeignKeyConstraint(
            ["dependency_id"], ["dependencies.id"], name=op.f("fk_firings_dependency_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["command_id"], ["commands.id"], name=op.f("fk_firings_command_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_firings_run_id"), ondelete="SET NULL"),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_firings_idempotency_key")),
        sa.UniqueConstraint("dependency_id", "key", "generation", name=op.f("uq_firings_dependency_id_key_generation")),
    )
    op.create_index(op.f("ix_firings_dependency_id_id"), "firings", ["dependency_id", "id"])
    op.create_index(op.f("ix_firings_state_not_before"), "firings", ["state", "not_before"])
    op.create_index(op.f("ix_firings_run_id"), "firings", ["run_id"])
    where = sa.text("state = 'WAITING' AND expires_at IS NOT NULL")
    op.create_index("ix_firings_expiring", "firings", ["expires_at"], sqlite_where=where, postgresql_where=where)


def _create_what_belongs_to_firings() -> None:
    op.create_table(
        "firing_conditions",
        sa.Column("firing_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("attempt", sa.Integer()),
        sa.PrimaryKeyConstraint("firing_id", "place", name=op.f("pk_firing_conditions")),
        sa.ForeignKeyConstraint(
            ["firing_id"], ["firings.id"], name=op.f("fk_firing_conditions_firing_id"), ondelete="CASCADE"
        ),
    )
    op.create_table(
        "firing_steps",
        sa.Column("id", Identity, nullable=False),
        sa.Column("firing_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firing_steps")),
        sa.ForeignKeyConstraint(
            ["firing_id"], ["firings.id"], name=op.f("fk_firing_steps_firing_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_firing_steps_firing_id_id"), "firing_steps", ["firing_id", "id"])
