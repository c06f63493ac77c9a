"""Calendar feeds."""

import sqlalchemy as sa
from alembic import op

from tearsheet.adapters.sql.types import BigId, UtcDateTime, text_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "feeds",
        sa.Column("project_id", BigId, autoincrement=False, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("digest", text_of(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_feeds_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_feeds_team_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_feeds"),
        sa.UniqueConstraint("digest", name="uq_feeds_digest"),
    )
