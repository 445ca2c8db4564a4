"""An index for lists of runs by how long they took."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_runs_duration", "runs", [sa.text("(ended_at - started_at)"), "id"])
