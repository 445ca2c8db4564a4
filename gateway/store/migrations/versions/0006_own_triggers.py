"""What an orchestrator starts after what by its own means."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("pipelines", sa.Column("upstream", Document, nullable=False, server_default="[]"))
