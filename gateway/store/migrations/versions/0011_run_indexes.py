"""Indexes for lists of runs by how long they took, and for counts of those that began in a window."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index(op.f("ix_runs_started_at_state"), "runs", ["started_at", "state"])
    op.create_index("ix_runs_duration", "runs", [sa.text("(ended_at - started_at)"), "id"])
