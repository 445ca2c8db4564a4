"""What podium.yaml says besides its orchestrators."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "definitions",
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", Document, nullable=False),
        sa.PrimaryKeyConstraint("section", "name", name=op.f("pk_definitions")),
    )
