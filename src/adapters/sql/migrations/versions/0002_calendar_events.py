"""Calendar events."""

import sqlalchemy as sa
from alembic import op

from tearsheet.adapters.sql.types import BigId, LongText, UtcDateTime, text_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "events",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("project_id", BigId, nullable=False),
        sa.Column("title", text_of(255), nullable=False),
        sa.Column("type", text_of(64), nullable=False),
        sa.Column("status", text_of(64), nullable=False),
        sa.Column("scheduled_at", UtcDateTime),
        sa.Column("article_id", BigId),
        sa.Column("image_id", BigId),
        sa.Column("url", LongText),
        sa.Column("notes", LongText),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "scheduled_at is not null or status not in ('scheduled', 'published')",
            name=op.f("ck_events_time_if_due"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_events_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_events_project_id"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name="fk_events_image_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_image_id", "events", ["image_id"])
    op.create_index("ix_events_schedule", "events", ["project_id", "scheduled_at", "id"])
