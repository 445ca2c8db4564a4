"""The model and its first tables."""

import sqlalchemy as sa
from alembic import op

from gateway.store.columns import Document, Identity, Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "orchestrators",
        sa.Column("id", Identity, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("auth", Document, nullable=False),
        sa.Column("options", Document, nullable=False),
        sa.Column("poll_seconds", sa.Float(), nullable=False),
        sa.Column("backfill_seconds", sa.Float(), nullable=False),
        sa.Column("lineage_namespaces", Document, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("capabilities", Document, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_since", Instant(), nullable=False),
        sa.Column("status_message", sa.Text(), nullable=True),
        sa.Column("last_synced_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orchestrators")),
        sa.UniqueConstraint("name", name=op.f("uq_orchestrators_name")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", Identity, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("name", name=op.f("uq_tokens_name")),
        sa.UniqueConstraint("prefix", name=op.f("uq_tokens_prefix")),
    )
    op.create_table(
        "assets",
        sa.Column("id", Identity, nullable=False),
        sa.Column("orchestrator_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("kinds", Document, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("upstream", Document, nullable=False),
        sa.Column("producers", Document, nullable=False),
        sa.Column("consumers", Document, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("last_event_at", Instant(), nullable=True),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["orchestrator_id"], ["orchestrators.id"], name=op.f("fk_assets_orchestrator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("orchestrator_id", "key", name=op.f("uq_assets_orchestrator_id_key")),
    )
    op.create_table(
        "pipelines",
        sa.Column("id", Identity, nullable=False),
        sa.Column("orchestrator_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("owners", Document, nullable=False),
        sa.Column("tags", Document, nullable=False),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("next_run_at", Instant(), nullable=True),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("structure_revision", sa.Text(), nullable=True),
        sa.Column("structure_read_at", Instant(), nullable=True),
        sa.Column("latest_run_id", sa.BigInteger(), nullable=True),
        sa.Column("latest_state", sa.Text(), nullable=True),
        sa.Column("latest_sort_at", Instant(), nullable=True),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["orchestrator_id"], ["orchestrators.id"], name=op.f("fk_pipelines_orchestrator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipelines")),
        sa.UniqueConstraint("orchestrator_id", "key", name=op.f("uq_pipelines_orchestrator_id_key")),
    )
    op.create_index(op.f("ix_pipelines_latest_state"), "pipelines", ["latest_state"], unique=False)
    op.create_index(op.f("ix_pipelines_search_id"), "pipelines", ["search", "id"], unique=False)
    op.create_table(
        "sync_cursors",
        sa.Column("orchestrator_id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["orchestrator_id"], ["orchestrators.id"], name=op.f("fk_sync_cursors_orchestrator_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("orchestrator_id", "stream", name=op.f("pk_sync_cursors")),
    )
    op.create_table(
        "asset_events",
        sa.Column("id", Identity, nullable=False),
        sa.Column("asset_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("run_external_id", sa.Text(), nullable=True),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("partition", sa.Text(), nullable=True),
        sa.Column("metadata", Document, nullable=False),
        sa.Column("observed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_events_asset_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_events")),
        sa.UniqueConstraint("asset_id", "external_id", name=op.f("uq_asset_events_asset_id_external_id")),
    )
    op.create_index(op.f("ix_asset_events_asset_id_at"), "asset_events", ["asset_id", "at"], unique=False)
    op.create_table(
        "pipeline_labels",
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_pipeline_labels_pipeline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pipeline_id", "kind", "value", name=op.f("pk_pipeline_labels")),
    )
    op.create_index(op.f("ix_pipeline_labels_kind_value"), "pipeline_labels", ["kind", "value"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", Identity, nullable=False),
        sa.Column("orchestrator_id", sa.BigInteger(), nullable=False),
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("native_state", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("logical_at", Instant(), nullable=True),
        sa.Column("partition", sa.Text(), nullable=True),
        sa.Column("queued_at", Instant(), nullable=True),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("parameters", Document, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("parent_external_id", sa.Text(), nullable=True),
        sa.Column("sort_at", Instant(), nullable=False),
        sa.Column("observed_at", Instant(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tasks_due_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["orchestrator_id"], ["orchestrators.id"], name=op.f("fk_runs_orchestrator_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_runs_pipeline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("pipeline_id", "external_id", name=op.f("uq_runs_pipeline_id_external_id")),
    )
    op.create_index(
        op.f("ix_runs_orchestrator_id_external_id"), "runs", ["orchestrator_id", "external_id"], unique=False
    )
    op.create_index(
        op.f("ix_runs_orchestrator_id_sort_at_id"), "runs", ["orchestrator_id", "sort_at", "id"], unique=False
    )
    op.create_index(op.f("ix_runs_pipeline_id_sort_at_id"), "runs", ["pipeline_id", "sort_at", "id"], unique=False)
    op.create_index(op.f("ix_runs_sort_at_id"), "runs", ["sort_at", "id"], unique=False)
    op.create_index(op.f("ix_runs_state_sort_at_id"), "runs", ["state", "sort_at", "id"], unique=False)
    op.create_index(
        "ix_runs_tasks_due",
        "runs",
        ["orchestrator_id", "tasks_due_at"],
        unique=False,
        sqlite_where=sa.text("tasks_due_at IS NOT NULL"),
        postgresql_where=sa.text("tasks_due_at IS NOT NULL"),
    )
    op.create_table(
        "task_edges",
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("upstream", sa.Text(), nullable=False),
        sa.Column("downstream", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_task_edges_pipeline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pipeline_id", "upstream", "downstream", name=op.f("pk_task_edges")),
    )
    op.create_table(
        "tasks",
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_tasks_pipeline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pipeline_id", "key", name=op.f("pk_tasks")),
    )
    op.create_table(
        "commands",
        sa.Column("id", Identity, nullable=False),
        sa.Column("orchestrator_id", sa.BigInteger(), nullable=False),
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("parameters", Document, nullable=False),
        sa.Column("logical_at", Instant(), nullable=True),
        sa.Column("partition", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_kind", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["orchestrator_id"], ["orchestrators.id"], name=op.f("fk_commands_orchestrator_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_commands_pipeline_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_commands_run_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
        sa.UniqueConstraint("pipeline_id", "idempotency_key", name=op.f("uq_commands_pipeline_id_idempotency_key")),
    )
    op.create_index(op.f("ix_commands_state_claimed_until"), "commands", ["state", "claimed_until"], unique=False)
    op.create_table(
        "run_states",
        sa.Column("id", Identity, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("native_state", sa.Text(), nullable=False),
        sa.Column("observed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_states_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_states")),
    )
    op.create_index(op.f("ix_run_states_run_id_id"), "run_states", ["run_id", "id"], unique=False)
    op.create_table(
        "task_runs",
        sa.Column("id", Identity, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("map_index", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("native_state", sa.Text(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("observed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_task_runs_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_runs")),
        sa.UniqueConstraint(
            "run_id", "task", "map_index", "attempt", name=op.f("uq_task_runs_run_id_task_map_index_attempt")
        ),
    )
