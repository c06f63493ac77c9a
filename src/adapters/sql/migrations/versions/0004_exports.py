"""Exports, and jobs that are about no single image."""

import sqlalchemy as sa
from alembic import op

from tearsheet.adapters.sql.types import BigId, LongText, UtcDateTime, text_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their tables; let a job be without an image."""
    op.create_table(
        "exports",
        sa.Column("id", text_of(36), nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("status", text_of(64), nullable=False),
        sa.Column("image_ids", sa.JSON, nullable=False),
        sa.Column("skipped", sa.JSON, nullable=False),
        sa.Column("members", sa.JSON),
        sa.Column("manifest", sa.LargeBinary),
        sa.Column("error_code", text_of(64)),
        sa.Column("error_message", LongText),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("due_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "status <> 'ready' or (members is not null and manifest is not null)",
            name=op.f("ck_exports_ready_has_contents"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_exports_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
    )
    op.create_index("ix_exports_team_id", "exports", ["team_id"])
    op.create_index(
        "ix_exports_due",
        "exports",
        ["due_at", "id"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "export_pins",
        sa.Column("blob_key", text_of(64), nullable=False),
        sa.Column("export_id", text_of(36), nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["exports.id"], name="fk_export_pins_export_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("blob_key", "export_id", name="pk_export_pins"),
    )
    op.create_index("ix_export_pins_export_id", "export_pins", ["export_id"])
    with op.batch_alter_table("jobs") as jobs:  # SQLite copies the table
        jobs.alter_column("image_id", existing_type=BigId, nullable=True)
