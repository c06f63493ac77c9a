"""Answers that are kept for requests that are sent again."""

import sqlalchemy as sa
from alembic import op

from tearsheet.adapters.sql.types import BigId, UtcDateTime, text_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "answers",
        sa.Column("team_id", BigId, autoincrement=False, nullable=False),
        sa.Column("key", text_of(255), nullable=False),
        sa.Column("fingerprint", text_of(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("answered_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_answers_team_id"),
        sa.PrimaryKeyConstraint("team_id", "key", name="pk_answers"),
    )
    op.create_index("ix_answers_answered_at", "answers", ["answered_at"])
