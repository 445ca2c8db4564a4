"""Back-fills and pauses of dependencies, how fast targets are sent to, and firings that may have run twice."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Identity, Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("id", Identity, nullable=False),
        sa.Column("dependency_id", sa.BigInteger(), nullable=False),
        sa.Column("max_active", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfills")),
        sa.ForeignKeyConstraint(
            ["dependency_id"], ["dependencies.id"], name=op.f("fk_backfills_dependency_id"), ondelete="CASCADE"
        ),
    )
    is_paused = sa.Column("is_paused", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("dependencies", is_paused)
    op.add_column("firings", sa.Column("backfill_id", sa.BigInteger()))
    is_possible_double = sa.Column("is_possible_double", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("firings", is_possible_double)
    op.add_column("firings", sa.Column("sent_at", Instant()))
    op.create_index(op.f("ix_firings_backfill_id"), "firings", ["backfill_id"])
    op.create_index(op.f("ix_firings_sent_at"), "firings", ["sent_at"])
