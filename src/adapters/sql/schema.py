"""The tables. A migration brings a database here; a test holds the two together."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    text,
)

from .types import BigId, LongText, ShortText, UtcDateTime, Words, text_of

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

teams = Table(
    "teams",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", text_of(255), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False, index=True),
    Column("name", text_of(255), nullable=False),
    Column("user", text_of(255), nullable=False),
    Column("scope", ShortText, nullable=False),
    Column("digest", text_of(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    sqlite_autoincrement=True,
)

projects = Table(
    "projects",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False, index=True),
    Column("name", text_of(255), nullable=False),
    Column("domain", text_of(255)),
    Column("created_at", UtcDateTime, nullable=False),
)

balances = Table(
    "balances",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("available", BigId, nullable=False),
    Column("held", BigId, nullable=False),
    CheckConstraint("available >= 0", name="available_not_negative"),
    CheckConstraint("held >= 0", name="held_not_negative"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False, index=True),
    Column("kind", ShortText, nullable=False),
    Column("amount", BigId, nullable=False),
    Column("job_id", text_of(36)),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("(job_id is null) = (kind = 'grant')", name="job_unless_grant"),
    sqlite_autoincrement=True,
)

Index(
    "uq_entries_one_hold",
    entries.c.job_id,
    unique=True,
    sqlite_where=text("kind = 'hold'"),
    postgresql_where=text("kind = 'hold'"),
)
Index(
    "uq_entries_one_settlement",
    entries.c.job_id,
    unique=True,
    sqlite_where=text("kind in ('capture', 'release')"),
    postgresql_where=text("kind in ('capture', 'release')"),
)

images = Table(
    "images",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("root_id", BigId, nullable=False),
    Column("parent_id", BigId, ForeignKey("images.id")),
    Column("edit_session_id", text_of(36)),
    Column("project_id", BigId, ForeignKey("projects.id")),
    Column("article_id", BigId),
    Column("source", ShortText, nullable=False),
    Column("prompt", LongText, nullable=False),
    Column("model", text_of(255), nullable=False),
    Column("size", ShortText),
    Column("quality", ShortText),
    Column("background", ShortText),
    Column("format", ShortText, nullable=False),
    Column("title", text_of(255)),
    Column("alt_text", LongText),
    Column("tags", JSON, nullable=False),
    Column("search_text", Words, nullable=False),
    Column("is_favorite", Boolean(create_constraint=False), nullable=False),
    Column("status", ShortText, nullable=False),
    Column("error_code", ShortText),
    Column("error_message", LongText),
    Column("width", Integer),
    Column("height", Integer),
    Column("picture_format", ShortText),
    Column("original_key", ShortText, unique=True),
    Column("original_size", BigId),
    Column("original_sha256", ShortText),
    Column("original_crc32", BigId),
    Column("thumbnail_key", ShortText, unique=True),
    Column("thumbnail_size", BigId),
    Column("thumbnail_sha256", ShortText),
    Column("thumbnail_crc32", BigId),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    CheckConstraint("status <> 'ready' or original_key is not null", name="ready_has_picture"),
)

Index(
    "ix_images_newest",
    images.c.team_id,
    images.c.created_at,
    images.c.id,
    sqlite_where=images.c.deleted_at.is_(None),
    postgresql_where=images.c.deleted_at.is_(None),
)
Index(
    "ix_images_edited",
    images.c.team_id,
    images.c.edited_at,
    images.c.id,
    sqlite_where=images.c.deleted_at.is_(None),
    postgresql_where=images.c.deleted_at.is_(None),
)
Index(
    "ix_images_trash",
    images.c.team_id,
    images.c.deleted_at,
    images.c.id,
    sqlite_where=images.c.deleted_at.is_not(None),
    postgresql_where=images.c.deleted_at.is_not(None),
)
_words = Index("ix_images_search_text", images.c.search_text, postgresql_using="gin")
_words.ddl_if(dialect="postgresql")
Index("ix_images_root_id", images.c.root_id)
Index("ix_images_parent_id", images.c.parent_id)
Index("ix_images_project_id", images.c.project_id)

image_tags = Table(
    "image_tags",
    metadata,
    Column("team_id", BigId, primary_key=True, autoincrement=False),
    Column("tag", ShortText, primary_key=True),
    Column(
        "image_id",
        BigId,
        ForeignKey("images.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
)

events = Table(
    "events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("project_id", BigId, ForeignKey("projects.id"), nullable=False),
    Column("title", text_of(255), nullable=False),
    Column("type", ShortText, nullable=False),
    Column("status", ShortText, nullable=False),
    Column("scheduled_at", UtcDateTime),
    Column("article_id", BigId),
    Column("image_id", BigId, ForeignKey("images.id"), index=True),
    Column("url", LongText),
    Column("notes", LongText),
    Column("revision", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    CheckConstraint(
        "scheduled_at is not null or status not in ('scheduled', 'published')", name="time_if_due"
    ),
)

Index("ix_events_schedule", events.c.project_id, events.c.scheduled_at, events.c.id)

jobs = Table(
    "jobs",
    metadata,
    Column("id", text_of(36), primary_key=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("kind", ShortText, nullable=False),
    Column("image_id", BigId, index=True),
    Column("payload", JSON, nullable=False),
    Column("price", Integer, nullable=False),
    Column("status", ShortText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Column("lease_token", ShortText),
    Column("model_asked", Boolean(create_constraint=False), nullable=False),
    Column("error_code", ShortText),
    Column("error_message", LongText),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

Index(
    "ix_jobs_due",
    jobs.c.due_at,
    jobs.c.id,
    sqlite_where=jobs.c.due_at.is_not(None),
    postgresql_where=jobs.c.due_at.is_not(None),
)
