"""What is done when a promise comes to be at risk, or missed."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document, Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "sla_actions",
        sa.Column("evaluation_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("action", Document, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("claimed_until", Instant()),
        sa.Column("outcome", sa.Text()),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("ordered_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.PrimaryKeyConstraint("evaluation_id", "place", name=op.f("pk_sla_actions")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"],
            ["sla_evaluations.id"],
            name=op.f("fk_sla_actions_evaluation_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_sla_actions_pending",
        "sla_actions",
        ["not_before"],
        sqlite_where=sa.text("state = 'PENDING'"),
        postgresql_where=sa.text("state = 'PENDING'"),
    )
