"""A part of a run's id is found at once among millions: by the trigrams it is made of.

PostgreSQL's extension pg_trgm does so; where it is missing, or may not be created, ids are looked through one by one.
"""

import structlog
from alembic import op
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

revision = "0013"
down_revision = "0012"

log = structlog.get_logger(__name__)

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
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
# Where somebody else has created it, it may be in a schema that is not searched.
SCHEMA = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"
INDEX = "CREATE INDEX ix_runs_external_id_trigrams ON runs USING gin (lower(external_id) {}.gin_trgm_ops)"
#: What PostgreSQL says where the extension may not be created, is not offered, or is not installed (its appendix A).
REFUSED = {"42501", "0A000", "58P01"}


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
        return
    try:
        with connection.begin_nested():
            _with_trigrams(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in REFUSED:
            raise
        log.warning(
            "PostgreSQL did not give pg_trgm: a search by a part of a run's id is slow among millions",
            reason=str(error.orig),
            remedy=f"Have an administrator run in this database: {EXTENSION}; {INDEX.format('public')};",
        )


def _with_trigrams(connection: Connection) -> None:
    connection.exec_driver_sql(EXTENSION)
    schema = connection.exec_driver_sql(SCHEMA).scalar_one()
    connection.exec_driver_sql(INDEX.format(schema))
