"""The log of OpenLineage events, and what they add up to."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Identity, Instant, Packed

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "lineage_events",
        sa.Column("id", Identity, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_events")),
        sa.UniqueConstraint("digest", name=op.f("uq_lineage_events_digest")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lineage_progress",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lineage_progress")),
    )
    op.create_table(
        "lineage_jobs",
        sa.Column("id", Identity, autoincrement=False, nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facets", Packed(), nullable=False),
        sa.Column("parent", Packed()),
        sa.Column("version", Packed()),
        sa.Column("version_run_id", sa.BigInteger()),
        sa.Column("edges_id", sa.BigInteger()),
        sa.Column("latest_run_id", sa.BigInteger()),
        sa.Column("latest_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_jobs")),
    )
    op.create_index(op.f("ix_lineage_jobs_namespace_name"), "lineage_jobs", ["namespace", "name"])
    op.create_table(
        "lineage_runs",
        sa.Column("id", Identity, autoincrement=False, nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("completed_at", sa.BigInteger()),
        sa.Column("version_rank", sa.Integer(), nullable=False),
        sa.Column("edges_id", sa.BigInteger()),
        sa.Column("document", Packed(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_runs")),
    )
    op.create_index(op.f("ix_lineage_runs_job_id_last_at"), "lineage_runs", ["job_id", "last_at"])
    op.create_index(op.f("ix_lineage_runs_last_at"), "lineage_runs", ["last_at"])
    op.create_index(op.f("ix_lineage_runs_edges_id"), "lineage_runs", ["edges_id"])
    op.create_table(
        "lineage_edges",
        sa.Column("id", Identity, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_edges")),
    )
    op.create_table(
        "lineage_names",
        sa.Column("id", Identity, autoincrement=False, nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("dataset_id", sa.BigInteger(), nullable=False),
        sa.Column("document", Packed(), nullable=False),
        sa.Column("declared_edges_id", sa.BigInteger()),
        sa.Column("written_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_names")),
    )
    op.create_index(op.f("ix_lineage_names_dataset_id"), "lineage_names", ["dataset_id"])
    op.create_index(op.f("ix_lineage_names_namespace_name"), "lineage_names", ["namespace", "name"])
    op.create_table(
        "lineage_links",
        sa.Column("name_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name_id", "other_id", "reason", name=op.f("pk_lineage_links")),
    )
    op.create_index(op.f("ix_lineage_links_other_id"), "lineage_links", ["other_id"])
    op.create_table(
        "lineage_versions",
        sa.Column("id", Identity, autoincrement=False, nullable=False),
        sa.Column("name_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_versions")),
    )
    op.create_index(op.f("ix_lineage_versions_name_id_created_at"), "lineage_versions", ["name_id", "created_at"])
    op.create_index(op.f("ix_lineage_versions_run_id"), "lineage_versions", ["run_id"])
