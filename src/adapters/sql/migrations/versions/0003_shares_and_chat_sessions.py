"""Shares and chat sessions."""

import sqlalchemy as sa
from alembic import op

from tearsheet.adapters.sql.types import BigId, UtcDateTime, text_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their tables."""
    op.create_table(
        "shares",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("image_id", BigId, nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("digest", text_of(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("revoked_at", UtcDateTime),
        sa.Column("view_count", BigId, nullable=False),
        sa.CheckConstraint("view_count >= 0", name=op.f("ck_shares_view_count_not_negative")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_shares_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("digest", name="uq_shares_digest"),
    )
    op.create_index("ix_shares_newest", "shares", ["team_id", "created_at", "id"])
    op.create_index("ix_shares_image_id", "shares", ["image_id", "id"])
    op.create_table(
        "chat_sessions",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("gallery_image_id", BigId, nullable=False),
        sa.Column("user", text_of(255), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_chat_sessions_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chat_sessions"),
    )
    op.create_index("ix_chat_sessions_team_id", "chat_sessions", ["team_id"])
