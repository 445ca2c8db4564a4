"""What checks of assets found, as orchestrators report it."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document, Identity, Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("assets", sa.Column("checks", Document))
    op.create_table(
        "check_results",
        sa.Column("id", Identity, nullable=False),
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("run_id", sa.BigInteger()),
        sa.Column("run_external_id", sa.Text()),
        sa.Column("task", sa.Text()),
        sa.Column("partition", sa.Text()),
        sa.Column("observed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_results")),
        sa.UniqueConstraint("asset_id", "name", "external_id", name=op.f("uq_check_results_asset_id_name_external_id")),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_check_results_asset_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_check_results_run_id"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_check_results_asset_id_name_at"), "check_results", ["asset_id", "name", "at"])
    op.create_index(op.f("ix_check_results_run_id"), "check_results", ["run_id"])
    op.create_index(
        "ix_check_results_failed",
        "check_results",
        ["asset_id", "name"],
        sqlite_where=sa.text("passed IS 0"),
        postgresql_where=sa.text("passed IS false"),
    )
    op.create_index(
        "ix_check_results_unattached",
        "check_results",
        ["run_external_id"],
        sqlite_where=sa.text("run_id IS NULL AND run_external_id IS NOT NULL"),
        postgresql_where=sa.text("run_id IS NULL AND run_external_id IS NOT NULL"),
    )
