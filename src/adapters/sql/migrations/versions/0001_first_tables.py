"""The first tables: teams, tokens, projects, credits, images, jobs."""

import sqlalchemy as sa
from alembic import op

from tearsheet.adapters.sql.types import BigId, LongText, UtcDateTime, Words, text_of

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "teams",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", text_of(255), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "balances",
        sa.Column("team_id", BigId, autoincrement=False, nullable=False),
        sa.Column("available", BigId, nullable=False),
        sa.Column("held", BigId, nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_balances_available_not_negative")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_balances_held_not_negative")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_balances_team_id"),
        sa.PrimaryKeyConstraint("team_id", name="pk_balances"),
    )
    op.create_table(
        "entries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("kind", text_of(64), nullable=False),
        sa.Column("amount", BigId, nullable=False),
        sa.Column("job_id", text_of(36), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "(job_id is null) = (kind = 'grant')", name=op.f("ck_entries_job_unless_grant")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_entries_amount_positive")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_entries_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_team_id", "entries", ["team_id"], unique=False)
    op.create_index(
        "uq_entries_one_hold",
        "entries",
        ["job_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'hold'"),
        postgresql_where=sa.text("kind = 'hold'"),
    )
    op.create_index(
        "uq_entries_one_settlement",
        "entries",
        ["job_id"],
        unique=True,
        sqlite_where=sa.text("kind in ('capture', 'release')"),
        postgresql_where=sa.text("kind in ('capture', 'release')"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", text_of(36), nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("kind", text_of(64), nullable=False),
        sa.Column("image_id", BigId, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("status", text_of(64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=True),
        sa.Column("lease_token", text_of(64), nullable=True),
        sa.Column("model_asked", sa.Boolean(), nullable=False),
        sa.Column("error_code", text_of(64), nullable=True),
        sa.Column("error_message", LongText, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_jobs_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index(
        "ix_jobs_due",
        "jobs",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_jobs_image_id", "jobs", ["image_id"], unique=False)
    op.create_table(
        "projects",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("name", text_of(255), nullable=False),
        sa.Column("domain", text_of(255), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_projects_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
    )
    op.create_index("ix_projects_team_id", "projects", ["team_id"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", BigId, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("name", text_of(255), nullable=False),
        sa.Column("user", text_of(255), nullable=False),
        sa.Column("scope", text_of(64), nullable=False),
        sa.Column("digest", text_of(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.Column("revoked_at", UtcDateTime, nullable=True),
        sa.Column("last_used_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_tokens_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tokens_team_id", "tokens", ["team_id"], unique=False)
    op.create_table(
        "images",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("root_id", BigId, nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("edit_session_id", text_of(36), nullable=True),
        sa.Column("project_id", BigId, nullable=True),
        sa.Column("article_id", BigId, nullable=True),
        sa.Column("source", text_of(64), nullable=False),
        sa.Column("prompt", LongText, nullable=False),
        sa.Column("model", text_of(255), nullable=False),
        sa.Column("size", text_of(64), nullable=True),
        sa.Column("quality", text_of(64), nullable=True),
        sa.Column("background", text_of(64), nullable=True),
        sa.Column("format", text_of(64), nullable=False),
        sa.Column("title", text_of(255), nullable=True),
        sa.Column("alt_text", LongText, nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("search_text", Words, nullable=False),
        sa.Column("is_favorite", sa.Boolean(), nullable=False),
        sa.Column("status", text_of(64), nullable=False),
        sa.Column("error_code", text_of(64), nullable=True),
        sa.Column("error_message", LongText, nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("picture_format", text_of(64), nullable=True),
        sa.Column("original_key", text_of(64), nullable=True),
        sa.Column("original_size", BigId, nullable=True),
        sa.Column("original_sha256", text_of(64), nullable=True),
        sa.Column("original_crc32", BigId, nullable=True),
        sa.Column("thumbnail_key", text_of(64), nullable=True),
        sa.Column("thumbnail_size", BigId, nullable=True),
        sa.Column("thumbnail_sha256", text_of(64), nullable=True),
        sa.Column("thumbnail_crc32", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("edited_at", UtcDateTime, nullable=False),
        sa.Column("deleted_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "status <> 'ready' or original_key is not null",
            name=op.f("ck_images_ready_has_picture"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["images.id"], name="fk_images_parent_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_images_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_images_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sa.UniqueConstraint("original_key", name="uq_images_original_key"),
        sa.UniqueConstraint("thumbnail_key", name="uq_images_thumbnail_key"),
    )
    op.create_index(
        "ix_images_edited",
        "images",
        ["team_id", "edited_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_images_newest",
        "images",
        ["team_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_images_parent_id", "images", ["parent_id"], unique=False)
    op.create_index("ix_images_project_id", "images", ["project_id"], unique=False)
    op.create_index("ix_images_root_id", "images", ["root_id"], unique=False)
    if op.get_context().dialect.name == "postgresql":
        op.create_index(
            "ix_images_search_text", "images", ["search_text"], unique=False, postgresql_using="gin"
        )
    op.create_index(
        "ix_images_trash",
        "images",
        ["team_id", "deleted_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "image_tags",
        sa.Column("team_id", BigId, autoincrement=False, nullable=False),
        sa.Column("tag", text_of(64), nullable=False),
        sa.Column("image_id", BigId, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name="fk_image_tags_image_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "tag", "image_id", name="pk_image_tags"),
    )
    op.create_index("ix_image_tags_image_id", "image_tags", ["image_id"], unique=False)
