"""A part of a run's id is found at once among millions: by the trigrams it is made of.

PostgreSQL's extension pg_trgm does so; where it is missing, or may not be created, ids are looked through one by one.
"""

from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0013"
down_revision = "0012"

SQLITE = (
    "CREATE VIRTUAL TABLE run_ids USING fts5(external_id, content='runs', content_rowid='id', tokenize='trigram')",
    "INSERT INTO run_ids(run_ids) VALUES ('rebuild')",
    """CREATE TRIGGER run_ids_added AFTER INSERT ON runs BEGIN
        INSERT INTO run_ids(rowid, external_id) VALUES (new.id, new.external_id);
    END""",
    """CREATE TRIGGER run_ids_gone AFTER DELETE ON runs BEGIN
        INSERT INTO run_ids(run_ids, rowid, external_id) VALUES ('delete', old.id, old.external_id);
    END""",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_runs_external_id_trigrams ON runs USING gin (lower(external_id) gin_trgm_ops)",
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
        return
    try:
        with connection.begin_nested():
            for statement in POSTGRESQL:
                op.execute(statement)
    except DBAPIError:
        return
