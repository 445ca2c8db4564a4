"""${message}."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document, Identity, Instant

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
