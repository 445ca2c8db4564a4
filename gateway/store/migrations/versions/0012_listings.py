"""When an orchestrator's pipelines were last listed, all of them."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Instant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("orchestrators", sa.Column("pipelines_listed_at", Instant()))
